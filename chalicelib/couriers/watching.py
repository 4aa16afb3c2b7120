"""What dispatch notices though nobody says it: couriers who fall silent, deliveries nobody takes.

A courier with a job who sends no position for 90 seconds is asked for a sign of life. After five
minutes, before pick-up, the job goes to another; after pick-up no machine ever takes it away, and a
person is told. Each is said once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.core.telemetry import alarm
from chalicelib.couriers import moving, offering, opening, status, working, zones
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.models import CourierHead, courier_key
from chalicelib.couriers.status import BEFORE_PICK_UP
from chalicelib.couriers.zone_models import OnDuty, OpenDelivery

NUDGE_SECONDS = 90
LOST_SECONDS = 300
FRESH_SECONDS = 30
LOOK_SECONDS = 120
SILENT_CODE = "courier_silent"


def silence_due(courier: OnDuty) -> datetime | None:
    """When something is to be done about a courier's silence, should no position come until then.

    None where there is no job, or everything was done.
    """
    if not courier.jobs:
        return None
    located = clock.parse(courier.located_at)
    nudged = clock.parse(courier.nudged_at) if courier.nudged_at else located
    for seconds in (NUDGE_SECONDS, LOST_SECONDS):
        due = located + timedelta(seconds=seconds)
        if nudged < due:
            return due
    return None


def next_look(courier: OnDuty) -> datetime | None:
    """When to look at a courier with a job again.

    A position is no change that anybody hears of: it may come, and be followed by another silence.
    So nobody with a job is left alone for long; who has just told where they are, for two minutes:
    a look costs a read of the zone. A silence is noticed a minute late at most.
    """
    if not courier.jobs:
        return None
    latest = clock.after(LOOK_SECONDS)
    if working.age(courier) < FRESH_SECONDS:
        return latest
    return min(silence_due(courier) or latest, latest)


def look(courier: OnDuty) -> None:
    """Do about a courier's silence what is to be done by now. Each is done once.

    Raises BusyError where a position, or anything else, came in between.
    """
    if working.age(courier) < LOST_SECONDS:
        _nudge(courier)
        return
    jobs = [moving.demand(delivery_id) for delivery_id in courier.jobs]
    to_fetch = [each for each in jobs if each.status in BEFORE_PICK_UP]
    for delivery in to_fetch:
        parts.commit(*opening.again(delivery, code=SILENT_CODE, actor=SYSTEM))
    if jobs and not to_fetch:
        _lose(courier, jobs)


def nobody_due(opened: OpenDelivery) -> datetime | None:
    """When the customer is to be told that nobody was found, should nobody be until then.

    None while somebody is being asked: should they not want it, it is time at once.
    """
    return clock.parse(opened.tell_at) if opened.tell_at and not opened.offers else None


def postpone(opened: OpenDelivery, asked_at: datetime) -> None:
    """Count the time without a courier from when it is not too early any more to ask one.

    Raises BusyError where the delivery has changed since it was read.
    """
    tell_at = asked_at + timedelta(seconds=opening.NOBODY_SECONDS)
    parts.commit(
        parts.update(
            OpenDelivery.at(opened.zone, opened.delivery_id),
            [OpenDelivery.tell_at.set(clock.stamp(tell_at))],
            BusyError(),
            OpenDelivery.version == opened.version,
        )
    )


def tell_nobody(opened: OpenDelivery) -> None:
    """Tell that nobody was found, and that the customer has a choice.

    Raises BusyError where the delivery has changed since it was read.
    """
    now = clock.stamp(clock.now())
    parts.commit(
        *moving.change(
            offering.as_read(opened),
            status.NO_COURIER,
            [DeliveryHead.no_courier_at.set(now)],
            actor=SYSTEM,
        ),
        offering.changed(opened, [OpenDelivery.told_at.set(now), OpenDelivery.tell_at.remove()]),
        zones.touch(opened.zone, opened.delivery_id),
    )


def wait_on(delivery: DeliveryHead, opened: OpenDelivery, actor: str) -> tuple[Part, ...]:
    """The parts of a customer's choice to wait: they are told again after as long as the first."""
    later = clock.stamp(clock.after(opening.NOBODY_SECONDS))
    return (
        *moving.change(
            delivery, status.WAITED_FOR, [DeliveryHead.no_courier_at.remove()], actor=actor
        ),
        offering.changed(opened, [OpenDelivery.tell_at.set(later)]),
        zones.touch(delivery.zone, delivery.id),
    )


def _nudge(courier: OnDuty) -> None:
    head = working.head(courier.courier_id)
    if head is None:
        return
    version = int(head.version) + 1
    parts.commit(
        parts.update(
            CourierHead(courier_key(head.id), dynamo.HEAD),
            [CourierHead.version.set(version)],
            BusyError(),
            CourierHead.version == head.version,
        ),
        working.announce(head.id, version, status.SILENT, SYSTEM, courier.zone),
        _noticed(courier),
    )


def _lose(courier: OnDuty, carried: Sequence[DeliveryHead]) -> None:
    """Nobody takes away what was fetched but a person, who is told of all of it at once."""
    lost = [part for each in carried for part in moving.change(each, status.LOST, actor=SYSTEM)]
    parts.commit(*lost, _noticed(courier))
    for delivery in carried:
        alarm("A courier who carries an order was lost", order=delivery.order_id)


def _noticed(courier: OnDuty) -> Part:
    """That something was done about a silence, unless a position has ended it meanwhile."""
    return parts.update(
        OnDuty.at(courier.zone, courier.courier_id),
        [OnDuty.nudged_at.set(clock.stamp(clock.now()))],
        BusyError(),
        (OnDuty.version == courier.version) & (OnDuty.located_at == courier.located_at),
    )
