"""Quotes: every problem at once, a price that stands for ten minutes, used once, by one's own."""

from typing import Any

import pytest

from chalicelib.core import clock
from tests import people, shopfront
from tests.world import World


def _issues(world: World, store_id: str, **changed: object) -> list[tuple[str, str]]:
    refused = world.try_quote(store_id, world.customer(), **changed)
    assert (refused.status, refused.json["code"]) == (422, "quote_impossible")
    return [(one["code"], one["pointer"]) for one in refused.json["errors"]]


@pytest.mark.parametrize(
    ("changed", "issues"),
    [
        ({"items": [{"item_id": "nothing"}]}, [("item_unknown", "/items/0")]),
        ({"items": [{"item_id": "eel"}]}, [("item_unavailable", "/items/0")]),
        ({"items": [{"item_id": "mandu"}]}, [("too_few_options", "/items/0/options/sauce")]),
        ({"fulfilment": "delivery"}, [("drop_off_missing", "/drop_off")]),
        (
            {"fulfilment": "delivery", "drop_off": shopfront.FAR_AWAY},
            [("out_of_zone", "/drop_off/location")],
        ),
        (
            {
                "fulfilment": "delivery",
                "drop_off": shopfront.DOOR,
                "items": [{"item_id": "water"}],
            },
            [("below_minimum", "/items")],
        ),
        (
            {"items": [{"item_id": "eel"}, {"item_id": "bibimbap", "options": {"size": ["xl"]}}]},
            [("item_unavailable", "/items/0"), ("option_unknown", "/items/1/options/size")],
        ),
    ],
)
def test_every_problem_is_listed_before_anybody_pays(
    world_at: World, changed: dict[str, Any], issues: list[tuple[str, str]]
) -> None:
    store_id = world_at.store()

    assert _issues(world_at, store_id, **changed) == issues


def test_a_store_that_is_not_live_paused_or_does_not_do_this_takes_no_quote(
    world_at: World,
) -> None:
    draft = world_at.store(live=False)
    only_takeaway = world_at.store(owner="second", fulfilment=["takeaway"])
    paused = world_at.store(owner="third")
    owner = people.person("merchant", "third")
    assert (
        world_at.post(f"/v1/stores/{paused}/pause", {"reason": "busy"}, token=owner).status == 200
    )

    told = [
        _issues(world_at, draft),
        _issues(world_at, paused),
        _issues(world_at, only_takeaway, fulfilment="dine_in"),
        _issues(world_at, "sto_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"),
    ]

    assert [[code for code, _ in one] for one in told] == [
        ["store_not_live"], ["store_paused"], ["fulfilment_not_offered"], ["store_unknown"],
    ]  # fmt: skip


def test_a_quote_is_read_by_its_customer_and_hidden_from_others(world_at: World) -> None:
    quote = world_at.quote(world_at.store(), world_at.customer())
    path = f"/v1/quotes/{quote['id']}"

    answers = [
        world_at.call("GET", path, token=world_at.customer("other")).status,
        world_at.call(
            "GET", "/v1/quotes/quo_01JD9Z6M7Q3W8K5N2R4T6V8X0Y", token=world_at.customer()
        ).status,
    ]

    assert world_at.get(path, world_at.customer()) == quote
    assert world_at.get(path, world_at.operator()) == quote
    assert answers == [404, 404]


def test_a_quote_stands_for_ten_minutes_and_not_a_moment_longer(world_at: World) -> None:
    store_id = world_at.store()
    first, second = (world_at.quote(store_id, world_at.customer()) for _ in range(2))

    world_at.clock.move(599)
    in_time = world_at.try_place(world_at.customer(), first["id"])
    world_at.clock.move(1)
    too_late = world_at.try_place(world_at.customer(), second["id"])

    assert in_time.status == 201
    assert (too_late.status, too_late.json["code"]) == (410, "quote_expired")


def test_a_quote_becomes_one_order_and_says_which(world_at: World) -> None:
    quote = world_at.quote(world_at.store(), world_at.customer())
    placed = world_at.place(world_at.customer(), quote)

    again = world_at.try_place(world_at.customer(), quote["id"])

    assert (again.status, again.json["code"]) == (409, "quote_used")
    assert again.json["order_id"] == placed["order_id"]


def test_the_quote_of_another_cannot_be_ordered(world_at: World) -> None:
    quote = world_at.quote(world_at.store(), world_at.customer())

    stolen = world_at.try_place(world_at.customer("thief"), quote["id"])

    assert (stolen.status, stolen.json["code"]) == (404, "quote_not_found")


def test_the_price_that_was_quoted_stands_though_the_menu_has_changed(world_at: World) -> None:
    store_id = world_at.store()
    quote = world_at.quote(store_id, world_at.customer())
    dearer = {
        "categories": [
            {"id": "rice", "names": {"en": "Rice"}, "items": [shopfront.item("bibimbap", 20_000)]}
        ]
    }
    world_at.publish(store_id, dearer)

    placed = world_at.place(world_at.customer(), quote)

    assert placed["total"]["amount"] == 9000


def test_rain_moves_the_promise_of_a_delivery_and_of_nothing_else(world_at: World) -> None:
    store_id = world_at.store()
    mina, door = world_at.customer(), {"fulfilment": "delivery", "drop_off": shopfront.DOOR}
    usual = [world_at.quote(store_id, mina, **how)["promised"] for how in (door, {})]
    rain = {
        "city": "seoul",
        "percent": 150,
        "until": clock.stamp(clock.after(3600)),
        "reason": "rain",
    }

    assert world_at.call("PUT", "/v1/conditions", rain, token=world_at.operator()).status == 200

    wet = [world_at.quote(store_id, mina, **how)["promised"] for how in (door, {})]
    later = clock.parse(wet[0]["begins"]) - clock.parse(usual[0]["begins"])
    assert later.total_seconds() == 600
    assert wet[1] == usual[1]
