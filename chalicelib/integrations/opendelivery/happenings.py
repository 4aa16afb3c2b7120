"""From what happens to an order to the events of the protocol, as one table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chalicelib.core import ids
from chalicelib.core.outbox import EventItem
from chalicelib.orders import cancel_terms, status

type EventType = Literal[
    "CREATED",
    "CONFIRMED",
    "PREPARATION_REQUESTED",
    "PREPARING",
    "DISPATCHED",
    "READY_FOR_PICKUP",
    "PICKUP_AREA_ASSIGNED",
    "PICKED_UP",
    "DELIVERED",
    "CONCLUDED",
    "CANCELLATION_REQUESTED",
    "CANCELLATION_REQUEST_DENIED",
    "CANCELLED",
    "ORDER_CANCELLATION_REQUEST",
    "CANCELLED_DENIED",
]

NAMES: dict[str, EventType] = {
    "order.created": "CREATED",
    "order.confirmed": "CONFIRMED",
    "order.preparing": "PREPARING",
    "order.ready_for_pickup": "READY_FOR_PICKUP",
    "order.dispatched": "DISPATCHED",
    "order.picked_up": "PICKED_UP",
    "order.delivered": "DELIVERED",
    "order.concluded": "CONCLUDED",
    "order.cancelled": "CANCELLED",
    status.DUE_SOON: "PREPARATION_REQUESTED",
    status.CANCELLATION_REQUESTED: "CANCELLATION_REQUESTED",
    status.CANCELLATION_DENIED: "CANCELLATION_REQUEST_DENIED",
    status.CUSTOMER_ASKED: "ORDER_CANCELLATION_REQUEST",
    status.CUSTOMER_DENIED: "CANCELLED_DENIED",
    status.CUSTOMER_WAITS: "PICKUP_AREA_ASSIGNED",
}
ABOUT_GIVING_UP = frozenset(
    {
        "CANCELLED",
        "CANCELLATION_REQUESTED",
        "CANCELLATION_REQUEST_DENIED",
        "ORDER_CANCELLATION_REQUEST",
        "CANCELLED_DENIED",
    }
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One event of the protocol: `place` orders those that one event of ours makes."""

    id: str
    type: EventType
    version: int
    place: int
    at: str
    metadata: dict[str, str] | None = None


def facts(event: EventItem) -> list[Fact]:
    """What an event of an order is to a store's system. The same event makes the same facts.

    An order that its store refuses before it has confirmed is given up at once: the request, and
    what came of it, are told together.
    """
    found: list[Fact] = []
    for place, name in enumerate(_names(event)):
        ident = str(UUID(int=ids.to_uuid(event.id).int ^ place))
        metadata = _metadata(name, event)
        found.append(Fact(ident, name, int(event.version), place, event.at, metadata))
    return found


def _names(event: EventItem) -> Iterator[EventType]:
    if event.type == status.EVENT_TYPES[status.OrderStatus.CANCELLED] and _was_refused(event):
        yield "CANCELLATION_REQUESTED"
    if event.type in NAMES:
        yield NAMES[event.type]


def _was_refused(event: EventItem) -> bool:
    return event.data.get("initiated_by") == "store" and event.actor.partition(":")[0] in {
        "store",
        "merchant",
    }


def _metadata(name: EventType, event: EventItem) -> dict[str, str] | None:
    if name == "PICKUP_AREA_ASSIGNED":
        return {"pickupArea": str(event.data.get("spot", ""))}
    if name not in ABOUT_GIVING_UP:
        return None
    code = str(event.data.get("code", ""))
    return {
        "reason": code.replace("_", " ") or "other",
        "code": cancel_terms.in_open_delivery(code),
    }
