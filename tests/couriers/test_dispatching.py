"""Runs of dispatch: complete, conditional, repeatable, and found again when they die."""

from collections.abc import Callable
from math import ceil

import pytest

from chalicelib.core import aws, clock, dynamo, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.couriers import dispatching, matching, models, offering, supply, waking
from chalicelib.couriers.matching import Plan, ZoneState
from chalicelib.couriers.models import Assignment, assignment_key, zone_key
from chalicelib.couriers.optimising.asking import RULE
from chalicelib.couriers.zone_models import ZoneHead
from tests import faults
from tests.conftest import Said
from tests.couriers.riders import FAR, ZONE, Riders, stored
from tests.faults import Crash, Script


def test_a_ready_order_is_offered_to_the_nearest_free_courier(riders: Riders) -> None:
    riders.on_duty("far", at=FAR)
    riders.on_duty("near")

    order_id = riders.waiting()

    assert [offer["delivery_id"] for offer in riders.asked("near")] == [
        riders.delivery(order_id).id
    ]
    assert riders.asked("far") == []
    assert riders.news(order_id) == ["delivery.opened", "delivery.offered"]


def test_an_offer_keeps_why_it_was_made(riders: Riders) -> None:
    riders.on_duty("jun")
    riders.waiting()

    [offer] = [row for row in stored("COURIER#jun") if row["sk"].startswith("OFFER#")]

    kept = dynamo.get(Assignment, assignment_key(offer["id"]))
    assert kept is not None
    decision = kept.decision
    assert (decision["rule"], decision["reason"]) == (RULE, "nearest")
    assert [one["courier_id"] for one in decision["candidates"]] == ["jun"]
    assert decision["features"]["refused_by"] == 0


def test_a_courier_is_asked_for_one_delivery_at_a_time(riders: Riders) -> None:
    riders.on_duty("jun")
    riders.waiting()
    riders.waiting()

    assert len(riders.asked("jun")) == 1


def test_a_courier_with_a_job_or_who_is_leaving_is_not_asked(riders: Riders) -> None:
    riders.carried("jun")

    riders.waiting()

    assert riders.asked("jun") == []


def test_who_goes_on_duty_is_asked_for_what_waits(riders: Riders) -> None:
    riders.waiting()

    riders.on_duty("jun")
    riders.world.pump()

    assert len(riders.asked("jun")) == 1


def test_who_is_free_again_is_asked_for_what_waits(riders: Riders) -> None:
    order_id = riders.carried("jun")
    waits = riders.waiting()
    pin = riders.world.get(f"/v1/orders/{order_id}/delivery", riders.world.customer())["pin"]

    riders.step("jun", order_id, "arrived-at-customer")
    path = f"/v1/deliveries/{riders.delivery(order_id).id}/delivered"
    done = riders.world.post(path, {"pin": pin}, token=riders.token("jun"))
    riders.world.pump()

    assert done.status == 200
    assert [one["delivery_id"] for one in riders.asked("jun")] == [riders.delivery(waits).id]


def test_an_offer_lapses_after_45_seconds_and_the_next_courier_is_asked(riders: Riders) -> None:
    riders.on_duty("near")
    riders.on_duty("far", at=FAR)
    order_id = riders.waiting()

    riders.pass_without_sweeps(offering.OFFER_SECONDS)

    assert riders.asked("near") == []
    assert len(riders.asked("far")) == 1
    assert riders.news(order_id)[2:] == ["delivery.offer_expired", "delivery.offered"]
    assert riders.seen().couriers["near"].offer_id is None


def test_an_offer_that_is_a_second_too_young_does_not_lapse(riders: Riders) -> None:
    riders.on_duty("near")
    riders.waiting()

    riders.pass_without_sweeps(offering.OFFER_SECONDS - 1)

    assert len(riders.asked("near")) == 1


def test_who_declined_or_let_pass_is_not_asked_for_the_delivery_again(riders: Riders) -> None:
    riders.on_duty("declines")
    order_id = riders.waiting()
    riders.answer("declines", "decline")
    riders.world.pump()
    riders.on_duty("sleeps")
    riders.world.pump()
    riders.pass_without_sweeps(offering.OFFER_SECONDS)

    [opened] = riders.seen().deliveries.values()
    assert sorted(opened.refused) == ["declines", "sleeps"]
    assert riders.asked("declines") == riders.asked("sleeps") == []
    assert "delivery.offer_declined" in riders.news(order_id)


