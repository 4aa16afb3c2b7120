"""The sweep of deadlines, and the races that orders may lose."""

from dataclasses import replace

import pytest

from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.orders import deadlines, moving, reading
from chalicelib.orders import events as order_events
from tests import faults, laws, surroundings
from tests.faults import Script
from tests.world import World


def test_an_order_that_cannot_be_met_holds_no_other_up(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = world_at.store()
    ids = [world_at.order(store_id)["order_id"] for _ in range(2)]
    meet = deadlines.meet

    def fail_first(order_id: str) -> object:
        if order_id == ids[0]:
            raise BusyError
        return meet(order_id)

    monkeypatch.setattr(deadlines, "meet", fail_first)
    world_at.clock.move(601)
    surroundings.sweep()

    stands = [seen.head["status"] for seen in laws.orders(world_at)]
    assert sorted(stands) == ["CANCELLED", "PENDING_PAYMENT"]


def test_a_mistake_of_ours_is_told_when_all_others_have_had_their_turn(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = world_at.store()
    for _ in range(3):
        world_at.order(store_id)
    meet, met = deadlines.meet, list[str]()

    def mistake_first(order_id: str) -> object:
        met.append(order_id)
        if len(met) == 1:
            raise KeyError("never foreseen")
        return meet(order_id)

    monkeypatch.setattr(deadlines, "meet", mistake_first)
    world_at.clock.move(601)

    with pytest.raises(KeyError):
        order_events.sweep_orders(surroundings.SCHEDULE, None)

    stands = {seen.head["id"]: seen.head["status"] for seen in laws.orders(world_at)}
    assert [stands[one] for one in met] == ["PENDING_PAYMENT", "CANCELLED", "CANCELLED"]


def test_a_deadline_that_has_not_come_is_left_alone(world_at: World) -> None:
    order_id = world_at.order(world_at.store())["order_id"]

    assert deadlines.meet(order_id).status == "PENDING_PAYMENT"


def test_whoever_loses_a_race_reads_again_and_decides_anew(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    script, once = Script(), [True]

    def cancel_first(call: str) -> None:
        if call.endswith("TransactWriteItems") and once:
            once.pop()
            world_at.cancel(order_id)

    script.before = cancel_first
    with faults.following(script):
        late = world_at.command(order_id, "confirm", store_id=store_id)

    assert (late.status, late.json["current_status"]) == (409, "CANCELLED")


def test_too_many_races_are_told_as_busy(world_at: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = world_at.order(world_at.store())["order_id"]
    monkeypatch.setattr(moving, "RACES", 0)

    with pytest.raises(BusyError):
        deadlines.meet(order_id)


def test_an_order_that_does_not_exist_has_no_deadline(world_at: World) -> None:
    assert laws.orders(world_at) == []

    with pytest.raises(NotFoundError):
        deadlines.meet("ord_x")


def test_what_is_owed_is_nobodys_until_the_order_has_ended(world_at: World) -> None:
    order_id = world_at.order(world_at.store())["order_id"]
    order = reading.find(order_id)

    assert order is not None
    assert order.owed_shares == ()
    assert [share.amount for share in replace(order, owed=9000).owed_shares] == [9000, 900, -900]


def test_the_events_of_an_order_are_read_in_their_order(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store())

    events = reading.events_after(order_id, 0)

    assert [event.type for event in events] == ["order.placed", "order.created"]
    assert [event.version for event in reading.events_after(order_id, 1)] == [2]
