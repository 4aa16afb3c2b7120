"""What people do on the page, and what they see then: the parts of the stories."""

import json
import re
import secrets

from playwright.sync_api import Locator, Route, expect

from tests.browser.phones import Phones

GIMBAP = "Seongmisan Gimbap"
SLOTS = ["2032-05-05T09:15:00.000Z", "2032-05-05T09:30:00.000Z"]


def press(app: Locator, name: str, *, exact: bool = False) -> None:
    app.get_by_role("button", name=name, exact=exact).first.click()


def says(app: Locator, words: str) -> None:
    """The app's state, as it is read out, comes to hold these words."""
    expect(app.locator(".state")).to_contain_text(words)


def go_on_duty(rider: Locator) -> None:
    duty = rider.get_by_role("switch", name="On duty")
    expect(duty).to_be_enabled()
    expect(rider.get_by_role("heading", name="duty")).to_be_visible()
    if not duty.is_checked():
        duty.click()
    expect(duty).to_be_checked()


def order(
    phones: Phones, *, how: str = "Delivery", pay_with: str = "Card", keep: bool = False
) -> None:
    """Tteokbokki for three, mild, from the store that never closes; up to paying."""
    diner = phones.customer
    press(diner, how, exact=True)
    fill_for_three(diner)
    diner.get_by_label(pay_with, exact=True).check()
    if keep:
        diner.get_by_label("Keep it for the next time").check()
    press(diner, "Order for")


def fill_for_three(diner: Locator) -> None:
    """The basket of tteokbokki, open."""
    diner.locator(".card", has_text=GIMBAP).first.click()
    press(diner, "Rice-cake tteokbokki")
    diner.get_by_label("Mild").check()
    for _ in range(2):
        press(diner, "One more")
    press(diner, "Add to basket")
    press(diner, "View basket")


def find_and_fill(phones: Phones) -> None:
    """Search, choose with a mistake, and hear from the quote what is still wrong."""
    diner = phones.customer
    diner.get_by_role("searchbox").fill("tteokbokki")
    press(diner, GIMBAP)
    expect(diner.get_by_role("heading", name=GIMBAP)).to_be_focused()
    press(diner, "Rice-cake tteokbokki")
    press(diner, "Add to basket")
    expect(diner.get_by_role("alert").filter(has_text="Choose 1")).to_be_visible()
    phones.demand_accessible()
    diner.get_by_label("Mild").check()
    press(diner, "Add to basket")
    phones.page.reload()  # and nothing is lost
    press(diner, "View basket")
    expect(diner.locator(".issues")).to_contain_text("from ₩12,000 upwards")
    for quantity in ("2", "3"):
        press(diner, "One more")
        expect(diner.locator("output")).to_have_text(quantity)
    expect(diner.locator(".sums .total")).to_contain_text("₩19,000")
    phones.demand_accessible()


def ride(phones: Phones) -> None:
    """From the offer to the door."""
    rider = phones.courier
    expect(rider.locator(".sum")).to_contain_text("₩2,850")
    phones.demand_accessible()
    press(rider, "Accept")
    for pressed in ("Set off", "I am", "I have the order"):
        press(rider, pressed)
    bring(phones)


def bring(phones: Phones) -> None:
    """From the store, or the door before, to the customer's, seen by them on the way."""
    rider, diner = phones.courier, phones.customer
    press(rider, "Set off")
    expect(diner.locator(".sign.courier")).to_be_visible()
    phones.demand_accessible()
    press(rider, "I am")
    says(diner, "at your door")


