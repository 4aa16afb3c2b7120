"""How busy the couriers of a zone are, in steps, for the ETA of new orders."""

from collections.abc import Sequence

from pynamodb.expressions.update import Action

from chalicelib.catalog import conditions
from chalicelib.catalog.conditions import WHOLE
from chalicelib.core import clock
from chalicelib.core.parts import Part
from chalicelib.couriers.status import DutyStatus
from chalicelib.couriers.supply import Supply
from chalicelib.couriers.zone_models import ZoneHead

SAID_SECONDS = 3600
"""How long it is believed what a run has said of its couriers."""
STEPS = ((1.0, 100), (2.0, 115), (3.0, 130))
"""Up to so many deliveries for each courier on duty, a way takes so many per cent of its time."""
MOST = 150


def percent(read: Supply) -> int:
    """What a zone's supply makes of the way to the door. Steps, so that it changes seldom."""
    couriers = [one for one in read.couriers.values() if one.status == DutyStatus.ON]
    carried = sum(len(one.jobs) for one in couriers)
    return of(len(read.deliveries) + carried, len(couriers))


def of(deliveries: int, couriers: int) -> int:
    """The same of bare numbers. Pure. Where nothing is to be brought, nobody is wanting."""
    for load, step in STEPS:
        if deliveries <= load * couriers:
            return step
    return MOST


def said(
    zone: str, percent: int | None, head: ZoneHead | None
) -> tuple[Sequence[Action], Sequence[Part]]:
    """What the zone's row remembers, and what is said to those who promise times.

    Nothing, unless it has changed by a step, or what was said will soon be believed no longer.
    """
    before = head.supply_percent if head and head.supply_percent else WHOLE
    until = head.supply_until if head else None
    soon = clock.stamp(clock.after(SAID_SECONDS / 2))
    ending = percent != WHOLE and (until is None or until < soon)
    if percent is None or (percent == before and not ending):
        return [], []
    later = clock.after(SAID_SECONDS)
    remembered = [
        ZoneHead.supply_percent.set(percent),
        ZoneHead.supply_until.set(clock.stamp(later)),
    ]
    return remembered, [conditions.supply(zone, percent, later)]
