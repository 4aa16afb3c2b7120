"""Workers that die: what they sent is sent again under the same id, never out of order."""

from typing import Any

import pytest

from chalicelib.core import parts
from chalicelib.integrations import feeding, lanes, messages, sending
from chalicelib.integrations.lanes import Place
from chalicelib.integrations.models import MessageItem
from chalicelib.orders.status import OrderCommand
from tests import faults
from tests.clocks import StandingClock
from tests.integrations.conftest import Rung
from tests.integrations.street import (
    ORDER,
    STORE,
    Street,
    Till,
    move,
    place_order,
    tell,
)


class KilledError(BaseException):
    """The function ended here, without a word."""


def die() -> None:
    raise KilledError


def test_a_crash_between_sending_and_noting_sends_again_under_the_same_id(
    street: Street, clock_at: StandingClock
) -> None:
    webhook, till = street.webhook(), Till([die])
    place_order()
    with pytest.raises(KilledError):
        tell(till)

    clock_at.move(sending.LEASE_SECONDS)
    places = list(lanes.overdue())
    sending.drive(places[0], till)

    assert places == [Place(webhook["id"], ORDER)]
    assert len(till.got) == 2
    assert till.ids[0] == till.ids[1]
    assert till.got[0].body == till.got[1].body
    assert street.log(webhook["id"])[0]["status"] == "delivered"


@pytest.mark.parametrize("effect", [True, False])
def test_wherever_a_worker_is_killed_everything_is_told_in_order_in_the_end(
    street: Street, clock_at: StandingClock, *, effect: bool
) -> None:
    webhook = street.webhook()
    place_order()
    calls = _calls_of_a_run()
    for number in range(calls):
        order_id = f"ord_01JD9Z6M7Q3W8K5N2R4T6V8{number:03d}"
        till = Till()
        place_order(order_id)
        move(OrderCommand.CONFIRM, order_id=order_id)
        script = faults.Script()
        script.crash_at(number, effect=effect)
        with faults.following(script), pytest.raises(faults.Crash):
            tell(till, order_id)

        tell(till, order_id)  # the bell comes again
        clock_at.move(sending.LEASE_SECONDS)
        for place in list(lanes.overdue()):
            sending.drive(place, till)

        sequences = [sequence for _, sequence in till.told]
        assert sequences == sorted(sequences)
        assert set(sequences) == {2, 3}
        assert len(set(till.ids)) == 2
    positions = [entry["position"] for entry in _whole_log(street, webhook["id"])]
    assert positions == list(range(1, 2 * calls + 3))


def test_a_bell_that_cannot_be_rung_leaves_the_lane_due(
    street: Street, monkeypatch: pytest.MonkeyPatch, clock_at: StandingClock, rung: Rung
) -> None:
    from chalicelib.core import aws

    def refuse(*_: object, **__: object) -> None:
        raise aws.QueueRefusedError

    monkeypatch.setattr(aws, "send_all", refuse)
    webhook = street.webhook()
    place_order()

    tell(Till([500]))

    assert rung.messages == []
    clock_at.move(3)
    assert list(lanes.overdue()) == [Place(webhook["id"], ORDER)]


def _calls_of_a_run() -> int:
    """How often hearing of two events and telling both calls AWS."""
    move(OrderCommand.CONFIRM)
    with faults.following(faults.Script()) as script:
        tell(Till())
    return len(script.calls)


def _whole_log(street: Street, webhook_id: str) -> list[dict[str, int]]:
    path = f"/v1/stores/{STORE}/webhooks/{webhook_id}/messages?limit=100"
    items: list[dict[str, int]] = street.call("GET", path, by="owner").json["items"]
    return items[::-1]


def test_what_can_never_be_noted_is_sent_again_when_the_lease_is_over(
    street: Street, monkeypatch: pytest.MonkeyPatch, clock_at: StandingClock
) -> None:
    webhook, till = street.webhook(), Till()
    place_order()
    with monkeypatch.context() as patched:
        stale = messages.tried

        def late(item: MessageItem, *more: Any) -> parts.Part:  # noqa: ANN401 - passed on
            item.tries = 99
            return stale(item, *more)

        patched.setattr(messages, "tried", late)
        tell(till)

    clock_at.move(sending.LEASE_SECONDS)
    sending.drive(Place(webhook["id"], ORDER), till)

    assert len(set(till.ids)) == 1
    assert len(till.ids) == 2
    assert street.log(webhook["id"])[0]["status"] == "delivered"


def test_a_message_that_is_kept_no_longer_is_passed_over(street: Street) -> None:
    webhook, till = street.webhook(), Till()
    place_order()
    move(OrderCommand.CONFIRM)
    feeding.hear(ORDER)
    first = messages.find(webhook["id"], 1)
    assert first is not None
    first.delete()

    tell(till)

    assert till.told == [("order.confirmed", 3)]


def test_a_long_lane_is_left_to_another_invocation(
    street: Street, monkeypatch: pytest.MonkeyPatch, rung: Rung
) -> None:
    monkeypatch.setattr(sending, "MOST_STEPS", 1)
    webhook, till = street.webhook(), Till()
    place_order()
    move(OrderCommand.CONFIRM)

    tell(till)

    assert till.told == [("order.created", 2)]
    assert rung.messages == [{"kind": "message", "subject": webhook["id"], "lane": ORDER}]
