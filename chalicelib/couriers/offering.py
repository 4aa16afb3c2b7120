"""Offers: a delivery proposed to a courier, for 45 seconds. One transaction for each change.

An offer stands in three places that change together: the offer's own item, the delivery that looks
for a courier, and the courier, who has one live offer at most.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.catalog.zones import Corner, Point
from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.couriers import earning, moving, status, travelling, working, zones
from chalicelib.couriers.errors import OfferGoneError
from chalicelib.couriers.matching import Decision
from chalicelib.couriers.models import (
    DeliveryHead,
    OfferItem,
    OnDuty,
    OpenDelivery,
    courier_key,
    delivery_key,
    offer_key,
    shard_key,
)
from chalicelib.couriers.schemas import Area
from chalicelib.couriers.status import LIVE_OFFERS, OfferStatus

OFFER_SECONDS = 45
KEPT_SECONDS = 180 * 86_400.0
"""Offers carry the reason of a decision, which a courier may contest for half a year."""
CELL_DEGREES = 0.01
CELL_METRES = 1000


def opened(zone: str, delivery_id: str) -> OpenDelivery | None:
    """A delivery as runs see it, while it looks for a courier."""
    return dynamo.get(OpenDelivery, shard_key(zone, delivery_id), delivery_key(delivery_id))


def as_read(opened: OpenDelivery) -> DeliveryHead:
    """The delivery of what a run has read. Raises BusyError where it has changed since."""
    delivery = moving.demand(opened.delivery_id)
    if delivery.version != opened.version:
        raise BusyError
    return delivery


def changed(opened: OpenDelivery, actions: Sequence[Action]) -> Part:
    """The part that changes what runs see of a delivery, beside a change of the delivery itself.

    Its failure is BusyError: read it again.
    """
    return parts.update(
        OpenDelivery.at(opened.zone, opened.delivery_id),
        [OpenDelivery.version.set(int(opened.version) + 1), *actions],
        BusyError(),
        OpenDelivery.version == opened.version,
    )


def offer(
    delivery: DeliveryHead, opened: OpenDelivery, courier: OnDuty, decision: Decision
) -> tuple[Part, ...]:
    """The parts that ask a courier. BusyError: the delivery or the courier has changed meanwhile.

    `content` is what an `OfferView` says besides id, delivery, status and time.
    """
    offer_id, until = ids.new("ofr"), clock.stamp(clock.after(OFFER_SECONDS))
    item = OfferItem(
        courier_key(courier.courier_id),
        offer_key(offer_id),
        id=offer_id,
        courier_id=courier.courier_id,
        delivery_id=delivery.id,
        order_id=delivery.order_id,
        status=OfferStatus.PENDING,
        until=until,
        content=_content(delivery, courier),
        decision=asdict(decision),
        expires_at=clock.forget_at(clock.after(KEPT_SECONDS)),
    )
    live = {"offer_id": offer_id, "courier_id": courier.courier_id, "until": until}
    return (
        parts.put(item, BusyError()),
        *moving.change(
            delivery,
            status.OFFERED,
            actor=SYSTEM,
            data={"offer_id": offer_id, "courier_id": courier.courier_id},
        ),
        changed(opened, [OpenDelivery.offers.set([*opened.offers, live])]),
        working.change(courier, [OnDuty.offer_id.set(offer_id), OnDuty.offer_until.set(until)]),
        zones.touch(delivery.zone, delivery.id),
    )


def expire(
    delivery: DeliveryHead, opened: OpenDelivery, live: Mapping[str, str], courier: OnDuty | None
) -> tuple[Part, ...]:
    """The parts that end an offer whose time has passed: who let it pass is not asked again."""
    left = [one for one in opened.offers if one["offer_id"] != live["offer_id"]]
    refused = [*opened.refused, live["courier_id"]]
    return (
        _ended(live, OfferStatus.EXPIRED),
        *moving.change(
            delivery,
            status.EXPIRED,
            actor=SYSTEM,
            data={"offer_id": live["offer_id"], "courier_id": live["courier_id"]},
        ),
        changed(opened, [OpenDelivery.offers.set(left), OpenDelivery.refused.set(refused)]),
        *_relieved(live, courier),
        zones.touch(delivery.zone, delivery.id),
    )


def revoke(live: Mapping[str, str], courier: OnDuty | None) -> tuple[Part, ...]:
    """The parts that take an offer back, for the transaction in which its delivery goes."""
    return (_ended(live, OfferStatus.REVOKED), *_relieved(live, courier))


def _ended(live: Mapping[str, str], reached: OfferStatus) -> Part:
    offer_item = OfferItem(courier_key(live["courier_id"]), offer_key(live["offer_id"]))
    return parts.update(
        offer_item,
        [OfferItem.status.set(reached)],
        OfferGoneError(),
        OfferItem.status.is_in(*LIVE_OFFERS),
    )


def _relieved(live: Mapping[str, str], courier: OnDuty | None) -> tuple[Part, ...]:
    """The courier may be asked again; who has gone off duty meanwhile has nothing to be rid of."""
    if courier is None or courier.offer_id != live["offer_id"]:
        return ()
    return (working.change(courier, working.no_offer()),)


def _content(delivery: DeliveryHead, courier: OnDuty) -> dict[str, Any]:
    store, drop = corner(delivery.pickup["location"]), corner(delivery.drop["location"])
    return {
        "pickup": delivery.pickup,
        "ready_at": delivery.ready_at,
        "drop_area": area(drop).model_dump(mode="json"),
        "metres_to_pickup": travelling.metres(working.position(courier), store),
        "metres_to_drop": travelling.metres(store, drop),
        "earning": earning.of(delivery).model_dump(mode="json"),
    }


def area(place: Corner) -> Area:
    """Roughly where a place is: the middle of its cell, about a kilometre each way."""
    longitude, latitude = place
    middle = (math.floor(latitude / CELL_DEGREES) + 0.5) * CELL_DEGREES
    width = CELL_DEGREES / max(0.05, math.cos(math.radians(middle)))
    across = (math.floor(longitude / width) + 0.5) * width
    location = Point(
        type="Point", coordinates=(round(min(across, 180.0), 5), round(min(middle, 90.0), 5))
    )
    return Area(location=location, precision_metres=CELL_METRES)


def corner(point: Mapping[str, Any]) -> Corner:
    """A GeoJSON point's longitude and latitude."""
    longitude, latitude = point["coordinates"]
    return float(longitude), float(latitude)
