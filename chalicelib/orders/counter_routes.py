"""HTTP of handing over by the store: where its customer waits, and whether the order is theirs."""

from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.orders import handing_over, reading, rights, waiting
from chalicelib.orders.counter_schemas import ArrivalRequest, CodeRequest
from chalicelib.orders.errors import CodeLockedError, ImpossibleMoveError, WrongCodeError
from chalicelib.orders.schemas import OrderView

api = Api(__name__)


@api.post(
    "/v1/orders/{order_id}/waiting",
    rights.ORDER_WAIT,
    errors=(NotFoundError, ImpossibleMoveError, BusyError),
)
def tell_where_one_waits(caller: Caller, body: ArrivalRequest, order_id: str) -> OrderView:
    """Tell the store, as the customer, at which parking bay one waits for a takeaway."""
    order = waiting.tell(order_id, caller, body.spot, rights.ORDER_WAIT)
    return reading.view(order, caller)


@api.post(
    "/v1/orders/{order_id}/check-code",
    rights.ORDER_CHECK_CODE,
    errors=(NotFoundError, ImpossibleMoveError, WrongCodeError, CodeLockedError, BusyError),
)
def check_code(caller: Caller, body: CodeRequest, order_id: str) -> OrderView:
    """Ask, as the store, whether the code that somebody shows is the order's.

    Of what is collected, and of what the store's own rider brings, while it is to be handed over.
    Five tries; once the right code was said, asking again costs none.
    """
    order = handing_over.check(order_id, caller, body.code, rights.ORDER_CHECK_CODE)
    return reading.view(order, caller)
