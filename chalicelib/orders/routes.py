"""HTTP of quotes and orders: read, call, render. Placing an order is payments' (checkout)."""

from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller, Right
from chalicelib.core.web import Api
from chalicelib.orders import cancelling, commanding, deadlines, quoting, reading, rights, stopping
from chalicelib.orders.errors import (
    ImpossibleMoveError,
    OrdersStoppedError,
    QuoteProblemError,
    QuoteUnknownError,
)
from chalicelib.orders.schemas import (
    BoardQuery,
    CancelRequest,
    OrderPage,
    OrderQuery,
    OrderView,
    QuoteRequest,
    QuoteView,
    RejectRequest,
)
from chalicelib.orders.status import OrderCommand
from chalicelib.orders.stopping_schemas import SwitchRequest, SwitchView

api = Api(__name__)

QUOTES = Limit("quotes", calls=60, seconds=60)
MOVE_ERRORS = (NotFoundError, ImpossibleMoveError, BusyError)


@api.post(
    "/v1/quotes", rights.QUOTE_CREATE, status=201, limit=QUOTES, largest=16_384,
    errors=(QuoteProblemError, OrdersStoppedError),
)  # fmt: skip
def create_quote(caller: Caller, body: QuoteRequest) -> QuoteView:
    """Price what a customer would like.

    The price and the promised window stand for ten minutes. Every problem is listed at once.
    """
    return quoting.quote(caller, body)


@api.get("/v1/quotes/{quote_id}", rights.QUOTE_READ, errors=(QuoteUnknownError,))
def read_quote(caller: Caller, quote_id: str) -> QuoteView:
    """Read a quote of one's own."""
    return quoting.read(quote_id, caller)


@api.get("/v1/orders", rights.ORDER_LIST)
def list_orders(caller: Caller, query: OrderQuery) -> OrderPage:
    """List one's own orders, newest first: all, those under way, those past, or of one store."""
    found = reading.of_customer(caller.id, query)
    items = [reading.summary(order) for order in found.items]
    return OrderPage(items=items, next_cursor=found.next_cursor)


@api.get("/v1/stores/{store_id}/orders", rights.ORDER_LIST_STORE, errors=(NotFoundError,))
def list_store_orders(caller: Caller, query: BoardQuery, store_id: str) -> OrderPage:
    """List a store's orders, newest first, for its people and its machine."""
    found = reading.board(store_id, caller, limit=query.limit, cursor=query.cursor)
    items = [reading.summary(order) for order in found.items]
    return OrderPage(items=items, next_cursor=found.next_cursor)


@api.get("/v1/orders/{order_id}", rights.ORDER_READ, errors=(NotFoundError,))
def read_order(caller: Caller, order_id: str) -> OrderView:
    """Read an order: its status is the truth, events are news."""
    order = deadlines.fresh(reading.demand(order_id, caller, rights.ORDER_READ))
    return reading.view(order, caller)


@api.post("/v1/orders/{order_id}/cancel", rights.ORDER_CANCEL, errors=MOVE_ERRORS)
def cancel_order(caller: Caller, body: CancelRequest, order_id: str) -> OrderView:
    """Give an order up.

    Free until the store confirms; then the fee that the quote published, until it is ready.
    """
    order = cancelling.by_customer(order_id, caller, body.code, rights.ORDER_CANCEL)
    return reading.view(order, caller)


@api.post("/v1/orders/{order_id}/reject", rights.ORDER_REJECT, errors=MOVE_ERRORS)
def reject_order(caller: Caller, body: RejectRequest, order_id: str) -> OrderView:
    """Refuse an order, as the store, before confirming it. The customer pays nothing."""
    order = cancelling.by_store(order_id, caller, body.code, rights.ORDER_REJECT)
    return reading.view(order, caller)


@api.post("/v1/orders/{order_id}/confirm", rights.ORDER_CONFIRM, errors=MOVE_ERRORS)
def confirm_order(caller: Caller, order_id: str) -> OrderView:
    """Take an order on, as the store. Repeating it changes nothing."""
    return _command(order_id, OrderCommand.CONFIRM, caller, rights.ORDER_CONFIRM)


@api.post("/v1/orders/{order_id}/preparing", rights.ORDER_PREPARE, errors=MOVE_ERRORS)
def prepare_order(caller: Caller, order_id: str) -> OrderView:
    """Say that the kitchen has begun."""
    return _command(order_id, OrderCommand.PREPARE, caller, rights.ORDER_PREPARE)


@api.post("/v1/orders/{order_id}/ready", rights.ORDER_READY, errors=MOVE_ERRORS)
def ready_order(caller: Caller, order_id: str) -> OrderView:
    """Say that the order is ready for pick-up."""
    return _command(order_id, OrderCommand.READY, caller, rights.ORDER_READY)


@api.post("/v1/orders/{order_id}/dispatch", rights.ORDER_DISPATCH, errors=MOVE_ERRORS)
def dispatch_order(caller: Caller, order_id: str) -> OrderView:
    """Say that the store's own rider has left with the order."""
    return _command(order_id, OrderCommand.DISPATCH, caller, rights.ORDER_DISPATCH)


@api.post("/v1/orders/{order_id}/picked-up", rights.ORDER_PICK_UP, errors=MOVE_ERRORS)
def pick_up_order(caller: Caller, order_id: str) -> OrderView:
    """Say that the customer has collected a takeaway order. It is then paid for."""
    return _command(order_id, OrderCommand.PICK_UP, caller, rights.ORDER_PICK_UP)


@api.post("/v1/orders/{order_id}/delivered", rights.ORDER_DELIVER, errors=MOVE_ERRORS)
def deliver_order(caller: Caller, order_id: str) -> OrderView:
    """Say that the order was brought by the store, or served at the table. It is then paid for."""
    return _command(order_id, OrderCommand.DELIVER, caller, rights.ORDER_DELIVER)


@api.get("/v1/operations/orders", rights.OPERATIONS_READ)
def read_operations() -> SwitchView:
    """Read whether new orders are stopped, and who turned the switch last."""
    return stopping.view()


@api.post("/v1/operations/orders/stop", rights.OPERATIONS_STOP, errors=(BusyError,))
def stop_orders(caller: Caller, body: SwitchRequest) -> SwitchView:
    """Stop new orders, within ten seconds everywhere. What is in flight is finished.

    Quotes and new orders are answered with 503 and the reason. Repeating it changes nothing.
    """
    return stopping.turn(caller, stopped=True, reason=body.reason)


@api.post("/v1/operations/orders/resume", rights.OPERATIONS_RESUME, errors=(BusyError,))
def resume_orders(caller: Caller, body: SwitchRequest) -> SwitchView:
    """Let new orders go on, within ten seconds everywhere. Repeating it changes nothing."""
    return stopping.turn(caller, stopped=False, reason=body.reason)


def _command(order_id: str, command: OrderCommand, caller: Caller, right: Right) -> OrderView:
    order = commanding.command(order_id, command, caller, right)
    return reading.view(order, caller)
