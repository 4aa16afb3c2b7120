"""Who is told of what, as one table: (type of event, audience) -> what is said, and for how long.

The bells that wake this domain are the types of this table and no others (infra/template.yaml).
Seconds are the city's. A push is only a hint to look: what counts is what the app then reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.catalog.status import Fulfilment
from chalicelib.couriers import status as couriers
from chalicelib.orders import status as orders
from chalicelib.orders.order import UNDELIVERABLE
from chalicelib.orders.status import OrderStatus as S
from chalicelib.payments import status as payments
from chalicelib.payments.status import LegStatus


class Audience(StrEnum):
    """As what somebody is told: the same event says something else to each."""

    CUSTOMER = "customer"
    COURIER = "courier"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Row:
    """What an audience is told of an event.

    `text` is its key in texts/*.toml, `seconds` is how old the event may be. `urgent` news make a
    sound at once. `only` some kinds of order; not once a later event of the same subject has
    `overtaken` it; and nothing of an order that was cancelled meanwhile, but what `survives` that.
    """

    text: str
    seconds: int
    urgent: bool = False
    only: frozenset[Fulfilment] = frozenset(Fulfilment)
    overtaken: frozenset[str] = frozenset()
    survives: bool = False


def _named(*statuses: S) -> frozenset[str]:
    return frozenset(orders.EVENT_TYPES[one] for one in statuses)


MINUTE, HOUR = 60, 3600
CREATED, CONFIRMED, READY, DELIVERED, CANCELLED = (
    orders.EVENT_TYPES[one]
    for one in (S.CREATED, S.CONFIRMED, S.READY_FOR_PICKUP, S.DELIVERED, S.CANCELLED)
)
DELAYED = orders.DELAYED
OVERDUE, PAYMENT_DUE = orders.CONFIRMATION_OVERDUE, orders.PAYMENT_DUE
REQUESTED, DENIED = orders.CANCELLATION_REQUESTED, orders.CANCELLATION_DENIED
ASKED, GOES_ON, WAITS = orders.CUSTOMER_ASKED, orders.CUSTOMER_DENIED, orders.CUSTOMER_WAITS
D = couriers.DeliveryStatus
ACCEPTED, PICKED, ARRIVED, RETURNING, DROPPED = (
    couriers.DELIVERY_EVENTS[one]
    for one in (
        D.ACCEPTED,
        D.ORDER_PICKED,
        D.ARRIVED_AT_CUSTOMER,
        D.RETURNING_TO_MERCHANT,
        D.CANCELLED,
    )
)
OFFERED, NO_COURIER, WAITED = couriers.OFFERED, couriers.NO_COURIER, couriers.WAITED_FOR
SILENT, DUTY_ENDS = couriers.SILENT, couriers.DUTY_ENDS
TIPPED = payments.TIP_CAPTURED
BACK, PART_BACK = (
    payments.EVENT_TYPES[one] for one in (LegStatus.REFUNDED, LegStatus.PARTIALLY_REFUNDED)
)

BROUGHT = frozenset({Fulfilment.DELIVERY})
COLLECTED = frozenset({Fulfilment.TAKEAWAY})
LEFT_THE_STORE = _named(S.DISPATCHED, S.PICKED_UP, S.DELIVERED)

C, R, T = Audience.CUSTOMER, Audience.COURIER, Audience.STORE

MATRIX: Mapping[tuple[str, Audience], Row] = {
    (PAYMENT_DUE, C): Row("payment_due", 12 * HOUR, urgent=True, overtaken=frozenset({CREATED})),
    (CONFIRMED, C): Row("order_confirmed", 15 * MINUTE, overtaken=LEFT_THE_STORE),
    (READY, C): Row(
        "order_ready", HOUR, urgent=True, only=COLLECTED, overtaken=_named(S.PICKED_UP)
    ),
    (CANCELLED, C): Row("order_cancelled", 6 * HOUR, urgent=True, survives=True),
    (REQUESTED, C): Row(
        "cancellation_requested",
        10 * MINUTE,
        urgent=True,
        overtaken=_named(S.PREPARING, S.READY_FOR_PICKUP) | LEFT_THE_STORE | {DENIED},
    ),
    (DELAYED, C): Row("order_delayed", HOUR, urgent=True, overtaken=LEFT_THE_STORE | {DELAYED}),
    (DELAYED, R): Row(
        "order_delayed", HOUR, only=BROUGHT, overtaken=LEFT_THE_STORE | {DELAYED, READY}
    ),
    (DENIED, T): Row("cancellation_denied", HOUR, urgent=True, overtaken=frozenset({REQUESTED})),
    (ASKED, T): Row("customer_asks", 5 * MINUTE, urgent=True, overtaken=LEFT_THE_STORE | {GOES_ON}),
    (GOES_ON, C): Row("order_goes_on", HOUR, urgent=True, overtaken=frozenset({ASKED})),
    (WAITS, T): Row(
        "customer_waits",
        15 * MINUTE,
        urgent=True,
        only=COLLECTED,
        overtaken=LEFT_THE_STORE | {WAITS},
    ),
    (ACCEPTED, C): Row("courier_found", 10 * MINUTE, overtaken=frozenset({PICKED, DROPPED})),
    (PICKED, C): Row("order_picked", 15 * MINUTE, overtaken=frozenset({ARRIVED})),
    (ARRIVED, C): Row("courier_arrived", 10 * MINUTE, urgent=True),
    (DELIVERED, C): Row("order_delivered", HOUR, only=BROUGHT),
    (NO_COURIER, C): Row(
        "no_courier", 30 * MINUTE, urgent=True, overtaken=frozenset({ACCEPTED, DROPPED, WAITED})
    ),
    (RETURNING, C): Row("order_returning", HOUR, survives=True),
    (OFFERED, R): Row("offer", MINUTE, urgent=True, overtaken=frozenset({ACCEPTED, DROPPED})),
    (DROPPED, R): Row("job_cancelled", HOUR, urgent=True, survives=True),
    (SILENT, R): Row("are_you_there", 2 * MINUTE, urgent=True),
    (DUTY_ENDS, R): Row("duty_ends", 10 * MINUTE),
    (READY, R): Row("order_ready", 30 * MINUTE, only=BROUGHT, overtaken=LEFT_THE_STORE),
    (CREATED, T): Row("new_order", 10 * MINUTE, urgent=True, overtaken=_named(S.CONFIRMED)),
    (OVERDUE, T): Row("order_waits", MINUTE, urgent=True, overtaken=_named(S.CONFIRMED)),
    (CANCELLED, T): Row("order_cancelled", 6 * HOUR, urgent=True, survives=True),
    (ACCEPTED, T): Row("courier_comes", 10 * MINUTE, overtaken=frozenset({PICKED, DROPPED})),
    (PART_BACK, C): Row("money_back", 12 * HOUR, survives=True),
    (BACK, C): Row("money_back", 12 * HOUR, survives=True),
    (TIPPED, R): Row("tip", 12 * HOUR, only=BROUGHT),
}

TYPES = frozenset(event_type for event_type, _ in MATRIX)


def rows(event_type: str) -> list[tuple[Audience, Row]]:
    """Who is told of an event of that type, and what; the customer first."""
    return [(audience, row) for (told, audience), row in MATRIX.items() if told == event_type]


BY_CODE: Mapping[str, str] = {
    "payment_expired": "order_cancelled_unpaid",
    "merchant_no_response": "order_cancelled_unanswered",
    "no_courier": "order_cancelled_no_courier",
    UNDELIVERABLE: "order_cancelled_undeliverable",
}
BY_WHOM: Mapping[str, str] = {
    "customer": "order_cancelled_by_you",
    "store": "order_cancelled_by_store",
}
BY_NEED: Mapping[str, str] = {
    "declined": "payment_due",
    "action_required": "payment_due_confirm",
}
"""What a customer has to do for an order for later, by why it could not be paid for."""
CANCELLATIONS = frozenset({*BY_CODE.values(), *BY_WHOM.values(), "order_cancelled"})


def text_key(audience: Audience, row: Row, data: Mapping[str, object]) -> str:
    """The key of what is said: a customer is told why an order was cancelled, or cannot be paid."""
    key = row.text
    if audience is C and key == "order_cancelled":
        by_whom = BY_WHOM.get(str(data.get("initiated_by")), key)
        key = BY_CODE.get(str(data.get("code")), by_whom)
    if row.text == "payment_due":
        key = BY_NEED.get(str(data.get("code")), key)
    return f"{audience}.{key}"


def text_keys() -> frozenset[str]:
    """Every key that can be asked for."""
    told = {f"{audience}.{row.text}" for (_, audience), row in MATRIX.items()}
    return frozenset(told | {f"{C}.{key}" for key in {*CANCELLATIONS, *BY_NEED.values()}})
