"""Pumps bring things as Lambda does: at least once, in no order, and not for ever."""

import json
from typing import Any

import pytest

from tests.sim.aws.queues import DEAD
from tests.sim.faults import Fault
from tests.sim.pumps import functions
from tests.sim.pumps.functions import Function
from tests.sim.pumps.queues import QueuePump
from tests.sim.pumps.schedules import SchedulePump
from tests.sim.town import Town
from tests.sim.world import World

QUEUE = "PaymentBells"


class Handler:
    """Remembers what it was handed, and fails as it is told."""

    def __init__(self, *failing: str) -> None:
        self.failing = {*failing}
        self.got: list[list[str]] = []

    def __call__(self, event: dict[str, Any], _: None) -> dict[str, Any]:
        bodies = [one["body"] for one in event["Records"]]
        self.got.append(bodies)
        failed = [one["messageId"] for one in event["Records"] if one["body"] in self.failing]
        return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}

    def times(self, body: str) -> int:
        return sum(batch.count(body) for batch in self.got)


def pump(world: World, handler: Handler) -> QueuePump:
    said = next(one for one in functions.functions() if one.kind == "queue" and one.queue == QUEUE)
    made = QueuePump(world, Function(said.name, "queue", handler, said.timeout, said.events))
    world.queue_pumps[QUEUE] = made
    return made


def test_every_function_is_woken_as_the_template_says() -> None:
    kinds = {one.name: one.kind for one in functions.functions()}

    assert kinds["ring-bells"] == "stream"
    assert kinds["settle-payments"] == "queue"
    assert kinds["sweep-orders"] == "schedule"
    assert all(one.events for one in functions.functions() if one.kind != "schedule")


def test_what_succeeds_is_gone_and_what_fails_comes_again_alone(calm: World) -> None:
    handler = Handler("bad")
    pump(calm, handler)
    for body in ("good", "bad"):
        calm.queues.send(QUEUE, body)

    calm.run(400)

    assert handler.times("good") == 1
    assert handler.times("bad") > 1


def test_after_five_times_a_message_lies_among_the_dead_until_it_is_redriven(calm: World) -> None:
    handler = Handler("bad")
    pump(calm, handler)
    calm.queues.send(QUEUE, "bad")
    calm.run(2000)
    assert handler.times("bad") == 5
    assert len(calm.queues.by_name[DEAD].messages) == 1

    handler.failing.clear()
    assert calm.queues.redrive() == 1
    calm.run(10)

    assert handler.times("bad") == 6
    assert not calm.queues.by_name[QUEUE].messages


def test_a_delayed_message_waits_for_its_time(calm: World) -> None:
    handler = Handler()
    pump(calm, handler)
    calm.queues.send(QUEUE, "later", delay=100)

    calm.run(99)
    assert handler.times("later") == 0
    calm.run(5)
    assert handler.times("later") == 1


@pytest.mark.parametrize("fault", [Fault.DUPLICATED, Fault.FAILS_AFTER, Fault.FAILS_BEFORE])
def test_a_message_whose_deletion_is_lost_or_that_nobody_took_comes_again(
    calm: World, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, faults = Handler(), [fault]
    pump(calm, handler)
    monkeypatch.setattr(calm, "arrival", lambda *_: faults.pop() if faults else None)

    calm.queues.send(QUEUE, "hello")
    calm.run(400)

    assert handler.times("hello") == (1 if fault is Fault.FAILS_BEFORE else 2)


def test_a_queue_that_is_down_is_emptied_when_it_is_up_again(calm: World) -> None:
    handler = Handler()
    made = pump(calm, handler)
    made.down = True
    calm.queues.send(QUEUE, "hello")
    calm.run(100)
    assert handler.times("hello") == 0

    made.down = False
    made.ring()
    calm.run(10)

    assert handler.times("hello") == 1


def test_events_of_a_table_ring_their_bells_and_leave_the_index(town: Town) -> None:
    """The stream, with the product's own function behind it."""
    courier = town.couriers[0]
    body = {
        "zone": "seoul", "vehicle": "scooter",
        "location": {"type": "Point", "coordinates": [126.92, 37.56]},
    }  # fmt: skip
    town.world.act("starts", lambda: courier.person.must("POST", "/v1/duty/start", body))

    town.world.run(20)

    waiting = [row for row in town.world.shadow.rows("couriers") if "bell_shard" in row]
    assert town.world.shadow.get("couriers", f"COURIER#{courier.person.name}")
    assert waiting == []


def test_a_stream_that_was_down_for_a_day_has_forgotten_and_the_sweep_has_not(town: Town) -> None:
    for stream in town.world.streams:
        stream.down = True
    courier = town.couriers[0].person
    point = {"type": "Point", "coordinates": [126.92, 37.56]}
    body = {"zone": "seoul", "vehicle": "scooter", "location": point}
    town.world.act("starts", lambda: courier.must("POST", "/v1/duty/start", body))

    town.world.run(200)

    rung = [line for line in town.world.trace.lines() if "sweep-bells -> sqs" in line]
    assert rung
    assert not [row for row in town.world.shadow.rows("couriers") if "bell_shard" in row]


def test_a_sweep_runs_within_a_minute_of_what_is_due(calm: World) -> None:
    ran: list[float] = []
    said = next(one for one in functions.functions() if one.name == "sweep-orders")

    def handler(_: dict[str, Any], __: None) -> None:
        ran.append(calm.scheduler.now)

    made = SchedulePump(calm, Function(said.name, "schedule", handler, 50, said.events))
    due = calm.scheduler.now + 500
    calm.shadow._due["orders", "due_at"] = [(due, "ORDER#o1", "HEAD")]
    at = "2026-11-22T12:08:20.000Z"
    row = {"pk": "ORDER#o1", "sk": "HEAD", "due_at": at}
    calm.shadow._tables["orders"] = {"ORDER#o1": {"HEAD": row}}
    made.ring()

    calm.run(700)

    late = [one - due for one in ran if one >= due]
    assert late
    assert 0 <= late[0] <= 61
    assert json.dumps(ran)


def test_what_lies_in_the_place_where_a_sweep_looks_is_taken_up_within_two_minutes(
    calm: World,
) -> None:
    ran: list[float] = []

    def handler(_: dict[str, Any], __: None) -> None:
        ran.append(calm.scheduler.now)
        calm.shadow._tables["control"]["UPLOADS"].clear()

    made = SchedulePump(calm, Function("sweep-uploads", "schedule", handler, 50, ()))
    calm.shadow._tables["control"] = {"UPLOADS": {"u1": {"pk": "UPLOADS", "sk": "u1"}}}
    made.ring()
    began = calm.scheduler.now

    calm.run(600)

    assert [one - began for one in ran if one - began < 130]
