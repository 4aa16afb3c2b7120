"""Webhook endpoints of a store, or of a merchant: made, listed, read, removed.

The secret is shown once. An endpoint is told nothing of orders before it has echoed a challenge.
"""

from datetime import datetime

from chalicelib.core import clock, dynamo, egress, ids, parts
from chalicelib.core.egress import Refused
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.rights import Caller, Right
from chalicelib.core.settings import settings
from chalicelib.integrations import challenging, health, messages, rights, ringing, signing
from chalicelib.integrations.errors import WebhookLimitError, WebhookUrlError
from chalicelib.integrations.making import commit_once, enrol, strike
from chalicelib.integrations.models import (
    ENDPOINT,
    FEED,
    MERCHANT,
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
from chalicelib.integrations.status import EndpointStatus, Why, endpoint_status

MOST_ENDPOINTS = 3
STOPPED = frozenset({EndpointStatus.PAUSED, EndpointStatus.DISABLED})


def create(caller: Caller, owner_id: str, new: NewWebhook, key: Key) -> tuple[CreatedWebhook, bool]:
    """A new endpoint with its secret, and whether the request is only repeated: then without.

    It is challenged at once. Raises WebhookUrlError (400) for an address that cannot be called,
    WebhookLimitError (409) for the fourth, KeyReusedError (422) for a key with another body.
    """
    demand(caller, rights.WEBHOOK_CREATE, owner_id)
    endpoint_id, secret = ids.new("whk"), signing.new_secret()
    of_merchant = owner_id.startswith(MERCHANT)
    item = EndpointItem(
        store_key(owner_id),
        endpoint_key(endpoint_id),
        id=endpoint_id,
        store_id=None if of_merchant else owner_id,
        merchant_id=owner_id if of_merchant else None,
        url=checked(new.url),
        event_types=list(new.event_types),
        status=EndpointStatus.DISABLED,
        unverified=True,
        created_at=clock.stamp(clock.now()),
    )
    subject, repeated = commit_once(
        key,
        endpoint_id,
        parts.put(item, BusyError()),
        parts.put(EndpointSecret(item.pk, secret_key(endpoint_id), secret=secret), BusyError()),
        parts.put(Feed(endpoint_key(endpoint_id), FEED, position=1), BusyError()),
        *challenging.first(item),
        enrol(
            owner_id, Roster.endpoints, endpoint_id, most=MOST_ENDPOINTS, full=WebhookLimitError()
        ),
    )
    if not repeated:
        ringing.ring([challenging.place(endpoint_id)])
    made = view(load(owner_id, subject) if repeated else item)
    return CreatedWebhook(**made.model_dump(), secret=None if repeated else secret), repeated


def listing(caller: Caller, owner_id: str) -> WebhookList:
    """Every endpoint of a store or a merchant, the oldest first."""
    demand(caller, rights.WEBHOOK_READ, owner_id)
    return WebhookList(items=[view(item) for item in listed(owner_id, of_owner(owner_id))])


def read(caller: Caller, owner_id: str, endpoint_id: str) -> WebhookView:
    """With what waits for it. Raises NotFoundError (404) for an endpoint of another owner."""
    found = view(allowed(caller, rights.WEBHOOK_READ, owner_id, endpoint_id))
    pending, oldest = messages.waiting(endpoint_id)
    waits = {"pending": pending, "oldest_pending_at": oldest}
    return found.model_copy(update={"health": found.health.model_copy(update=waits)})


def remove(caller: Caller, owner_id: str, endpoint_id: str) -> None:
    """Send nothing more to an endpoint, and forget its secret. Safe to repeat."""
    demand(caller, rights.WEBHOOK_REMOVE, owner_id)
    item = find(owner_id, endpoint_id)
    if item is None:
        return
    secret = EndpointSecret(item.pk, secret_key(endpoint_id))
    feed = Feed(endpoint_key(endpoint_id), FEED)
    parts.commit(
        parts.delete(item, BusyError(), EndpointItem.pk.exists()),
        parts.delete(secret, BusyError(), EndpointSecret.pk.exists()),
        parts.delete(feed, BusyError(), Feed.pk.exists()),
        strike(owner_id, Roster.endpoints, endpoint_id, BusyError()),
    )


# --- what this domain reads ------------------------------------------------------------------


def allowed(caller: Caller, right: Right, owner_id: str, endpoint_id: str) -> EndpointItem:
    """The endpoint, if the caller may do this to it. Raises NotFoundError (404)."""
    demand(caller, right, owner_id)
    return load(owner_id, endpoint_id)


def load(owner_id: str, endpoint_id: str) -> EndpointItem:
    """Raises NotFoundError (404)."""
    item = find(owner_id, endpoint_id)
    if item is None:
        raise NotFoundError
    return item


def find(owner_id: str, endpoint_id: str) -> EndpointItem | None:
    return dynamo.get(EndpointItem, store_key(owner_id), endpoint_key(endpoint_id))


def of_owner(owner_id: str) -> list[EndpointItem]:
    return dynamo.items(EndpointItem, store_key(owner_id), prefix=ENDPOINT)


def secrets_of(item: EndpointItem) -> tuple[str, ...]:
    """The keys that sign what an endpoint is sent, the newest first; none: it was removed."""
    found = dynamo.get(EndpointSecret, item.pk, secret_key(item.id))
    if found is None:
        return ()
    overlaps = found.older_until and clock.parse(found.older_until) > clock.now()
    return (found.secret, found.older) if overlaps and found.older else (found.secret,)


def overlap_of(item: EndpointItem) -> datetime | None:
    """Until when the secret before signs too."""
    found = dynamo.get(EndpointSecret, item.pk, secret_key(item.id))
    return clock.parse(found.older_until) if found and found.older_until else None


def is_active(item: EndpointItem) -> bool:
    return item.status == EndpointStatus.ACTIVE


def status_of(item: EndpointItem) -> EndpointStatus:
    return endpoint_status(stored=str(item.status), unverified=bool(item.unverified), why=item.why)


def view(item: EndpointItem) -> WebhookView:
    status = status_of(item)
    return WebhookView(
        id=item.id,
        store_id=item.store_id,
        merchant_id=item.merchant_id,
        url=item.url,
        event_types=list(item.event_types),
        status=status,
        disabled_because=Why(item.why) if status in STOPPED and item.why else None,
        health=health.view(item),
        created_at=clock.parse(item.created_at),
    )


def checked(url: str) -> str:
    """The address in its one normal form. Raises WebhookUrlError (400)."""
    try:
        return egress.check_url(url, allow=settings().egress_allow).url
    except Refused as refused:
        raise WebhookUrlError(
            errors=[{"pointer": "/url", "code": refused.code, "detail": "cannot be called"}]
        ) from None
