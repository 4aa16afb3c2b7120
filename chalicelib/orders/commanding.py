"""What a store does with an order: confirm, prepare, ready, dispatch, hand over, serve."""

from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Right
from chalicelib.orders import moving, reading, status
from chalicelib.orders.order import Order
from chalicelib.orders.status import OrderCommand


def command(order_id: str, wanted: OrderCommand, caller: Caller, right: Right) -> Order:
    """Apply a command for a caller. Repeating one that is done changes nothing and raises nothing.

    Raises NotFoundError (404), ForbiddenError (403), ImpossibleMoveError (409).
    """

    def decide(order: Order) -> tuple[Part, ...]:
        role = right.demand(caller, own=reading.owned_as(order, caller), state=order.status)
        if status.was_applied(order.status, wanted, order.fulfilment):
            return ()
        if order.by_couriers and wanted in status.COURIERS_OWN:
            raise moving.impossible(order)
        return moving.move(order, wanted, actor=caller.acting_as(role))

    return moving.apply(order_id, decide)
