"""HTTP of promises that cannot be kept: another time is told, and who waits too long is listed."""

from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.orders import delaying, lateness, reading, rights
from chalicelib.orders.delay_schemas import DelayRequest
from chalicelib.orders.errors import DelayLimitError, ImpossibleMoveError
from chalicelib.orders.schemas import LateQuery, OrderPage, OrderView

api = Api(__name__)


@api.post(
    "/v1/orders/{order_id}/delay", rights.ORDER_DELAY,
    errors=(NotFoundError, ImpossibleMoveError, DelayLimitError, BusyError),
)  # fmt: skip
def delay_order(caller: Caller, body: DelayRequest, order_id: str) -> OrderView:
    """Promise an order for a later time, while it is made, and say why.

    At least five minutes later, at most an hour beyond the first promise, three times at most. Its
    customer is told, and its courier; beyond ten minutes the customer may cancel for nothing.
    """
    order = delaying.tell(order_id, caller, body, rights.ORDER_DELAY)
    return reading.view(order, caller)


@api.get("/v1/stores/{store_id}/late-orders", rights.ORDER_LIST_STORE, errors=(NotFoundError,))
def list_late_store_orders(caller: Caller, query: LateQuery, store_id: str) -> OrderPage:
    """List a store's orders that are past their promise, those that wait longest first."""
    found = lateness.of_store(
        store_id, caller, rights.ORDER_LIST_STORE, limit=query.limit, cursor=query.cursor
    )
    items = [reading.summary(order) for order in found.items]
    return OrderPage(items=items, next_cursor=found.next_cursor)


@api.get("/v1/operations/late-orders", rights.OPERATIONS_READ)
def list_late_orders(query: LateQuery) -> OrderPage:
    """List the orders of all stores that are past their promise, those that wait longest first."""
    found = lateness.of_all(limit=query.limit, cursor=query.cursor)
    items = [reading.summary(order) for order in found.items]
    return OrderPage(items=items, next_cursor=found.next_cursor)
