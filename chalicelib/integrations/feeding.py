"""From events to messages: each endpoint of a store or its merchant has its own feed.

One transaction advances the lane's cursor, counts the endpoint's position on and puts the
messages, so that a bell that comes twice, or two at once, make each message once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.catalog import reading as stores
from chalicelib.core import clock, dynamo, ids, news, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.news import NewsEvent
from chalicelib.core.outbox import EventItem
from chalicelib.core.parts import Part
from chalicelib.core.telemetry import log
from chalicelib.integrations import endpoints, lanes, pulling
from chalicelib.integrations.lanes import Lane, Place
from chalicelib.integrations.message_schemas import MessageData
from chalicelib.integrations.messages import Fact, message
from chalicelib.integrations.models import FEED, EndpointItem, Feed, PullItem, endpoint_key
from chalicelib.integrations.schemas import EVENT_TYPES
from chalicelib.orders import reading as orders

PROMOTION, AVAILABILITY = "promotion", "availability"
NEWS = frozenset({PROMOTION, AVAILABILITY})
RACES = 6
FIRST_PAUSE = 0.02

type Listener = EndpointItem | PullItem


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
    source = Source("order", order_id, orders.events_after, _of_order)
    return _feed_all((order.store_id, order.merchant_id), source)


def hear_news(kind: str, subject: str) -> list[Place]:
    """The same of what has happened to a store's availability, or to a promotion of its own.

    Whoever has not asked for it is told nothing, and nothing is read for them.
    """
    found = news.events_after(kind, subject, 0)[:1] if kind == PROMOTION else ()
    store_id = str(found[0].data["store_id"]) if found else subject

    def after(_: str, version: int) -> list[NewsEvent]:
        return news.events_after(kind, subject, version)

    source = Source("store", subject, after, _of_store)
    if kind == PROMOTION:
        source = Source("promotion", subject, after, _of_promotion)
    store = stores.store(store_id)
    return _feed_all((store_id, store.merchant_id) if store else (store_id,), source)


@dataclass(frozen=True, slots=True)
class Source:
    """Of what events are read, and what a store is shown of one."""

    kind: Literal["order", "store", "promotion"]
    subject: str
    after: Callable[[str, int], Sequence[EventItem]]
    shown: Callable[[EventItem], MessageData]

    def is_heard(self, endpoint: EndpointItem) -> bool:
        return any(one.startswith(f"{self.kind}.") for one in endpoint.event_types)


def _feed_all(owners: Sequence[str], source: Source) -> list[Place]:
    every = [one for owner in owners for one in endpoints.of_owner(owner)]
    found: list[Listener] = [one for one in every if source.is_heard(one)]
    fetched = pulling.of_store(owners[0])
    if fetched:
        found.append(fetched)
    return [place for one in found if (place := _feed(one, source))]


def _feed(endpoint: Listener, source: Source) -> Place | None:
    place = Place(endpoint.id, source.subject)
    for race in range(RACES):
        if race:
            clock.pause(ids.uniform(0, FIRST_PAUSE * 2**race))
        lane = lanes.find(place) or Lane(place, endpoint.owner_id, source.kind)
        happened = source.after(source.subject, lane.version)
        facts = [_fact(event, source) for event in happened if _is_for(endpoint, event)]
        if not facts:
            return place if lane.is_due() else None
        try:
            parts.commit(*append(lane, endpoint, facts))
        except BusyError:
            continue
        return place if isinstance(endpoint, EndpointItem) else None
    raise BusyError


def _is_for(endpoint: Listener, event: EventItem) -> bool:
    """What an endpoint wants to hear, of what a store may hear, since the endpoint exists."""
    asked = endpoint.event_types if isinstance(endpoint, EndpointItem) else EVENT_TYPES
    wanted = event.type in EVENT_TYPES and event.type in asked
    return wanted and event.at >= endpoint.created_at


def _fact(event: EventItem, source: Source) -> Fact:
    return Fact(
        type=event.type,
        at=event.at,
        kind=source.kind,
        subject=event.subject,
        sequence=int(event.version),
        data=source.shown(event),
    )


def _of_order(event: EventItem) -> MessageData:
    return MessageData(
        order_id=event.subject,
        store_id=event.data["store_id"],
        status=event.data["status"],
        url=f"/v1/orders/{event.subject}",
    )


def _of_store(event: EventItem) -> MessageData:
    store_id, change = event.data["store_id"], event.data["change"]
    of_things = change in {"sold_out", "back"}
    return MessageData(
        store_id=store_id,
        change=change,
        reason=event.data.get("reason"),
        things=event.data.get("things"),
        until=event.data.get("until"),
        url=f"/v1/stores/{store_id}{'/availability' if of_things else ''}",
    )


def _of_promotion(event: EventItem) -> MessageData:
    return MessageData(
        store_id=event.data["store_id"],
        promotion_id=event.subject,
        change=event.data["change"],
        url=f"/v1/promotions/{event.subject}",
    )


def append(lane: Lane, endpoint: Listener, facts: list[Fact]) -> list[Part]:
    """The parts that put facts at the end of a lane and of its endpoint's feed.

    Their failure is BusyError: lane or feed have moved meanwhile, read them again. That of a feed
    which is gone, with its endpoint, too.
    """
    feed = dynamo.get(Feed, endpoint_key(endpoint.id), FEED)
    last = int(feed.position) if feed else 0
    positions = tuple(range(last + 1, last + 1 + len(facts)))
    numbered = [_numbered(*pair) for pair in zip(facts, positions, strict=True)]
    counted = parts.update(
        Feed(endpoint_key(endpoint.id), FEED),
        [Feed.position.set(positions[-1])],
        BusyError(),
        Feed.position == last,
    )
    put = [
        parts.put(message(endpoint.id, position, fact), BusyError())
        for position, fact in zip(positions, numbered, strict=True)
    ]
    version = numbered[-1].sequence
    sent = isinstance(endpoint, EndpointItem)
    moved = lane.appended(version, positions) if sent else lane.passed(version)
    return [lanes.save(moved), counted, *put]


def _numbered(fact: Fact, position: int) -> Fact:
    """What is of the endpoint itself has no version but its place in the feed."""
    return replace(fact, sequence=position) if fact.kind == "webhook" else fact
