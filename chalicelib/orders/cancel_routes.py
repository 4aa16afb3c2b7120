"""HTTP of giving orders up where it takes two: one side asks, the other answers; what it costs."""

from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.orders import asking, cancel_requests, cancel_terms, reading, rights
from chalicelib.orders.cancel_schemas import DenialRequest
from chalicelib.orders.cancel_terms import CancellationTerms
from chalicelib.orders.errors import ImpossibleMoveError, NoRequestError
from chalicelib.orders.schemas import CancelRequest, OrderView, RejectRequest

api = Api(__name__)

ANSWER_ERRORS = (NotFoundError, NoRequestError, ImpossibleMoveError, BusyError)


@api.get("/v1/cancellation-terms", rights.CANCELLATION_TERMS)
def read_cancellation_terms() -> CancellationTerms:
    """Read what giving an order up costs, by how far it is and who is liable."""
    return cancel_terms.published()


@api.post(
    "/v1/orders/{order_id}/request-cancellation",
    rights.ORDER_REQUEST_CANCEL,
    errors=(NotFoundError, ImpossibleMoveError, BusyError),
)
def request_cancellation(caller: Caller, body: RejectRequest, order_id: str) -> OrderView:
    """Ask, as the store, to give up an order that it has confirmed; before, it is given up at once.

    Its customer or an operator answers within ten minutes; without an answer it is cancelled. The
    customer pays nothing. A store that goes on with the order has withdrawn its request.
    """
    order = cancel_requests.ask(order_id, caller, body.code, rights.ORDER_REQUEST_CANCEL)
    return reading.view(order, caller)


@api.post(
    "/v1/orders/{order_id}/accept-cancellation", rights.ORDER_ANSWER_CANCEL, errors=ANSWER_ERRORS
)
def accept_cancellation(caller: Caller, order_id: str) -> OrderView:
    """Agree, as the customer, to what the store asks for: the order is cancelled for nothing."""
    order = cancel_requests.accept(order_id, caller, rights.ORDER_ANSWER_CANCEL)
    return reading.view(order, caller)


@api.post(
    "/v1/orders/{order_id}/deny-cancellation", rights.ORDER_ANSWER_CANCEL, errors=ANSWER_ERRORS
)
def deny_cancellation(caller: Caller, order_id: str) -> OrderView:
    """Insist, as the customer, on an order that its store would rather give up."""
    order = cancel_requests.deny(order_id, caller, rights.ORDER_ANSWER_CANCEL)
    return reading.view(order, caller)


@api.post(
    "/v1/orders/{order_id}/ask-to-cancel",
    rights.ORDER_ASK_STORE,
    errors=(NotFoundError, ImpossibleMoveError, BusyError),
)
def ask_to_cancel(caller: Caller, body: CancelRequest, order_id: str) -> OrderView:
    """Ask the store, as the customer, to be let go for nothing where giving up would cost.

    The store answers within five minutes; without an answer the order goes on. Where giving up
    costs nothing, the order is cancelled at once.
    """
    order = asking.ask(order_id, caller, body.code, rights.ORDER_ASK_STORE)
    return reading.view(order, caller)


@api.post("/v1/orders/{order_id}/let-go", rights.ORDER_ANSWER_CUSTOMER, errors=ANSWER_ERRORS)
def let_order_go(caller: Caller, order_id: str) -> OrderView:
    """Let an order go, as the store, as its customer asks: cancelled, at the store's expense."""
    order = asking.agree(order_id, caller, rights.ORDER_ANSWER_CUSTOMER)
    return reading.view(order, caller)


@api.post("/v1/orders/{order_id}/go-on", rights.ORDER_ANSWER_CUSTOMER, errors=ANSWER_ERRORS)
def go_on_with_order(caller: Caller, body: DenialRequest, order_id: str) -> OrderView:
    """Go on with an order, as the store, although its customer has asked to be let go."""
    order = asking.deny(order_id, caller, body.code, rights.ORDER_ANSWER_CUSTOMER)
    return reading.view(order, caller)
