"""HTTP of refunds."""

from chalicelib.core.errors import BusyError, KeyInFlightError, KeyReusedError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api
from chalicelib.payments import refunds, rights
from chalicelib.payments.errors import RefundImpossibleError
from chalicelib.payments.refund_schemas import RefundList, RefundRequest, RefundView, RetryRequest

api = Api(__name__)

REFUNDS = Limit("refunds", calls=120, seconds=60)


@api.post(
    "/v1/orders/{order_id}/refunds", rights.REFUND_CREATE, status=201, limit=REFUNDS,
    errors=(
        KeyReusedError, KeyInFlightError, NotFoundError, BusyError, RefundImpossibleError,
    ),
)  # fmt: skip
def create_refund(
    caller: Caller, key: Key, body: RefundRequest, order_id: str
) -> Answer[RefundView]:
    """Give money of an order back, by line, by amount, or all that is left.

    Needs an Idempotency-Key: however often the request arrives, there is one refund. What a card
    gets back may be pending for days, and may come back: then it is shown as failed.
    """
    made, repeated = refunds.refund(order_id, caller, key, body)
    return Answer(made, headers={"Idempotent-Replayed": "true"} if repeated else {})


@api.get("/v1/orders/{order_id}/refunds", rights.REFUND_READ, errors=(NotFoundError,))
def list_refunds(caller: Caller, order_id: str) -> RefundList:
    """List every refund of an order, and what could still be given back."""
    return refunds.listing(order_id, caller)


@api.post(
    "/v1/orders/{order_id}/refunds/{refund_id}/retry", rights.REFUND_RETRY, limit=REFUNDS,
    errors=(NotFoundError, BusyError, RefundImpossibleError),
)  # fmt: skip
def retry_refund(caller: Caller, body: RetryRequest, order_id: str, refund_id: str) -> RefundView:
    """Send what failed of a refund again, or into the customer's balance."""
    return refunds.retry(order_id, refund_id, caller, body)
