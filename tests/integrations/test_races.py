"""Workers that meet: each message is made once, and sent by one of them."""

from typing import Any

import pytest

from chalicelib.core import clock, parts
from chalicelib.integrations import feeding, lanes, messages, sending
from chalicelib.integrations.lanes import Place
from chalicelib.integrations.message_schemas import Attempt
from chalicelib.integrations.models import MessageItem
from chalicelib.orders.status import OrderCommand
from tests.clocks import StandingClock
from tests.integrations.street import (
    ORDER,
    OTHER_ORDER,
    Street,
    Till,
    lane_of,
    move,
    place_order,
    tell,
)


def test_while_one_worker_sends_another_does_not(street: Street) -> None:
    webhook = street.webhook()
    till = Till()
    till.answers.append(lambda: sending.drive(Place(webhook["id"], ORDER), till))
    place_order()

    tell(till)

    assert len(till.got) == 1


def test_of_two_workers_that_claim_at_once_one_sends(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook, till = street.webhook(), Till()
    place_order()
    (place,) = feeding.hear(ORDER)
    seen = lanes.find(place)
    assert seen is not None
    sending._step(seen, till)
    read = iter([seen])
    now = lanes.find
    monkeypatch.setattr(lanes, "find", lambda place: next(read, None) or now(place))

    sending.drive(place, till)

    assert len(till.got) == 1
    assert street.log(webhook["id"])[0]["tries"] == 1


def test_a_worker_whose_lease_has_ended_notes_nothing(
    street: Street, clock_at: StandingClock
) -> None:
    webhook = street.webhook()
    other = Till()

    def too_long() -> None:
        clock_at.move(sending.LEASE_SECONDS)
        sending.drive(Place(webhook["id"], ORDER), other)

    till = Till([too_long])
    place_order()
    move(OrderCommand.CONFIRM)

    tell(till)

    assert [sequence for _, sequence in other.told] == [2, 3]
    assert till.ids[0] == other.ids[0]
    assert [entry["tries"] for entry in street.log(webhook["id"])] == [1, 1]


def test_news_that_come_while_a_message_is_sent_are_sent_after_it(street: Street) -> None:
    webhook = street.webhook()

    def meanwhile() -> None:
        move(OrderCommand.CONFIRM)
        assert feeding.hear(ORDER) == [Place(webhook["id"], ORDER)]

    till = Till([meanwhile])
    place_order()

    tell(till)

    assert [sequence for _, sequence in till.told] == [2, 3]
    assert lane_of(webhook).due_at is None


def test_two_bells_at_once_make_each_message_once(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = street.webhook()
    place_order()
    append, once = feeding.append, [True]

    def raced(*given: object) -> object:
        made = append(*given)  # type: ignore[arg-type] # whatever it takes
        if once:
            once.clear()
            feeding.hear(ORDER)
        return made

    monkeypatch.setattr(feeding, "append", raced)

    due = feeding.hear(ORDER)

    assert due == [Place(webhook["id"], ORDER)]
    assert [entry["position"] for entry in street.log(webhook["id"])] == [1]


def test_two_orders_at_once_get_positions_one_after_the_other(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = street.webhook()
    place_order()
    place_order(OTHER_ORDER)
    append, once = feeding.append, [True]

    def raced(*given: object) -> object:
        made = append(*given)  # type: ignore[arg-type] # whatever it takes
        if once:
            once.clear()
            feeding.hear(OTHER_ORDER)
        return made

    monkeypatch.setattr(feeding, "append", raced)

    feeding.hear(ORDER)

    entries = street.log(webhook["id"])
    assert [entry["position"] for entry in entries] == [1, 2]
    assert [entry["subject_id"] for entry in entries] == [OTHER_ORDER, ORDER]


def test_an_attempt_that_is_noted_at_the_same_time_by_a_replay_is_noted_too(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook, till = street.webhook(), Till()
    place_order()
    decide, once = sending._decide, [True]

    def raced(lane: lanes.Lane, message: MessageItem, *more: Any) -> sending.Noted:  # noqa: ANN401 - passed on
        decided = decide(lane, message, *more)
        if once:
            once.clear()
            parts.commit(messages.tried(message, Attempt(at=clock.now(), millis=1), None))
        return decided

    monkeypatch.setattr(sending, "_decide", raced)

    tell(till)

    assert len(till.got) == 1
    assert street.log(webhook["id"])[0]["tries"] == 2