def again(phones: Phones) -> None:
    """The same again, at a time of one's own; others are faster, and another time is taken."""
    diner = phones.customer
    press(diner, "Order again")
    expect(diner.get_by_role("button", name="Order for ₩19,000")).to_be_visible()
    press(diner, "Choose a time")
    expect(diner.locator(".promise")).to_contain_text(
        re.compile(r"At your door .*\d\d:(00|15|30|45)")
    )
    phones.page.route(re.compile("/v1/orders$"), _full, times=2)  # asked by the browser first
    press(diner, "Order for")
    expect(diner.get_by_role("alert")).to_contain_text("the kitchen is full then")
    times = diner.get_by_role("group", name="These times are free")
    expect(times.get_by_role("button")).to_have_count(len(SLOTS))
    phones.demand_accessible()
    phones.page.unroute_all()
    press(diner, "Right away")
    press(diner, "Choose a time")
    slot = diner.get_by_role("combobox", name="Time")
    slot.select_option(slot.locator("option").last.get_attribute("value"))
    chosen = slot.locator("option:checked").inner_text()
    expect(diner.locator(".promise")).to_contain_text(re.compile(f"At your door .*{chosen}"))
    press(diner, "Order for ₩19,000")
    phones.stripe.get_by_role("button", name="Pay", exact=True).click()
    says(diner, "Waiting for the store")
    expect(diner.locator(".promise")).to_contain_text(chosen)
    expect(phones.ticket()).to_be_visible()
    press(diner, "Cancel the order")
    press(diner, "Yes, cancel it")
    says(diner, "You pay nothing")


def rate_and_tip(phones: Phones) -> None:
    """Stars and words, the store's answer, and a tip of one's own."""
    diner, kitchen = phones.customer, phones.store
    diner.get_by_role("group", name="The food").get_by_label("Stars: 4").check()
    diner.get_by_role("group", name="The delivery").get_by_label("Stars: 5").check()
    diner.get_by_label("A few words").fill("A bit cold.")
    press(diner, "Send the rating")
    said = diner.get_by_role("group", name="What you said")
    expect(said).to_contain_text("Stars: 4")
    press(kitchen, "Ratings", exact=True)
    one = kitchen.get_by_role("article").filter(has_text="A bit cold.").first
    one.get_by_label("Your answer").fill("The next one is hot.")
    phones.demand_accessible()
    press(one, "Answer", exact=True)
    expect(said).to_contain_text("The next one is hot.")
    press(kitchen, "Orders", exact=True)
    press(diner, "Other", exact=True)
    diner.get_by_label("How much?").fill("1500")
    press(diner, "Give it")
    phones.stripe.get_by_role("button", name="Pay", exact=True).click()
    expect(diner.get_by_text("Your tip is on its way")).to_be_visible()
    phones.demand_accessible()


def appeal_against_the_second_in_cash(phones: Phones) -> None:
    """Who has never paid in cash orders one at a time so: they may ask a person to look."""
    diner = phones.customer
    press(diner, "Back")
    diner.locator(".card", has_text=GIMBAP).first.click()
    press(diner, "Tuna mayo")
    press(diner, "Add to basket")
    press(diner, "View basket")
    diner.get_by_label("Cash", exact=True).check()
    press(diner, "Order for")
    expect(diner.get_by_role("alert")).to_contain_text("Your first order in cash is under way")
    press(diner, "Ask a person to look")
    diner.get_by_label("Why should it be otherwise?").fill("I feed two families.")
    phones.demand_accessible()
    press(diner, "Send the appeal")
    expect(diner.locator(".cards")).to_contain_text("Waits for an answer")


def order_as_a_guest(phones: Phones) -> None:
    """Nobody signs in to order; the courier gets a tip of one's own, with the order."""
    diner = phones.customer
    press(diner, "My page")
    press(diner, "Sign in, or order as a guest")
    phones.demand_accessible()
    press(diner, "Order as a guest")
    fill_for_three(diner)
    press(diner, "Other", exact=True)
    diner.get_by_label("How much?").fill("1500")
    press(diner, "Set", exact=True)
    expect(diner.locator(".sums")).to_contain_text("₩1,500")
    expect(diner.get_by_label("Cash", exact=True)).to_have_count(0)
    phones.demand_accessible()
    press(diner, "Order for ₩20,500")
    phones.stripe.get_by_role("button", name="Pay", exact=True).click()
    says(diner, "Waiting for the store")


