"""What an errand would cost and take, and why it is refused where it is: rules and tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.catalog.schemas import Store
from chalicelib.catalog.zones import distance
from chalicelib.core import clock
from chalicelib.couriers import errands
from chalicelib.couriers.errands import Price, Terms, Times
from chalicelib.couriers.status import Vehicle
from chalicelib.integrations.opendelivery import prices
from chalicelib.integrations.opendelivery.logistic_schemas import Carrying, DeliveryOrder

RIDES: Mapping[str, tuple[Vehicle, ...]] = {
    "BICYCLE": (Vehicle.BICYCLE, Vehicle.FOOT),
    "SCOOTER": (Vehicle.SCOOTER,),
    "MOTORBIKE_BAG": (Vehicle.SCOOTER,),
    "MOTORBIKE_BOX": (Vehicle.SCOOTER,),
    "CAR": (Vehicle.CAR,),
    "VUC": (),
}
"""Who of our couriers rides what the protocol names. Nobody drives a van."""
CONTAINER = "NORMAL"
"""We do not know what else a courier has for it."""
NEAR_METRES = 1_000
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an errand is not carried, in the protocol's words."""

    reason: str
    message: str
    metadata: dict[str, Any] | None = None

    def shown(self) -> dict[str, Any]:
        more = {"metadata": self.metadata} if self.metadata else {}
        return {"reason": self.reason, **more}


def ready_at(said: Carrying, store: Store) -> datetime:
    """When it should be ready: as its store says when it begins, else when its kitchen is done.

    What nobody is told of as ready is fetched at once.
    """
    begins = getattr(said, "preparationStartDateTime", None)
    if begins is None and not getattr(said, "notifyReadyForPickup", False):
        return clock.now()
    began: datetime = max(begins or clock.now(), clock.now() - timedelta(hours=12))
    return began + timedelta(minutes=store.pace.minutes(began, items=1))


def vehicles(said: Carrying) -> tuple[Vehicle, ...]:
    """Which of our couriers' vehicles may carry it."""
    return tuple(dict.fromkeys(one for ride in said.vehicle.type for one in RIDES[ride]))


def ride(asked: list[str], vehicle: str | None) -> str:
    """What a courier rides, as the protocol names it: as it was asked for, if it was."""
    named = [one for one in (*asked, *RIDES) if vehicle in RIDES.get(one, ())]
    return named[0] if named else "BICYCLE"


def judge(said: DeliveryOrder, store: Store) -> Terms | Refusal:
    """What an errand costs, or why it is not carried."""
    door, now = said.deliveryAddress.corner, clock.now()
    if door is None:
        return Refusal("OTHER", "The delivery address has no coordinates.")
    refused = _refused(said, store)
    if refused:
        return refused
    terms = errands.terms(store, door, ready_at(said, store))
    if terms is None:
        return Refusal("REGION_NOT_SERVED", "Nobody goes there from this store.")
    limits = said.limitTimes
    pairs = (
        (limits.pickupLimit, terms.times.fetched_at),
        (limits.deliveryLimit, terms.times.there_at),
    )
    if any(limit is not None and minutes(moment, now) > limit for limit, moment in pairs):
        sentence = "It would take longer than was asked for."
        return Refusal("DOES_NOT_MEET_REQUESTED_TIMES", sentence, etas(terms.times))
    return terms


def _refused(said: DeliveryOrder, store: Store) -> Refusal | None:
    """What we do for nobody."""
    pickup = said.pickupAddress.corner
    if pickup and distance(pickup, store.location.coordinates) > NEAR_METRES:
        return Refusal("OTHER", "What is carried is fetched at the store.")
    if said.payments.method == "OFFLINE":
        return Refusal("OTHER", "Couriers collect no money for others.")
    if said.returnToMerchant:
        return Refusal("OTHER", "A courier does not come back after the hand-over.")
    if said.confirmationCodeRequired:
        return Refusal("OTHER", "Codes of other systems are not checked at the door.")
    if not vehicles(said):
        return Refusal("VEHICLE_NOT_AVAILABLE", "No courier rides that.")
    return None


def etas(times: Times) -> dict[str, Any]:
    """When it should be fetched and there, as the protocol has it."""
    return eta(times.fetched_at, times.there_at, times.there_by)


def eta(
    fetched: datetime, there: datetime, by: datetime, *, is_fetched: bool = False
) -> dict[str, Any]:
    """The same, of a delivery that is under way: nought minutes once it was fetched."""
    now = clock.now()
    return {
        "updateMethod": "ONLINE",
        "pickupEtaInMinutes": 0 if is_fetched else minutes(fetched, now),
        "pickupEtaDatetime": clock.stamp(fetched),
        "deliveryEtaInMinutes": minutes(there, now),
        "deliveryEtaDatetime": clock.stamp(there),
        "maxDeliveryTime": clock.stamp(by),
    }


def cost(price: Price) -> dict[str, Any]:
    """The price, which is the list's always."""
    return {
        "price": prices.price(price.total, price.currency),
        "pricingList": "NORMAL",
        "additionalPricePercentual": 0,
    }


def minutes(moment: datetime, now: datetime) -> int:
    """Whole minutes until then, rounded up; never below nought."""
    return max(0, -int((now - moment).total_seconds() // MINUTE))
