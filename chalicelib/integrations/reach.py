"""Whether a store hears of its orders without its app: by a webhook that works, or by fetching.

What counts is what was seen, not what was set up: the newest message that was tried has been taken
within four hours, or a system of the store's has asked for news within five minutes. A webhook
that took something longer ago may have died since: it is asked.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from chalicelib.catalog.schemas import Store
from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import UnavailableError
from chalicelib.core.telemetry import log, name_of
from chalicelib.integrations import endpoints
from chalicelib.integrations.models import MESSAGE, EndpointItem, MessageItem, endpoint_key
from chalicelib.integrations.schemas import PING
from chalicelib.integrations.status import MessageStatus
from chalicelib.integrations.watch_models import Watch

NEW_ORDER = "order.created"
LOOKED_AT = 5
"""Of the newest messages so many: those of a moment ago may not have been sent yet."""
FRESH = timedelta(hours=4)
ASKED_FOR = timedelta(minutes=5)
"""So long an answer is waited for: a message that was not even tried by then speaks for nobody."""
POLLS_COUNT = timedelta(minutes=5)
POLLS_APART = 60.0
MOST_KNOWN = 10_000
_next: dict[str, float] = {}
"""By store, when a poll of it is written down again: wall seconds, as this process knows."""


class NoAppError(Exception):
    """The store has no app that is watched, so nothing has to speak for it."""


def note_poll(store_id: str) -> None:
    """Note that a system of the store's has asked for its news: at most once a minute here.

    For whatever is fetched: the call goes on, whether or not this could be written.
    """
    now = clock.wall_now()
    if now < _next.get(store_id, now):
        return
    if len(_next) >= MOST_KNOWN:
        forget()
    _next[store_id] = now + clock.wall(POLLS_APART)
    polled = [Watch.polled_at.set(clock.stamp(clock.now()))]
    try:
        parts.commit(parts.update(Watch.at(store_id), polled, NoAppError(), Watch.seen_at.exists()))
    except NoAppError:
        return
    except UnavailableError as error:
        log("A poll could not be noted", store=store_id, code=name_of(error))


def forget() -> None:
    """Write the next polls down: for worlds that share a process."""
    _next.clear()


class Told(StrEnum):
    """What is known of an endpoint: takes new orders, does not, did long ago, is being asked."""

    WORKS = "works"
    FAILS = "fails"
    LONG_AGO = "long_ago"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether a store hears of new orders without its app; if not surely, whom to ask, or not yet.

    `asked`: whether an answer is waited for already.
    """

    sure: bool
    to_ask: tuple[EndpointItem, ...] = ()
    asked: bool = False


def of(store: Store, watch: Watch) -> Reach:
    """Whether some system of a store or its merchant is told of new orders, and takes them."""
    if watch.polled_at and clock.parse(watch.polled_at) + POLLS_COUNT > clock.now():
        return Reach(sure=True)
    owners = (store.id, store.merchant_id)
    found = [(one, told(one)) for owner in owners for one in endpoints.of_owner(owner)]
    return Reach(
        sure=any(said is Told.WORKS for _, said in found),
        to_ask=tuple(one for one, said in found if said is Told.LONG_AGO),
        asked=any(said is Told.ASKED for _, said in found),
    )


def told(endpoint: EndpointItem) -> Told:
    """What its newest messages say of an endpoint."""
    now = clock.now()
    if not endpoints.is_active(endpoint) or NEW_ORDER not in endpoint.event_types:
        return Told.FAILS
    if endpoint.held_until and endpoint.held_until > clock.stamp(now):
        return Told.FAILS
    with dynamo.reading():
        found = MessageItem.query(
            endpoint_key(endpoint.id),
            MessageItem.sk.startswith(MESSAGE),
            consistent_read=True,
            scan_index_forward=False,
            limit=LOOKED_AT,
        )
        newest = list(found)
    tried = next((one for one in newest if one.tries), None)
    if tried is None or tried.status != MessageStatus.DELIVERED:
        return Told.FAILS
    if clock.parse(tried.delivered_at or tried.created_at) + FRESH > now:
        return Told.WORKS
    asked = [one for one in newest if one.type == PING and not one.tries]
    if not asked:
        return Told.LONG_AGO
    waited = now - clock.parse(asked[-1].created_at)
    return Told.ASKED if waited < ASKED_FOR else Told.FAILS
