"""A store that does not confirm: it is reminded, louder each time, then the order is given up."""

from datetime import timedelta

import pytest

from chalicelib.core import clock
from chalicelib.orders import deadlines, moving, reading
from chalicelib.orders.models import OrderHead
from chalicelib.orders.status import CONFIRMATION_OVERDUE
from tests import laws, surroundings
from tests.world import World


def _reminders(order_id: str) -> list[tuple[str, int]]:
    return [
        (event.type, event.data["reminder"])
        for event in reading.events_after(order_id, 0)
        if event.type == CONFIRMATION_OVERDUE
    ]


def test_a_store_is_reminded_four_times_before_its_order_is_given_up(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store())
    told = []

    for moment in (59, 1, 30, 90, 180, 119):
        world_at.clock.move(moment)
        surroundings.sweep()
        told.append(len(_reminders(order_id)))

    assert told == [0, 1, 2, 3, 4, 4]
    assert _reminders(order_id)[-1] == (CONFIRMATION_OVERDUE, 4)
    world_at.tick(1)
    assert world_at.seen(order_id)["cancellation"]["code"] == "merchant_no_response"
    laws.demand(world_at)


def test_who_sleeps_past_reminders_sends_one_and_says_which(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store())
    world_at.clock.move(200)

    surroundings.sweep()
    surroundings.sweep()

    assert _reminders(order_id) == [(CONFIRMATION_OVERDUE, 3)]


def test_a_reminded_order_can_still_be_confirmed_and_says_until_when(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    shown_at = clock.now()
    world_at.clock.move(100)
    surroundings.sweep()

    seen = world_at.seen(order_id)
    confirmed = world_at.command(order_id, "confirm", store_id=store_id)

    assert clock.parse(seen["due_at"]) == shown_at + timedelta(seconds=480)
    assert (confirmed.status, confirmed.json["due_at"]) == (200, None)


@pytest.mark.parametrize(
    ("seconds", "ladder"),
    [
        (180, (60, 90, 135)),
        (300, (60, 90, 225)),
        (320, (60, 90, 120, 240)),
        (480, (60, 90, 180, 360)),
        (900, (60, 90, 337, 675)),
    ],
)
def test_a_store_with_more_or_less_time_is_reminded_within_it(
    seconds: int, ladder: tuple[int, ...]
) -> None:
    assert moving.reminders(seconds) == ladder


def test_a_store_with_little_time_is_told_each_reminder_once(world_at: World) -> None:
    store_id = world_at.store()
    terms = {"commission_basis_points": 1000, "confirm_seconds": 180, "reason": "Fast food."}
    path = f"/v1/stores/{store_id}/terms"
    assert world_at.call("PUT", path, terms, token=world_at.operator()).status == 200
    order_id = world_at.paid_order(store_id)

    for _ in range(18):
        world_at.tick(10)

    assert [number for _, number in _reminders(order_id)] == [1, 2, 3]
    assert world_at.seen(order_id)["status"] == "CANCELLED"


def test_a_reminder_of_an_older_releases_ladder_is_not_told_again(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store())
    OrderHead.at(order_id).update([OrderHead.reminders.set(2)])
    world_at.clock.move(91)

    deadlines.meet(order_id)

    assert _reminders(order_id) == [(CONFIRMATION_OVERDUE, 3)]


def test_an_order_stored_before_there_were_reminders_lapses_when_it_is_due(
    world_at: World,
) -> None:
    order_id = world_at.paid_order(world_at.store())
    OrderHead.at(order_id).update([OrderHead.confirm_by.remove()])
    world_at.clock.move(480)

    met = deadlines.meet(order_id)

    assert met.cancellation is not None
    assert met.cancellation.code == "merchant_no_response"
