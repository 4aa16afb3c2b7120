"""Whose an order is that its store hands over: four digits that only its customer is shown.

At the counter, and at the door where the store's own rider brings it. Couriers have a PIN of their
own for each delivery. The store may hand over without asking: it is the customer's proof, not ours.
A try is counted before it is compared, as docs/decisions/proof-by-pin.md says.
"""

from chalicelib.core import clock, dynamo, parts, pins
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import Caller, Right
from chalicelib.orders import codes, moving, reading
from chalicelib.orders.errors import CodeLockedError, WrongCodeError
from chalicelib.orders.models import CODE, CodeTries, OrderHead, order_key
from chalicelib.orders.order import Order


def check(order_id: str, caller: Caller, given: str, right: Right) -> Order:
    """Whether a code is the order's: the order, if so. Once it was, a repetition costs no try.

    Raises NotFoundError (404), ForbiddenError (403), ImpossibleMoveError (409) where the order is
    not to be handed over by its store now; WrongCodeError (409) with the tries that are left, and
    CodeLockedError (409) without comparing once there are none.
    """
    order = reading.demand(order_id, caller, right)
    known = _tries(order_id)
    if known and known.right_at:
        if not codes.is_right(order_id, given):
            raise WrongCodeError(tries_left=_left(known))
        return order
    if not codes.is_asked_for(order):
        raise moving.impossible(order)
    _count(order)
    if not codes.is_right(order_id, given):
        raise WrongCodeError(tries_left=_left(_tries(order_id)))
    parts.commit(
        parts.upsert(CodeTries.at(order_id), [CodeTries.right_at.set(clock.stamp(clock.now()))])
    )
    return order


def _count(order: Order) -> None:
    """Spend a try of an order that is still to be handed over."""
    left = (CodeTries.tries < pins.MOST_TRIES) | CodeTries.tries.does_not_exist()
    known = [CodeTries.v.set(CodeTries.VERSION), CodeTries.tries.add(1)]
    parts.commit(
        parts.check(
            OrderHead.at(order.id), BusyError(), OrderHead.status.is_in(*codes.TO_HAND_OVER)
        ),
        parts.update(CodeTries.at(order.id), known, CodeLockedError(), left),
    )


def _tries(order_id: str) -> CodeTries | None:
    return dynamo.get(CodeTries, order_key(order_id), CODE)


def _left(known: CodeTries | None) -> int:
    return max(0, pins.MOST_TRIES - int(known.tries if known else 0))
