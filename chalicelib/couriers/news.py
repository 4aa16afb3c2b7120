"""What the domains above follow of couriers and deliveries. Every read is consistent."""

from datetime import datetime

from chalicelib.core import clock, dynamo, outbox
from chalicelib.core.outbox import EventItem
from chalicelib.couriers.delivery_models import CurrentDelivery, DeliveryEvent, DeliveryHead
from chalicelib.couriers.models import (
    CURRENT,
    CourierEvent,
    OfferItem,
    courier_key,
    delivery_key,
    offer_key,
    order_key,
)
from chalicelib.couriers.moving import DELIVERY, ERRAND
from chalicelib.couriers.status import LIVE_OFFERS, WITH_COURIER


def events_after(
    kind: str, subject: str, version: int, limit: int | None = None
) -> list[EventItem]:
    """What happened to a delivery or a courier after a version, in order. Kinds are the events'."""
    if kind in {DELIVERY, ERRAND}:
        return list(outbox.read_after(DeliveryEvent, delivery_key(subject), version, limit))
    return list(outbox.read_after(CourierEvent, courier_key(subject), version, limit))


def courier_of(order_id: str) -> str | None:
    """Who is on the way to fetch an order, or carries it (2 reads); None where nobody does."""
    current = dynamo.get(CurrentDelivery, order_key(order_id), CURRENT)
    delivery = dynamo.get(DeliveryHead, delivery_key(current.delivery_id)) if current else None
    if delivery is None or delivery.status not in WITH_COURIER:
        return None
    return delivery.courier_id


def offer_until(courier_id: str, offer_id: str) -> datetime | None:
    """Until when a courier may answer an offer (1 read); None for one that is over."""
    offer = dynamo.get(OfferItem, courier_key(courier_id), offer_key(offer_id))
    if offer is None or offer.status not in LIVE_OFFERS:
        return None
    until = clock.parse(offer.until)
    return until if until > clock.now() else None
