"""From what happens to an errand and its deliveries to the protocol's logistic events: one table.

An errand is one delivery to its store, whoever brings it in the end: a courier who gives it back
before the pick-up is a problem of it, and it is PENDING again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from chalicelib.core import clock, ids
from chalicelib.core.outbox import EventItem
from chalicelib.couriers import moving, news, opening
from chalicelib.couriers.status import DELIVERY_EVENTS, LOST, DeliveryStatus
from chalicelib.orders import reading as orders
from chalicelib.orders.order import UNDELIVERABLE, Order
from chalicelib.orders.status import EVENT_TYPES, OrderStatus

type LogisticType = Literal[
    "PENDING",
    "ACCEPTED",
    "REJECTED",
    "PICKUP_ONGOING",
    "ARRIVED_AT_MERCHANT",
    "ORDER_PICKED",
    "DELIVERY_ONGOING",
    "ARRIVED_AT_CUSTOMER",
    "ORDER_DELIVERED",
    "RETURNING_TO_MERCHANT",
    "RETURNED_TO_MERCHANT",
    "DELIVERY_FINISHED",
    "CANCELLED",
]
D = DeliveryStatus
STEPS: Mapping[str, str] = {
    DELIVERY_EVENTS[one]: one
    for one in (
        D.ACCEPTED,
        D.PICKUP_ONGOING,
        D.ARRIVED_AT_MERCHANT,
        D.ORDER_PICKED,
        D.DELIVERY_ONGOING,
        D.ARRIVED_AT_CUSTOMER,
        D.ORDER_DELIVERED,
        D.RETURNING_TO_MERCHANT,
        D.RETURNED_TO_MERCHANT,
        D.DELIVERY_FINISHED,
    )
}
"""What a courier does is named as the protocol names it."""
OPENED, GIVEN_BACK = DELIVERY_EVENTS[D.PENDING], DELIVERY_EVENTS[D.CANCELLED]
BROUGHT_BACK = DELIVERY_EVENTS[D.RETURNING_TO_MERCHANT]
GIVEN_UP = EVENT_TYPES[OrderStatus.CANCELLED]
COMES_BACK = frozenset({D.RETURNING_TO_MERCHANT, D.RETURNED_TO_MERCHANT, D.DELIVERY_FINISHED})
UNTOLD = frozenset({"PENDING", "REJECTED", "CANCELLED"})
"""What is told without who brings it, by when and for how much."""
NO_COURIER = "no_courier"
NOBODY = {"reason": "NO_DELIVERYPERSON_AVAILABLE"}

GIVING_BACK: Mapping[str, str] = {"too_long_a_wait": "ORDER_DELAYED"}
"""Why a courier could not fetch it; what is not here happened to the courier."""
UNDELIVERED: Mapping[str, str] = {
    "customer_absent": "NOBODY_TO_RECEIVE",
    "customer_refused": "CUSTOMER_DID_NOT_PLACE_ORDER",
    "wrong_address": "CUSTOMER_ADDRESS_UNKNOWN",
    "damaged": "ORDER_DAMAGED_OR_VIOLATED",
    "unsafe": "DELIVERYPERSON_OCCURRENCE",
    "age_not_proven": "OTHER",
    "other": "OTHER",
}
"""Why a courier could not hand it over."""
ON_THE_WAY = "DELIVERYPERSON_OCCURRENCE"


@dataclass(frozen=True, slots=True)
class Fact:
    """One event of the protocol. `delivery_id` is the attempt that it is about, if it is of one."""

    id: str
    type: str
    at: str
    subject: str
    version: int
    delivery_id: str | None = None
    message: str | None = None
    problem: dict[str, Any] | None = None
    rejection: dict[str, Any] | None = None


def of(order: Order, known: Mapping[str, int] | None = None) -> list[Fact]:
    """What happened to an errand, in order, after what is `known` by version of each subject.

    The same events make the same facts, always.
    """
    after = known or {}
    happened = orders.events_after(order.id, after.get(order.id, 0))
    found = [fact for event in happened for fact in _of_order(event)]
    for number, delivery in enumerate(opening.attempts(order.id)):
        events = news.events_after(moving.kind(delivery), delivery.id, after.get(delivery.id, 0))
        for event in events:
            found += _of_delivery(event, first=int(delivery.attempt) == 1, lost=number > 0)
    return sorted(found, key=lambda one: (one.at, _rank(one), one.version))


def _rank(fact: Fact) -> int:
    """What comes first of what happens at once: it is given up, and then it comes back."""
    if fact.delivery_id is None:
        return 1
    return 2 if fact.type in COMES_BACK else 0


def present(order: Order) -> Fact:
    """Where an errand stands: its last fact, or that it was asked for."""
    found = of(order)
    return found[-1] if found else pending(order.id, clock.stamp(order.placed_at))


def pending(order_id: str, at: str) -> Fact:
    """That an errand was asked for, before anybody looks for a courier."""
    return Fact(str(ids.to_uuid(order_id)), "PENDING", at, order_id, 0)


def _of_order(event: EventItem) -> Iterator[Fact]:
    """What is brought back tells of itself; of nobody found nothing else would."""
    code = str(event.data.get("code", ""))
    if event.type != GIVEN_UP or code == UNDELIVERABLE:
        return
    rejected = code == NO_COURIER
    yield Fact(
        _id(event),
        "REJECTED" if rejected else "CANCELLED",
        event.at,
        event.subject,
        int(event.version),
        message=None if rejected else code.replace("_", " "),
        rejection=NOBODY if rejected else None,
    )


def _of_delivery(event: EventItem, *, first: bool, lost: bool) -> Iterator[Fact]:
    """`first` attempt, and whether its courier has `lost` it to the next one."""
    code, named, problem = str(event.data.get("code", "")), STEPS.get(event.type), None
    if event.type == OPENED and first:
        named = "PENDING"
    elif event.type == GIVEN_BACK and lost:
        named = "PENDING"
        problem = _problem(event, GIVING_BACK.get(code, ON_THE_WAY), goes_on=True)
    elif event.type == BROUGHT_BACK and code in UNDELIVERED and "liable_party" in event.data:
        problem = _problem(event, UNDELIVERED[code], goes_on=False)
    elif event.type == LOST:
        named = str(event.data["status"])
        problem = _problem(event, ON_THE_WAY, goes_on=True)
    if named is None:
        return
    yield Fact(
        _id(event),
        named,
        event.at,
        event.subject,
        int(event.version),
        delivery_id=event.subject,
        problem=problem,
    )


def _problem(event: EventItem, reason: str, *, goes_on: bool) -> dict[str, Any]:
    """A store need not do anything about it: what becomes of it is decided."""
    code = str(event.data.get("code", "courier lost"))
    return {
        "reason": reason,
        "message": code.replace("_", " "),
        "datetime": event.at,
        "canFinishDeliver": goes_on,
        "needMerchantAction": False,
    }


def _id(event: EventItem) -> str:
    return str(UUID(int=ids.to_uuid(event.id).int))
