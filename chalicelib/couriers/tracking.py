"""Where couriers are, said and asked every 15 seconds: the two routes that cost most.

They are routes of the API like any other, and are answered by a function behind a URL of its own
too, in the same way and for a fraction of the price: docs/decisions/positions.md.
"""

from typing import Any

from chalicelib.core.errors import NotFoundError
from chalicelib.core.function_url import FunctionUrl
from chalicelib.core.rights import Caller
from chalicelib.core.telemetry import handler
from chalicelib.core.web import Api
from chalicelib.couriers import positions, reading, rights
from chalicelib.couriers.errors import OffDutyError, OnBreakError
from chalicelib.couriers.schemas import Positions, TrackingView

api = Api(__name__)


@api.post(
    "/v1/positions", rights.POSITION_SEND, largest=8_192, by_url=True,
    errors=(OffDutyError, OnBreakError),
)  # fmt: skip
def send_positions(caller: Caller, body: Positions) -> None:
    """Tell where one is. Only the newest is kept, and only on duty."""
    positions.note(caller, body)


@api.get("/v1/orders/{order_id}/tracking", rights.ORDER_TRACK, by_url=True, errors=(NotFoundError,))
def track_order(caller: Caller, order_id: str) -> TrackingView:
    """Read where the courier of an order is, while one may know it, and when it should arrive."""
    return reading.track(order_id, caller)


_answer = FunctionUrl(api)


@api.lambda_function(name="track")
@handler
def track(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Answer a request to the function's URL."""
    return _answer(event, context)
