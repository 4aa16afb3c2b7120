"""Orders whose price promotions have lowered: books, refunds, and orders that cost nothing."""

from typing import Any

import pytest

from tests import laws, people, shopfront
from tests.couriers.riders import Riders
from tests.orders.offers import at_store, of_platform, taken
from tests.world import World

DONE = ("confirm", "ready", "picked-up")
HALF = {"platform": 5_000, "merchant": 5_000}
ALL_OFF = {"type": "percentage", "basis_points": 10_000}


def _store(world: World, **changed: Any) -> str:  # noqa: ANN401 - any field of a store
    """A store of which the platform takes a tenth."""
    store_id = world.store(**changed)
    terms = {"commission_basis_points": 1_000, "confirm_seconds": 480, "reason": "A trial."}
    path = f"/v1/stores/{store_id}/terms"
    assert world.call("PUT", path, terms, token=world.operator()).status == 200
    return store_id


def _promoted(world: World, store_id: str, **changed: object) -> str:
    """A fifth less at a store, which both bear alike. Its id."""
    said = {
        "benefit": {"type": "percentage", "basis_points": 2_000},
        "scope": {"type": "stores", "store_ids": [store_id]},
        "sponsors": HALF,
        **changed,
    }
    made: str = of_platform(world, **said)["id"]
    return made


def _collected(world: World, store_id: str, **changed: Any) -> str:  # noqa: ANN401 - any of a quote
    order_id = world.paid_order(store_id, **changed)
    world.command(order_id, *DONE, store_id=store_id)
    world.pump()
    return order_id


