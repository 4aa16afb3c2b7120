"""HTTP of Open Delivery: one resource per depth, and a table of operations behind them.

The protocol's own file is its document; in ours these paths only say that they are there.
"""

from typing import Any

from pydantic import RootModel

from chalicelib.core.errors import NotFoundError
from chalicelib.core.routing import Answer, Incoming
from chalicelib.core.web import Api
from chalicelib.integrations import rights
from chalicelib.integrations.opendelivery import errors, serving
from chalicelib.integrations.opendelivery.operations import Said

api = Api(__name__)

LARGEST = 262_144
MORE = (201, 202, 204)
ERRORS = (*errors.ALL, NotFoundError)
TWO, THREE = "/opendelivery/{first}/{second}", "/opendelivery/{first}/{second}/{third}"
FOUR = "/opendelivery/{first}/{second}/{third}/{fourth}"


class OpenDeliveryAnswer(RootModel[Any]):
    """What the protocol's file says of the operation."""


@api.get(TWO, rights.OPEN_DELIVERY, raw=True, also=MORE, errors=ERRORS)
def get_open_delivery(
    incoming: Incoming, first: str, second: str
) -> Answer[OpenDeliveryAnswer | None]:
    """Ask by the protocol Open Delivery 1.7: events, and what became of a merchant's update."""
    return _answer(serving.serve(incoming, first, second))


@api.put(TWO, rights.OPEN_DELIVERY, raw=True, also=MORE, largest=LARGEST, errors=ERRORS)
def put_open_delivery(
    incoming: Incoming, first: str, second: str
) -> Answer[OpenDeliveryAnswer | None]:
    """Tell by the protocol Open Delivery 1.7 how a merchant is reached."""
    return _answer(serving.serve(incoming, first, second))


@api.post(TWO, rights.OPEN_DELIVERY, raw=True, also=MORE, largest=LARGEST, errors=ERRORS)
def post_open_delivery(
    incoming: Incoming, first: str, second: str
) -> Answer[OpenDeliveryAnswer | None]:
    """Ask by the protocol Open Delivery 1.7 for a token."""
    return _answer(serving.serve(incoming, first, second))


@api.get(THREE, rights.OPEN_DELIVERY, raw=True, also=MORE, errors=ERRORS)
def get_open_delivery_thing(
    incoming: Incoming, first: str, second: str, third: str
) -> Answer[OpenDeliveryAnswer | None]:
    """Read by the protocol Open Delivery 1.7: an order, and the versions that are spoken."""
    return _answer(serving.serve(incoming, first, second, third))


@api.post(THREE, rights.OPEN_DELIVERY, raw=True, also=MORE, largest=LARGEST, errors=ERRORS)
def post_open_delivery_thing(
    incoming: Incoming, first: str, second: str, third: str
) -> Answer[OpenDeliveryAnswer | None]:
    """Acknowledge events by the protocol Open Delivery 1.7, or ask for a delivery."""
    return _answer(serving.serve(incoming, first, second, third))


@api.get(FOUR, rights.OPEN_DELIVERY, raw=True, also=MORE, errors=ERRORS)
def get_open_delivery_part(
    incoming: Incoming, first: str, second: str, third: str, fourth: str
) -> Answer[OpenDeliveryAnswer | None]:
    """Read a delivery by the protocol Open Delivery 1.7."""
    return _answer(serving.serve(incoming, first, second, third, fourth))


@api.post(FOUR, rights.OPEN_DELIVERY, raw=True, also=MORE, largest=LARGEST, errors=ERRORS)
def post_open_delivery_part(
    incoming: Incoming, first: str, second: str, third: str, fourth: str
) -> Answer[OpenDeliveryAnswer | None]:
    """Say by the protocol Open Delivery 1.7 what is done with an order or a delivery."""
    return _answer(serving.serve(incoming, first, second, third, fourth))


@api.patch(FOUR, rights.OPEN_DELIVERY, raw=True, also=MORE, largest=LARGEST, errors=ERRORS)
def patch_open_delivery_part(
    incoming: Incoming, first: str, second: str, third: str, fourth: str
) -> Answer[OpenDeliveryAnswer | None]:
    """Change by the protocol Open Delivery 1.7 what an order says of its preparation."""
    return _answer(serving.serve(incoming, first, second, third, fourth))


def _answer(said: Said) -> Answer[OpenDeliveryAnswer | None]:
    shown = None if said.body is None else OpenDeliveryAnswer(said.body)
    return Answer(shown, said.status)
