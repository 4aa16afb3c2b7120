"""Not run with the tests: takes the README's pictures of one order, in both languages.

make pictures
"""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from sandbox.web.server import FOLDERS
from tests.browser.phones import NARROW, WIDE, Phones

pytestmark = pytest.mark.browser

GIMBAP = {"ko": "성미산김밥", "en": "Seongmisan Gimbap"}
TTEOKBOKKI = {"ko": "쌀떡볶이", "en": "Rice-cake tteokbokki"}
MILD = {"ko": "순한 맛", "en": "Mild"}

type Say = Callable[[str], str]


def press(app: Locator, name: str) -> None:
    app.get_by_role("button", name=name, exact=True).first.click()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_pictures_of_one_order(phones: Phones, language: str) -> None:
    words = json.loads((FOLDERS[1] / f"{language}.json").read_text(encoding="utf-8"))
    phones.open(language, NARROW, query="?pace=90")
    expect(phones.customer.locator(".card", has_text=GIMBAP[language])).to_be_visible()
    phones.picture(f"phone-{language}-1-stores")
    order(phones, language, words)
    phones.show("store")
    phones.opens(GIMBAP[language])
    ticket = phones.ticket()
    expect(ticket).to_be_visible()
    phones.picture(f"phone-{language}-5-board")
    press(ticket, words["do.confirm"])
    press(ticket, words["do.ready"])
    phones.show("courier")
    bring(phones, language, words)


def order(phones: Phones, language: str, words: dict[str, str]) -> None:
    diner = phones.customer
    diner.locator(".card", has_text=GIMBAP[language]).click()
    diner.locator(".card", has_text=TTEOKBOKKI[language]).click()
    diner.get_by_label(MILD[language]).check()
    for _ in range(2):
        press(diner, words["more.of"].replace("{what}", TTEOKBOKKI[language]))
    phones.picture(f"phone-{language}-2-options")
    press(diner, words["dish.add"])
    press(diner, words["basket.open"].replace("{count}", "3"))
    buy = diner.locator("button.main", has_text="₩19,000")
    expect(buy).to_be_visible()
    diner.locator(".sums").evaluate("(it) => it.scrollIntoView({ block: 'center' })")
    phones.picture(f"phone-{language}-3-price")
    buy.click()
    pay = phones.stripe.locator("form > button.yes")
    expect(pay).to_be_visible()
    phones.picture(f"phone-{language}-4-pay")
    pay.click()
    expect(diner.locator(".state")).to_contain_text(words["status.CREATED"])


def bring(phones: Phones, language: str, words: dict[str, str]) -> None:
    rider, diner = phones.courier, phones.customer
    duty = rider.get_by_role("switch")
    expect(duty).to_be_enabled()
    if not duty.is_checked():
        duty.click()
    expect(rider.locator(".sum")).to_be_visible()
    phones.picture(f"phone-{language}-6-offer")
    press(rider, words["offer.accept"])
    press(rider, words["do.heading-to-store"])
    press(rider, words["arrived-at-store.already"])
    press(rider, words["do.picked-up"])
    press(rider, words["do.heading-to-customer"])
    phones.page.wait_for_timeout(6000)
    phones.picture(f"phone-{language}-7-ride")
    phones.show("customer")
    expect(diner.locator(".sign.courier")).to_be_visible()
    phones.picture(f"phone-{language}-8-follow")
    phones.resize(WIDE)
    phones.picture(f"phones-{language}")
    press(rider, words["arrived-at-customer.already"])
    pin = diner.locator("[data-pin]").get_attribute("data-pin") or ""
    rider.locator("#pin").fill(pin)
    press(rider, words["do.delivered"])
    expect(diner.locator(".state")).to_contain_text(words["status.DELIVERED"])
    duty.click()
    expect(duty).not_to_be_checked()
