"""Orders lived through on the page, as people do it: by click, by key, in two languages."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acts import (
    GIMBAP,
    again,
    appeal_against_the_second_in_cash,
    avoid_fish,
    be_forgotten_or_not,
    bring,
    find_and_fill,
    forget_fish,
    go_on_duty,
    move_in,
    move_out,
    order,
    order_as_a_guest,
    press,
    rate_and_tip,
    ride,
    says,
    sign_in_by_sms,
    throw_card_away,
)
from tests.browser.exchanges import (
    collect_by_code,
    contest,
    next_door,
    plead,
    ride_a_route,
    wait_at_the_bay,
)
from tests.browser.phones import NARROW, Phones

pytestmark = pytest.mark.browser

BANK_ASKS = "3220 asks the bank"


def test_an_order_lives_in_three_phones_from_hunger_to_the_door(phones: Phones) -> None:
    phones.open()
    diner, rider = phones.customer, phones.courier
    phones.opens(GIMBAP)
    go_on_duty(rider)
    find_and_fill(phones)
    press(diner, "Order for ₩19,000")
    phones.stripe.get_by_role("button", name="Pay", exact=True).click()
    says(diner, "Waiting for the store")
    ticket = phones.ticket()
    expect(ticket).to_contain_text("Rice-cake tteokbokki")
    phones.demand_accessible()
    for command in ("Confirm", "Start cooking", "Ready"):
        press(ticket, command, exact=True)
    ride(phones)
    pin = diner.locator("[data-pin]").get_attribute("data-pin") or ""
    door = rider.get_by_label("four digits")
    door.fill(f"{(int(pin) + 1) % 10_000:04d}")
    press(rider, "Hand over")
    expect(rider.get_by_role("alert")).to_contain_text("This is not the customer")
    door.fill(pin)
    press(rider, "Hand over")

    says(rider, "You earned ₩2,850")
    says(diner, "Delivered")
    expect(ticket).to_contain_text("Delivered")
    expect(rider.locator("section", has_text="Earned today")).to_contain_text("Delivery")
    rate_and_tip(phones)
    again(phones)
    rider.get_by_role("switch", name="On duty").click()
    expect(rider.get_by_role("heading", name="Off duty")).to_be_visible()


def test_in_korean_on_a_narrow_phone_a_declined_wallet_pays_the_second_time(
    phones: Phones,
) -> None:
    phones.open("ko", NARROW)
    diner = phones.customer
    phones.demand_accessible()
    move_in(phones)
    press(diner, "포장", exact=True)
    press(diner, "성미산김밥")
    heart = diner.get_by_role("button", name="성미산김밥 찜하기")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "false")
    press(diner, "비건김밥")
    phones.demand_accessible()
    press(diner, "담기")
    press(diner, "장바구니 보기")
    diner.get_by_label("카카오페이").check()
    phones.demand_accessible()
    press(diner, "₩5,000 주문하기")
    pay = phones.stripe.get_by_role("button", name="결제하기")
    pay.click()
    phones.stripe.get_by_role("button", name="거절").click()
    expect(diner.get_by_text("결제되지 않았어요")).to_be_visible()
    pay.click()
    expect(phones.stripe.get_by_role("heading", name="카카오페이로 결제")).to_be_visible()
    pay.click()
    says(diner, "가게의 확인을 기다려요")
    phones.show("store")
    phones.opens("성미산김밥")
    ticket = phones.ticket()
    expect(ticket).to_contain_text("비건김밥")
    phones.demand_accessible()
    press(ticket, "받기", exact=True)
    wait_at_the_bay(phones)
    for command in ("만들기 시작", "준비됨"):
        press(ticket, command, exact=True)
    collect_by_code(phones)

    says(diner, "찾아갔어요")
    expect(phones.page.locator("html")).to_have_attribute("lang", "ko")
    expect(diner.locator(".sums")).to_contain_text("₩5,000")
    phones.page.emulate_media(color_scheme="dark")
    move_out(phones)
    phones.show("courier")
    phones.demand_accessible()
    assert not re.search(r"\b[a-z]+\.[a-z_.]+\b", phones.page.inner_text("main"))


def test_by_keyboard_alone_an_order_is_made_paid_and_confirmed(phones: Phones) -> None:
    phones.open()
    phones.opens(GIMBAP)
    diner = phones.customer
    phones.press("^Takeaway$")
    expect(diner.locator(".card", has_text=GIMBAP)).to_be_visible()
    phones.press(GIMBAP)
    expect(diner.get_by_role("heading", name=GIMBAP)).to_be_focused()
    phones.press("Rice-cake tteokbokki")
    phones.press("^Mild", "Space")
    phones.press("Add to basket")
    expect(diner.get_by_role("button", name="View basket")).to_be_visible()
    phones.press("View basket")
    expect(diner.get_by_role("button", name="Order for")).to_be_visible()
    phones.press("^Order for")
    expect(phones.stripe.get_by_role("button", name=BANK_ASKS)).to_be_visible()
    phones.press(BANK_ASKS)
    phones.press("^Pay$")
    expect(phones.stripe.frame_locator("iframe").get_by_text("is it you?")).to_be_visible()
    phones.press("^Approve$")
    says(diner, "Waiting for the store")
    expect(phones.ticket()).to_be_visible()
    phones.press("^Confirm$")

    says(diner, "The store is on it")
    phones.press("^Cancel the order$")
    phones.press("^Ask the store to let me go$")
    expect(phones.ticket().get_by_role("button", name="Let them go")).to_be_visible()
    phones.press("^Let them go$")
    says(diner, "The store has let you go. You pay nothing")


def test_who_cancels_late_is_told_the_fee_and_pays_it(phones: Phones) -> None:
    phones.open()
    phones.opens(GIMBAP)
    order(phones, keep=True)
    phones.stripe.get_by_role("button", name="0002 is declined").click()
    phones.stripe.get_by_role("button", name="Pay", exact=True).click()
    expect(phones.stripe.get_by_role("status")).to_contain_text("declined")
    phones.stripe.get_by_role("button", name="4242 pays").click()
    phones.stripe.get_by_role("button", name="Pay", exact=True).click()
    says(phones.customer, "Waiting for the store")
    ticket = phones.ticket()
    press(ticket, "Confirm")
    press(ticket, "Takes longer")
    ticket.get_by_label("Why?").select_option(label="Something broke.")
    phones.demand_accessible()
    press(ticket, "+10 min")
    late = phones.customer.get_by_role("group", name="It takes longer.")
    expect(late).to_contain_text("Something broke.")
    press(late, "Wait on")
    says(phones.customer, "The store is on it")

    plead(phones)
    press(phones.customer, "Cancel the order")
    press(phones.customer, "Cancel and pay ₩4,950")

    says(phones.customer, "You pay ₩4,950")
    expect(phones.store.locator(".lane.over")).to_contain_text("Cancelled")
    throw_card_away(phones)


def test_a_dish_that_is_gone_and_a_store_that_pauses_are_told_before_anything_is_paid(
    phones: Phones,
) -> None:
    phones.open()
    diner, kitchen = phones.customer, phones.store
    phones.opens(GIMBAP)
    press(kitchen, "Sold out")
    vegan = kitchen.get_by_role("switch", name="Vegan gimbap")
    expect(vegan).to_be_checked()
    vegan.click()
    expect(vegan).not_to_be_checked()
    kitchen.get_by_text("Options · 3").first.click()
    mild = kitchen.get_by_role("switch", name="Mild · Rice-cake")
    mild.click()
    expect(mild).not_to_be_checked()
    phones.demand_accessible()
    avoid_fish(phones)
    press(diner, "Takeaway", exact=True)
    press(diner, GIMBAP)
    expect(diner.get_by_role("list", name="Offers")).to_have_text(
        "Tea with your snacks · from ₩10,000"
    )
    expect(diner.locator(".card", has_text="Yuja tea")).to_contain_text("in the offer ₩1,000")
    expect(diner.get_by_role("button", name="Vegan gimbap")).to_be_disabled()
    press(diner, "Rice-cake tteokbokki")
    expect(diner.get_by_label("Mild (Sold out)")).to_be_disabled()
    press(diner, "Back")
    press(diner, "Tuna mayo")
    press(diner, "Add to basket")
    for switch in (vegan, mild):
        switch.click()
        expect(switch).to_be_checked()
    press(kitchen, "Open & busy", exact=True)
    press(kitchen, "Begin the rush")
    expect(kitchen.get_by_text("Rush: +20 min until")).to_be_visible()
    kitchen.get_by_label("Why").select_option(label="Out of stock")
    phones.demand_accessible()
    press(kitchen, "Pause new orders")
    says(kitchen, "Paused: Out of stock")
    press(kitchen, "Orders", exact=True)
    expect(kitchen.locator(".warning")).to_contain_text("Paused: Out of stock")
    press(kitchen, "Open & busy", exact=True)

    press(diner, "View basket")
    expect(diner.locator(".issues")).to_contain_text("The store pauses")
    press(kitchen, "Open again")
    says(kitchen, "Open: taking orders")
    press(kitchen, "End the rush")
    expect(kitchen.get_by_role("button", name="Begin the rush")).to_be_visible()
    press(diner, "One more")
    expect(diner.locator(".warning")).to_have_text(
        "Tuna mayo gimbap: contains fish, which you avoid."
    )
    phones.demand_accessible()
    forget_fish(phones)
    sound = kitchen.get_by_role("switch", name="Sound")
    sound.click()
    expect(sound).to_be_checked()


def test_what_a_store_cannot_make_its_customer_lets_go_for_nothing(phones: Phones) -> None:
    phones.open()
    phones.opens(GIMBAP)
    order(phones, how="Takeaway", pay_with="Cash")
    says(phones.customer, "Waiting for the store")
    ticket = phones.ticket()
    appeal_against_the_second_in_cash(phones)
    press(ticket, "Confirm")
    press(ticket, "Ask to cancel")
    phones.demand_accessible()
    press(ticket, "Something is out")
    expect(ticket).to_contain_text("Waiting for the customer")
    phones.customer.get_by_role("button", name="Waiting for the store").or_(
        phones.customer.get_by_role("button", name="The store is on it")
    ).click()
    expect(phones.customer.locator(".issues")).to_contain_text("The store asks to cancel.")
    press(phones.customer, "Agree", exact=True)

    says(phones.customer, "You pay nothing")
    expect(ticket).to_contain_text("Cancelled")


def test_a_guest_signs_in_while_it_is_brought_and_is_not_at_home(phones: Phones) -> None:
    phones.open()
    diner, rider = phones.customer, phones.courier
    phones.opens(GIMBAP)
    order_as_a_guest(phones)
    sign_in_by_sms(phones)
    ticket = phones.ticket()
    for command in ("Confirm", "Ready"):
        press(ticket, command, exact=True)
    other = next_door(phones)
    go_on_duty(rider)
    ride_a_route(phones, other, phones.followed())
    contest(phones)
    bring(phones)
    press(rider, "I cannot hand it over")
    phones.demand_accessible()
    press(rider, "Nobody there")
    expect(rider.get_by_role("status").filter(has_text="You may leave")).to_be_visible()
    press(rider, "Nobody came: bring it back")

    says(diner, "Nobody came to the door. You pay ₩20,500.")
    coming = phones.store.locator(".lane.back")
    expect(coming).to_contain_text("is bringing it back to you Nobody there")
    phones.demand_accessible()
    press(rider, "Returned")
    says(rider, "Returned. You earned ₩4,350.")
    expect(ticket).to_contain_text("It came back")
    rider.get_by_role("switch", name="On duty").click()
    be_forgotten_or_not(phones)
