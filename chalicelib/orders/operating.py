"""What operators do with orders by hand: give one up at somebody's expense, and find a person's."""

from chalicelib.core import audit
from chalicelib.core.errors import ConflictError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.orders import cancelling, moving, rights
from chalicelib.orders.operator_schemas import ManualCancellation
from chalicelib.orders.order import Order
from chalicelib.orders.status import OrderCommand, OrderStatus


def cancel(order_id: str, caller: Caller, said: ManualCancellation) -> Order:
    """Give an order up for nothing, and record who bears it and why. Safe to repeat.

    Raises NotFoundError (404), ImpossibleMoveError (409) for an order that has ended.
    """

    def decide(order: Order) -> tuple[Part, ...]:
        if order.status is OrderStatus.CANCELLED:
            return ()
        try:
            role = rights.ORDER_CANCEL_BY_HAND.demand(caller, own=False, state=order.status)
        except ConflictError:
            raise moving.impossible(order, but=OrderCommand.CANCEL) from None
        actor = caller.acting_as(role)
        facts = {"code": said.code, "liable_party": said.liable_party}
        return (
            *cancelling.parts_of(order, said.code, "operator", said.liable_party, actor=actor),
            audit.entry(actor, "order.cancelled", order.id, said.reason, facts),
        )

    return moving.apply(order_id, decide)
