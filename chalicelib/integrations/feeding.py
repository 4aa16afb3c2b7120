"""From an order's events to messages: each endpoint of its store has its own feed.

One transaction advances the lane's cursor, counts the endpoint's position on and puts the
messages, so that a bell that comes twice, or two at once, make each message once.
"""

from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.outbox import EventItem
from chalicelib.core.parts import Part
from chalicelib.core.telemetry import log
from chalicelib.integrations import endpoints, lanes
from chalicelib.integrations.lanes import Lane, Place
from chalicelib.integrations.messages import Fact, message
from chalicelib.integrations.models import FEED, EndpointItem, Feed, endpoint_key
from chalicelib.integrations.schemas import EVENT_TYPES, MessageData
from chalicelib.orders import reading as orders

RACES = 6
FIRST_PAUSE = 0.02


def hear(order_id: str) -> list[Place]:
    """Make messages of what has happened to an order. Returns the lanes that are due.

    Nothing of an order that its store is not shown becomes a message, nor that it was placed. What
    happens while an endpoint is disabled waits in its lanes until somebody enables it again: an
    order that then has no more news would otherwise never be told of.
    """
    order = orders.find(order_id)
    if order is None or not order.shown_to_store:
        log("An order was none of its store's business", order=order_id)
        return []
    found = endpoints.of_store(order.store_id)
    return [place for endpoint in found if (place := _feed(endpoint, order_id))]


def _feed(endpoint: EndpointItem, order_id: str) -> Place | None:
    place = Place(endpoint.id, order_id)
    for race in range(RACES):
        if race:
            clock.pause(ids.uniform(0, FIRST_PAUSE * 2**race))
        lane = lanes.find(place) or Lane(place, endpoint.store_id, "order")
        news = orders.events_after(order_id, lane.version)
        facts = [_fact(event) for event in news if _is_for(endpoint, event)]
        if not facts:
            return place if lane.is_due() else None
        try:
            parts.commit(*append(lane, endpoint, facts))
        except BusyError:
            continue
        return place
    raise BusyError


def _is_for(endpoint: EndpointItem, event: EventItem) -> bool:
    """What an endpoint wants to hear, of what a store may hear, since the endpoint exists."""
    wanted = event.type in EVENT_TYPES and event.type in endpoint.event_types
    return wanted and event.at >= endpoint.created_at


def _fact(event: EventItem) -> Fact:
    return Fact(
        type=event.type,
        at=event.at,
        kind="order",
        subject=event.subject,
        sequence=int(event.version),
        data=MessageData(
            order_id=event.subject,
            store_id=event.data["store_id"],
            status=event.data["status"],
            url=f"/v1/orders/{event.subject}",
        ),
    )


def append(lane: Lane, endpoint: EndpointItem, facts: list[Fact]) -> list[Part]:
    """The parts that put facts at the end of a lane and of its endpoint's feed.

    Their failure is BusyError: lane or feed have moved meanwhile, read them again. That of a feed
    which is gone, with its endpoint, too.
    """
    feed = dynamo.get(Feed, endpoint_key(endpoint.id), FEED)
    last = int(feed.position) if feed else 0
    positions = tuple(range(last + 1, last + 1 + len(facts)))
    counted = parts.update(
        Feed(endpoint_key(endpoint.id), FEED),
        [Feed.position.set(positions[-1])],
        BusyError(),
        Feed.position == last,
    )
    put = [
        parts.put(message(endpoint.id, position, fact), BusyError())
        for position, fact in zip(positions, facts, strict=True)
    ]
    return [lanes.save(lane.appended(facts[-1].sequence, positions)), counted, *put]