def _books(order_id: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in laws.rows("ledger"):
        if row["pk"] == f"order#{order_id}":
            name = row["account"].split(":mer_")[0]
            sums[name] = sums.get(name, 0) + int(row["amount"])
    return {name: amount for name, amount in sums.items() if amount}


def _settled(world: World) -> None:
    world.pump()
    world.tick(90_000)
    laws.demand(world)


def test_each_sponsor_bears_its_part_in_the_books(world_at: World) -> None:
    store_id = _store(world_at)
    _promoted(world_at, store_id)

    order_id = _collected(world_at, store_id, items=[{"item_id": "bibimbap", "quantity": 2}])

    assert _books(order_id) == {
        "stripe:clearing": 14_400,
        "payable:merchant": -(18_000 - 1_800 - 1_620),
        "revenue:commission": -1_620,
        "expense:discount": 1_800,
    }
    _settled(world_at)


def test_a_line_goes_back_as_it_was_paid_and_all_lines_leave_nothing(world_at: World) -> None:
    store_id = _store(world_at)
    _promoted(world_at, store_id)
    order_id = _collected(world_at, store_id, items=[{"item_id": "bibimbap", "quantity": 2}])

    for _ in range(2):
        one = world_at.refund(order_id, lines=[{"line": 0}], liable_party="store")
        assert one["amount"]["amount"] == 7_200
        world_at.clock.move(1)
    more = world_at.try_refund(order_id, amount=1)

    assert more.status == 422
    assert _books(order_id) == {}, "store, platform and sponsor are as if nothing had been sold"
    _settled(world_at)


@pytest.mark.parametrize("quantity", [1, 3])
def test_lines_with_tax_on_top_go_back_to_the_last_won(world_at: World, quantity: int) -> None:
    store_id = _store(world_at, tax={"included": False, "basis_points": 1_013})
    _promoted(world_at, store_id, benefit={"type": "percentage", "basis_points": 3_333})
    items = [{"item_id": "bibimbap", "quantity": quantity}, {"item_id": "gift-box"}]
    order_id = _collected(world_at, store_id, items=items)

    wanted = [*[{"line": 0}] * quantity, {"line": 1}]
    given = []
    for line in wanted:
        given.append(world_at.refund(order_id, lines=[line], liable_party="store")["amount"])
        world_at.clock.move(1)

    total = world_at.seen(order_id)["total"]["amount"]
    assert sum(one["amount"] for one in given) == total
    assert sum(abs(amount) for amount in _books(order_id).values()) <= 2 * len(wanted)
    _settled(world_at)


def test_what_the_platform_bears_leaves_the_store_what_it_has(world_at: World) -> None:
    store_id = _store(world_at)
    _promoted(world_at, store_id)
    order_id = _collected(world_at, store_id)
    before = _books(order_id)["payable:merchant"]

    world_at.refund(order_id, lines=[{"line": 0}])

    books = _books(order_id)
    assert (books["payable:merchant"], books["expense:refunds"]) == (before, 7_200)


def test_an_order_that_costs_nothing_is_shown_at_once_and_its_store_is_paid(
    world_at: World,
) -> None:
    store_id = _store(world_at)
    _promoted(world_at, store_id, benefit=ALL_OFF, sponsors={"platform": 10_000, "merchant": 0})
    token = world_at.customer()

    placed = world_at.place(token, world_at.quote(store_id, token))
    order_id = placed["order_id"]
    shown = world_at.board(store_id)
    world_at.command(order_id, *DONE, store_id=store_id)
    world_at.pump()

    assert (placed["status"], placed["payments"]) == ("CREATED", [])
    assert placed["total"]["amount"] == 0
    assert shown == [order_id]
    assert _books(order_id) == {
        "payable:merchant": -8_100,
        "revenue:commission": -900,
        "expense:discount": 9_000,
    }
    assert world_at.intents() == []
    _settled(world_at)


def test_nothing_can_be_given_back_of_what_cost_nothing(world_at: World) -> None:
    store_id = _store(world_at)
    _promoted(world_at, store_id, benefit=ALL_OFF)
    order_id = _collected(world_at, store_id)

    answers = [
        world_at.try_refund(order_id, **wanted)
        for wanted in ({}, {"amount": 1}, {"lines": [{"line": 0}], "liable_party": "store"})
    ]

    assert {one.status for one in answers} == {422}


def test_who_cancels_what_costs_nothing_owes_nothing(world_at: World) -> None:
    store_id = _store(world_at)
    promotion_id = _promoted(world_at, store_id, benefit=ALL_OFF)
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", store_id=store_id)

    assert world_at.cancel(order_id).status == 200

    assert world_at.seen(order_id)["owed"]["amount"] == 0
    assert taken(world_at, promotion_id) == (0, 0)
    _settled(world_at)
    assert _books(order_id) == {}


def test_a_fee_of_a_cancellation_is_of_what_would_have_been_paid(world_at: World) -> None:
    store_id = _store(world_at)
    _promoted(world_at, store_id)
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", store_id=store_id)

    assert world_at.cancel(order_id).status == 200
    _settled(world_at)

    assert _books(order_id) == {"stripe:clearing": 2_160, "payable:merchant": -2_160}


def test_free_delivery_pays_its_courier_as_ever(world_at: World) -> None:
    riders = Riders(world_at)
    at_store(world_at, riders.store_id, benefit={"type": "free_delivery"})

    order_id = riders.brought()
    _settled(world_at)

    merchant = [row for row in laws.rows("ledger") if row["account"].startswith("payable:mer")]
    assert sum(int(row["amount"]) for row in merchant) == -(9_000 - 900 - 3_000)
    assert world_at.seen(order_id)["total"]["amount"] == 9_000
    found = world_at.get("/v1/earnings", riders.token("jun"))["items"]
    assert sum(one["money"]["amount"] for one in found) == 2_850


def test_what_cost_nothing_and_nobody_took_in_is_owed_in_full_by_who_sponsored_it(
    world_at: World,
) -> None:
    riders = Riders(world_at)
    everything = {"sponsors": {"platform": 10_000, "merchant": 0}}
    scope = {"type": "stores", "store_ids": [riders.store_id]}
    of_platform(world_at, benefit=ALL_OFF, scope=scope, group="offer", **everything)
    of_platform(
        world_at, benefit={"type": "free_delivery"}, scope=scope, group="delivery", **everything
    )
    riders.on_duty("jun")
    token = world_at.customer()
    wanted = {"fulfilment": "delivery", "drop_off": shopfront.DOOR}
    order_id = world_at.place(token, world_at.quote(riders.store_id, token, **wanted))["order_id"]
    assert world_at.command(order_id, "confirm", "ready", store_id=riders.store_id).status == 200
    world_at.pump()
    riders.answer("jun", "accept")
    riders.step("jun", order_id, "arrived-at-store", "picked-up")
    path = f"/v1/deliveries/{riders.delivery(order_id).id}"
    for step, body in (("undeliverable", {"code": "customer_absent"}), ("returned", None)):
        answer = world_at.post(f"{path}/{step}", body, token=people.person("courier", "jun"))
        assert answer.status == 200, answer.text
    _settled(world_at)

    books = _books(order_id)
    assert books["expense:discount"] == 9_000
    assert books["expense:delivery_discount"] == 3_000
    assert world_at.seen(order_id)["total"]["amount"] == 0
