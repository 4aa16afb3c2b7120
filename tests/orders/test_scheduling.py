"""Orders for later: which moments are promised, how long a store may think, when couriers come."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.couriers import opening
from chalicelib.orders import deadlines, reading
from chalicelib.orders.status import CONFIRMATION_OVERDUE, DUE_SOON
from tests import laws, people, shopfront, surroundings
from tests.couriers.riders import Riders
from tests.world import World

PREPARATION = timedelta(minutes=15)
ETA = timedelta(minutes=20)
BROUGHT: dict[str, Any] = {"fulfilment": "delivery", "drop_off": shopfront.DOOR}


def later(**ahead: float) -> str:
    """A whole minute that lies so far ahead."""
    return clock.stamp((clock.now() + timedelta(**ahead)).replace(second=0, microsecond=0))


def _issue(world: World, store_id: str, moment: str, **changed: object) -> Any:  # noqa: ANN401 - any JSON
    token = world.customer()
    refused = world.try_quote(store_id, token, scheduled_for=moment, **changed)
    assert (refused.status, refused.json["code"]) == (422, "quote_impossible"), refused.text
    [issue] = refused.json["errors"]
    assert issue["pointer"] == "/scheduled_for"
    return issue


def test_a_quote_for_later_promises_its_moment_and_keeps_it(world_at: World) -> None:
    moment = later(hours=30)

    quote = world_at.quote(world_at.store(), world_at.customer(), scheduled_for=moment)

    assert quote["scheduled_for"] == quote["promised"]["begins"] == moment
    assert clock.parse(quote["promised"]["ends"]) == clock.parse(moment) + timedelta(minutes=10)
    assert world_at.get(f"/v1/quotes/{quote['id']}", world_at.customer()) == quote


def test_an_order_for_later_says_when_it_is_for_and_when_its_kitchen_should_begin(
    world_at: World,
) -> None:
    store_id, moment = world_at.store(), later(hours=30)

    order_id = world_at.paid_order(store_id, scheduled_for=moment, **BROUGHT)

    seen = world_at.get(f"/v1/orders/{order_id}", people.machine(store_id))
    listed = world_at.get(f"/v1/stores/{store_id}/orders", people.machine(store_id))["items"][0]
    assert seen["status"] == "CREATED"
    assert seen["scheduled_for"] == listed["scheduled_for"] == moment
    assert clock.parse(seen["prepare_by"]) == clock.parse(moment) - PREPARATION - ETA
    assert listed["prepare_by"] == seen["prepare_by"]


@pytest.mark.parametrize(("changed", "lead"), [({}, PREPARATION), (BROUGHT, PREPARATION + ETA)])
def test_a_moment_must_leave_time_to_cook_and_to_bring(
    world_at: World, changed: dict[str, Any], lead: timedelta
) -> None:
    store_id, earliest = world_at.store(), clock.now() + lead
    just_before = clock.stamp(earliest - timedelta(minutes=1))

    issue = _issue(world_at, store_id, just_before, **changed)
    quote = world_at.quote(
        store_id, world_at.customer(), scheduled_for=clock.stamp(earliest), **changed
    )

    assert issue["code"] == "scheduled_too_soon"
    assert clock.stamp(earliest) in issue["detail"]
    assert quote["scheduled_for"] == clock.stamp(earliest)


def test_a_moment_is_at_most_thirty_days_ahead(world_at: World) -> None:
    store_id = world_at.store()

    issue = _issue(world_at, store_id, later(days=30, minutes=1))

    assert issue["code"] == "scheduled_too_late"
    assert world_at.try_quote(
        store_id, world_at.customer(), scheduled_for=later(days=30)
    ).status == 201  # fmt: skip


@pytest.mark.parametrize("second", ["12:00:30Z", "12:00:00.001Z"])
def test_a_moment_is_a_whole_minute(world_at: World, second: str) -> None:
    moment = f"2026-11-23T{second}"

    refused = world_at.try_quote(world_at.store(), world_at.customer(), scheduled_for=moment)

    assert refused.status == 400
    assert [one["pointer"] for one in refused.json["errors"]] == ["/scheduled_for"]


def test_a_store_that_is_closed_then_says_when_it_next_opens(world_at: World) -> None:
    day_only = [{**span, "opens": "11:00", "closes": "21:00"} for span in shopfront.HOURS]
    store_id = world_at.store(hours=day_only)
    tomorrow = (clock.now() + timedelta(days=1)).astimezone(_seoul())
    closed, opens = tomorrow.replace(hour=9, minute=0), tomorrow.replace(hour=11, minute=0)

    issue = _issue(world_at, store_id, clock.stamp(closed.replace(second=0, microsecond=0)))

    assert issue["code"] == "store_closed"
    assert issue["opens_at"] == clock.stamp(opens.replace(second=0, microsecond=0))


def _seoul() -> Any:  # noqa: ANN401 - a time zone
    from zoneinfo import ZoneInfo

    return ZoneInfo("Asia/Seoul")


def test_a_store_that_is_closed_now_takes_orders_for_when_it_is_open(world_at: World) -> None:
    local = clock.now().astimezone(_seoul())
    soon = (local + timedelta(hours=3)).replace(minute=0)
    hours = [
        {**span, "opens": f"{soon.hour:02d}:00", "closes": f"{(soon.hour + 2) % 24:02d}:00"}
        for span in shopfront.HOURS
    ]
    store_id, token = world_at.store(hours=hours), world_at.customer()

    now = world_at.try_quote(store_id, token)
    then = world_at.try_quote(store_id, token, scheduled_for=later(hours=4))

    assert (now.status, now.json["errors"][0]["code"]) == (422, "store_closed")
    assert now.json["errors"][0]["opens_at"]
    assert then.status == 201


def test_a_store_may_think_about_a_later_order_until_an_hour_before_it_begins(
    world_at: World,
) -> None:
    store_id, moment = world_at.store(), later(hours=30)
    order_id = world_at.paid_order(store_id, scheduled_for=moment)
    until = clock.parse(moment) - PREPARATION - timedelta(hours=1)

    seen = world_at.seen(order_id)
    world_at.tick((until - clock.now()).total_seconds() - 1)
    still = world_at.seen(order_id)["status"]
    world_at.tick(1)

    assert clock.parse(seen["due_at"]) == until
    assert still == "CREATED"
    assert world_at.seen(order_id)["cancellation"]["code"] == "merchant_no_response"
    laws.demand(world_at)


def test_a_later_order_that_is_near_gets_the_usual_time_to_answer(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store(), scheduled_for=later(minutes=70))

    seen = world_at.seen(order_id)

    assert clock.parse(seen["due_at"]) == clock.now() + timedelta(seconds=480)


def test_a_store_is_reminded_when_a_later_order_grows_urgent_and_not_before(
    world_at: World,
) -> None:
    order_id = world_at.paid_order(world_at.store(), scheduled_for=later(hours=30))
    until = clock.parse(world_at.seen(order_id)["due_at"])
    told = []

    for left in (481, 421, 420, 390, 300, 120):
        world_at.clock.move((until - clock.now()).total_seconds() - left)
        surroundings.sweep()
        told.append(_count(order_id, CONFIRMATION_OVERDUE))

    assert told == [0, 0, 1, 2, 3, 4]


def _count(order_id: str, event_type: str) -> int:
    return [event.type for event in reading.events_after(order_id, 0)].count(event_type)


def test_an_order_for_later_that_needs_no_confirming_is_shown_with_the_same_clock(
    world_at: World,
) -> None:
    moment = later(hours=30)
    placed = world_at.order(world_at.store(), {"method": "cash"}, scheduled_for=moment)

    seen = world_at.seen(placed["order_id"])

    assert (placed["status"], seen["status"]) == ("CREATED", "CREATED")
    assert clock.parse(seen["due_at"]) == clock.parse(moment) - PREPARATION - timedelta(hours=1)


# --- couriers ------------------------------------------------------------------------------------


@pytest.fixture
def riders(world_at: World) -> Riders:
    return Riders(world_at)


def _confirmed(riders: Riders, moment: str, *more: str) -> str:
    order_id = riders.world.paid_order(riders.store_id, scheduled_for=moment, **BROUGHT)
    riders.world.command(order_id, "confirm", *more, store_id=riders.store_id)
    riders.world.pump()
    return order_id


def _bring_from(moment: str) -> datetime:
    return clock.parse(moment) - ETA - PREPARATION - timedelta(minutes=10)


@pytest.mark.parametrize("more", [(), ("preparing",), ("preparing", "ready")])
def test_a_courier_is_looked_for_only_when_it_is_time(
    riders: Riders, more: tuple[str, ...]
) -> None:
    moment = later(hours=30)
    order_id = _confirmed(riders, moment, *more)

    riders.world.tick((_bring_from(moment) - clock.now()).total_seconds() - 1)
    before = opening.present(order_id)
    riders.world.tick(1)

    assert before is None
    assert riders.delivery(order_id).attempt == 1
    assert _count(order_id, DUE_SOON) == 1
    assert reading.find(order_id).due_at is None  # type: ignore[union-attr] # it is there
    riders.world.tick(60)
    laws.demand(riders.world)


def test_what_is_expected_of_a_later_delivery_counts_from_when_its_kitchen_begins(
    riders: Riders,
) -> None:
    moment = later(hours=30)
    order_id = _confirmed(riders, moment)
    riders.world.tick((_bring_from(moment) - clock.now()).total_seconds())

    delivery = riders.delivery(order_id)

    assert clock.parse(delivery.ready_at) == clock.parse(moment) - ETA
    assert clock.parse(delivery.promised_by) == clock.parse(moment) + timedelta(minutes=10)


def test_a_courier_is_looked_for_at_once_where_the_time_has_come_already(riders: Riders) -> None:
    order_id = _confirmed(riders, later(minutes=44))

    assert riders.delivery(order_id).attempt == 1
    assert _count(order_id, DUE_SOON) == 0


def test_a_later_order_that_is_collected_after_all_has_no_such_deadline(riders: Riders) -> None:
    from chalicelib.core import parts
    from chalicelib.orders import collecting

    order_id = _confirmed(riders, later(hours=30))
    order = reading.find(order_id)
    assert order is not None

    parts.commit(*collecting.collect(order, "customer:mina"))

    riders.world.tick(31 * 3600)
    assert _count(order_id, DUE_SOON) == 0


def test_the_look_of_somebody_meets_the_deadline_too(riders: Riders) -> None:
    moment = later(hours=30)
    order_id = _confirmed(riders, moment)
    riders.world.clock.move((_bring_from(moment) - clock.now()).total_seconds())

    riders.world.seen(order_id)
    deadlines.meet(order_id)
    riders.world.pump()

    assert _count(order_id, DUE_SOON) == 1
    assert riders.delivery(order_id).attempt == 1
