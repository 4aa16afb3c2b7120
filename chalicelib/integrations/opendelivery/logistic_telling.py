"""Logistic events on their way to a store's system: made once, kept until they are taken.

They are posted to `newLogisticEvent`, beside the address at which the store is told of its orders;
nobody polls for them. Whoever has told no address reads an errand's details.
"""

from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import urlsplit, urlunsplit

from pynamodb.expressions.update import Action

from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.couriers import moving
from chalicelib.integrations.opendelivery import feeding, logistic_facts, logistic_views
from chalicelib.integrations.opendelivery.logistic_facts import Fact
from chalicelib.integrations.opendelivery.logistic_views import Asked
from chalicelib.integrations.opendelivery.models import (
    NEWS,
    Connection,
    ErrandLink,
    LogisticNews,
    connection_key,
    errand_key,
    news_key,
)
from chalicelib.orders import reading as orders
from chalicelib.orders.order import Order

RACES = 6
FIRST_PAUSE = 0.02
PATH = "newLogisticEvent"
type Letter = tuple[str, object]


def hear(order_id: str) -> str | None:
    """Make events of what has happened to an order, or to an errand. Safe to repeat.

    The store that wants to be called for them, if it does.
    """
    order = orders.find(order_id)
    if order is None or order.errand is None:
        return feeding.hear_of(order) if order else None
    return _hear_errand(order, order.errand.reference)


def hear_delivery(delivery_id: str) -> str | None:
    """The same of an attempt to bring an errand."""
    return hear(moving.demand(delivery_id).order_id)


def _hear_errand(order: Order, reference: str) -> str | None:
    connection = dynamo.get(Connection, connection_key(order.store_id))
    wanted = connection is not None and connection.webhook_url is not None
    for race in range(RACES):
        if race:
            clock.pause(ids.uniform(0, FIRST_PAUSE * 2**race))
        link = find(order.store_id, reference)
        if link is None or link.order_id != order.id:
            return None
        try:
            _tell(order, link, told=wanted)
        except BusyError:
            continue
        return order.store_id if wanted else None
    raise BusyError


def _tell(order: Order, link: ErrandLink, *, told: bool) -> None:
    known = {name: int(version) for name, version in dict(link.cursors).items()}
    facts = logistic_facts.of(order, known)
    if not facts:
        return
    for fact in facts:
        known[fact.subject] = max(known.get(fact.subject, 0), fact.version)
    parts.commit(
        changed(link, ErrandLink.cursors.set(known)),
        *(kept(order.store_id, named(link), order.id, facts) if told else ()),
    )


def find(store_id: str, reference: str) -> ErrandLink | None:
    """What a store's system has asked for under its own id."""
    return dynamo.get(ErrandLink, connection_key(store_id), errand_key(reference))


def named(link: ErrandLink) -> str:
    """What the store's system calls it."""
    return str(link.sk).removeprefix(errand_key(""))


def changed(link: ErrandLink, *actions: Action) -> Part:
    """The part that changes what is known of an errand as it was read. Its failure: BusyError."""
    said = [*actions, ErrandLink.version.set(int(link.version) + 1)]
    return parts.update(link, said, BusyError(), ErrandLink.version == link.version)


def kept(
    store_id: str, reference: str, order_id: str | None, facts: Sequence[Fact]
) -> tuple[Part, ...]:
    """The parts that keep events until they are taken."""
    return tuple(
        parts.overwrite(
            LogisticNews(
                connection_key(store_id),
                news_key(fact.id),
                id=fact.id,
                reference=reference,
                order_id=order_id,
                fact=asdict(fact),
                at=f"{fact.at}#{number:03d}",
                expires_at=feeding.forgotten(),
            )
        )
        for number, fact in enumerate(facts)
    )


def waiting(store_id: str) -> list[LogisticNews]:
    """What the store's system has not taken, the oldest first."""
    found = dynamo.items(LogisticNews, connection_key(store_id), prefix=NEWS)
    return sorted(found, key=lambda one: one.at)


def letter(connection: Connection, news: LogisticNews) -> Letter | None:
    """Where an event is posted, and what; None where nothing is known of its errand any more."""
    link = find(connection.store_id, news.reference)
    if link is None:
        return None
    order = orders.find(news.order_id) if news.order_id else None
    asked = Asked(connection.store_id, news.reference, link, order)
    return beside(str(connection.webhook_url)), logistic_views.event(asked, Fact(**news.fact))


def beside(url: str) -> str:
    """The address of logistic events: the sibling of that of an order's."""
    found = urlsplit(url)
    path = f"{found.path.rpartition('/')[0]}/{PATH}"
    return urlunsplit((found.scheme, found.netloc, path, found.query, ""))


def forget(store_id: str, event_id: str) -> None:
    """Tell this no more. Safe to repeat."""
    parts.commit(parts.forget(LogisticNews(connection_key(store_id), news_key(event_id))))
