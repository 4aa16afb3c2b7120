"""The code of an order that its store hands over: who is shown it, and while what."""

from chalicelib.catalog.status import Fulfilment
from chalicelib.core import pins
from chalicelib.orders.order import Order
from chalicelib.orders.status import OrderStatus

PURPOSE = b"ieum/order-code/1"
TO_HAND_OVER = (OrderStatus.READY_FOR_PICKUP, OrderStatus.DISPATCHED)


def code(order_id: str) -> str:
    """The code of an order. For its customer's eyes alone."""
    return pins.of(PURPOSE, order_id)


def is_right(order_id: str, given: str) -> bool:
    return pins.is_right(PURPOSE, order_id, given)


def is_asked_for(order: Order) -> bool:
    """Whether its store is about to hand it over: at the counter, or by its own rider."""
    by_store = order.fulfilment is not Fulfilment.DINE_IN and not order.by_couriers
    return by_store and order.status in TO_HAND_OVER


def shown(order: Order) -> str | None:
    """What its customer is shown, while the order waits for them; None where nobody asks for it."""
    return code(order.id) if is_asked_for(order) else None
