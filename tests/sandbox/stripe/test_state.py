import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.stripe.ids import counted_ids
from sandbox.stripe.journal import Journal
from sandbox.stripe.model import FakeStripe
from sandbox.stripe.store import Store
from tests.sandbox.stripe.port import FakePort
from tests.sandbox.stripe.stories import (
    DAY,
    HOOK,
    World,
    create,
    do,
    hold,
    look,
    pay,
    refund,
    wallet,
)


def a_day_of_business(world: World) -> list[object]:
    """A bit of everything, and what was answered."""
    port = world.port
    held, left = hold(port, key="k1"), hold(port)
    replies = [held, left, do(port, held, "capture", amount_to_capture=900), wallet(port)]
    world.fake.answer_wallet(replies[-1]["id"], "approve")
    replies += [refund(port, held, amount=100), pay(port, "pm_card_visa_chargeDeclined")]
    world.clock.forward(7 * DAY)
    replies += [look(port, left), port.call("GET", "events", {"limit": 100})]
    return [(reply.status, reply.headers, reply.body) for reply in replies]


def test_the_same_clock_ids_and_requests_give_the_same_answers() -> None:
    first, second = World(), World()

    answers = a_day_of_business(first), a_day_of_business(second)

    assert answers[0] == answers[1]
    assert first.fake.snapshot() == second.fake.snapshot()


def test_a_restored_snapshot_goes_on_where_it_was(world: World) -> None:
    intent = hold(world.port, key="k")
    kept = json.loads(json.dumps(world.fake.snapshot()))

    other = World(clock=world.clock)
    other.fake.restore(kept)

    assert hold(other.port, key="k").body == intent.body
    assert look(other.port, intent)["status"] == "requires_capture"
    assert len(other.fake.due_deliveries()) == len(world.fake.due_deliveries())


def test_a_snapshot_is_not_touched_by_what_follows(world: World) -> None:
    intent = hold(world.port)
    kept = world.fake.snapshot()

    do(world.port, intent, "capture")
    world.fake.restore(kept)

    assert look(world.port, intent)["status"] == "requires_capture"


@contextmanager
def kept_world(path: Path) -> Iterator[World]:
    """A world whose every change is written to a file, as the server does it."""
    journal, store, world = Journal(path), Store(), World()
    journal.load(store)
    world.fake = FakeStripe(
        world.clock,
        counted_ids(),
        endpoints=[HOOK],
        state=store.snapshot(),
        on_change=journal.append,
    )
    world.port = FakePort(world.fake)
    yield world
    journal.close()


def test_the_journal_brings_everything_back(tmp_path: Path) -> None:
    path = tmp_path / "stripe.jsonl"
    with kept_world(path) as world:
        a_day_of_business(world)
        before = world.fake.snapshot()

    with kept_world(path) as again:
        after = again.fake.snapshot()

    assert after == before


def test_a_torn_last_line_was_never_answered(tmp_path: Path) -> None:
    path = tmp_path / "stripe.jsonl"
    with kept_world(path) as world:
        create(world.port)
    path.write_bytes(path.read_bytes() + b'[["payment_intent","pi_torn",{"id"')

    with kept_world(path) as again:
        listed = again.port.call("GET", "payment_intents")

    assert again.fake.read("payment_intent", "pi_torn") is None
    assert len(listed["data"]) == 1


def test_old_answers_and_events_are_forgotten(world: World) -> None:
    create(world.port, "k")
    for delivery in world.fake.due_deliveries():
        world.fake.settle_delivery(delivery.id, 200)

    world.clock.forward(31 * DAY)
    world.fake.advance()

    kept = world.fake.snapshot()
    assert (kept["answer"], kept["event"]) == ({}, {})
