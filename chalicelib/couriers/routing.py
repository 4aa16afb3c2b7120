"""A courier's route: the store, then the doors of what was accepted together, one by one."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from pynamodb.expressions.update import Action

from chalicelib.catalog.zones import Corner
from chalicelib.core import clock
from chalicelib.couriers import moving, offering, travelling, working
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.status import BEFORE_PICK_UP, CARRIED, Vehicle
from chalicelib.couriers.zone_models import OnDuty

HAND_OVER_SECONDS = 180
"""About what a door takes, from getting there to setting off again."""


def begun(duty: OnDuty, deliveries: Sequence[DeliveryHead]) -> list[Action]:
    """That a courier has these jobs now, and roughly where and when they should be over.

    Dispatch reckons with who is about to finish. The place is no door: it is the middle of its
    cell, as an offer tells it.
    """
    vehicle, places = Vehicle(duty.vehicle), [offering.door(each) for each in deliveries]
    store = offering.corner(deliveries[0].pickup["location"])
    way = travelling.seconds(vehicle, working.position(duty), store)
    ready = max(clock.parse(each.ready_at) for each in deliveries)
    leaves = max(clock.after(way), ready)
    ends = leaves + timedelta(seconds=seconds(vehicle, [store, *places]) + HAND_OVER_SECONDS)
    near = offering.area(places[-1]).location.coordinates
    return [
        OnDuty.jobs.set([each.id for each in deliveries]),
        OnDuty.ends_at.set(clock.stamp(ends)),
        OnDuty.ends_near.set(list(near)),
    ]


def doors_before(delivery: DeliveryHead, courier: OnDuty) -> list[Corner]:
    """The doors that a courier goes to before a delivery's: a read for each, none for most."""
    jobs = list(courier.jobs)
    ahead = jobs[: jobs.index(delivery.id)] if delivery.id in jobs else []
    counted = CARRIED if delivery.status in CARRIED else CARRIED | BEFORE_PICK_UP
    found = map(moving.demand, ahead)
    return [offering.door(each) for each in found if each.status in counted]


def seconds(vehicle: Vehicle, places: Sequence[Corner]) -> int:
    """Whole seconds from the first place to the last, with a hand-over at each between them."""
    rides = sum(travelling.seconds(vehicle, *leg) for leg in pairwise(places))
    return rides + HAND_OVER_SECONDS * max(0, len(places) - 2)
