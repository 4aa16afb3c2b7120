"""What stores, customers and operators do with orders, and what the clock does."""

import pytest

from tests import laws, people, shopfront
from tests.world import World

WAYS = {
    "takeaway": ("confirm", "preparing", "ready", "picked-up"),
    "dine_in": ("confirm", "ready", "delivered"),
    "delivery": ("confirm", "preparing", "ready", "dispatch", "delivered"),
}


@pytest.mark.parametrize("fulfilment", WAYS)
def test_every_way_to_the_guest_ends_concluded_and_captured(
    world_at: World, fulfilment: str
) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id, fulfilment=fulfilment, drop_off=shopfront.DOOR)

    world_at.command(order_id, *WAYS[fulfilment], store_id=store_id)
    world_at.pump()
    world_at.tick(86_401)

    assert world_at.seen(order_id)["status"] == "CONCLUDED"
    laws.demand(world_at)
    (seen,) = laws.orders(world_at)
    assert seen.captured == (12_000 if fulfilment == "delivery" else 9_000)


@pytest.mark.parametrize("fulfilment", WAYS)
def test_repeating_a_command_is_answered_and_is_no_new_event(
    world_at: World, fulfilment: str
) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id, fulfilment=fulfilment, drop_off=shopfront.DOOR)

    for number, command in enumerate(WAYS[fulfilment]):
        first = world_at.command(order_id, command, store_id=store_id)
        repeated = [
            world_at.command(order_id, earlier, store_id=store_id)
            for earlier in WAYS[fulfilment][: number + 1]
        ]
        assert first.status == 200
        assert [one.json for one in repeated] == [first.json] * len(repeated)

    (seen,) = laws.orders(world_at)
    assert len(seen.events) == 2 + len(WAYS[fulfilment])


def test_an_impossible_command_says_where_the_order_stands_and_what_is_allowed(
    world_at: World,
) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)

    refused = world_at.command(order_id, "picked-up", store_id=store_id)

    assert (refused.status, refused.json["code"]) == (409, "impossible_move")
    assert refused.json["current_status"] == "CREATED"
    assert refused.json["allowed_commands"] == ["confirm", "cancel"]


def test_a_store_that_stays_silent_loses_the_order_and_nobody_pays(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)

    world_at.pass_time(480)
    before = world_at.seen(order_id)["status"]
    world_at.pass_time(120)

    seen = world_at.seen(order_id)
    assert before in {"CREATED", "CANCELLED"}
    assert seen["cancellation"] == {
        "code": "merchant_no_response",
        "initiated_by": "system",
        "liable_party": "store",
        "fee": 0,
        "refund": 9_000,
    }
    laws.demand(world_at)


def test_a_confirmation_after_the_end_never_brings_an_order_back(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.tick(481)

    late = world_at.command(order_id, "confirm", store_id=store_id)

    assert (late.status, late.json["current_status"]) == (409, "CANCELLED")
    assert world_at.seen(order_id)["status"] == "CANCELLED"


def test_whoever_looks_at_an_overdue_order_sees_it_lapse(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.clock.move(480)

    seen = world_at.get(f"/v1/orders/{order_id}", world_at.customer())

    assert (seen["status"], seen["due_at"]) == ("CANCELLED", None)


def test_a_store_may_reject_until_it_has_confirmed_and_repeat_it(world_at: World) -> None:
    store_id = world_at.store()
    order_id, other_id = world_at.paid_order(store_id), world_at.paid_order(store_id)
    token = people.machine(store_id)
    world_at.command(other_id, "confirm", store_id=store_id)

    first = world_at.post(f"/v1/orders/{order_id}/reject", {"code": "too_busy"}, token=token)
    second = world_at.post(f"/v1/orders/{order_id}/reject", {"code": "closing"}, token=token)
    late = world_at.post(f"/v1/orders/{other_id}/reject", {"code": "closing"}, token=token)

    assert first.json["cancellation"]["liable_party"] == "store"
    assert (second.status, second.json) == (200, first.json)
    assert (late.status, late.json["current_status"]) == (409, "CONFIRMED")
    world_at.tick(700)
    laws.demand(world_at)


def test_cancelling_is_free_until_confirmed_and_costs_the_published_fee_after(
    world_at: World,
) -> None:
    store_id = world_at.store()
    fees = []

    for commands in ((), ("confirm",), ("confirm", "preparing")):
        order_id = world_at.paid_order(store_id)
        if commands:
            world_at.command(order_id, *commands, store_id=store_id)
        first, second = world_at.cancel(order_id), world_at.cancel(order_id)
        assert (first.status, second.json) == (200, first.json)
        fees.append(first.json["cancellation"]["fee"])

    world_at.tick(60)
    assert fees == [0, 2_700, 5_400]
    laws.demand(world_at)
    assert sorted(seen.captured for seen in laws.orders(world_at)) == [0, 2_700, 5_400]


def test_an_order_that_is_ready_is_for_an_operator_to_cancel_and_costs_the_customer_nothing(
    world_at: World,
) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", "ready", store_id=store_id)

    customer = world_at.cancel(order_id)
    operator = world_at.cancel(order_id, world_at.operator())

    assert (customer.status, customer.json["code"]) == (409, "impossible_move")
    assert operator.json["cancellation"] == {
        "code": "changed_mind",
        "initiated_by": "operator",
        "liable_party": "platform",
        "fee": 0,
        "refund": 9_000,
    }
    world_at.tick(60)
    laws.demand(world_at)


def test_an_unknown_order_is_not_found_whatever_is_asked_of_it(world_at: World) -> None:
    nobody = "ord_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
    store_id = world_at.store()

    answers = [
        world_at.cancel(nobody),
        world_at.command(nobody, "confirm", store_id=store_id),
        world_at.call("GET", f"/v1/orders/{nobody}", token=world_at.customer()),
        world_at.confirm(nobody),
    ]

    assert [one.status for one in answers] == [404] * 4


def test_orders_are_listed_for_their_customer_and_their_store(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.order(store_id)

    mine = world_at.get("/v1/orders", world_at.customer())["items"]
    others = world_at.get("/v1/orders", world_at.customer("other"))["items"]

    assert len(mine) == 2
    assert others == []
    assert world_at.board(store_id) == [order_id]
    unknown = world_at.call(
        "GET", "/v1/stores/sto_01JD9Z6M7Q3W8K5N2R4T6V8X0Y/orders", token=world_at.operator()
    )
    assert unknown.status == 404
    strange = world_at.call("GET", f"/v1/stores/{store_id}/orders", token=people.machine("sto_x"))
    assert strange.status == 404


def test_the_door_is_shown_to_the_store_only_while_it_needs_to_know(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id, fulfilment="delivery", drop_off=shopfront.DOOR)
    path, token = f"/v1/orders/{order_id}", people.machine(store_id)

    before = world_at.get(path, token)["drop_off"]
    world_at.cancel(order_id)

    assert before["address"] == shopfront.DOOR["address"]
    assert world_at.get(path, token)["drop_off"] is None
    assert world_at.get(path, world_at.customer())["drop_off"] == before
