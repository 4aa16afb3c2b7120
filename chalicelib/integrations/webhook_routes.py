"""HTTP of a store's webhooks: their making, their changes, their delivery log."""

from chalicelib.core.errors import (
    BusyError,
    ForbiddenError,
    KeyReusedError,
    NotFoundError,
)
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api
from chalicelib.integrations import changing, endpoints, replaying, rights, standing
from chalicelib.integrations.errors import (
    ReplayRangeError,
    StoreUnknownError,
    WebhookDisabledError,
    WebhookLimitError,
    WebhookUnverifiedError,
    WebhookUrlError,
)
from chalicelib.integrations.feed_schemas import NewReplay, ReplayView
from chalicelib.integrations.message_schemas import MessagePage, MessageQuery, MessageView
from chalicelib.integrations.oauth import NO_STORE
from chalicelib.integrations.schemas import (
    ChangedWebhook,
    CreatedWebhook,
    NewWebhook,
    RotatedSecret,
    WebhookList,
    WebhookView,
)

api = Api(__name__)

PINGS = Limit("webhook-pings", calls=30, seconds=60)
CHANGES = Limit("webhook-changes", calls=120, seconds=60)
STORE_ERRORS = (StoreUnknownError, ForbiddenError)
WEBHOOK_ERRORS = (*STORE_ERRORS, NotFoundError)
REPLAYED = {"Idempotent-Replayed": "true"}


@api.post(
    "/v1/stores/{store_id}/webhooks", rights.WEBHOOK_CREATE, status=201, limit=CHANGES,
    errors=(*STORE_ERRORS, WebhookUrlError, WebhookLimitError, KeyReusedError),
)  # fmt: skip
def create_webhook(
    caller: Caller, key: Key, body: NewWebhook, store_id: str
) -> Answer[CreatedWebhook]:
    """Have what happens to the store's orders told to an address, signed (Standard Webhooks).

    The secret that signs is shown this once. Before anything else a challenge is sent, whose
    answer must echo its token: until then the webhook is `unverified`.
    """
    made, repeated = endpoints.create(caller, standing.store(store_id), body, key)
    return Answer(made, headers=NO_STORE | (REPLAYED if repeated else {}))


@api.get("/v1/stores/{store_id}/webhooks", rights.WEBHOOK_READ, errors=STORE_ERRORS)
def list_webhooks(caller: Caller, store_id: str) -> WebhookList:
    """List the store's webhooks, without their secrets."""
    return endpoints.listing(caller, standing.store(store_id))


@api.get("/v1/stores/{store_id}/webhooks/{webhook_id}", rights.WEBHOOK_READ, errors=WEBHOOK_ERRORS)
def read_webhook(caller: Caller, store_id: str, webhook_id: str) -> WebhookView:
    """Read a webhook, how it fares and what waits for it. Never its secret."""
    return endpoints.read(caller, standing.store(store_id), webhook_id)


@api.patch(
    "/v1/stores/{store_id}/webhooks/{webhook_id}", rights.WEBHOOK_CHANGE, limit=CHANGES,
    errors=(*WEBHOOK_ERRORS, WebhookUrlError, BusyError),
)  # fmt: skip
def change_webhook(
    caller: Caller, body: ChangedWebhook, store_id: str, webhook_id: str
) -> WebhookView:
    """Change the address or the filter. A new address has to answer a challenge first."""
    return changing.change(caller, standing.store(store_id), webhook_id, body)


@api.post(
    "/v1/stores/{store_id}/webhooks/{webhook_id}/rotate", rights.WEBHOOK_ROTATE,
    errors=(*WEBHOOK_ERRORS, KeyReusedError, BusyError),
)  # fmt: skip
def rotate_webhook(
    caller: Caller, key: Key, store_id: str, webhook_id: str
) -> Answer[RotatedSecret]:
    """Give a webhook a new secret, shown this once. The one before signs too for 24 hours."""
    made, repeated = changing.rotate(caller, standing.store(store_id), webhook_id, key)
    return Answer(made, headers=NO_STORE | (REPLAYED if repeated else {}))


