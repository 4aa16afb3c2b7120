"""Giving an order up. Who did it, why, who bears it, and what it costs are recorded for good.

A cancellation is immediate and final: whatever arrives later (a confirmation, a payment) finds the
order cancelled and never brings it back.
"""

from chalicelib.core import audit
from chalicelib.core.errors import ConflictError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM, Caller, Right, Role
from chalicelib.orders import moving, reading
from chalicelib.orders.models import OrderHead
from chalicelib.orders.order import Order
from chalicelib.orders.schemas import CancelCode, Cancellation, Initiator, LiableParty
from chalicelib.orders.status import OrderCommand, OrderStatus


def by_customer(order_id: str, caller: Caller, code: CancelCode, right: Right) -> Order:
    """Cancel for the customer: free until CONFIRMED, by the published table until READY.

    An operator cancels at the platform's expense. Repeating it changes nothing.
    """

    def decide(order: Order) -> tuple[Part, ...]:
        if _is_done(order, caller, right):
            return ()
        if Role.CUSTOMER in reading.owned_as(order, caller):
            fee = int(order.fees.get(order.status, 0))
            return parts_of(
                order, code, "customer", "customer", fee=fee, actor=caller.acting_as(Role.CUSTOMER)
            )
        actor = caller.acting_as(Role.OPERATOR)
        kept = audit.entry(actor, "order.cancelled", order.id, code)
        return (*parts_of(order, code, "operator", "platform", actor=actor), kept)

    return moving.apply(order_id, decide)


def by_store(order_id: str, caller: Caller, code: CancelCode, right: Right) -> Order:
    """Reject for the store, which it may until it has confirmed. The customer pays nothing."""

    def decide(order: Order) -> tuple[Part, ...]:
        if _is_done(order, caller, right):
            return ()
        return parts_of(order, code, "store", "store", actor=caller.actor)

    return moving.apply(order_id, decide)


def _is_done(order: Order, caller: Caller, right: Right) -> bool:
    """Rights come first, also for a repetition; but a state that is the goal is no conflict."""
    own = reading.owned_as(order, caller)
    if order.status is OrderStatus.CANCELLED:
        right.demand(caller, own=own, state=OrderStatus.CREATED)
        return True
    try:
        right.demand(caller, own=own, state=order.status)
    except ConflictError:
        # Others may still give it up, so the states alone would tell this caller to try again.
        raise moving.impossible(order, but=OrderCommand.CANCEL) from None
    return False


def parts_of(
    order: Order,
    code: CancelCode,
    initiated_by: Initiator,
    liable_party: LiableParty,
    *,
    fee: int = 0,
    actor: str = SYSTEM,
) -> tuple[Part, ...]:
    """The parts that cancel an order as it was read."""
    record = Cancellation(code=code, initiated_by=initiated_by, liable_party=liable_party, fee=fee)
    return moving.move(
        order,
        OrderCommand.CANCEL,
        actor=actor,
        also=(
            OrderHead.cancellation.set(record.model_dump()),
            OrderHead.owed.set(fee),
        ),
        data=record.model_dump(),
    )
