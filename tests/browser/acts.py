"""What people do on the page, and what they see then: the parts of the stories."""

import json
import re

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
    press(diner, GIMBAP)
    press(diner, "Rice-cake tteokbokki")
    diner.get_by_label("Mild").check()
    for _ in range(2):
        press(diner, "One more")
    press(diner, "Add to basket")
    press(diner, "View basket")
    diner.get_by_label(pay_with, exact=True).check()
    if keep:
        diner.get_by_label("Keep it for the next time").check()
    press(diner, "Order for")


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
    press(diner, "View basket")
    expect(diner.locator(".issues")).to_contain_text("from ₩12,000 upwards")
    for quantity in ("2", "3"):
        press(diner, "One more")
        expect(diner.locator("output")).to_have_text(quantity)
    expect(diner.locator(".sums .total")).to_contain_text("₩19,000")
    phones.demand_accessible()


def ride(phones: Phones) -> None:
    """From the offer to the door, seen by the customer on the way."""
    rider, diner = phones.courier, phones.customer
    expect(rider.locator(".sum")).to_contain_text("₩2,850")
    phones.demand_accessible()
    press(rider, "Accept")
    for pressed in ("Set off", "I am", "I have the order", "Set off"):
        press(rider, pressed)
    expect(diner.locator(".sign.courier")).to_be_visible()
    phones.demand_accessible()
    press(rider, "I am")
    says(diner, "at your door")


def again(phones: Phones) -> None:
    """The same again, at a time of one's own; others are faster, and the next times are told."""
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
    expect(diner.get_by_role("alert")).to_contain_text("도로 이름과 건물 번호를 써 주세요")
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
