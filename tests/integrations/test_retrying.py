"""How often, and when, a message is tried again."""

from datetime import timedelta

import pytest

from chalicelib.core import clock
from chalicelib.integrations import sending
from chalicelib.integrations.lanes import Place
from chalicelib.orders.status import OrderCommand
from tests.clocks import StandingClock
from tests.conftest import Said
from tests.integrations.conftest import Rung
from tests.integrations.street import (
    ORDER,
    OTHER_ORDER,
    Street,
    Till,
    lane_of,
    move,
    place_order,
    reply,
    tell,
    unreachable,
)

CREATED, CONFIRMED, READY = (
    ("order.created", 2),
    ("order.confirmed", 3),
    ("order.ready_for_pickup", 4),
)


def test_attempts_climb_the_ladder(street: Street, clock_at: StandingClock, rung: Rung) -> None:
    webhook = street.webhook()
    till = Till([500] * 15)
    place_order()

    tell(till)
    waits = []
    while (due_at := lane_of(webhook).due_at) is not None:
        waits.append((due_at - clock.now()).total_seconds())
        clock_at.set_to(due_at - timedelta(milliseconds=1))
        sending.drive(Place(webhook["id"], ORDER), till)  # too early: nothing happens
        clock_at.set_to(due_at)
        sending.drive(Place(webhook["id"], ORDER), till)

    ladder = [2, 5, 15, 30, 60, 120, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert len(till.got) == 15
    assert len(waits) == len(ladder)
    for wait, step in zip(waits, ladder, strict=True):
        assert 0.9 * step - 0.001 <= wait <= 1.1 * step + 0.001
    assert len(rung.messages) == 7  # what SQS cannot wait for is the sweep's
    for delay, step in zip(rung.delays, ladder, strict=False):
        assert 0.9 * step <= delay <= 1.1 * step + 1
    assert rung.messages[0] == {"kind": "message", "subject": webhook["id"], "lane": ORDER}


def test_after_the_ladder_the_message_is_parked_with_an_alarm(
    street: Street, clock_at: StandingClock, said: Said
) -> None:
    webhook, till = street.webhook(), Till([500] * 15)
    _climb(till, webhook["id"], clock_at)
    move(OrderCommand.CONFIRM)

    (entry,) = street.log(webhook["id"])
    assert (entry["status"], entry["tries"], len(entry["attempts"])) == ("failed_parked", 15, 15)
    assert [line["endpoint"] for line in said() if line["level"] == "ERROR"] == [webhook["id"]]


def test_news_wakes_a_parked_lane_and_the_older_message_goes_first(
    street: Street, clock_at: StandingClock
) -> None:
    webhook, till = street.webhook(), Till([500] * 15)
    _climb(till, webhook["id"], clock_at)
    move(OrderCommand.CONFIRM)

    tell(till)

    assert till.told[-2:] == [CREATED, CONFIRMED]
    assert [entry["status"] for entry in street.log(webhook["id"])] == ["delivered", "delivered"]


def test_what_waits_behind_a_parked_message_is_parked_with_it(
    street: Street, clock_at: StandingClock
) -> None:
    webhook, till = street.webhook(), Till([500] * 15)
    place_order()
    move(OrderCommand.CONFIRM)
    _climb(till, webhook["id"], clock_at, order=None)

    statuses = [entry["status"] for entry in street.log(webhook["id"])]
    assert statuses == ["failed_parked", "failed_parked"]


def test_retry_after_is_honoured_for_the_whole_endpoint(
    street: Street, clock_at: StandingClock, rung: Rung
) -> None:
    webhook, till = street.webhook(), Till([reply(503, retry_after="120")])
    tell(till, place_order())

    tell(till, place_order(OTHER_ORDER))

    assert len(till.got) == 1
    assert lane_of(webhook).due_at == clock.after(120)
    other = lane_of(webhook, OTHER_ORDER).due_at
    assert other is not None
    assert clock.after(120) <= other <= clock.after(132)
    assert [120 <= delay <= 133 for delay in rung.delays] == [True, True]
    clock_at.set_to(other)
    tell(till, OTHER_ORDER)
    assert len(till.got) == 2


@pytest.mark.parametrize("status", [429, 502, 504])
def test_a_busy_endpoint_is_left_alone_for_ten_seconds(street: Street, status: int) -> None:
    webhook, till = street.webhook(), Till([status])
    place_order()

    tell(till)

    assert lane_of(webhook).due_at == clock.after(10)


def test_a_flapping_endpoint_gets_each_message_once_acknowledged_in_order(
    street: Street, clock_at: StandingClock
) -> None:
    webhook, till = street.webhook(), Till([500, 200, unreachable(), 503, 200, 301, 200])
    place_order()
    move(OrderCommand.CONFIRM)
    move(OrderCommand.READY)

    tell(till)
    while (due_at := lane_of(webhook).due_at) is not None:
        clock_at.set_to(due_at)
        sending.drive(Place(webhook["id"], ORDER), till)

    assert till.told == [CREATED, CREATED, CONFIRMED, CONFIRMED, CONFIRMED, READY, READY]


def test_only_the_last_twenty_attempts_are_kept(street: Street, clock_at: StandingClock) -> None:
    webhook, till = street.webhook(), Till([500] * 25)
    place_order()
    _climb(till, webhook["id"], clock_at, order=None)
    move(OrderCommand.CONFIRM)
    tell(till)
    for _ in range(9):
        due_at = lane_of(webhook).due_at
        assert due_at is not None
        clock_at.set_to(due_at)
        sending.drive(Place(webhook["id"], ORDER), till)

    first = street.log(webhook["id"])[0]
    assert (first["tries"], len(first["attempts"])) == (25, 20)


def _climb(
    till: Till, endpoint_id: str, clock_at: StandingClock, order: str | None = ORDER
) -> None:
    """Fail an order's first message until its ladder has ended."""
    if order is not None:
        place_order(order)
    tell(till)
    while (due_at := lane_of({"id": endpoint_id}).due_at) is not None:
        clock_at.set_to(due_at)
        sending.drive(Place(endpoint_id, ORDER), till)
