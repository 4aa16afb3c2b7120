"""When a delivery should be fetched and be there, and who brings it: for a store that asked for it.

A position is told to nobody here.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.core import clock
from chalicelib.couriers import arriving, moving, news, reading, routing, working
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.schemas import CourierProfile
from chalicelib.couriers.status import DELIVERY_EVENTS, DeliveryStatus

PICKED = DELIVERY_EVENTS[DeliveryStatus.ORDER_PICKED]


@dataclass(frozen=True, slots=True)
class Expected:
    """`fetched_at` is when it was, or should be; `there_at` likewise; `by` is the promise."""

    fetched_at: datetime
    is_fetched: bool
    there_at: datetime
    by: datetime


def of(delivery_id: str) -> Expected:
    """What is expected of a delivery now (4 reads or so). Raises NotFoundError (404)."""
    delivery = moving.demand(delivery_id)
    happened = news.events_after(moving.kind(delivery), delivery_id, 0)
    picked = [clock.parse(event.at) for event in happened if event.type == PICKED]
    by = clock.parse(delivery.promised_by)
    return Expected(
        fetched_at=picked[0] if picked else max(clock.parse(delivery.ready_at), clock.now()),
        is_fetched=bool(picked),
        there_at=_there(delivery) or by,
        by=by,
    )


def _there(delivery: DeliveryHead) -> datetime | None:
    if delivery.ended_at:
        return clock.parse(delivery.ended_at)
    courier = reading.carrier(delivery)
    before = routing.doors_before(delivery, courier) if courier is not None else []
    return arriving.at_the_door(delivery, courier, before)


def rider(delivery_id: str) -> tuple[str, CourierProfile | None] | None:
    """Who brings, or has brought, a delivery, and what they are called; None while nobody does.

    Who has asked to be forgotten has an id alone.
    """
    delivery = moving.demand(delivery_id)
    if not delivery.courier_id:
        return None
    head = working.head(delivery.courier_id)
    known = CourierProfile(given_name=head.given_name, vehicle=head.vehicle) if head else None
    return delivery.courier_id, known
