"""A customer would rather not have an order that giving up would cost: they ask, the store decides.

Silence means that it goes on, since a kitchen that cooks does not watch for regrets. What has left
its store cannot be asked for any more. As long as giving up costs nothing, nobody is asked.
"""

from chalicelib.core import clock
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM, Caller, Right
from chalicelib.orders import cancelling, moving, reading
from chalicelib.orders.cancel_requests import no_request
from chalicelib.orders.cancel_schemas import CustomerRequest, DenialReason, RequestStatus
from chalicelib.orders.errors import ImpossibleMoveError
from chalicelib.orders.models import OrderHead
from chalicelib.orders.order import Order
from chalicelib.orders.schemas import CustomerReason
from chalicelib.orders.status import (
    CUSTOMER_ASKED,
    CUSTOMER_DENIED,
    IN_THE_KITCHEN,
    PAST_GIVING_UP,
    TO_BRING,
    OrderCommand,
    OrderStatus,
)

CUSTOMER_WAITS_SECONDS = 300
"""So long a store may think about it."""
MOST_WISHES = 2
"""So often a customer may ask about one order."""


def ask(order_id: str, caller: Caller, code: CustomerReason, right: Right) -> Order:
    """Ask, as the customer, to be let go for nothing. Repeating an open request changes nothing.

    Where that costs nothing anyhow, or the store asks for the same, the order is cancelled at once.
    Raises NotFoundError (404), ForbiddenError (403), ImpossibleMoveError (409) once the order has
    left the store, and after `MOST_WISHES`.
    """

    def decide(order: Order) -> tuple[Part, ...]:
        role = right.demand(caller, own=reading.owned_as(order, caller), state=order.status)
        actor = caller.acting_as(role)
        if order.wished or order.status is OrderStatus.CANCELLED:
            return ()
        if _is_free(order):
            return cancelling.customers_own(order, code, actor)
        number = order.wish.number + 1 if order.wish else 1
        if order.status not in TO_BRING or number > MOST_WISHES:
            raise _impossible(order)
        return _asked(order, code, number, actor)

    return moving.apply(order_id, decide)


def agree(order_id: str, caller: Caller, right: Right) -> Order:
    """Let an order go, as its store, for nothing: it is cancelled. Safe to repeat.

    Raises NotFoundError (404), ForbiddenError (403), NoRequestError (409).
    """
    return _answer(order_id, caller, right, "accepted")


def deny(order_id: str, caller: Caller, because: DenialReason, right: Right) -> Order:
    """Go on with an order, as its store, although its customer would rather not. Safe to repeat.

    Raises as `agree`.
    """
    return _answer(order_id, caller, right, "denied", because)


def unheard(order: Order) -> tuple[Part, ...]:
    """The parts by which a request ends that its store has not answered: the order goes on."""
    return _goes_on(order, "expired", None, SYSTEM)


def _answer(
    order_id: str,
    caller: Caller,
    right: Right,
    answer: RequestStatus,
    because: DenialReason | None = None,
) -> Order:
    """An answer that comes too late finds the request ended, by itself if need be."""

    def decide(order: Order) -> tuple[Part, ...]:
        role = right.demand(caller, own=reading.owned_as(order, caller), state=order.status)
        wished = order.wished
        if order.wish and order.wish.status == answer:
            return ()
        if wished is None:
            raise no_request(order)
        if wished.answer_by <= clock.now():
            return unheard(order)
        actor = caller.acting_as(role)
        if answer == "accepted":
            return cancelling.let_go(order, wished, actor)
        return _goes_on(order, answer, because, actor)

    order = moving.apply(order_id, decide)
    if order.wish is None or order.wish.status != answer:
        raise no_request(order)
    return order


def _is_free(order: Order) -> bool:
    """Whether giving it up costs its customer nothing now, or its store wants the same."""
    early = order.status in {OrderStatus.PENDING_PAYMENT, OrderStatus.CREATED}
    late = order.broken_by is not None and order.status in IN_THE_KITCHEN
    return early or late or order.asked is not None


def _asked(order: Order, code: str, number: int, actor: str) -> tuple[Part, ...]:
    now, until = clock.now(), clock.after(CUSTOMER_WAITS_SECONDS)
    wish = CustomerRequest(
        code=code, requested_at=now, answer_by=until, status="open", number=number
    )
    return moving.change(
        order,
        CUSTOMER_ASKED,
        [
            OrderHead.customer_request.set(wish.model_dump(mode="json")),
            *moving.answered_by(order, until),
        ],
        actor=actor,
        data={"code": code, "until": clock.stamp(until)},
    )


def _goes_on(
    order: Order, outcome: RequestStatus, because: DenialReason | None, actor: str
) -> tuple[Part, ...]:
    return moving.change(
        order,
        CUSTOMER_DENIED,
        [*moving.granted(order, outcome, because), *moving.unasked(order)],
        actor=actor,
        data={"code": because or ("no_answer" if outcome == "expired" else "other")},
    )


def _impossible(order: Order) -> ImpossibleMoveError:
    if order.status not in PAST_GIVING_UP:
        return moving.impossible(order)
    return moving.impossible(
        order, but=OrderCommand.CANCEL, sentence=cancelling.DISPUTED, instead="dispute"
    )
