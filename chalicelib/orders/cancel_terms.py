"""What giving an order up costs whom, published as one table. Pure.

Who is liable pays. Where that is the customer, what they pay depends on how far the order is.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.schemas import Wire
from chalicelib.orders.asking import CUSTOMER_WAITS_SECONDS, MOST_WISHES
from chalicelib.orders.cancel_requests import ANSWER_SECONDS, MOST_REQUESTS
from chalicelib.orders.order import PATIENCE
from chalicelib.orders.pricing import CANCELLATION_TABLE
from chalicelib.orders.schemas import Initiator, LiableParty
from chalicelib.orders.status import TO_BRING
from chalicelib.orders.status import OrderStatus as S

Outcome = Literal["cancelled", "requested", "disputed"]
WHOLE = 10_000

OPEN_DELIVERY: Mapping[str, str] = {
    "changed_mind": "CONSUMER_CANCELLATION_REQUESTED",
    "ordered_by_mistake": "CONSUMER_CANCELLATION_REQUESTED",
    "takes_too_long": "CONSUMER_CANCELLATION_REQUESTED",
    "item_unavailable": "UNAVAILABLE_ITEM",
    "too_busy": "INTERNAL_DIFFICULTIES_OF_THE_RESTAURANT",
    "closing": "OUTSIDE_DELIVERY_HOURS",
    "cannot_fulfil_note": "INTERNAL_DIFFICULTIES_OF_THE_RESTAURANT",
    "systemic_issues": "SYSTEMIC_ISSUES",
    "duplicate_application": "DUPLICATE_APPLICATION",
    "unavailable_item": "UNAVAILABLE_ITEM",
    "restaurant_without_delivery_person": "RESTAURANT_WITHOUT_DELIVERY_PERSON",
    "outdated_menu": "OUTDATED_MENU",
    "order_outside_the_delivery_area": "ORDER_OUTSIDE_THE_DELIVERY_AREA",
    "blocked_customer": "BLOCKED_CUSTOMER",
    "outside_delivery_hours": "OUTSIDE_DELIVERY_HOURS",
    "internal_difficulties_of_the_restaurant": "INTERNAL_DIFFICULTIES_OF_THE_RESTAURANT",
    "risk_area": "RISK_AREA",
    "delivery_problem": "DELIVERY_PROBLEM",
    "undeliverable": "DELIVERY_PROBLEM",
}
"""Our codes in the words of Open Delivery 1.7; what is not here is another reason."""
OTHER = "OTHER_CANCELLATION_REASON"


class CancellationRule(Wire):
    """What comes of it when somebody gives up an order that stands so, and who pays what part."""

    initiated_by: Initiator
    while_status: S
    outcome: Annotated[
        Outcome,
        Field(description="At once; when the customer agrees or is silent; or by an operator."),
    ]
    liable_party: LiableParty
    basis_points: Annotated[
        int, Field(ge=0, le=WHOLE, description="What the customer pays, of `of`.")
    ]
    of: Literal["items", "total"] = "items"
    late: Annotated[
        bool,
        Field(description="Where it is, or will be, later than first promised by `late_minutes`."),
    ] = False
    because: Annotated[
        Literal["no_courier", "platform_delay"] | None,
        Field(
            description="Where nobody was found to bring it, and its customer was told; or where "
            "the platform has told another time. Null: of whatever reason.",
            examples=[None],
        ),
    ] = None


class CancellationTerms(Wire):
    """The whole table. What a quote says of its own fees is this, in its own money."""

    rules: list[CancellationRule]
    answer_seconds: Annotated[
        int, Field(description="So long a customer may think about a store's request.")
    ] = ANSWER_SECONDS
    default_outcome: Literal["cancelled"] = "cancelled"
    most_requests: Annotated[int, Field(description="Of a store about one order.")] = MOST_REQUESTS
    customer_answer_seconds: Annotated[
        int,
        Field(
            description="So long a store may think about a customer who asks, before it is ready "
            "for a courier or collected, to be let go for nothing."
        ),
    ] = CUSTOMER_WAITS_SECONDS
    customer_default_outcome: Literal["goes_on"] = "goes_on"
    most_customer_requests: Annotated[int, Field(description="Of a customer about one order.")] = (
        MOST_WISHES
    )
    late_minutes: int = int(PATIENCE.total_seconds()) // 60
    open_delivery: Annotated[
        dict[str, str], Field(description="The codes that Open Delivery 1.7 has for ours.")
    ]


def published() -> CancellationTerms:
    """What everybody may read before they order, or open a store."""
    rules = [*_customers(), *_stores(), *_operators(), *_couriers(), *_clocks()]
    return CancellationTerms(rules=rules, open_delivery=dict(OPEN_DELIVERY))


def in_open_delivery(code: str) -> str:
    """A code of ours in the words of Open Delivery 1.7."""
    return OPEN_DELIVERY.get(code, OTHER)


def _customers() -> list[CancellationRule]:
    early = [
        CancellationRule(
            initiated_by="customer",
            while_status=status,
            outcome="cancelled",
            liable_party="customer",
            basis_points=points,
        )
        for status, points in CANCELLATION_TABLE.items()
    ]
    late = [
        _rule("customer", status, "store", "cancelled").model_copy(update={"late": True})
        for status in (S.CONFIRMED, S.PREPARING)
    ]
    platforms = [
        _rule("customer", status, "platform", "cancelled").model_copy(
            update={"late": True, "because": "platform_delay"}
        )
        for status in (S.CONFIRMED, S.PREPARING)
    ]
    unbrought = [
        _rule("customer", status, "platform", "cancelled").model_copy(
            update={"because": "no_courier"}
        )
        for status in TO_BRING
    ]
    disputed = [
        _rule("customer", status, "platform", "disputed")
        for status in (S.READY_FOR_PICKUP, S.DISPATCHED)
    ]
    return early + late + platforms + unbrought + disputed


def _stores() -> list[CancellationRule]:
    asked = (S.CONFIRMED, S.PREPARING, S.READY_FOR_PICKUP)
    rejected = _rule("store", S.CREATED, "store", "cancelled")
    return [rejected, *(_rule("store", status, "store", "requested") for status in asked)]


def _operators() -> list[CancellationRule]:
    return [
        _rule("operator", status, "platform", "cancelled")
        for status in (*CANCELLATION_TABLE, S.READY_FOR_PICKUP, S.DISPATCHED)
    ]


def _couriers() -> list[CancellationRule]:
    """What cannot be handed over was made and carried."""
    customers = CancellationRule(
        initiated_by="courier",
        while_status=S.DISPATCHED,
        outcome="cancelled",
        liable_party="customer",
        basis_points=WHOLE,
        of="total",
    )
    return [customers, _rule("courier", S.DISPATCHED, "platform", "cancelled")]


def _clocks() -> list[CancellationRule]:
    return [
        _rule("system", S.PENDING_PAYMENT, "customer", "cancelled"),
        _rule("system", S.CREATED, "store", "cancelled"),
    ]


def _rule(by: Initiator, status: S, liable: LiableParty, outcome: Outcome) -> CancellationRule:
    return CancellationRule(
        initiated_by=by, while_status=status, outcome=outcome, liable_party=liable, basis_points=0
    )
