"""The hold of an order's money ends soon, and the order is still open."""

from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.orders import cancelling, moving
from chalicelib.orders.models import OrderHead
from chalicelib.orders.order import Order
from chalicelib.orders.status import CAPTURE_DUE, OrderStatus


def end(order_id: str) -> Order:
    """Owe the price of what a courier carries; give up what has not left its store.

    Safe to repeat. Raises NotFoundError for an unknown order.
    """
    return moving.apply(order_id, _decide)


def _decide(order: Order) -> tuple[Part, ...]:
    if order.owed is not None:
        return ()
    if order.status is OrderStatus.DISPATCHED:
        owed = OrderHead.owed.set(order.total)
        return moving.change(order, CAPTURE_DUE, [owed], actor=SYSTEM, data={})
    return cancelling.parts_of(order, "capture_deadline", "system", "platform")
