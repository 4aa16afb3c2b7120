"""What waits for an endpoint is known, however much has come and gone since."""

import pytest

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import BusyError
from chalicelib.integrations import messages
from chalicelib.integrations.message_schemas import MessageData
from chalicelib.integrations.messages import Fact
from chalicelib.integrations.models import FEED, Feed, MessageItem, endpoint_key
from tests.clocks import StandingClock

STORE = "sto_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
HOOK = "whk_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"


@pytest.fixture(autouse=True)
def _in_hundreds(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is, only a hundredth of it."""
    monkeypatch.setattr(messages, "LOOKED_AT", 20)
    monkeypatch.setattr(messages, "NEWEST", 5)
    monkeypatch.setattr(messages, "WORTH_NOTING", 3)


def sent(clock_at: StandingClock, *statuses: str) -> None:
    """Messages of a feed, one each second."""
    for position, status in enumerate(statuses, messages.last(HOOK) + 1):
        clock_at.move(1)
        now = clock.stamp(clock.now())
        data = MessageData(store_id=STORE, status="CREATED", url="/v1/orders")
        made = messages.message(
            HOOK, position, Fact("order.created", now, "order", "o1", position, data)
        )
        made.status = status
        feed = Feed(endpoint_key(HOOK), FEED)
        counted = parts.upsert(feed, [Feed.position.set(position)])
        parts.commit(parts.put(made, BusyError()), counted)


def take(position: int) -> None:
    item = messages.find(HOOK, position)
    assert item is not None
    item.update([MessageItem.status.set("delivered")])


def settled() -> int | None:
    feed = dynamo.get(Feed, endpoint_key(HOOK), FEED)
    assert feed is not None
    return None if feed.settled is None else int(feed.settled)


def test_one_that_waits_is_known_however_many_were_taken_after_it(clock_at: StandingClock) -> None:
    sent(clock_at, *["delivered"] * 4, "pending")
    made = clock.now()
    sent(clock_at, *["delivered"] * 12, "failed_parked")

    first = messages.waiting(HOOK)
    noted = settled()
    again = messages.waiting(HOOK)

    assert first == again == (2, made)
    assert noted == settled() == 4


def test_what_was_taken_is_looked_at_once(clock_at: StandingClock) -> None:
    sent(clock_at, *["delivered"] * 15)
    assert messages.waiting(HOOK) == (0, None)
    sent(clock_at, *["delivered"] * 15, "pending")

    assert messages.waiting(HOOK) == (1, clock.now())
    take(31)

    assert messages.waiting(HOOK) == (0, None)
    assert settled() == 30


def test_of_very_many_the_oldest_and_the_newest_are_looked_at(clock_at: StandingClock) -> None:
    sent(clock_at, "pending")
    made = clock.now()
    sent(clock_at, *["delivered"] * 19, *["pending"] * 10)

    assert messages.waiting(HOOK) == (1 + 5, made)
    assert settled() is None


def test_a_feed_whose_endpoint_is_gone_has_nothing_to_note(clock_at: StandingClock) -> None:
    sent(clock_at, *["delivered"] * 4)
    Feed(endpoint_key(HOOK), FEED).delete()

    assert messages.waiting(HOOK) == (0, None)
