"""Deadlines of orders, met to the second by a message, by the sweep, or on a look."""

import pytest

from chalicelib.core import aws
from chalicelib.couriers import waking
from tests import laws
from tests.couriers.riders import Riders


def told(order_id: str) -> list[str]:
    """What has happened to an order, by type."""
    rows = [row for row in laws.rows("orders") if row["pk"] == f"ORDER#{order_id}"]
    events = sorted((row["sk"], row["type"]) for row in rows if row["sk"].startswith("EVT#"))
    return [event for _, event in events]


def test_a_store_is_reminded_to_the_second(riders: Riders) -> None:
    order_id = riders.order()
    riders.world.pump()

    for seconds, reminders in ((59, 0), (1, 1), (29, 1), (1, 2), (89, 2), (1, 3), (180, 4)):
        riders.pass_without_sweeps(seconds)
        assert told(order_id).count("order.confirmation_overdue") == reminders


def test_an_unconfirmed_order_is_given_up_to_the_second_without_any_sweep(riders: Riders) -> None:
    order_id = riders.order()
    riders.world.pump()

    for _ in range(479):
        riders.pass_without_sweeps(1)
    before = told(order_id)[-1]
    riders.pass_without_sweeps(1)

    assert before == "order.confirmation_overdue"
    assert told(order_id)[-1] == "order.cancelled"


def test_a_confirmed_order_is_not_reminded(riders: Riders) -> None:
    order_id = riders.order()
    riders.world.pump()
    riders.world.command(order_id, "confirm", store_id=riders.store_id)

    riders.pass_without_sweeps(120)

    assert "order.confirmation_overdue" not in told(order_id)


def test_one_message_at_a_time_is_under_way_however_often_bells_ring(riders: Riders) -> None:
    order_id = riders.order()
    riders.world.pump()
    for _ in range(4):
        riders.pass_without_sweeps(91)

    waiting = [one for one in riders.world.courier_bells.delayed if order_id in one.body]
    assert len(waiting) == 1


def test_a_message_that_comes_too_early_is_sent_again(riders: Riders) -> None:
    order_id = riders.order()
    riders.world.pump()
    riders.world.courier_bells.lose()

    riders.follow(order_id, waking.DEADLINE, version=riders.world.seen(order_id)["version"])
    riders.world.pump()
    riders.pass_without_sweeps(60)

    assert told(order_id)[-1] == "order.confirmation_overdue"


def test_a_deadline_whose_message_was_lost_is_met_by_the_sweep(riders: Riders) -> None:
    order_id = riders.order()
    riders.world.pump()
    riders.world.courier_bells.lose()

    riders.world.tick(61)

    assert told(order_id)[-1] == "order.confirmation_overdue"


def test_a_deadline_that_nobody_met_is_met_on_a_look(riders: Riders) -> None:
    order_id = riders.order()
    riders.world.pump()
    riders.world.clock.move(481)

    seen = riders.world.get(f"/v1/orders/{order_id}", riders.world.customer())

    assert seen["status"] == "CANCELLED"


def test_a_deadline_that_is_further_away_than_a_message_can_wait_is_left_to_the_sweep(
    riders: Riders, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[object] = []
    monkeypatch.setattr(aws, "send_all", lambda *said, **_: sent.append(said))
    monkeypatch.setattr(waking, "LONGEST_DELAY", 59)
    order_id = riders.order()

    riders.follow(order_id, "order.created")

    assert sent == []
