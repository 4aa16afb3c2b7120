"""What a store's system does with an order: the same commands as everywhere, in other words."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from chalicelib.core import clock, parts
from chalicelib.core.errors import ConflictError
from chalicelib.core.rights import Right
from chalicelib.integrations.opendelivery import details, feeding, reading
from chalicelib.integrations.opendelivery.models import OrderLink
from chalicelib.integrations.opendelivery.operations import Call, Do, Said
from chalicelib.integrations.opendelivery.reading import Wanted
from chalicelib.orders import asking, cancel_requests, commanding, delaying, rights
from chalicelib.orders.cancel_schemas import DenialReason
from chalicelib.orders.delay_schemas import DelayRequest
from chalicelib.orders.errors import ImpossibleMoveError
from chalicelib.orders.order import Order
from chalicelib.orders.schemas import CancelCode
from chalicelib.orders.status import IN_THE_KITCHEN, OrderCommand

ACCEPTED = Said(202)
Words = Annotated[str, Field(max_length=500)]


class Confirmed(Wanted):
    """That the store takes an order on."""

    reason: Words | None = None
    createdAt: AwareDatetime  # noqa: N815 - the protocol's name
    orderExternalCode: Annotated[str, Field(max_length=100)]  # noqa: N815 - the protocol's name
    preparationTime: Annotated[int, Field(ge=0, le=1440)] | None = None  # noqa: N815 - the same


class Details(Wanted):
    """What of an order may be told anew."""

    preparationStartDateTime: AwareDatetime | None = None  # noqa: N815 - the protocol's name


Code = Literal[
    "SYSTEMIC_ISSUES",
    "DUPLICATE_APPLICATION",
    "UNAVAILABLE_ITEM",
    "RESTAURANT_WITHOUT_DELIVERY_PERSON",
    "OUTDATED_MENU",
    "ORDER_OUTSIDE_THE_DELIVERY_AREA",
    "BLOCKED_CUSTOMER",
    "OUTSIDE_DELIVERY_HOURS",
    "INTERNAL_DIFFICULTIES_OF_THE_RESTAURANT",
    "RISK_AREA",
    "DELIVERY_PROBLEM",
]
OURS: dict[str, CancelCode] = {
    "SYSTEMIC_ISSUES": "systemic_issues",
    "DUPLICATE_APPLICATION": "duplicate_application",
    "UNAVAILABLE_ITEM": "unavailable_item",
    "RESTAURANT_WITHOUT_DELIVERY_PERSON": "restaurant_without_delivery_person",
    "OUTDATED_MENU": "outdated_menu",
    "ORDER_OUTSIDE_THE_DELIVERY_AREA": "order_outside_the_delivery_area",
    "BLOCKED_CUSTOMER": "blocked_customer",
    "OUTSIDE_DELIVERY_HOURS": "outside_delivery_hours",
    "INTERNAL_DIFFICULTIES_OF_THE_RESTAURANT": "internal_difficulties_of_the_restaurant",
    "RISK_AREA": "risk_area",
    "DELIVERY_PROBLEM": "delivery_problem",
}


DENIALS: dict[str, DenialReason] = {
    "DISH_ALREADY_DONE": "dish_already_done",
    "OUT_FOR_DELIVERY": "out_for_delivery",
}


class Denied(Wanted):
    """That the store goes on with an order although its customer would rather not."""

    reason: Words
    code: Literal["DISH_ALREADY_DONE", "OUT_FOR_DELIVERY"]


class Request(Wanted):
    """That the store cannot go on with an order."""

    reason: Words
    code: Code
    mode: Literal["AUTO", "MANUAL"]
    outOfStockItems: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()  # noqa: N815 - the protocol's
    invalidItems: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()  # noqa: N815 - the protocol's


def moved(command: OrderCommand, right: Right) -> Do:
    """An operation that is one command, and takes no body."""

    def do(call: Call) -> Said:
        apply(call, command, right)
        return ACCEPTED

    return do


def apply(call: Call, command: OrderCommand, right: Right) -> Order:
    return commanding.command(details.demand(call).id, command, call.caller, right)


def confirm(call: Call) -> Said:
    """Take an order on. The till's own number of it is kept, its time of preparation heeded.

    A longer time than was promised is told to the customer as a delay, within its limits.
    """
    said: Confirmed | None = reading.parse(Confirmed, call.incoming) if call.incoming.body else None
    order = apply(call, OrderCommand.CONFIRM, rights.ORDER_CONFIRM)
    if said is None:
        return ACCEPTED
    named = parts.upsert(
        OrderLink.at(order.store_id, order.id),
        [
            OrderLink.external_code.set(said.orderExternalCode),
            OrderLink.expires_at.set(feeding.forgotten()),
        ],
    )
    parts.commit(named)
    if said.preparationTime is not None and order.status in IN_THE_KITCHEN:
        _later(call, order, clock.after(60 * said.preparationTime))
    return ACCEPTED


def change(call: Call) -> Said:
    """Another beginning of the preparation: what is later than promised is told as a delay.

    Raises ConflictError (409) where the order is not in the kitchen, or beyond a delay's limits.
    """
    said: Details = reading.parse(Details, call.incoming)
    order = details.demand(call)
    if said.preparationStartDateTime is not None:
        _tell(call, order, said.preparationStartDateTime + (order.first_from - _began(order)))
    return Said(200, {})


def _later(call: Call, order: Order, ready: datetime) -> None:
    """The till's own estimate. It is no command: what goes beyond a delay's limits is left."""
    planned = timedelta(minutes=order.preparation_minutes or 0)
    way = max(timedelta(0), order.first_from - _began(order) - planned) if planned else timedelta(0)
    try:
        _tell(call, order, ready + way)
    except ConflictError:
        return


def _began(order: Order) -> datetime:
    """When its kitchen should have begun, by the first promise."""
    return order.prepare_by or order.placed_at


def _tell(call: Call, order: Order, moment: datetime) -> None:
    if moment <= order.promised_from:
        return
    whole = moment.replace(second=0, microsecond=0)
    whole += timedelta(minutes=1 if whole < moment else 0)
    request = DelayRequest(promised_for=whole, reason="kitchen_busy")
    delaying.tell(order.id, call.caller, request, rights.ORDER_DELAY)


def request_cancellation(call: Call) -> Said:
    """Ask to give an order up: at once before it is confirmed, else its customer decides.

    Raises ImpossibleMoveError (409), which says how the order stands where it has ended.
    """
    said: Request = reading.parse(Request, call.incoming)
    order = details.demand(call)
    try:
        cancel_requests.ask(order.id, call.caller, OURS[said.code], rights.ORDER_REQUEST_CANCEL)
    except ImpossibleMoveError as error:
        error.facts["cancellationStatus"] = "CANCELLATION_REQUEST_DENIED"
        raise
    return ACCEPTED


def accept_cancellation(call: Call) -> Said:
    """Let an order go whose customer asks for it: 204, and CANCELLED comes.

    Raises NoRequestError (409) where nobody asks, or the time to answer is over.
    """
    asking.agree(details.demand(call).id, call.caller, rights.ORDER_ANSWER_CUSTOMER)
    return Said(204)


def deny_cancellation(call: Call) -> Said:
    """Go on with it: 204, and CANCELLED_DENIED comes. Raises as `accept_cancellation`."""
    said: Denied = reading.parse(Denied, call.incoming)
    order, because = details.demand(call), DENIALS[said.code]
    asking.deny(order.id, call.caller, because, rights.ORDER_ANSWER_CUSTOMER)
    return Said(204)