def test_an_order_that_is_not_ready_is_offered_when_it_is_time_to_set_off(riders: Riders) -> None:
    riders.on_duty("jun")
    order_id = riders.waiting("confirm")
    assert riders.asked("jun") == []

    ready_at = clock.parse(riders.delivery(order_id).ready_at)
    for _ in range(14):
        riders.at("jun")
        riders.pass_without_sweeps(60)
        if riders.asked("jun"):
            break

    # Payments pace themselves: the minutes here are not whole ones.
    assert 60 <= ceil((ready_at - clock.now()).total_seconds()) <= matching.MARGIN_SECONDS + 60
    assert riders.news(order_id) == ["delivery.opened", "delivery.offered"]


def test_a_zone_where_nothing_changed_and_nothing_is_due_is_left_alone(riders: Riders) -> None:
    riders.on_duty("jun")
    riders.waiting()
    before = riders.head().tx

    riders.run()

    assert riders.head().tx == before


def test_a_look_that_finds_nothing_to_do_writes_one_item_and_takes_no_lease(
    riders: Riders,
) -> None:
    riders.carried("jun")
    riders.at("jun")
    dispatching.run(ZONE)
    riders.world.clock.move(110)
    riders.at("jun")
    riders.world.clock.move(10)

    script = Script()
    with faults.following(script):
        dispatching.run(ZONE)

    writes = [call for call in script.calls if call.endswith(("UpdateItem", "TransactWriteItems"))]
    assert len(writes) == 1
    assert len(script.calls) == 3 + models.ZONE_SHARDS
    head = dynamo.get(ZoneHead, zone_key(ZONE))
    assert head is not None
    assert "lease" not in head.attribute_values
    assert clock.parse(str(head.due_at)) == clock.after(120)


def test_a_look_that_another_run_has_overtaken_notes_nothing(riders: Riders) -> None:
    riders.carried("jun")
    riders.world.clock.move(120)
    riders.at("jun")
    head = dynamo.get(ZoneHead, zone_key(ZONE))
    assert head is not None
    read = riders.seen()
    dispatching.run(ZONE)

    assert not dispatching._rests(head, read, matching.nearest)


def test_an_unknown_zone_is_left_alone(riders: Riders) -> None:
    dispatching.run("nowhere")

    assert dynamo.get(ZoneHead, zone_key("nowhere")) is None
    assert riders.head() is None


def test_every_change_of_supply_and_demand_touches_the_zone(riders: Riders) -> None:
    """A change that no run hears of would wait for nothing."""
    counted = [sum(supply.changes(ZONE))]

    def note() -> None:
        counted.append(sum(supply.changes(ZONE)))

    riders.on_duty("jun")
    note()
    order_id = riders.waiting()
    note()
    riders.answer("jun", "decline")
    note()
    riders.cancel(order_id)
    note()

    assert counted == sorted({*counted})


# --- twice, at once, half way --------------------------------------------------------------------


def test_two_runs_of_a_zone_at_once_ask_nobody_twice(riders: Riders) -> None:
    """The second begins with the first's reading, as it may when a lease has run out."""
    riders.on_duty("jun")
    riders.on_duty("ari", at=FAR)
    riders.opened()
    read = supply.read(ZONE)

    dispatching._act(read, matching.nearest)
    dispatching._act(read, matching.nearest)

    assert len(riders.asked("jun")) + len(riders.asked("ari")) == 1


def test_while_another_holds_the_lease_the_zone_is_looked_at_in_a_second(
    riders: Riders,
) -> None:
    riders.on_duty("jun")
    hold(ZONE)

    riders.waiting()
    assert riders.asked("jun") == []
    riders.world.clock.move(dispatching.LEASE_SECONDS)
    riders.world.pump()

    assert len(riders.asked("jun")) == 1


def test_a_change_during_a_run_is_seen_by_the_same_run(riders: Riders) -> None:
    riders.on_duty("jun")
    riders.opened()
    came: list[str] = []

    def policy(state: ZoneState) -> Plan:
        if not came:
            came.append(riders.on_duty("ari", at=FAR))
        return matching.nearest(state)

    dispatching.run(ZONE, policy)

    assert riders.head().seen == supply.changes(ZONE)
    assert {one.courier_id for one in riders.seen().couriers.values()} == {"jun", "ari"}


def test_a_zone_that_does_not_settle_is_looked_at_again_in_a_second(riders: Riders) -> None:
    riders.on_duty("jun")
    names = iter(f"c{number}" for number in range(100))

    def restless(_: ZoneState) -> Plan:
        riders.on_duty(next(names))
        return Plan()

    dispatching.run(ZONE, restless)

    assert riders.head().seen == dispatching.NOTHING
    assert riders.head().due_at == clock.stamp(clock.after(waking.SOON))
    assert riders.head().lease is None


