"""An order as the protocol shows it to its store: what it needs, and of its customer no more.

Where couriers bring it, its store sees the area alone; where it goes, and how its customer is
called, only while the store itself has to bring it: docs/decisions/open-delivery.md
"""

from typing import Any
from uuid import UUID, uuid5

from chalicelib.catalog import ages
from chalicelib.catalog import reading as stores
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import Fulfilment
from chalicelib.core import clock, ids
from chalicelib.core.errors import NotFoundError
from chalicelib.core.rights import Caller
from chalicelib.integrations.opendelivery import feeding, reading
from chalicelib.integrations.opendelivery.operations import Call, Said
from chalicelib.integrations.opendelivery.payments import shown as paid
from chalicelib.integrations.opendelivery.prices import price
from chalicelib.integrations.opendelivery.totals import discounts, fees, totals
from chalicelib.orders import deadlines, rights
from chalicelib.orders import reading as orders
from chalicelib.orders.order import Order
from chalicelib.orders.price_schemas import Line, Priced
from chalicelib.orders.schemas import DropOff, OrderView
from chalicelib.people import profiling

TYPES = {
    Fulfilment.DELIVERY: "DELIVERY",
    Fulfilment.TAKEAWAY: "TAKEOUT",
    Fulfilment.DINE_IN: "INDOOR",
}
CATEGORIES = {"restaurant": "FOOD", "grocery": "GROCERY"}
SPOKEN = 6
"""So many characters of an order's id are shown to people."""
NOWHERE = "ZZ"
"""No country, by ISO 3166."""


def read(call: Call) -> Said:
    """An order's details: 200. Raises NotFoundError (404) also for one that is not yet paid."""
    order = demand(call)
    store = stores.store(order.store_id)
    if store is None:
        raise NotFoundError
    return Said(200, view(order, store, call.caller))


def demand(call: Call) -> Order:
    """The store's order that a path names, as it is now. Raises NotFoundError (404)."""
    order_id = reading.order_id(call.named)
    order = orders.demand(order_id, call.caller, rights.ORDER_READ)
    if order.store_id != call.store_id:
        raise NotFoundError
    return deadlines.fresh(order)


def view(order: Order, store: Store, caller: Caller) -> dict[str, Any]:
    whole = orders.view(order, caller)
    priced = orders.priced(order.id)
    link = feeding.link(order.store_id, order.id)
    shown: dict[str, Any] = {
        "id": reading.shown(order.id),
        "type": TYPES[order.fulfilment],
        "displayId": order.id[-SPOKEN:],
        "salesChannel": order.channel,
        "category": CATEGORIES.get(store.kind, "FOOD"),
        "createdAt": clock.stamp(order.placed_at),
        "lastEvent": (link.last_type if link else None) or "CREATED",
        "orderTiming": "SCHEDULED" if order.scheduled_for else "INSTANT",
        "preparationStartDateTime": clock.stamp(order.prepare_by or order.placed_at),
        "merchant": {"id": feeding.merchant_id(store.id), "name": _name(store.names)},
        "items": [_item(line, place, store, priced) for place, line in enumerate(priced.lines)],
        "otherFees": fees(priced),
        "discounts": discounts(priced),
        "total": totals(priced),
        "payments": paid(order),
        "sendPreparing": True,
        "sendPickedUp": order.fulfilment is Fulfilment.TAKEAWAY,
        "sendDelivered": order.fulfilment is not Fulfilment.TAKEAWAY and not order.by_couriers,
        "sendTracking": order.fulfilment is Fulfilment.DELIVERY and not order.by_couriers,
        **_when_and_where(order, whole, ages.country(store.timezone) or NOWHERE),
    }
    if whole.note:
        shown["extraInfo"] = whole.note
    return shown


def _when_and_where(order: Order, whole: OrderView, country: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if order.scheduled_for:
        found["schedule"] = {
            "scheduledDateTimeStart": clock.stamp(order.promised_from),
            "scheduledDateTimeEnd": clock.stamp(order.promised_until),
        }
    ready = clock.stamp(order.promised_from)
    if order.fulfilment is Fulfilment.TAKEAWAY:
        mode = "PICKUP_AREA" if order.waiting else "DEFAULT"
        found["takeout"] = {"mode": mode, "takeoutDateTime": ready}
    elif order.fulfilment is Fulfilment.DINE_IN:
        found["indoor"] = {"mode": "DEFAULT", "indoorDateTime": ready}
    else:
        found["customer"] = _customer(order, brings=whole.drop_off is not None)
        found["delivery"] = {
            "deliveredBy": "MARKETPLACE" if order.by_couriers else "MERCHANT",
            "deliveryAddress": _address(whole.drop_off, country),
            "estimatedDeliveryDateTime": clock.stamp(order.promised_until),
        }
        if order.by_couriers:
            found["delivery"]["pickupCode"] = order.id[-SPOKEN:]
    return found


def _customer(order: Order, *, brings: bool) -> dict[str, Any]:
    """Whom it goes to, which the protocol demands of a delivery: a first name for who brings it.

    Their id is this order's alone, so that no two orders are known to be of one person; nor is it
    told how many there were, or what number they are called at.
    """
    name = profiling.called(order.customer_id) if brings else None
    return {
        "id": str(uuid5(ids.to_uuid(order.id), "customer")),
        "name": name or "",
        "phone": {"number": ""},
        "ordersCountOnMerchant": 0,
    }


def _address(drop_off: DropOff | None, country: str) -> dict[str, Any]:
    """Where it goes, whole in one text as our customers write it. Nothing, where couriers go."""
    where = drop_off.address if drop_off else ""
    longitude, latitude = drop_off.location.coordinates if drop_off else (0.0, 0.0)
    found: dict[str, Any] = {
        "country": country,
        **dict.fromkeys(("state", "city", "district", "number", "postalCode"), ""),
        "street": where,
        "formattedAddress": where,
        "coordinates": {"latitude": latitude, "longitude": longitude},
    }
    if drop_off and drop_off.entrance_code:
        found["complement"] = drop_off.entrance_code
    return found


def _item(line: Line, place: int, store: Store, priced: Priced) -> dict[str, Any]:
    currency = priced.currency
    of_options = sum(one.price * one.quantity for one in line.options)
    alone = max(0, line.unit_price - of_options)
    shown: dict[str, Any] = {
        "id": item_id(store.id, line.item_id),
        "index": place,
        "name": _name(line.names),
        "externalCode": line.item_id,
        "unit": "UN",
        "quantity": line.quantity,
        "unitPrice": price(alone, currency),
        "optionsPrice": price(line.unit_price - alone, currency),
        "totalPrice": price(line.amount, currency),
        "options": [
            {
                "index": number,
                "id": item_id(store.id, f"{one.group_id}/{one.option_id}"),
                "name": _name(one.names),
                "externalCode": one.option_id,
                "unit": "UN",
                "quantity": one.quantity,
                "unitPrice": price(one.price, currency),
                "totalPrice": price(one.price * one.quantity, currency),
            }
            for number, one in enumerate(line.options)
        ],
    }
    return shown | ({"specialInstructions": line.note} if line.note else {})


def item_id(store_id: str, slug: str) -> str:
    """What the protocol calls an item: the store's own id where it is a UUID, else one made of it.

    The same item has the same, always (RFC 9562, UUIDv5).
    """
    try:
        return str(UUID(slug))
    except ValueError:
        return str(uuid5(ids.to_uuid(store_id), slug))


def _name(names: Any) -> str:  # noqa: ANN401 - texts by language
    said: dict[str, str] = dict(names)
    return said.get("en") or next(iter(said.values()))
