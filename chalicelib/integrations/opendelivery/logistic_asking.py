"""What a store asks of Ieum as the protocol's logistics service: what would it cost; carry this."""

import hashlib
from datetime import timedelta
from typing import Any

from chalicelib.catalog.schemas import Store
from chalicelib.core import auth, clock, ids, parts
from chalicelib.core.errors import BusyError, InvalidError, KeyReusedError, NotFoundError
from chalicelib.couriers import errands, opening
from chalicelib.couriers.errands import Terms
from chalicelib.integrations.opendelivery import (
    calling,
    feeding,
    logistic_facts,
    logistic_telling,
    logistic_terms,
    logistic_views,
    reading,
)
from chalicelib.integrations.opendelivery.logistic_schemas import Availability, DeliveryOrder
from chalicelib.integrations.opendelivery.logistic_terms import Refusal
from chalicelib.integrations.opendelivery.models import Connection, ErrandLink
from chalicelib.integrations.opendelivery.operations import Call, Said
from chalicelib.orders import reading as orders
from chalicelib.orders import schemas
from chalicelib.orders.errand_schemas import Errand, NewErrand, Recipient

KEPT_SECONDS = 120 * 86_400.0
RACES = 6
AGAIN_SECONDS = 60
"""So long whoever had no answer asks again."""
NOTE = 200


def availability(call: Call) -> Said:
    """What carrying something would cost and take now: 200. Anybody may ask, of a store.

    It is the token's, or the one whose `orderingAppMerchantId` is named. Raises InvalidError (400)
    without coordinates, and NotFoundError (404) for an unknown store, and for what lies too far.
    """
    said: Availability = reading.parse(Availability, call.incoming)
    store = errands.store_of(_asked_for(call, said))
    door = said.deliveryAddress.corner
    if door is None:
        pointer = "/deliveryAddress/latitude"
        raise InvalidError(errors=[{"pointer": pointer, "detail": "coordinates are missing"}])
    terms = errands.terms(store, door, logistic_terms.ready_at(said, store))
    if terms is None:
        raise NotFoundError("Nobody goes there from this store.")
    around, fitting = errands.around(store), set(logistic_terms.vehicles(said))
    free = {one: count for one, count in around.free.items() if one in fitting}
    vehicles: dict[str, Any] = {"availableVehicles": sum(free.values())}
    if free:
        rides = sorted({logistic_terms.ride(list(said.vehicle.type), one) for one in free})
        container = logistic_terms.CONTAINER
        vehicles["vehiclesAvailable"] = {"type": rides, "container": container}
        vehicles["nextAvailableVehicle"] = 0
    elif around.next_at:
        vehicles["nextAvailableVehicle"] = logistic_terms.minutes(around.next_at, clock.now())
    shown = {
        "deliveryPrice": logistic_terms.cost(terms.price),
        "vehicles": vehicles,
        "ETAs": logistic_terms.etas(terms.times),
    }
    return Said(200, shown)


def _asked_for(call: Call, said: Availability) -> str:
    """Raises NotFoundError (404) where no store is named; UnauthenticatedError for a bad token."""
    given = call.incoming.headers.get("authorization")
    if given:
        caller = auth.caller_of(given)
        if len(caller.stores) != 1:
            raise NotFoundError
        return next(iter(caller.stores))
    if said.merchant is None:
        raise NotFoundError
    return reading.own_id("sto", said.merchant.id)


def request(call: Call) -> Said:
    """Carry something: 202, and PENDING or, at once, REJECTED comes. Asked again it is the same.

    One that was rejected may be asked for anew under its id. Raises KeyReusedError (422) for
    something else under the id of another, NotFoundError (404) for another merchant, and
    OrdersStoppedError (503).
    """
    said: DeliveryOrder = reading.parse(DeliveryOrder, call.incoming)
    base = f"{call.incoming.root}/opendelivery"
    connection = feeding.connect(call.store_id, base)
    if said.merchant.id not in {connection.merchant_id, reading.shown(call.store_id)}:
        raise NotFoundError
    reference, digest = str(said.orderId), _digest(said)
    for _ in range(RACES):
        link = logistic_telling.find(call.store_id, reference)
        if link is not None and not _may_ask_anew(link, digest):
            if link.body_hash != digest:
                raise KeyReusedError
            return _told(connection, link, base)
        try:
            made = _ask(call, said, connection, link, digest)
        except BusyError:
            continue
        return _told(connection, made, base)
    raise BusyError


def _told(connection: Connection, link: ErrandLink, base: str) -> Said:
    """The answer. A rejection has no event of ours that would ring: whoever asks again rings."""
    if not link.order_id and connection.webhook_url:
        calling.ring(connection.store_id)
    return _answered(link, base)