@api.post(
    "/v1/stores/{store_id}/webhooks/{webhook_id}/pause", rights.WEBHOOK_PAUSE,
    errors=(*WEBHOOK_ERRORS, WebhookDisabledError, WebhookUnverifiedError, BusyError),
)  # fmt: skip
def pause_webhook(caller: Caller, store_id: str, webhook_id: str) -> WebhookView:
    """Send nothing until the webhook is enabled again. What happens meanwhile waits."""
    return changing.pause(caller, standing.store(store_id), webhook_id)


@api.delete(
    "/v1/stores/{store_id}/webhooks/{webhook_id}", rights.WEBHOOK_REMOVE,
    errors=(*STORE_ERRORS, BusyError),
)  # fmt: skip
def remove_webhook(caller: Caller, store_id: str, webhook_id: str) -> None:
    """Tell an address nothing more."""
    endpoints.remove(caller, standing.store(store_id), webhook_id)


@api.post(
    "/v1/stores/{store_id}/webhooks/{webhook_id}/enable", rights.WEBHOOK_ENABLE,
    limit=CHANGES, errors=(*WEBHOOK_ERRORS, BusyError),
)  # fmt: skip
def enable_webhook(caller: Caller, store_id: str, webhook_id: str) -> WebhookView:
    """Send to a webhook again that was paused or disabled, first of all what it was not told.

    One that has not answered its challenge yet gets another one.
    """
    return changing.enable(caller, standing.store(store_id), webhook_id)


@api.post(
    "/v1/stores/{store_id}/webhooks/{webhook_id}/ping", rights.WEBHOOK_PING, status=202,
    limit=PINGS, errors=(*WEBHOOK_ERRORS, WebhookDisabledError, WebhookUnverifiedError, BusyError),
)  # fmt: skip
def ping_webhook(caller: Caller, store_id: str, webhook_id: str) -> MessageView:
    """Send a test message, once."""
    return replaying.ping(caller, standing.store(store_id), webhook_id)


@api.get(
    "/v1/stores/{store_id}/webhooks/{webhook_id}/messages", rights.WEBHOOK_READ,
    errors=WEBHOOK_ERRORS,
)  # fmt: skip
def list_messages(
    caller: Caller, query: MessageQuery, store_id: str, webhook_id: str
) -> MessagePage:
    """List what was sent to a webhook, the newest first, with each attempt's answer."""
    return replaying.log_of(caller, standing.store(store_id), webhook_id, query)


@api.post(
    "/v1/stores/{store_id}/webhooks/{webhook_id}/messages/{position}/replay",
    rights.WEBHOOK_REPLAY, status=202, limit=PINGS,
    errors=(*WEBHOOK_ERRORS, WebhookDisabledError, WebhookUnverifiedError, BusyError),
)  # fmt: skip
def replay_message(caller: Caller, store_id: str, webhook_id: str, position: str) -> MessageView:
    """Send the message at a position of the webhook's feed again, under its own id."""
    return replaying.replay(caller, standing.store(store_id), webhook_id, position)


@api.post(
    "/v1/stores/{store_id}/webhooks/{webhook_id}/replays", rights.WEBHOOK_REPLAY,
    status=202, limit=PINGS,
    errors=(
        *WEBHOOK_ERRORS, ReplayRangeError, WebhookDisabledError, WebhookUnverifiedError,
        KeyReusedError,
    ),
)  # fmt: skip
def create_replay(
    caller: Caller, key: Key, body: NewReplay, store_id: str, webhook_id: str
) -> Answer[ReplayView]:
    """Send a part of the feed again, by position or time, or all that was not acknowledged."""
    made, repeated = replaying.replay_range(caller, standing.store(store_id), webhook_id, body, key)
    return Answer(made, headers=REPLAYED if repeated else {})


@api.get(
    "/v1/stores/{store_id}/webhooks/{webhook_id}/replays/{replay_id}", rights.WEBHOOK_READ,
    errors=WEBHOOK_ERRORS,
)  # fmt: skip
def read_replay(caller: Caller, store_id: str, webhook_id: str, replay_id: str) -> ReplayView:
    """Read how far a replay is."""
    return replaying.replay_of(caller, standing.store(store_id), webhook_id, replay_id)
