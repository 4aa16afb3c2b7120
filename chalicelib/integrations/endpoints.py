"""A store's webhook endpoints: made with a secret that is shown once, listed, removed."""

from chalicelib.core import clock, dynamo, egress, ids, parts
from chalicelib.core.egress import Refused
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.rights import Caller, Right
from chalicelib.core.settings import settings
from chalicelib.integrations import rights, signing
from chalicelib.integrations.errors import WebhookLimitError, WebhookUrlError
from chalicelib.integrations.making import commit_once, enrol, strike
from chalicelib.integrations.models import (
    ENDPOINT,
    FEED,
    EndpointItem,
    EndpointSecret,
    Feed,
    Roster,
    endpoint_key,
    secret_key,
    store_key,
)
from chalicelib.integrations.schemas import CreatedWebhook, NewWebhook, WebhookList, WebhookView
from chalicelib.integrations.standing import demand, listed
from chalicelib.integrations.status import EndpointStatus

MOST_ENDPOINTS = 3


def create(caller: Caller, store_id: str, new: NewWebhook, key: Key) -> tuple[CreatedWebhook, bool]:
    """A new endpoint with its secret, and whether the request is only repeated: then without.

    Raises WebhookUrlError (400) for an address that cannot be called, WebhookLimitError (409) for
    the fourth, KeyReusedError (422) for a key that came with another body.
    """
    demand(caller, rights.WEBHOOK_CREATE, store_id)
    endpoint_id, secret = ids.new("whk"), signing.new_secret()
    item = EndpointItem(
        store_key(store_id),
        endpoint_key(endpoint_id),
        id=endpoint_id,
        store_id=store_id,
        url=_checked(new.url),
        event_types=list(new.event_types),
        status=EndpointStatus.ACTIVE,
        created_at=clock.stamp(clock.now()),
    )
    subject, repeated = commit_once(
        key,
        endpoint_id,
        parts.put(item, BusyError()),
        parts.put(EndpointSecret(item.pk, secret_key(endpoint_id), secret=secret), BusyError()),
        parts.put(Feed(endpoint_key(endpoint_id), FEED, position=0), BusyError()),
        enrol(
            store_id, Roster.endpoints, endpoint_id, most=MOST_ENDPOINTS, full=WebhookLimitError()
        ),
    )
    made = view(load(store_id, subject) if repeated else item)
    return CreatedWebhook(**made.model_dump(), secret=None if repeated else secret), repeated


def listing(caller: Caller, store_id: str) -> WebhookList:
    """Every endpoint of a store, the oldest first."""
    demand(caller, rights.WEBHOOK_READ, store_id)
    return WebhookList(items=[view(item) for item in listed(store_id, of_store(store_id))])


def read(caller: Caller, store_id: str, endpoint_id: str) -> WebhookView:
    """Raises NotFoundError (404) for an endpoint of another store."""
    return view(allowed(caller, rights.WEBHOOK_READ, store_id, endpoint_id))


def remove(caller: Caller, store_id: str, endpoint_id: str) -> None:
    """Send nothing more to an endpoint, and forget its secret. Safe to repeat."""
    demand(caller, rights.WEBHOOK_REMOVE, store_id)
    item = find(store_id, endpoint_id)
    if item is None:
        return
    secret = EndpointSecret(item.pk, secret_key(endpoint_id))
    feed = Feed(endpoint_key(endpoint_id), FEED)
    parts.commit(
        parts.delete(item, BusyError(), EndpointItem.pk.exists()),
        parts.delete(secret, BusyError(), EndpointSecret.pk.exists()),
        parts.delete(feed, BusyError(), Feed.pk.exists()),
        strike(store_id, Roster.endpoints, endpoint_id, BusyError()),
    )


# --- what this domain reads ------------------------------------------------------------------


def allowed(caller: Caller, right: Right, store_id: str, endpoint_id: str) -> EndpointItem:
    """The endpoint, if the caller may do this to it. Raises NotFoundError (404)."""
    demand(caller, right, store_id)
    return load(store_id, endpoint_id)


def load(store_id: str, endpoint_id: str) -> EndpointItem:
    """Raises NotFoundError (404)."""
    item = find(store_id, endpoint_id)
    if item is None:
        raise NotFoundError
    return item


def find(store_id: str, endpoint_id: str) -> EndpointItem | None:
    return dynamo.get(EndpointItem, store_key(store_id), endpoint_key(endpoint_id))


def of_store(store_id: str) -> list[EndpointItem]:
    return dynamo.items(EndpointItem, store_key(store_id), prefix=ENDPOINT)


def secret_of(item: EndpointItem) -> str | None:
    """The key that signs what an endpoint is sent; None when it was removed meanwhile."""
    found = dynamo.get(EndpointSecret, item.pk, secret_key(item.id))
    return found.secret if found else None


def is_active(item: EndpointItem) -> bool:
    return item.status == EndpointStatus.ACTIVE


def view(item: EndpointItem) -> WebhookView:
    return WebhookView(
        id=item.id,
        store_id=item.store_id,
        url=item.url,
        event_types=list(item.event_types),
        status=EndpointStatus(item.status),
        created_at=clock.parse(item.created_at),
    )


def _checked(url: str) -> str:
    try:
        return egress.check_url(url, allow=settings().egress_allow).url
    except Refused as refused:
        raise WebhookUrlError(
            errors=[{"pointer": "/url", "code": refused.code, "detail": "cannot be called"}]
        ) from None
