"""Onboarding, and the menu that is taken in from the merchant's own address."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.core.egress import Reply, Unreachable
from chalicelib.integrations.opendelivery import fetching
from tests.opendelivery import protocol
from tests.opendelivery.desk import Desk, uuid

MERCHANT = "22815773000169-dbc7e35a-c936-4665-9e13-eb55eb8b6824"
ADDRESS = {"getMerchantURL": {"baseURL": "https://till.example.com/od", "apiKey": "k-7"}}
ONBOARDING = f"/v1/merchantOnboarding?merchantId={MERCHANT}"


def example() -> dict[str, Any]:
    """The file's own merchant, whose prices are in the store's currency."""
    found = document()
    text = json.dumps(found).replace('"BRL"', '"KRW"')
    made: dict[str, Any] = json.loads(text)
    made["services"].append({**made["services"][0], "serviceType": "TAKEOUT"})
    return made


def document() -> dict[str, Any]:
    found: dict[str, Any] = protocol.document()["components"]["examples"]["merchantExample"][
        "value"
    ]
    return copy.deepcopy(found)


@dataclass
class Merchant:
    """A merchant's own server."""

    answer: Any = field(default_factory=example)
    status: int = 200
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def __call__(self, url: str, headers: Mapping[str, str]) -> Reply:
        self.asked.append((url, headers))
        if isinstance(self.answer, Exception):
            raise self.answer
        return Reply(self.status, {}, json.dumps(self.answer).encode(), 0.1)


@pytest.fixture
def merchant() -> Iterator[Merchant]:
    made = Merchant()
    with fetching.getting_through(made):
        yield made


def _menu(desk: Desk) -> Any:  # noqa: ANN401 - any JSON
    return desk.world.get(f"/v1/stores/{desk.store_id}/menu")


def _status(desk: Desk) -> Any:  # noqa: ANN401 - any JSON
    answer = desk.call("GET", f"/v1/merchantStatus?merchantId={MERCHANT}")
    return answer.json if answer.status == 200 else answer.status


def test_onboarding_takes_in_the_menu_of_the_protocols_own_example(
    desk: Desk, merchant: Merchant
) -> None:
    assert _status(desk) == 404
    first = desk.call("PUT", ONBOARDING, ADDRESS)
    again = desk.call("PUT", ONBOARDING, ADDRESS)
    desk.world.clock.move(9000)  # its hours on a Sunday begin at 14:00 UTC
    menu, order = _menu(desk), desk.read(desk.order(items=[_pizza()]))

    assert (first.status, again.status) == (201, 204)
    assert first.json["orderingAppMerchantId"] == uuid(desk.store_id)
    assert "k-7" not in first.text
    assert merchant.asked[0] == ("https://till.example.com/od/v1/merchant", {"X-API-KEY": "k-7"})
    assert _status(desk)["status"] == "SUCCESS"
    item = menu["categories"][0]["items"][0]
    assert (item["id"], item["price"]) == ("f080cfb3-5c4a-4eb7-907d-2de3bbb5dfb9", 43)
    assert item["descriptions"] == {"en": "Medium two-flavored pizza. Allergens not declared."}
    assert item["serves"] == 8
    assert item["hours"][0] == {"day": "mon", "opens": "19:00", "closes": "03:00"}
    group = item["option_groups"][0]
    assert (group["min"], group["max"]) == (2, 2)
    assert group["options"][0]["allergens"] == ["GLUTEN"]
    assert menu["categories"][1]["items"][0]["nutrition"]["kilocalories"] == 2500
    assert order["merchant"]["id"] == MERCHANT
    assert order["items"][0]["id"] == "f080cfb3-5c4a-4eb7-907d-2de3bbb5dfb9"
    assert len({one["id"] for one in order["items"][0]["options"]}) == 2


def _pizza() -> dict[str, Any]:
    options = ["e5232f14-430c-4a94-8ff6-289d5a16a87a", "e5232f14-430c-4a94-8ff6-289d5a16a87b"]
    return {
        "item_id": "f080cfb3-5c4a-4eb7-907d-2de3bbb5dfb9",
        "options": {"fe67e551-f42f-499a-8afb-0ed893c71fa3": options},
        "quantity": 99,
    }


def test_what_cannot_be_had_or_does_not_fit_is_left_out_with_a_word(
    desk: Desk, merchant: Merchant
) -> None:
    merchant.answer["itemOffers"][0]["price"]["currency"] = "BRL"
    merchant.answer["optionGroups"][1]["status"] = "UNAVAILABLE"
    offer = merchant.answer["itemOffers"][1]
    offer["availabilityId"] = []

    desk.call("PUT", ONBOARDING, ADDRESS)
    menu = _menu(desk)

    assert menu["categories"][0]["items"] == []
    assert menu["categories"][1]["items"][0]["available"] is False
    assert "another currency" in _status(desk)["moreInfo"]


def test_a_document_that_cannot_be_read_changes_nothing_and_says_so(
    desk: Desk, merchant: Merchant
) -> None:
    before = _menu(desk)
    broken = {**example(), "items": 7}
    told = []

    for answer, status in ((broken, 200), ({}, 404), (Unreachable("timeout"), 200), ([], 200)):
        merchant.answer, merchant.status = answer, status
        assert desk.call("PUT", ONBOARDING, ADDRESS).status in {201, 204}
        told.append(_status(desk)["moreInfo"])

    assert _menu(desk) == before
    assert told[0].startswith("/items: ")
    assert told[1:3] == ["the address answers 404", "the address does not answer: timeout"]


def test_an_update_reads_the_document_again_and_a_status_pauses_and_resumes(
    desk: Desk, merchant: Merchant
) -> None:
    path = "/v1/merchantUpdate"
    without = desk.call("POST", path)
    desk.call("PUT", ONBOARDING, ADDRESS)
    merchant.answer["itemOffers"][0]["price"]["value"] = 50
    changed = {"entityType": "ITEM_OFFER", "updatedObjects": [merchant.answer["itemOffers"][0]]}

    answers = [
        desk.call("POST", path),
        desk.call("POST", path, changed),
        desk.call("POST", path, {"merchantStatus": "UNAVAILABLE"}),
    ]
    paused = desk.world.get(f"/v1/stores/{desk.store_id}")["pause_reason"]
    answers.append(desk.call("POST", path, {"merchantStatus": "AVAILABLE"}))

    assert without.status == 404
    assert [one.status for one in answers] == [204] * 4
    assert len(merchant.asked) == 3
    assert _menu(desk)["categories"][0]["items"][0]["price"] == 50
    assert paused == "other"
    assert desk.world.get(f"/v1/stores/{desk.store_id}").get("pause_reason") is None


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("?merchantId=short", ADDRESS),
        ("", ADDRESS),
        (f"?merchantId={MERCHANT}", {"getMerchantURL": {"baseURL": "http://10.0.0.1"}}),
        (f"?merchantId={MERCHANT}", {"getMerchantURL": {"baseURL": "https://127.0.0.1/x"}}),
        (f"?merchantId={MERCHANT}", []),
    ],
)
def test_an_onboarding_that_cannot_be_is_400(
    desk: Desk, merchant: Merchant, query: str, body: object
) -> None:
    answer = desk.call("PUT", f"/v1/merchantOnboarding{query}", body)

    assert (answer.status, merchant.asked) == (400, [])