def _digest(said: DeliveryOrder) -> str:
    return hashlib.sha256(said.model_dump_json().encode()).hexdigest()


def _may_ask_anew(link: ErrandLink, digest: str) -> bool:
    """What was rejected may be. The very same of a moment ago is only that request again."""
    asked_until = clock.parse(link.asked_at) + timedelta(seconds=AGAIN_SECONDS)
    repeats = link.body_hash == digest and clock.now() < asked_until
    return not repeats and _was_rejected(link)


def _was_rejected(link: ErrandLink) -> bool:
    """Whether what was asked for before was refused, or nobody was found for it."""
    order = orders.find(link.order_id) if link.order_id else None
    if order is None:
        return True
    ended = order.cancellation
    return ended is not None and ended.code == logistic_facts.NO_COURIER


def _ask(
    call: Call,
    said: DeliveryOrder,
    connection: Connection,
    before: ErrandLink | None,
    digest: str,
) -> ErrandLink:
    """Write it down, taken on or not. Raises BusyError where somebody else did meanwhile."""
    store = errands.store_of(call.store_id)
    terms = logistic_terms.judge(said, store)
    link = _link(call, said, before, digest)
    as_read = ErrandLink.version == before.version if before else ErrandLink.pk.does_not_exist()
    if not isinstance(terms, Refusal):
        placed = errands.place(_wanted(said, terms, store), store, call.caller)
        link.order_id, link.delivery_id = placed.order.id, reading.shown(placed.order.id)
        parts.commit(parts.put(link, BusyError(), as_read), *placed.parts)
        return link
    link.delivery_id = reading.shown(ids.new("err"))
    link.rejected = {"message": terms.message, "info": terms.shown()}
    facts = logistic_views.rejected(link) if connection.webhook_url else []
    kept = logistic_telling.kept(call.store_id, str(said.orderId), None, facts)
    parts.commit(parts.put(link, BusyError(), as_read), *kept)
    return link


def _link(call: Call, said: DeliveryOrder, before: ErrandLink | None, digest: str) -> ErrandLink:
    link = ErrandLink.at(call.store_id, str(said.orderId))
    link.display, link.body_hash = said.orderDisplayId, digest
    link.asked_at, link.vehicles = clock.stamp(clock.now()), list(said.vehicle.type)
    link.cursors, link.solved = {}, {}
    link.version = int(before.version) + 1 if before else 1
    link.expires_at = clock.forget_at(clock.after(KEPT_SECONDS))
    return link


def _wanted(said: DeliveryOrder, terms: Terms, store: Store) -> NewErrand:
    """What the protocol's request means. Who carries it is told name, number and instructions."""
    address = said.deliveryAddress
    phone = " ".join(
        one for one in (said.customerPhone, said.customerPhoneLocalizer) if one and one.strip()
    )
    noted = (said.customerName, phone, address.reference, address.instructions)
    words = [one for one in (*noted, said.specialInstructions) if one and one.strip()]
    longitude, latitude = address.corner or (0.0, 0.0)
    return NewErrand(
        errand=Errand(
            reference=str(said.orderId),
            ready_at=logistic_terms.ready_at(said, store),
            says_ready=said.notifyReadyForPickup,
            says_picked=said.notifyPickup,
            alone=not said.canCombine,
            vehicles=logistic_terms.vehicles(said),
        ),
        recipient=Recipient(
            name=said.customerName, phone=said.customerPhone, display=said.orderDisplayId
        ),
        drop_off=schemas.DropOff.model_validate(
            {
                "location": {"type": "Point", "coordinates": (longitude, latitude)},
                "address": address.line,
            }
        ),
        note="; ".join(words)[:NOTE] or None,
        bringing=terms.price.bringing,
        service=terms.price.service,
        there_at=terms.times.there_at,
        there_by=terms.times.there_by,
    )


def _answered(link: ErrandLink, base: str) -> Said:
    """What is known at once: whether somebody comes is told by events."""
    order = orders.find(link.order_id) if link.order_id else None
    stands = logistic_views.story(link, order)[-1].type
    asked = clock.parse(link.asked_at)
    waits = asked + timedelta(seconds=opening.NOBODY_SECONDS)
    shown = {
        "deliveryId": link.delivery_id,
        "event": stands,
        "completion": {"estimate": clock.stamp(waits), "rejectAfter": clock.stamp(waits)},
        "deliveryDetailsURL": f"{base}/v1/logistics/delivery/{logistic_telling.named(link)}",
    }
    return Said(202, shown)
