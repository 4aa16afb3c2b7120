"""A store's events of the protocol: made once of what happens, kept until they are acknowledged."""

from dataclasses import asdict

from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.integrations.opendelivery import happenings
from chalicelib.integrations.opendelivery.happenings import Fact
from chalicelib.integrations.opendelivery.models import (
    EVENT,
    Connection,
    Happening,
    OrderLink,
    connection_key,
    event_key,
    order_key,
)
from chalicelib.orders import reading as orders
from chalicelib.orders.order import Order

KEPT_SECONDS = 30 * 86_400.0
RACES = 6
FIRST_PAUSE = 0.02
LISTED = 50
ONCE = 100
"""So many items one transaction takes."""


def connect(store_id: str, base: str) -> Connection:
    """That the store is joined from now on; what is under way there is told at once.

    `base` is where its system calls us. Safe to repeat.
    """
    found = dynamo.get(Connection, connection_key(store_id))
    if found is not None:
        return found
    made = Connection.at(store_id)
    made.store_id, made.base, made.created_at = store_id, base, clock.stamp(clock.now())
    parts.commit(parts.overwrite(made))
    for order in orders.of_store(store_id, limit=LISTED, cursor=None).items:
        if not order.ended:
            hear(order.id)
    return made


def hear(order_id: str) -> str | None:
    """Make events of what has happened to an order. Safe to repeat.

    The store that wants to be called for them, if it does.
    """
    order = orders.find(order_id)
    return hear_of(order) if order else None


def hear_of(order: Order) -> str | None:
    """The same of an order that was read."""
    if not order.shown_to_store:
        return None
    connection = dynamo.get(Connection, connection_key(order.store_id))
    if connection is None:
        return None
    for race in range(RACES):
        if race:
            clock.pause(ids.uniform(0, FIRST_PAUSE * 2**race))
        try:
            _hear(order)
        except BusyError:
            continue
        return order.store_id if connection.webhook_url else None
    raise BusyError


def _hear(order: Order) -> None:
    link = dynamo.get(OrderLink, connection_key(order.store_id), order_key(order.id))
    known = int(link.version or 0) if link else 0
    happened = orders.events_after(order.id, known)
    facts = [fact for event in happened for fact in happenings.facts(event)]
    if not happened:
        return
    version = int(happened[-1].version)
    parts.commit(
        _moved(order, known, version, facts[-1].type if facts else None),
        *(_kept(order, fact) for fact in facts),
    )


def _moved(order: Order, known: int, version: int, last: str | None) -> Part:
    actions = [
        OrderLink.v.set(OrderLink.VERSION),
        OrderLink.version.set(version),
        OrderLink.expires_at.set(forgotten()),
    ]
    if last:
        actions.append(OrderLink.last_type.set(last))
    unchanged = OrderLink.version == known if known else OrderLink.version.does_not_exist()
    return parts.update(OrderLink.at(order.store_id, order.id), actions, BusyError(), unchanged)


def _kept(order: Order, fact: Fact) -> Part:
    item = Happening(
        connection_key(order.store_id),
        event_key(fact.id),
        order_id=order.id,
        expires_at=forgotten(),
        **{name: value for name, value in asdict(fact).items() if value is not None},
    )
    return parts.overwrite(item)


def forgotten() -> int:
    return clock.forget_at(clock.after(KEPT_SECONDS))


def waiting(store_id: str) -> list[Happening]:
    """What the store's system has not acknowledged: the oldest first, of an order in its order."""
    found = dynamo.items(Happening, connection_key(store_id), prefix=EVENT)
    return sorted(found, key=lambda one: (one.at, one.order_id, one.version, one.place))


def forget(store_id: str, event_ids: list[str]) -> None:
    """Tell these no more. Safe to repeat, and to race."""
    wanted = sorted(set(event_ids))
    for start in range(0, len(wanted), ONCE):
        chosen = wanted[start : start + ONCE]
        parts.commit(
            *(parts.forget(Happening(connection_key(store_id), event_key(one))) for one in chosen)
        )


def merchant_id(store_id: str) -> str:
    """What the store's system calls the merchant; else the store's own UUID."""
    found = dynamo.get(Connection, connection_key(store_id))
    return (found.merchant_id if found else None) or str(ids.to_uuid(store_id))


def link(store_id: str, order_id: str) -> OrderLink | None:
    return dynamo.get(OrderLink, connection_key(store_id), order_key(order_id))