def test_an_order_cancelled_while_it_is_being_offered_leaves_no_offer(riders: Riders) -> None:
    riders.on_duty("jun")
    order_id = riders.opened()

    def policy(state: ZoneState) -> Plan:
        riders.give_up(order_id)
        riders.follow(order_id, "order.cancelled")
        return matching.nearest(state)

    dispatching.run(ZONE, policy)

    assert riders.asked("jun") == []
    assert riders.seen().couriers["jun"].offer_id is None
    assert riders.news(order_id) == ["delivery.opened", "delivery.cancelled"]


@pytest.mark.parametrize("heard_again", [True, False])
@pytest.mark.parametrize("survived", [1, 2, 3])
def test_a_run_that_dies_at_any_commit_is_finished(
    riders: Riders, monkeypatch: pytest.MonkeyPatch, survived: int, *, heard_again: bool
) -> None:
    """By its message, which comes again; and were that lost, too, by the sweep within a minute."""
    riders.on_duty("jun")
    riders.on_duty("ari")
    for _ in range(2):
        riders.opened()
    waking.zone_now(ZONE)

    with monkeypatch.context() as patched:
        patched.setattr(parts, "commit", dying_after(survived - heard_again))
        with pytest.raises(Crash):
            riders.world.courier_bells.drain()
    if not heard_again:
        riders.world.courier_bells.lose()
    riders.world.tick(30)
    asked = [len(riders.asked(user)) for user in ("jun", "ari")]

    assert asked == [1, 1]
    assert riders.head().lease is None
    assert riders.head().seen == supply.changes(ZONE)


# --- when nobody rings ---------------------------------------------------------------------------


def test_bells_that_no_stream_has_rung_are_found_by_the_sweep(riders: Riders) -> None:
    riders.on_duty("jun")
    riders.order("confirm", "ready")
    riders.world.streams.skip()

    riders.world.tick(31)

    assert len(riders.asked("jun")) == 1


def test_a_wake_that_was_never_sent_is_found_by_the_sweep(
    riders: Riders, monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    riders.on_duty("near")
    riders.on_duty("far", at=FAR)
    with monkeypatch.context() as patched:
        patched.setattr(aws, "send_all", refuse_delays(aws.send_all))
        riders.waiting()
    assert "A message to couriers' own queue was not sent" in {line["said"] for line in said()}

    riders.world.tick(60)

    assert len(riders.asked("far")) == 1


def test_of_the_messages_that_wake_a_zone_only_one_is_under_way(riders: Riders) -> None:
    riders.on_duty("jun")
    riders.waiting()
    riders.on_duty("ari")
    riders.waiting()

    assert len(riders.world.courier_bells.delayed) == 1


def test_a_zone_in_which_nothing_will_become_due_is_in_no_index(riders: Riders) -> None:
    riders.on_duty("jun")
    riders.world.pump()

    assert riders.head().due_at is None
    assert list(dispatching.overdue()) == []


def test_a_zone_that_is_due_already_is_taken_without_moving_it(riders: Riders) -> None:
    riders.carried("jun")
    riders.world.pump()
    due_at = riders.head().due_at
    assert due_at is not None
    riders.world.clock.set_to(clock.parse(due_at))

    parts.commit(dispatching._taking(ZONE, "mine", riders.head()))

    assert riders.head().due_at == due_at
    assert list(dispatching.overdue()) == [ZONE]


def test_who_has_read_another_due_time_does_not_take_the_zone(riders: Riders) -> None:
    riders.carried("jun")
    riders.world.pump()
    read = riders.head()
    read.due_at = clock.stamp(clock.now())

    with pytest.raises(BusyError):
        parts.commit(dispatching._taking(ZONE, "mine", read))


# --- what the tests are made of ------------------------------------------------------------------


def hold(zone: str) -> None:
    """Somebody takes the zone's lease and is not heard of again."""
    parts.commit(dispatching._taking(zone, "another", None))


def dying_after(commits: int) -> Callable[..., None]:
    """A commit that works so often; then the function dies instead."""
    commit, left = parts.commit, [commits]

    def dying(*chosen: Part) -> None:
        if not left[0]:
            raise Crash
        left[0] -= 1
        commit(*chosen)

    return dying


def refuse_delays(send: Callable[..., None]) -> Callable[..., None]:
    def sending(queue: str, messages: object, *, delay: int = 0) -> None:
        if delay:
            raise aws.QueueRefusedError("all of them")
        send(queue, messages)

    return sending
