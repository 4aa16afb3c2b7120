"""Every law of webhooks, feeds and waiting orders can be broken; and how systems behave."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.egress import Unreachable
from tests.sim.acts.person import Person
from tests.sim.invariants import delivering, fetching, reaching, waiting
from tests.sim.invariants.registry import Violation
from tests.sim.receivers import FLAPS, INSIDE, Manner, Receiver
from tests.sim.shadow import Change
from tests.sim.test_laws import order, put
from tests.sim.town import Reader, Store
from tests.sim.world import World

URL = "https://till.example.com"
HEADERS = {"webhook-id": "m1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
BODY = b'{"type": "order.created", "data": {}}'


def message(world: World, **changed: Any) -> None:  # noqa: ANN401 - any attribute
    row = {
        "id": "m1", "type": "order.created", "kind": "order", "position": 1, "subject": "o1",
        "sequence": 1, "status": "delivered", "attempts": "[]", **changed,
    }  # fmt: skip
    put(world, "integrations", "ENDPOINT#w1", f"MSG#{int(row['position']):012d}", row)


def delivered_to_nobody(world: World) -> None:
    message(world)
    delivering.what_counts_as_taken_was_taken(world)


def asked_in_vain(world: World) -> None:
    world.memory["when"] = "rested"
    before = clock.stamp(clock.after(-60))
    message(world, attempts=json.dumps([{"at": before}]))
    delivering.asked(world, "/v1/stores/s1/webhooks/w1", world.scheduler.now, 1, 1, "all")
    delivering.what_was_asked_for_was_sent_again(world)


def half_done(world: World) -> None:
    world.memory["when"] = "rested"
    put(world, "integrations", "ENDPOINT#w1", "JOB#j1", {"status": "running", "cursor": "MSG#7"})
    delivering.what_was_asked_for_was_sent_again(world)


def reader(world: World) -> Reader:
    person = Person(world, "till", "store")
    return Reader(Store("s1", person, person, Receiver(URL), own_riders=False))


def page(*positions: int, acknowledged: int = 0) -> dict[str, Any]:
    events = [{"position": one, "id": f"m{one}"} for one in positions]
    return {"events": events, "acknowledged": acknowledged}


def left_out(world: World) -> None:
    fetching.given(reader(world), page(1, 3), None, 0)


def began_elsewhere(world: World) -> None:
    fetching.given(reader(world), page(2), 0, 0)


def forgotten_mark(world: World) -> None:
    fetching.given(reader(world), page(1, acknowledged=0), None, 1)


def other_than_before(world: World) -> None:
    known = reader(world)
    known.taken[1] = {"position": 1, "id": "m9"}
    fetching.given(known, page(1), None, 0)


def answered_with_less(world: World) -> None:
    fetching.acknowledged(reader(world), 1, 2)


def never_fetched(world: World) -> None:
    put(world, "integrations", "ENDPOINT#s1", "FEED", {"position": 1})
    fetching.has_it_all(world, reader(world))


def opened(world: World) -> None:
    created = {"id": "s1", "created_at": "2020-01-01T00:00:00.000Z"}
    put(world, "integrations", "STORE#s1", "PULL", created)


def not_in_the_feed(world: World) -> None:
    opened(world)
    order(world)
    event = {"type": "order.created", "version": 2, "at": "2020-01-02T00:00:00.000Z"}
    put(world, "orders", "ORDER#o1", "EVT#2", event)
    fetching.a_feed_holds_everything(world)


def newer_first(world: World) -> None:
    opened(world)
    for position, sequence in ((1, 3), (2, 2)):
        row = {"subject": "o1", "sequence": sequence, "position": position}
        put(world, "integrations", "ENDPOINT#s1", f"MSG#{position}", row)
    fetching.a_feed_holds_everything(world)


def strayed(world: World) -> None:
    world.receivers.post(INSIDE, HEADERS, BODY)
    reaching.nobody_hears_who_has_not_asked(world)


def waits(world: World, seconds: float) -> Change:
    until = clock.stamp(clock.after(seconds))
    return order(world, status="CREATED", confirm_by=until)


def lapsed(world: World) -> Change:
    record = json.dumps({"code": "merchant_no_response"})
    return order(world, status="CANCELLED", cancellation=record)


def given_up_early(world: World) -> None:
    waiting.the_clock_is_kept(world, [waits(world, 60), lapsed(world)])


def given_up_late(world: World) -> None:
    waiting.the_clock_is_kept(world, [waits(world, -waiting.SWEPT - 1), lapsed(world)])


def taken_on_late(world: World) -> None:
    news = [waits(world, -waiting.AT_WORK - 1), order(world, status="CONFIRMED")]
    waiting.the_clock_is_kept(world, news)


def reminder(world: World, number: int, seconds: float) -> None:
    waits(world, waiting.LAPSES - seconds)
    data = json.dumps({"reminder": number})
    row = {"type": "order.confirmation_overdue", "subject": "o1", "data": data}
    told = Change("orders", ("ORDER#o1", f"EVT#{number}"), None, row)
    waiting.a_reminder_has_its_time(world, [told])


def reminded_early(world: World) -> None:
    reminder(world, 2, 80)


def reminded_late(world: World) -> None:
    reminder(world, 1, 160)


def reminded_five_times(world: World) -> None:
    reminder(world, 5, 400)


def reminded_twice(world: World) -> None:
    reminder(world, 2, 95)
    reminder(world, 2, 95)


def paused_for_two(world: World) -> None:
    world.memory["missed"] = {"s1": [world.scheduler.now] * 2}
    row = {"pause_reason": "no_response"}
    news = [put(world, "catalog", "STORE#s1", "HEAD", row)]
    waiting.only_misses_pause_for_misses(world, news)


def goes_on(world: World) -> None:
    now = world.scheduler.now
    world.memory["missed"] = {"s1": [now, now + 60, now + 120]}
    world.memory["pauses"] = {"s1": [(now - 60, "no_response"), (now - 1, "")]}
    waiting.three_misses_pause_a_store(world)


def opened_in_vain(world: World) -> None:
    put(world, "catalog", "STORE#s1", "HEAD", {"pause_reason": "no_response"})
    reaching.resumed(world, "s1", world.scheduler.now)


def opened_slowly(world: World) -> None:
    reaching.resumed(world, "s1", world.scheduler.now - 11)


def back_slowly(world: World) -> None:
    reaching.heard(world, "s1", world.scheduler.now - 11)


BAD: list[tuple[str, Callable[[World], None]]] = [
    ("W4", delivered_to_nobody), ("W6", asked_in_vain), ("W6", half_done), ("W5", left_out),
    ("W5", began_elsewhere), ("W5", forgotten_mark), ("W5", other_than_before),
    ("W5", answered_with_less), ("W5", never_fetched), ("W5", not_in_the_feed),
    ("W5", newer_first), ("W3", strayed), ("K1", given_up_early), ("K1", given_up_late),
    ("K1", taken_on_late), ("K2", reminded_early), ("K2", reminded_late),
    ("K2", reminded_five_times), ("K2", reminded_twice), ("A6", paused_for_two), ("A6", goes_on),
    ("A6", opened_in_vain), ("A6", opened_slowly), ("A5", back_slowly),
]  # fmt: skip


@pytest.mark.parametrize(("law", "break_it"), BAD, ids=lambda one: getattr(one, "__name__", one))
def test_what_must_not_be_is_noticed(
    calm: World, law: str, break_it: Callable[[World], None]
) -> None:
    with pytest.raises(Violation) as caught:
        break_it(calm)

    assert caught.value.name == law


def test_what_is_as_promised_breaks_no_law(calm: World) -> None:
    calm.memory["when"] = "rested"
    calm.receivers.open(URL, lambda _: None).seen.add("m1")
    message(calm, attempts=json.dumps([{"at": clock.stamp(clock.now())}]))
    delivering.asked(calm, "/v1/stores/s1/webhooks/w1", calm.scheduler.now, 1, 2, "all")
    waiting.the_clock_is_kept(calm, [waits(calm, 0), lapsed(calm)])

    delivering.what_counts_as_taken_was_taken(calm)
    delivering.what_was_asked_for_was_sent_again(calm)
    waiting.three_misses_pause_a_store(calm)


def test_reminders_that_come_in_time_and_order_break_no_law(calm: World) -> None:
    reminder(calm, 1, 95)
    reminder(calm, 2, 95)


def test_who_was_paused_for_the_last_three_missed_enough(calm: World) -> None:
    now = calm.scheduler.now
    calm.memory["missed"] = {"s1": [now, now + 60, now + 120]}
    calm.memory["pauses"] = {"s1": [(now + 121, "no_response")]}

    waiting.three_misses_pause_a_store(calm)


@pytest.mark.parametrize(
    ("manner", "status"), [(Manner.WELL, 200), (Manner.DOWN, 503), (Manner.GONE, 410)]
)
def test_a_system_answers_in_its_manner(calm: World, manner: Manner, status: int) -> None:
    receiver = calm.receivers.open(URL, lambda _: None)
    receiver.behaves(manner)

    reply = calm.receivers.post(URL, HEADERS, BODY)

    assert reply.status == status
    assert bool(receiver.taken) is (status == 200)


@pytest.mark.parametrize(
    ("manner", "answer", "taken"),
    [
        (Manner.SILENT, "connect", 0),
        (Manner.REDIRECTS, INSIDE, 0),
        (Manner.ANSWERS_IN_VAIN, "timeout", 1),
        (Manner.SLOW, 200, 1),
    ],
)
def test_a_system_is_to_every_call_as_it_is(
    calm: World, manner: Manner, answer: object, taken: int
) -> None:
    receiver = calm.receivers.open(URL, lambda _: None)
    receiver.behaves(manner)
    came: list[object] = []

    def call() -> None:
        try:
            reply = calm.receivers.post(URL, HEADERS, BODY)
        except Unreachable as error:
            came.append(error.code)
        else:
            came.append(reply.headers.get("location", reply.status))

    calm.act("caller", call)
    calm.run(60)

    assert came == [answer]
    assert len(receiver.taken) == taken


def test_who_flaps_is_there_and_away_by_turns_and_in_the_end_there() -> None:
    receiver = Receiver(URL)
    receiver.behaves(Manner.FLAPS, until=4 * FLAPS)

    seen = [receiver.now(moment * FLAPS) for moment in (0, 1, 2, 3, 5)]

    assert seen == [Manner.WELL, Manner.DOWN, Manner.WELL, Manner.DOWN, Manner.WELL]
