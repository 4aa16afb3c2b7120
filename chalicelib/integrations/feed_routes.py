"""HTTP of a store's events, for whoever fetches them instead of being told."""

from chalicelib.core.errors import BusyError, ForbiddenError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.integrations import pulling, rights
from chalicelib.integrations.errors import NotYetSentError, StoreUnknownError
from chalicelib.integrations.feed_schemas import (
    Acknowledged,
    Acknowledgement,
    EventPage,
    EventQuery,
)

api = Api(__name__)

STORE_ERRORS = (StoreUnknownError, ForbiddenError)


@api.get("/v1/events", rights.FEED_READ, errors=STORE_ERRORS)
def fetch_events(caller: Caller, query: EventQuery) -> EventPage:
    """Fetch what happened at a store, in order, after a position or after what was acknowledged.

    The same messages as by webhook, without gaps, for 30 days; the first fetch begins the feed.
    """
    return pulling.fetch(caller, query)


@api.post(
    "/v1/events/ack", rights.FEED_ACKNOWLEDGE, errors=(*STORE_ERRORS, NotYetSentError, BusyError)
)
def acknowledge_events(caller: Caller, body: Acknowledgement) -> Acknowledged:
    """Say up to where the events are taken: the next fetch goes on from there."""
    return pulling.acknowledge(caller, body)
