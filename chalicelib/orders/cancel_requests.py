"""A store cannot go on with an order that it took on: it asks, and the customer decides.

Before it has confirmed it just gives the order up. Silence counts as consent, since nobody is fed
by an order that is not cooked. A store that goes on with the order has withdrawn its request.
"""

from chalicelib.core import audit, clock
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Right
from chalicelib.orders import cancelling, moving, reading
from chalicelib.orders.cancel_schemas import CancellationRequest
from chalicelib.orders.errors import NoRequestError
from chalicelib.orders.models import OrderHead
from chalicelib.orders.order import Order
from chalicelib.orders.schemas import CancelCode
from chalicelib.orders.status import (
    CANCELLATION_DENIED,
    CANCELLATION_REQUESTED,
    TO_BRING,
    OrderCommand,
    OrderStatus,
)

ANSWER_SECONDS = 600
"""So long a customer may think about it."""
MOST_REQUESTS = 3
"""So often a store may ask about one order."""


def ask(order_id: str, caller: Caller, code: CancelCode, right: Right) -> Order:
    """Ask, as the store, to give an order up. Repeating an open request changes nothing.

    Where its customer asks for the same, both agree, and it is cancelled.

    Raises NotFoundError (404), ForbiddenError (403), ImpossibleMoveError (409) once the order has
    left the store, and after `MOST_REQUESTS`.
    """

    def decide(order: Order) -> tuple[Part, ...]:
        role = right.demand(caller, own=reading.owned_as(order, caller), state=order.status)
        actor = caller.acting_as(role)
        if order.asked or order.status is OrderStatus.CANCELLED:
            return ()
        if order.wished:
            return cancelling.let_go(order, order.wished, actor)
        if order.status is OrderStatus.CREATED:
            return cancelling.parts_of(order, code, "store", "store", actor=actor)
        number = order.request.number + 1 if order.request else 1
        if order.status not in TO_BRING or number > MOST_REQUESTS:
            raise moving.impossible(order, but=OrderCommand.CANCEL)
        return _asked(order, code, number, actor)

    return moving.apply(order_id, decide)


def accept(order_id: str, caller: Caller, right: Right) -> Order:
    """Agree to what the store asks for, which cancels the order. Safe to repeat.

    Raises NotFoundError (404), ForbiddenError (403), NoRequestError (409).
    """

    def decide(order: Order) -> tuple[Part, ...]:
        role = right.demand(caller, own=reading.owned_as(order, caller), state=order.status)
        if order.request and order.request.status in {"accepted", "expired"}:
            return ()
        if order.asked is None:
            raise no_request(order)
        actor = caller.acting_as(role)
        kept = audit.by_operator(role, actor, "order.cancelled", order.id, order.asked.code)
        return (*cancelling.agreed(order, order.asked, actor), *kept)

    return moving.apply(order_id, decide)


def deny(order_id: str, caller: Caller, right: Right) -> Order:
    """Insist on an order that its store would rather give up. Safe to repeat.

    Raises as `accept`: also where the time to answer was over, and so the order is cancelled.
    """

    def decide(order: Order) -> tuple[Part, ...]:
        role = right.demand(caller, own=reading.owned_as(order, caller), state=order.status)
        if order.request and order.request.status == "denied":
            return ()
        if order.asked is None:
            raise no_request(order)
        if order.asked.answer_by <= clock.now():
            return cancelling.unanswered(order, order.asked)
        actor, code = caller.acting_as(role), order.asked.code
        insisted = moving.change(
            order,
            CANCELLATION_DENIED,
            [*moving.answered(order, "denied"), *moving.unasked(order)],
            actor=actor,
            data={"code": code},
        )
        kept = audit.by_operator(role, actor, "order.cancellation_denied", order.id, code)
        return (*insisted, *kept)

    order = moving.apply(order_id, decide)
    if order.request is None or order.request.status != "denied":
        raise no_request(order)
    return order


def _asked(order: Order, code: str, number: int, actor: str) -> tuple[Part, ...]:
    now, until = clock.now(), clock.after(ANSWER_SECONDS)
    request = CancellationRequest(
        code=code, requested_at=now, answer_by=until, status="open", number=number
    )
    return moving.change(
        order,
        CANCELLATION_REQUESTED,
        [
            OrderHead.cancel_request.set(request.model_dump(mode="json")),
            *moving.answered_by(order, until),
        ],
        actor=actor,
        data={"code": code, "until": clock.stamp(until)},
    )


def no_request(order: Order) -> NoRequestError:
    return NoRequestError(
        current_status=order.status,
        allowed_commands=[str(one) for one in order.next_commands],
    )
