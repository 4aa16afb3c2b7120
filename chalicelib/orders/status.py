"""The life of an order, as one table. Names follow Open Delivery 1.7.

PENDING_PAYMENT -> CREATED -> CONFIRMED -> PREPARING -> READY_FOR_PICKUP
    delivery: -> DISPATCHED -> DELIVERED -> CONCLUDED
    takeaway: -> PICKED_UP -> CONCLUDED
    dine-in:  -> DELIVERED (served) -> CONCLUDED
CANCELLED from every state before DELIVERED and PICKED_UP.
"""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.catalog.status import Fulfilment


class OrderStatus(StrEnum):
    """Where an order stands."""

    PENDING_PAYMENT = "PENDING_PAYMENT"
    CREATED = "CREATED"
    CONFIRMED = "CONFIRMED"
    PREPARING = "PREPARING"
    READY_FOR_PICKUP = "READY_FOR_PICKUP"
    DISPATCHED = "DISPATCHED"
    PICKED_UP = "PICKED_UP"
    DELIVERED = "DELIVERED"
    CONCLUDED = "CONCLUDED"
    CANCELLED = "CANCELLED"


class OrderCommand(StrEnum):
    """What somebody, or the clock, wants of an order."""

    PAY = "pay"
    CONFIRM = "confirm"
    PREPARE = "prepare"
    READY = "ready"
    DISPATCH = "dispatch"
    PICK_UP = "pick_up"
    DELIVER = "deliver"
    CONCLUDE = "conclude"
    CANCEL = "cancel"


S, C = OrderStatus, OrderCommand

KITCHEN_MOVES: Mapping[tuple[OrderStatus, OrderCommand], OrderStatus] = {
    (S.PENDING_PAYMENT, C.PAY): S.CREATED,
    (S.CREATED, C.CONFIRM): S.CONFIRMED,
    (S.CONFIRMED, C.PREPARE): S.PREPARING,
    (S.CONFIRMED, C.READY): S.READY_FOR_PICKUP,
    (S.PREPARING, C.READY): S.READY_FOR_PICKUP,
    (S.PENDING_PAYMENT, C.CANCEL): S.CANCELLED,
    (S.CREATED, C.CANCEL): S.CANCELLED,
    (S.CONFIRMED, C.CANCEL): S.CANCELLED,
    (S.PREPARING, C.CANCEL): S.CANCELLED,
    (S.READY_FOR_PICKUP, C.CANCEL): S.CANCELLED,
}

MOVES: Mapping[Fulfilment, Mapping[tuple[OrderStatus, OrderCommand], OrderStatus]] = {
    Fulfilment.DELIVERY: {
        **KITCHEN_MOVES,
        (S.READY_FOR_PICKUP, C.DISPATCH): S.DISPATCHED,
        (S.DISPATCHED, C.CANCEL): S.CANCELLED,
        (S.DISPATCHED, C.DELIVER): S.DELIVERED,
        (S.DELIVERED, C.CONCLUDE): S.CONCLUDED,
    },
    Fulfilment.TAKEAWAY: {
        **KITCHEN_MOVES,
        (S.READY_FOR_PICKUP, C.PICK_UP): S.PICKED_UP,
        (S.PICKED_UP, C.CONCLUDE): S.CONCLUDED,
    },
    Fulfilment.DINE_IN: {
        **KITCHEN_MOVES,
        (S.READY_FOR_PICKUP, C.DELIVER): S.DELIVERED,
        (S.DELIVERED, C.CONCLUDE): S.CONCLUDED,
    },
}

ENDED = frozenset({S.DELIVERED, S.PICKED_UP, S.CONCLUDED, S.CANCELLED})
TERMINAL = frozenset({S.CONCLUDED, S.CANCELLED})

TO_BRING = (S.CONFIRMED, S.PREPARING, S.READY_FOR_PICKUP)
"""What its store makes, and somebody still has to fetch."""
IN_THE_KITCHEN = frozenset({S.CONFIRMED, S.PREPARING})
"""While it is made, its store may tell another time."""
LATE_WHILE = frozenset(S) - {S.PENDING_PAYMENT, S.PICKED_UP, S.DELIVERED, S.CONCLUDED, S.CANCELLED}
"""What somebody waits for."""
COURIERS_OWN = frozenset({C.DISPATCH, C.DELIVER})
"""What only the courier's pick-up and hand-over do to an order that couriers bring."""

