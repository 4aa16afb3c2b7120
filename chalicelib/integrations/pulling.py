"""The pull twin of webhooks: a store's events, fetched and acknowledged by whoever works for it.

The feed of a store begins with its first fetch. From then on every event has a position in it, as
in an endpoint's feed, whether or not anybody can be reached. Each reader (a machine, or one of the
staff) has a mark of its own, so that what one has taken is not lost to another.
"""

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import BusyError, InvalidError
from chalicelib.core.rights import Caller, Role
from chalicelib.integrations import messages, reach, rights
from chalicelib.integrations.errors import NotYetSentError
from chalicelib.integrations.feed_schemas import (
    Acknowledged,
    Acknowledgement,
    EventPage,
    EventQuery,
)
from chalicelib.integrations.message_schemas import MessageBody
from chalicelib.integrations.models import (
    FEED,
    PULL,
    Feed,
    PullItem,
    ReaderItem,
    endpoint_key,
    reader_key,
    store_key,
)
from chalicelib.integrations.standing import demand

RACES = 6


def fetch(caller: Caller, query: EventQuery) -> EventPage:
    """The events after a position, or after what the caller has acknowledged.

    They are kept for 30 days: a `previous_position` beyond the one asked for tells of a gap.
    """
    store_id = _store_of(caller, query.store_id)
    demand(caller, rights.FEED_READ, store_id)
    reach.note_poll(store_id)
    _open(store_id)
    known = _mark(store_id, caller.id)
    after = known if query.after is None else query.after
    found = messages.after(store_id, after, query.limit)
    return EventPage(
        store_id=store_id,
        events=[MessageBody.model_validate_json(one.body, extra="ignore") for one in found],
        acknowledged=known,
        last_position=messages.last(store_id),
    )


def acknowledge(caller: Caller, said: Acknowledgement) -> Acknowledged:
    """Note that the caller has taken everything up to a position. Safe to repeat, never goes back.

    Raises NotYetSentError (409) for a position that the feed has not reached.
    """
    store_id = _store_of(caller, said.store_id)
    demand(caller, rights.FEED_ACKNOWLEDGE, store_id)
    if said.position > messages.last(store_id):
        raise NotYetSentError
    for _ in range(RACES):
        before = _mark(store_id, caller.id)
        if before >= said.position:
            return Acknowledged(store_id=store_id, acknowledged=before)
        now = clock.stamp(clock.now())
        mark = ReaderItem(
            store_key(store_id), reader_key(caller.id), position=said.position, at=now
        )
        as_read = ReaderItem.position == before if before else None
        try:
            parts.commit(parts.put(mark, BusyError(), as_read))
        except BusyError:
            continue
        return Acknowledged(store_id=store_id, acknowledged=said.position)
    raise BusyError


def of_store(store_id: str) -> PullItem | None:
    """The feed of a store that somebody fetches (1 read)."""
    return dynamo.get(PullItem, store_key(store_id), PULL)


def _store_of(caller: Caller, named: str | None) -> str:
    """Which store is meant. Raises InvalidError (400) where that cannot be known."""
    if named is not None:
        return named
    own = caller.stores if Role.STORE in caller.roles else frozenset[str]()
    if len(own) != 1:
        raise InvalidError(errors=[{"pointer": "?store_id", "detail": "say which store"}])
    return next(iter(own))


def _open(store_id: str) -> None:
    if of_store(store_id):
        return
    pull = PullItem(store_key(store_id), PULL, id=store_id, created_at=clock.stamp(clock.now()))
    feed = Feed(endpoint_key(store_id), FEED, position=0)
    try:
        parts.commit(parts.put(pull, BusyError()), parts.put(feed, BusyError()))
    except BusyError:
        return  # somebody else has opened it


def _mark(store_id: str, reader: str) -> int:
    found = dynamo.get(ReaderItem, store_key(store_id), reader_key(reader))
    return int(found.position) if found else 0
