"""How robo customers find their stores, and what they do where something is gone."""

import random
from typing import TYPE_CHECKING, Any, cast

import pytest

from sandbox.city.client import Refused
from sandbox.robo.browsing import Browser
from sandbox.robo.ordering import is_gone
from sandbox.robo.pace import Pace
from sandbox.robo.story import Story, Wish
from sandbox.stripe.clock import RateClock
from tests.sandbox.demo.tales import wish

if TYPE_CHECKING:
    from sandbox.robo.caller import Caller

STORE = "sto_1"
DISH = {"id": "soup", "price": 4000, "age_restricted": False, "option_groups": []}
MENU = {
    "categories": [
        {
            "items": [
                {**DISH, "id": "ramen"},
                {**DISH, "id": "gone"},
                {**DISH, "id": "chosen", "option_groups": [{"min": 1}]},
                {**DISH, "id": "sake", "age_restricted": True},
                DISH,
            ]
        }
    ],
    "unavailable": [
        {"item_id": "gone", "option_id": None},
        {"item_id": "soup", "option_id": "big"},
    ],
}


class Api:
    """Answers in the order in which it is asked, and keeps what was asked for."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.asked: list[str] = []
        self._answers = iter(answers)

    def get(self, path: str) -> dict[str, Any]:
        self.asked.append(path)
        return next(self._answers)


def browser(api: Api, **changed: object) -> tuple[Browser, Story]:
    place = {"location": {"type": "Point", "coordinates": [126.9, 37.5]}, "address": "Door"}
    made = Wish(**{**vars(wish()), "drop_off": place, **changed})
    story = Story(made)
    found = Browser(
        story,
        STORE,
        api=cast("Caller", api),
        pace=Pace(RateClock(0, 1)),
        draw=random.Random(1),  # noqa: S311 - who searches, no secret
    )
    return found, story


def page(*ids: str, more: str | None = None) -> dict[str, Any]:
    return {"data": [{"id": one} for one in ids], "next_cursor": more}


def test_a_store_is_looked_for_page_by_page_near_the_door() -> None:
    api = Api(page("sto_2", more="next"), page(STORE))
    found, story = browser(api)

    found.find()

    assert [path.partition("?")[0] for path in api.asked] == ["/v1/stores/nearby"] * 2
    assert api.asked[1].endswith("cursor=next")
    assert story.oddities == []


def test_who_has_no_door_searches_by_name_and_wonders_where_there_is_nothing() -> None:
    api = Api(page("sto_2"))
    found, story = browser(api, drop_off=None, named="라멘집", city="seoul")

    found.find()

    assert api.asked[0].startswith("/v1/search?q=")
    assert story.oddities == ["the store was not found by /v1/search"]


def test_instead_of_what_is_gone_one_takes_a_plain_dish_that_there_is_and_enough_of_it() -> None:
    found, _ = browser(Api(MENU), least=9000)

    assert found.another_dish("ramen") == [{"item_id": "soup", "quantity": 3}]


@pytest.mark.parametrize(
    ("status", "problem", "gone"),
    [
        (409, {"code": "items_gone"}, True),
        (422, {"code": "quote_impossible", "errors": [{"pointer": "/items/0"}]}, True),
        (422, {"code": "quote_impossible", "errors": [{"pointer": "/store_id"}]}, False),
        (409, {"code": "quote_used"}, False),
    ],
)
def test_only_a_dish_that_is_gone_is_replaced(
    status: int, problem: dict[str, Any], *, gone: bool
) -> None:
    assert is_gone(Refused("POST", "/v1/orders", status, problem)) is gone