PAST_GIVING_UP = frozenset(
    {S.READY_FOR_PICKUP, S.DISPATCHED, S.PICKED_UP, S.DELIVERED, S.CONCLUDED}
)
"""From here on a customer who does not want it any more has a dispute, and does not cancel."""

EVENT_TYPES: Mapping[OrderStatus, str] = {
    S.PENDING_PAYMENT: "order.placed",
    S.CREATED: "order.created",
    S.CONFIRMED: "order.confirmed",
    S.PREPARING: "order.preparing",
    S.READY_FOR_PICKUP: "order.ready_for_pickup",
    S.DISPATCHED: "order.dispatched",
    S.PICKED_UP: "order.picked_up",
    S.DELIVERED: "order.delivered",
    S.CONCLUDED: "order.concluded",
    S.CANCELLED: "order.cancelled",
}

CONFIRMATION_OVERDUE = "order.confirmation_overdue"
FULFILMENT_CHANGED = "order.fulfilment_changed"
CAPTURE_DUE = "order.capture_due"
SCHEDULED = "order.scheduled"
"""Its customer has done all that an order for later needs until the day on which it is paid for."""
PAYMENT_DUE = "order.payment_due"
"""An order for later could not be paid for with nobody there: its customer has to mend it."""
DUE_SOON = "order.due_soon"
"""The time has come to look for whoever brings an order for later."""
CANCELLATION_REQUESTED = "order.cancellation_requested"
"""Its store asks to give it up, though it had taken it on."""
CANCELLATION_DENIED = "order.cancellation_denied"
"""Its customer, or an operator for them, insists on it."""
CUSTOMER_ASKED = "order.customer_cancellation_requested"
"""Its customer asks the store to let it go, which would cost them something otherwise."""
CUSTOMER_DENIED = "order.customer_cancellation_denied"
"""Its store goes on with it, or has not answered its customer in time."""
DELAYED = "order.delayed"
"""It will be there later than was promised."""
CUSTOMER_WAITS = "order.customer_waits"
"""Its customer has come for it, and tells where they wait."""
CLAIMED = "order.claimed"
"""The guest who ordered it has an account now, which is its customer from here on."""
FORGOTTEN = "order.forgotten"
"""Whom an errand went to, and where, is kept no longer."""
NEWS = frozenset(
    {
        CLAIMED,
        FORGOTTEN,
        DELAYED,
        CONFIRMATION_OVERDUE,
        FULFILMENT_CHANGED,
        CAPTURE_DUE,
        SCHEDULED,
        PAYMENT_DUE,
        DUE_SOON,
        CANCELLATION_REQUESTED,
        CANCELLATION_DENIED,
        CUSTOMER_ASKED,
        CUSTOMER_DENIED,
        CUSTOMER_WAITS,
    }
)
"""Events that leave the status as it is."""


def after(status: OrderStatus, command: OrderCommand, fulfilment: Fulfilment) -> OrderStatus | None:
    """Where a command leads, or None where it is impossible."""
    return MOVES[fulfilment].get((status, command))


def allowed(status: OrderStatus, fulfilment: Fulfilment) -> list[OrderCommand]:
    """What may be done next."""
    return [command for (start, command) in MOVES[fulfilment] if start is status]


def was_applied(status: OrderStatus, command: OrderCommand, fulfilment: Fulfilment) -> bool:
    """Whether an order that stands here has this command behind it: then it changes nothing.

    PREPARING may be skipped; a late `prepare` for an order that is ready is behind it all the same.
    """
    moves = MOVES[fulfilment]
    targets = {end for (_, done), end in moves.items() if done is command}
    if status is S.CANCELLED or S.CANCELLED in targets:
        return status in targets
    behind: set[OrderStatus] = {status}
    for _ in OrderStatus:
        behind |= {start for (start, _), end in moves.items() if end in behind}
    return bool(targets & behind)
