"""Polling and acknowledging: what is acknowledged is told no more, the rest again and again."""

from typing import Annotated, Any, get_args
from uuid import UUID

from pydantic import Field

from chalicelib.core.errors import ForbiddenError, InvalidError, NotFoundError
from chalicelib.core.routing import Incoming
from chalicelib.integrations import reach
from chalicelib.integrations.opendelivery import feeding, reading
from chalicelib.integrations.opendelivery.happenings import EventType
from chalicelib.integrations.opendelivery.models import Happening
from chalicelib.integrations.opendelivery.operations import Call, Said
from chalicelib.integrations.opendelivery.reading import Wanted
from chalicelib.orders import reading as orders

TYPES = frozenset(get_args(EventType.__value__))
MOST_EVENTS = 1000
MERCHANTS = "x-polling-merchants"


class Ack(Wanted):
    """That an event was taken."""

    id: UUID
    orderId: UUID  # noqa: N815 - the protocol's name
    eventType: EventType  # noqa: N815 - the protocol's name


Acks = Annotated[list[Ack], Field(min_length=1, max_length=100)]


def poll(call: Call) -> Said:
    """The events that are not acknowledged, the oldest first: 200, or 204 without any.

    With `eventType` all others are acknowledged by that, as the protocol has it. The first poll
    joins the store. Raises InvalidError (400), and ForbiddenError (403) for another's events.
    """
    wanted = _types(call.incoming)
    reach.note_poll(call.store_id)
    base = f"{call.incoming.root}/opendelivery"
    connection = feeding.connect(call.store_id, base)
    _demand_merchant(call, connection.merchant_id)
    found = feeding.waiting(call.store_id)
    if wanted:
        feeding.forget(call.store_id, [one.id for one in found if one.type not in wanted])
        found = [one for one in found if one.type in wanted]
    shown = [view(one, base) for one in found[:MOST_EVENTS]]
    return Said(200, shown) if shown else Said(204)


def acknowledge(call: Call) -> Said:
    """Tell these events no more: 202. One that is acknowledged already changes nothing.

    Raises NotFoundError (404), and acknowledges none, where an order is not this store's.
    """
    acks: list[Ack] = reading.parse(Acks, call.incoming)
    for order_id in sorted({reading.order_id(str(one.orderId)) for one in acks}):
        order = orders.find(order_id)
        if order is None or order.store_id != call.store_id or not order.shown_to_store:
            raise NotFoundError
    feeding.forget(call.store_id, [str(one.id) for one in acks])
    return Said(202)


def view(event: Happening, base: str) -> dict[str, Any]:
    """An event as the protocol shows it."""
    order_id = reading.shown(event.order_id)
    shown: dict[str, Any] = {
        "eventId": event.id,
        "eventType": event.type,
        "orderId": order_id,
        "orderURL": f"{base}/v1/orders/{order_id}",
        "createdAt": event.at,
    }
    return shown | ({"metadata": event.metadata} if event.metadata else {})


def _types(incoming: Incoming) -> frozenset[str]:
    """A list may come as one text with commas, or as several of the same name."""
    texts = incoming.query.get("eventType", ())
    named = frozenset(one for text in texts for one in text.split(","))
    if "eventType" in incoming.query and not named <= TYPES:
        raise InvalidError(errors=[{"pointer": "?eventType", "detail": "not a type of event"}])
    return named


def _demand_merchant(call: Call, known: str | None) -> None:
    """A token is for one merchant: whoever asks for others alone is told so."""
    text = call.incoming.headers.get(MERCHANTS, "").strip()
    named = {one.strip() for one in text.split(",")} if text else set()
    if named and not named & {reading.shown(call.store_id), known}:
        raise ForbiddenError("The token is for another merchant.")
