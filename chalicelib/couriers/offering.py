"""Offers: one delivery or several of a store, proposed to a courier for 45 seconds.

An offer stands in several places that change together, in one transaction: the offer's own item,
every delivery of it that looks for a courier, and the courier, who has one live offer at most.
How an offer ends is `withdrawing.py`, `answering.py` and `claiming.py`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.catalog.zones import Corner, Point
from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.dynamo import HEAD
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.couriers import earning, moving, status, travelling, working, zones
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.matching import Decision
from chalicelib.couriers.models import (
    Assignment,
    OfferItem,
    assignment_key,
    courier_key,
    delivery_key,
    offer_key,
    shard_key,
)
from chalicelib.couriers.schemas import Area
from chalicelib.couriers.status import OfferStatus
from chalicelib.couriers.zone_models import OnDuty, OpenDelivery

OFFER_SECONDS = 45
FIRST = status.OFFERED
KEPT_SECONDS = 180 * 86_400.0
"""Offers carry the reason of a decision, which a courier may contest for half a year."""
CELL_DEGREES = 0.01
CELL_METRES = 1000

type Stop = tuple[DeliveryHead, OpenDelivery]
"""A delivery, and what runs see of it."""


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


def deliveries_of(offer: OfferItem) -> list[str]:
    """Which deliveries an offer proposes, in the order of their doors."""
    return list(offer.deliveries or [offer.delivery_id])


def offer(
    stops: Sequence[Stop], courier: OnDuty, decision: Decision, actor: str = SYSTEM
) -> tuple[Part, ...]:
    """The parts that ask a courier for these deliveries, which are of one store.

    BusyError: one of them, or the courier, has changed meanwhile. `content` is what an `OfferView`
    says besides id, delivery, status and time.
    """
    offer_id, until = ids.new("ofr"), clock.stamp(clock.after(OFFER_SECONDS))
    first, names = stops[0][0], [delivery.id for delivery, _ in stops]
    item = OfferItem(
        courier_key(courier.courier_id),
        offer_key(offer_id),
        id=offer_id,
        courier_id=courier.courier_id,
        delivery_id=first.id,
        order_id=first.order_id,
        status=OfferStatus.PENDING,
        until=until,
        content=_content([delivery for delivery, _ in stops], courier),
        expires_at=clock.forget_at(clock.after(KEPT_SECONDS)),
    )
    why = Assignment(
        assignment_key(offer_id),
        HEAD,
        id=offer_id,
        courier_id=courier.courier_id,
        deliveries=names,
        decision=asdict(decision),
        at=clock.stamp(clock.now()),
        expires_at=item.expires_at,
    )
    live: dict[str, Any] = {
        "offer_id": offer_id, "courier_id": courier.courier_id, "until": until,
    }  # fmt: skip
    if len(stops) > 1:
        item.deliveries, live["along"] = names, names
    return (
        parts.put(item, BusyError()),
        parts.put(why, BusyError()),
        *(
            part
            for number, stop in enumerate(stops)
            for part in _proposed(stop, live, FIRST if number == 0 else status.OFFERED_ALONG, actor)
        ),
        working.change(courier, [OnDuty.offer_id.set(offer_id), OnDuty.offer_until.set(until)]),
        zones.touch(first.zone, first.id),
    )


def _proposed(stop: Stop, live: Mapping[str, Any], event_type: str, actor: str) -> tuple[Part, ...]:
    """One of an offer's deliveries is asked for. Of the first alone its courier is told."""
    delivery, opened = stop
    told = moving.change(
        delivery,
        event_type,
        actor=actor,
        data={"offer_id": live["offer_id"], "courier_id": live["courier_id"]},
    )
    return *told, changed(opened, [OpenDelivery.offers.set([*opened.offers, live])])


def _content(deliveries: Sequence[DeliveryHead], courier: OnDuty) -> dict[str, Any]:
    first = deliveries[0]
    places = [corner(first.pickup["location"]), *map(door, deliveries)]
    ways = [travelling.metres(start, end) for start, end in pairwise(places)]
    stops = [
        {
            "delivery_id": delivery.id,
            "drop_area": area(door(delivery)).model_dump(mode="json"),
            "metres": way,
            "earning": earning.of(delivery).model_dump(mode="json"),
        }
        for delivery, way in zip(deliveries, ways, strict=True)
    ]
    return {
        "pickup": first.pickup,
        "ready_at": max(delivery.ready_at for delivery in deliveries),
        "drop_area": stops[0]["drop_area"],
        "metres_to_pickup": travelling.metres(working.position(courier), places[0]),
        "metres_to_drop": sum(ways),
        "earning": earning.together(map(earning.of, deliveries)).model_dump(mode="json"),
        "stops": stops,
    }


def door(delivery: DeliveryHead) -> Corner:
    """Where a delivery goes."""
    return corner(delivery.drop["location"])


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
