"""Whether a store hears of its orders without its app: by a webhook that works, or by fetching.

What counts is what was seen, not what was set up: the newest message that was tried has been taken,
or a system of the store's has asked for news within five minutes.
"""

from datetime import timedelta

from chalicelib.catalog.schemas import Store
from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import UnavailableError
from chalicelib.core.telemetry import log, name_of
from chalicelib.integrations import endpoints
from chalicelib.integrations.models import MESSAGE, EndpointItem, MessageItem, endpoint_key
from chalicelib.integrations.status import MessageStatus
from chalicelib.integrations.watch_models import Watch

NEW_ORDER = "order.created"
LOOKED_AT = 5
"""Of the newest messages so many: those of a moment ago may not have been sent yet."""


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


def is_reached(store: Store, watch: Watch) -> bool:
    """Whether some system of a store or its merchant is told of new orders, and takes them."""
    if watch.polled_at and clock.parse(watch.polled_at) + POLLS_COUNT > clock.now():
        return True
    owners = (store.id, store.merchant_id)
    return any(_works(one) for owner in owners for one in endpoints.of_owner(owner))


def _works(endpoint: EndpointItem) -> bool:
    if not endpoints.is_active(endpoint) or NEW_ORDER not in endpoint.event_types:
        return False
    if endpoint.held_until and endpoint.held_until > clock.stamp(clock.now()):
        return False
    with dynamo.reading():
        newest = MessageItem.query(
            endpoint_key(endpoint.id),
            MessageItem.sk.startswith(MESSAGE),
            consistent_read=True,
            scan_index_forward=False,
            limit=LOOKED_AT,
        )
        tried = next((one for one in newest if one.tries), None)
    return tried is not None and tried.status == MessageStatus.DELIVERED
