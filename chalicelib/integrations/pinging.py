"""A message that says nothing, sent once: whether somebody takes it is what is to be known."""

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.integrations import challenging, lanes, ringing
from chalicelib.integrations.feeding import append
from chalicelib.integrations.lanes import Lane, Place
from chalicelib.integrations.messages import Fact
from chalicelib.integrations.models import EndpointItem, MessageItem
from chalicelib.integrations.schemas import PING, MessageData

RACES = 6


def ping(endpoint: EndpointItem) -> MessageItem:
    """Have an endpoint sent a ping, which is not tried again. Raises BusyError after lost races."""
    place = Place(endpoint.id, endpoint.id)
    for _ in range(RACES):
        lane = lanes.find(place) or Lane(place, endpoint.owner_id, "webhook")
        fresh = append(lane, endpoint, [_fact(endpoint)])
        try:
            parts.commit(*fresh)
        except BusyError:
            continue
        ringing.ring([place])
        item = fresh[-1].item
        assert isinstance(item, MessageItem)  # noqa: S101 - `append` puts its messages last
        return item
    raise BusyError


def _fact(endpoint: EndpointItem) -> Fact:
    return Fact(
        type=PING,
        at=clock.stamp(clock.now()),
        kind="webhook",
        subject=endpoint.id,
        sequence=1,
        data=MessageData(
            store_id=endpoint.store_id,
            merchant_id=endpoint.merchant_id,
            url=challenging.path(endpoint),
        ),
    )
