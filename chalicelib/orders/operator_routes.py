"""HTTP of what operators do with orders."""

from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.orders import operating, reading, rights
from chalicelib.orders.errors import ImpossibleMoveError
from chalicelib.orders.operator_schemas import ManualCancellation
from chalicelib.orders.schemas import OrderPage, OrderQuery, OrderView
from chalicelib.people import operating as people

api = Api(__name__)


@api.post(
    "/v1/orders/{order_id}/cancel-by-hand", rights.ORDER_CANCEL_BY_HAND,
    errors=(NotFoundError, ImpossibleMoveError, BusyError),
)  # fmt: skip
def cancel_order_by_hand(caller: Caller, body: ManualCancellation, order_id: str) -> OrderView:
    """Give an order up as an operator, at the expense of who is liable. Why is kept."""
    return reading.view(operating.cancel(order_id, caller, body), caller)


@api.get("/v1/people/{user}/orders", rights.ORDER_LIST_OF_PERSON)
def list_orders_of_person(caller: Caller, query: OrderQuery, user: str) -> OrderPage:  # noqa: ARG001 - the right is the operator's
    """List somebody's orders, newest first, as an operator. Of nobody there are none."""
    people.demand_id(user)
    found = reading.of_customer(
        user, limit=query.limit, cursor=query.cursor, when=query.when, store_id=query.store_id
    )
    items = [reading.summary(order) for order in found.items]
    return OrderPage(items=items, next_cursor=found.next_cursor)
