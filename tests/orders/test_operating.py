"""What operators do by hand leaves a record with its reason, in the same transaction."""

import pytest

from tests.couriers.riders import Riders
from tests.world import World

BURNT = {"code": "other", "liable_party": "store", "reason": "The kitchen burns."}


def records(world: World, subject: str) -> list[tuple[str, str]]:
    found = world.get(f"/v1/audit?subject={subject}", world.operator())["items"]
    return [(one["action"], one["reason"]) for one in found]


def test_an_order_is_given_up_at_the_expense_of_who_is_liable(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store())
    path = f"/v1/orders/{order_id}/cancel-by-hand"

    answers = [world_at.post(path, BURNT, token=world_at.operator()).json for _ in range(2)]

    assert answers[0] == answers[1]
    told = answers[0]["cancellation"]
    assert (told["initiated_by"], told["liable_party"], told["fee"]) == ("operator", "store", 0)
    assert records(world_at, order_id) == [("order.cancelled", "The kitchen burns.")]
    world_at.pump()
    assert {intent["status"] for intent in world_at.intents()} == {"canceled"}


def test_an_order_that_has_ended_is_not_given_up(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", "preparing", "ready", "picked-up", store_id=store_id)

    answer = world_at.post(
        f"/v1/orders/{order_id}/cancel-by-hand", BURNT, token=world_at.operator()
    )

    assert (answer.status, records(world_at, order_id)) == (409, [])


def test_the_short_way_to_cancel_is_kept_for_operators_and_not_for_customers(
    world_at: World,
) -> None:
    store_id = world_at.store()
    first, second = (world_at.paid_order(store_id, user=user) for user in ("mina", "jun"))
    world_at.cancel(first, world_at.operator())
    world_at.cancel(second, world_at.customer("jun"))

    assert records(world_at, first) == [("order.cancelled", "changed_mind")]
    assert records(world_at, second) == []


def test_an_operator_lists_somebodys_orders(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store())

    found = world_at.get("/v1/people/mina/orders", world_at.operator())["items"]

    assert [one["id"] for one in found] == [order_id]
    assert world_at.get("/v1/people/nobody/orders", world_at.operator())["items"] == []


def test_goodwill_refunds_and_retries_are_kept(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", "preparing", "ready", "picked-up", store_id=store_id)
    world_at.pump()

    world_at.grant(1000)
    refund = world_at.refund(order_id, amount=500)

    assert records(world_at, "mina") == [("balance.credited", "Goodwill.")]
    [record] = world_at.get(f"/v1/audit?subject={order_id}", world_at.operator())["items"]
    assert record["data"] == {
        "refund_id": refund["id"], "amount": 500, "liable_party": "platform",
    }  # fmt: skip


def test_what_the_switch_and_the_weather_are_set_to_is_kept(world_at: World) -> None:
    operator = world_at.operator()
    for verb in ("stop", "resume"):
        world_at.clock.move(1)
        world_at.post(f"/v1/operations/orders/{verb}", {"reason": "A trial."}, token=operator)
    weather = {
        "city": "seoul", "percent": 130, "until": "2026-11-23T00:00:00Z", "reason": "rain",
    }  # fmt: skip
    assert world_at.call("PUT", "/v1/conditions", weather, token=operator).status == 200

    assert records(world_at, "orders") == [
        ("orders.resumed", "A trial."), ("orders.stopped", "A trial."),
    ]  # fmt: skip
    assert records(world_at, "seoul") == [("conditions.set", "rain")]


def test_taking_a_delivery_from_its_courier_is_kept(world_at: World) -> None:
    riders = Riders(world_at)
    riders.on_duty("jun")
    order_id = riders.waiting()
    assert riders.answer("jun", "accept").status == 200

    path = f"/v1/deliveries/{riders.delivery(order_id).id}/reassign"
    assert world_at.post(path, {"code": "accident"}, token=world_at.operator()).status == 200

    assert records(world_at, order_id) == [("delivery.reassigned", "accident")]


@pytest.mark.parametrize("missing", ["reason", "liable_party", "code"])
def test_an_operator_says_why_and_who_bears_it(world_at: World, missing: str) -> None:
    order_id = world_at.paid_order(world_at.store())
    said = {name: value for name, value in BURNT.items() if name != missing}

    answer = world_at.post(f"/v1/orders/{order_id}/cancel-by-hand", said, token=world_at.operator())

    assert answer.status == 400
