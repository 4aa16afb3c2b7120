"""When an order should be at its customer's door, as far as its courier's way tells."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.catalog.zones import Corner
from chalicelib.core import clock
from chalicelib.couriers import offering, routing, travelling, working
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.status import BEFORE_PICK_UP, CARRIED, DeliveryStatus, Vehicle
from chalicelib.couriers.zone_models import OnDuty


def at_the_door(
    delivery: DeliveryHead, courier: OnDuty | None, before: Sequence[Corner] = ()
) -> datetime | None:
    """The estimate from the courier's last position, or what was promised; None once it is over.

    `before` are the doors that the courier goes to first. In whole minutes, rounded up: it says no
    more of where the courier is than it has to, and stays the same from one look to the next.
    """
    standing = DeliveryStatus(delivery.status)
    if standing not in BEFORE_PICK_UP | CARRIED | {DeliveryStatus.PENDING}:
        return None
    if courier is None:
        return clock.parse(delivery.promised_by)
    return _whole_minute(_expected(delivery, standing, courier, before))


def _expected(
    delivery: DeliveryHead, standing: DeliveryStatus, courier: OnDuty, before: Sequence[Corner]
) -> datetime:
    vehicle, here = Vehicle(courier.vehicle), working.position(courier)
    doors = [*before, offering.door(delivery)]
    located = clock.parse(courier.located_at)
    if standing in CARRIED:
        return located + timedelta(seconds=routing.seconds(vehicle, [here, *doors]))
    store = offering.corner(delivery.pickup["location"])
    at_store = located + timedelta(seconds=travelling.seconds(vehicle, here, store))
    leaves = max(at_store, clock.parse(delivery.ready_at))
    return leaves + timedelta(seconds=routing.seconds(vehicle, [store, *doors]))


def _whole_minute(moment: datetime) -> datetime:
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(minutes=1)
