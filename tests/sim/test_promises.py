"""Every law of what was promised can be broken."""

import json
from collections.abc import Callable

import pytest

from chalicelib.core import clock
from tests.sim.gateway import Reply
from tests.sim.invariants import asking, bringing, giving, money, owed, promises
from tests.sim.invariants.registry import Violation
from tests.sim.test_laws import LEG, PAY, delivery, intent, order, paid, put
from tests.sim.world import World

BUSY = Reply(409, {}, '{"code": "busy"}')
REUSED = Reply(422, {}, '{"code": "idempotency_key_reused"}')


def busy_with_itself(world: World) -> None:
    world.memory["wrote"] = {("orders", "QUOTE#1"): {"a POST /v1/quotes#1": 1.0}}
    promises.busy_is_somebody_else(world, "a POST /v1/quotes#1", BUSY)


def another_s_key(_: World) -> None:
    promises.key_is_new("a", "key-1", REUSED)


def orphan(world: World) -> None:
    intent(world)
    promises.every_intent_has_its_payment(world)


def forgotten_event(world: World) -> None:
    world.memory["acknowledged"] = {"evt_1"}
    promises.what_was_acknowledged_is_stored(world)


def not_rung(world: World) -> None:
    row = {"kind": "order", "subject": "o1", "version": 1, "type": "order.confirmed"}
    put(world, "orders", "ORDER#o1", "EVT#0000000001", {**row, "bell_shard": "BELL#01"})
    rung = put(world, "orders", "ORDER#o1", "EVT#0000000001", row)
    promises.a_bell_has_rung_when_it_is_noted(world, [rung])


def overdue(world: World) -> None:
    due = {"due_shard": "DUE#01", "due_at": "2020-01-01T00:00:00.000Z", "status": "CREATED"}
    order(world, **due)
    promises.deadlines_are_met(world)


def taken_unowed(world: World) -> None:
    order(world, owed=30)
    money.no_more_is_taken_than_is_owed(world, [paid(world)])


def tried_anew(world: World) -> None:
    money.attempts_follow_a_no(world, [paid(world, attempt=2, intent_id="pi_1")])


def two_at_once(world: World) -> None:
    order(world, status="CONFIRMED")
    delivery(world, courier_id="k1", status="ACCEPTED")
    row = {"id": "d2", "order_id": "o1", "status": "ACCEPTED", "version": 1, "courier_id": "k1"}
    second = put(world, "couriers", "DELIVERY#d2", "HEAD", row)
    bringing.one_courier_per_delivery(world, [second])


def misrounded(world: World) -> None:
    share = '[{"to": "platform", "why": "commission", "amount": 7}]'
    order(world, shares=share)
    paid(world)
    owed.what_is_owed_is_what_was_quoted(world)


def fee_of_another_status(world: World) -> None:
    record = {"code": "changed_mind", "initiated_by": "customer", "liable_party": "customer"}
    said = {"fees": '{"CONFIRMED": 30}', "cancellation": json.dumps(record), "owed": 0}
    order(world, status="CONFIRMED", **said)
    news = [order(world, status="CANCELLED", **said)]
    owed.a_cancellation_costs_what_its_status_costs(world, news)


def given_up_unasked(world: World) -> None:
    moment = clock.stamp(clock.now())
    row = {"refund_id": "r1", "number": 0, "status": "failed", "opened_at": moment}
    giving.no_answer_is_no_no(world, [put(world, "payments", PAY, "REF#r1#00", row)])


def nobody_asked(world: World) -> None:
    moment = clock.stamp(clock.now())
    on = {"courier_id": "a", "status": "on", "jobs": "[]", "located_at": moment}
    waits = {"delivery_id": "d1", "offers": "[]", "refused": "[]", "ready_at": moment}
    put(world, "couriers", "ZONE#z#0", "COURIER#a", on)
    put(world, "couriers", "ZONE#z#0", "DELIVERY#d1", waits)
    put(world, "couriers", "ZONE#z#0", "DIRTY", {"changes": 7})
    left = put(world, "couriers", "ZONE#z", "HEAD", {"zone": "z", "seen": "[7]"})
    asking.a_zone_is_left_with_nobody_to_ask(world, [left])


BAD: list[tuple[str, Callable[[World], None]]] = [
    ("A3", busy_with_itself), ("M13", another_s_key), ("S3", orphan), ("S4", forgotten_event),
    ("S4", not_rung), ("D1", overdue),
    ("M4", taken_unowed), ("M2", tried_anew), ("C2", two_at_once), ("M7", misrounded),
    ("M7", fee_of_another_status), ("S2", given_up_unasked), ("D2", nobody_asked),
]  # fmt: skip


@pytest.mark.parametrize(("law", "break_it"), BAD, ids=lambda one: getattr(one, "__name__", one))
def test_a_promise_that_is_broken_is_noticed(
    calm: World, law: str, break_it: Callable[[World], None]
) -> None:
    with pytest.raises(Violation) as caught:
        break_it(calm)

    assert caught.value.name == law


def test_busy_with_somebody_else_is_as_it_may_be(calm: World) -> None:
    calm.memory["wrote"] = {("orders", "ORDER#1"): {"a POST /v1/orders#1": 1.0, "b": 2.0}}

    promises.busy_is_somebody_else(calm, "a POST /v1/orders#1", BUSY)


def test_what_waits_for_its_customer_is_not_overdue(calm: World) -> None:
    due = {"due_shard": "DUE#01", "due_at": "2020-01-01T00:00:00.000Z"}
    put(calm, "payments", PAY, "LEG#l1", {**LEG, **due, "status": "requires_payment"})

    promises.deadlines_are_met(calm)