def sign_in_by_sms(phones: Phones) -> None:
    """By the code that comes to the phone; what was ordered as a guest comes along."""
    diner = phones.customer
    press(diner, "My page")
    press(diner, "Sign in, or order as a guest")
    diner.get_by_label("Phone number").fill(f"010-{secrets.randbelow(10**8):08d}")
    press(diner, "Send me a code")
    message = diner.locator(".push").filter(has_text="sign-in code")
    [code] = re.findall(r"\d{6}", message.inner_text())
    diner.get_by_label("The code").fill("000000" if code != "000000" else "000001")
    press(diner, "Sign in", exact=True)
    expect(diner.get_by_role("alert")).to_contain_text("This code is wrong")
    diner.get_by_label("The code").fill(code)
    press(diner, "Sign in", exact=True)
    expect(diner.get_by_text("before you signed in: 1")).to_be_visible()
    phones.demand_accessible()
    press(diner, "Waiting for the store")


def be_forgotten_or_not(phones: Phones) -> None:
    """Ask for it, see the days that are left, and stay after all."""
    diner = phones.customer
    press(diner, "My page")
    press(diner, "Delete my account")
    diner.get_by_label("I want to be forgotten").check()
    press(diner, "Delete everything")
    expect(diner.locator(".state")).to_contain_text("13 days and 23 hours are left")
    phones.demand_accessible()
    press(diner, "Keep my account")
    expect(diner.get_by_label("I want to be forgotten")).not_to_be_checked()


def _full(route: Route) -> None:
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Headers": "*, Authorization",
        "Content-Type": "application/problem+json",
    }
    told = {"code": "kitchen_full", "title": "Full", "status": 409, "slots": SLOTS}
    status = 204 if route.request.method == "OPTIONS" else 409
    route.fulfill(status=status, headers=headers, body="" if status == 204 else json.dumps(told))


def move_in(phones: Phones) -> None:
    """In Korean: an address, wrong at first, with its pin and the door's code; and a favourite."""
    diner = phones.customer
    press(diner, "내 정보", exact=True)
    press(diner, "주소록")
    press(diner, "주소 추가")
    road = diner.get_by_label("도로명 주소")
    road.fill("서울 마포구")
    diner.get_by_label("공동 현관 비밀번호").fill("#1234*")
    press(diner, "북쪽으로")
    press(diner, "주소 저장")
    alert = diner.get_by_role("alert").get_by_text("도로 이름과 건물 번호를 써 주세요")
    expect(alert).to_be_in_viewport()
    phones.demand_accessible()
    road.fill("서울 마포구 동교로 71")
    press(diner, "주소 저장")
    press(diner, "집 서울 마포구 동교로 71")
    press(diner, "뒤로")
    expect(diner.get_by_role("heading", name="가까운 가게")).to_be_visible()
    expect(diner.locator(".pinned")).to_have_text("집 서울 마포구 동교로 71")


def move_out(phones: Phones) -> None:
    """In Korean: what was kept is removed."""
    diner = phones.customer
    press(diner, "내 정보", exact=True)
    press(diner, "주소록")
    press(diner, "집 지우기")
    expect(diner.get_by_role("button", name="집 지우기")).to_have_count(0)
    phones.demand_accessible()


def avoid_fish(phones: Phones) -> None:
    """Say that one eats no fish: dishes with fish say so from now on."""
    diner = phones.customer
    press(diner, "My page")
    press(diner, "What I eat")
    diner.get_by_label("fish", exact=True).check()
    diner.get_by_label("I agree").check()
    phones.demand_accessible()
    press(diner, "Save", exact=True)
    expect(diner.get_by_role("button", name="What I eat no fish")).to_be_visible()
    press(diner, "Back")


def forget_fish(phones: Phones) -> None:
    diner = phones.customer
    press(diner, "My page")
    press(diner, "What I eat")
    press(diner, "Forget all of it")
    expect(diner.get_by_role("button", name="Be warned before you order")).to_be_visible()


def throw_card_away(phones: Phones) -> None:
    """The card that was kept while paying is there, and goes."""
    diner = phones.customer
    press(diner, "My page")
    press(diner, "Saved cards")
    press(diner, "Remove: Visa ···· 4242")
    expect(diner.get_by_text("No card is saved.")).to_be_visible()
