"""It takes longer: who makes an order tells another time and why. The first promise is kept."""

from datetime import datetime, timedelta
from typing import Any

from chalicelib.core import audit, clock
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Right, Role
from chalicelib.orders import lateness, moving, reading
from chalicelib.orders.delay_schemas import Delay, DelayRequest
from chalicelib.orders.errors import DelayLimitError
from chalicelib.orders.models import OrderHead
from chalicelib.orders.order import Order
from chalicelib.orders.status import DELAYED, IN_THE_KITCHEN

LEAST = timedelta(minutes=5)
MOST = timedelta(minutes=60)
"""So much later than the first promise, or than now, at most."""
MOST_DELAYS = 3


def tell(order_id: str, caller: Caller, request: DelayRequest, right: Right) -> Order:
    """Promise an order for a later time, while it is made. Repeating it changes nothing.

    Raises NotFoundError (404), ForbiddenError (403), ImpossibleMoveError (409) once it is ready,
    DelayLimitError (409) beyond the limits, with the moments that may be told.
    """

    def decide(order: Order) -> tuple[Part, ...]:
        role = right.demand(caller, own=reading.owned_as(order, caller), state=order.status)
        if order.status not in IN_THE_KITCHEN:
            raise moving.impossible(order)
        if order.delay and order.promised_from == request.promised_for:
            return ()
        _demand_within(order, request.promised_for)
        actor = caller.acting_as(role)
        kept = audit.by_operator(role, actor, "order.delayed", order.id, request.reason)
        return (*_told(order, request, role, actor), *kept)

    return moving.apply(order_id, decide)


def _demand_within(order: Order, moment: datetime) -> None:
    told = order.delay.number if order.delay else 0
    earliest = max(order.promised_from + LEAST, clock.now())
    latest = max(order.first_from, clock.now()) + MOST
    if told < MOST_DELAYS and earliest <= moment <= latest:
        return
    raise DelayLimitError(
        current_status=order.status,
        allowed_commands=[str(one) for one in order.next_commands],
        earliest=clock.stamp(earliest),
        latest=clock.stamp(latest),
        left=MOST_DELAYS - told,
    )


def _told(order: Order, request: DelayRequest, role: Role, actor: str) -> tuple[Part, ...]:
    lasts = order.promised_until - order.promised_from
    begins, ends = request.promised_for, request.promised_for + lasts
    number = order.delay.number + 1 if order.delay else 1
    by: Any = "operator" if role is Role.OPERATOR else "store"
    delay = Delay(reason=request.reason, told_by=by, told_at=clock.now(), number=number)
    return moving.change(
        order,
        DELAYED,
        [
            OrderHead.promised.set({"begins": clock.stamp(begins), "ends": clock.stamp(ends)}),
            OrderHead.first_promised.set(dict(order.first_promised or order.promised)),
            OrderHead.delay.set(delay.model_dump(mode="json")),
            *lateness.expected(order.store_id, clock.stamp(ends)),
        ],
        actor=actor,
        data={"code": request.reason, "until": clock.stamp(ends)},
    )
