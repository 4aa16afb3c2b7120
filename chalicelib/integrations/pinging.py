"""A message that says nothing, sent once: whether somebody takes it is what is to be known."""

from chalicelib.core import parts
from chalicelib.core.errors import BusyError
from chalicelib.integrations import challenging, lanes, ringing
from chalicelib.integrations.feeding import append
from chalicelib.integrations.lanes import Lane, Place
from chalicelib.integrations.models import EndpointItem, MessageItem
from chalicelib.integrations.schemas import PING

RACES = 6


def ping(endpoint: EndpointItem) -> MessageItem:
    """Have an endpoint sent a ping, which is not tried again. Raises BusyError after lost races."""
    place = Place(endpoint.id, endpoint.id)
    for _ in range(RACES):
        lane = lanes.find(place) or Lane(place, endpoint.owner_id, "webhook")
        fresh = append(lane, endpoint, [challenging.about(endpoint, PING)])
        try:
            parts.commit(*fresh)
        except BusyError:
            continue
        ringing.ring([place])
        item = fresh[-1].item
        assert isinstance(item, MessageItem)  # noqa: S101 - `append` puts its messages last
        return item
    raise BusyError
