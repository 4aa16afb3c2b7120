"""HTTP of a merchant's webhooks, which hear of all its stores: the same as a store's."""

from chalicelib.catalog.errors import MerchantNotFoundError
from chalicelib.core.errors import (
    BusyError,
    KeyReusedError,
    NotFoundError,
)
from chalicelib.core.idempotency import Key
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api
from chalicelib.integrations import changing, endpoints, replaying, rights, standing
from chalicelib.integrations.errors import (
    ReplayRangeError,
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
from chalicelib.integrations.webhook_routes import CHANGES, PINGS, REPLAYED

api = Api(__name__)

MERCHANT_ERRORS = (MerchantNotFoundError,)
WEBHOOK_ERRORS = (*MERCHANT_ERRORS, NotFoundError)


@api.post(
    "/v1/merchants/{merchant_id}/webhooks", rights.MERCHANT_CHANGE_WEBHOOKS, status=201,
    limit=CHANGES, errors=(*MERCHANT_ERRORS, WebhookUrlError, WebhookLimitError, KeyReusedError),
)  # fmt: skip
def create_merchant_webhook(
    caller: Caller, key: Key, body: NewWebhook, merchant_id: str
) -> Answer[CreatedWebhook]:
    """Have what happens to the orders of all the merchant's stores told to an address, signed.

    The secret that signs is shown this once. Before anything else a challenge is sent, whose
    answer must echo its token: until then the webhook is `unverified`.
    """
    made, repeated = endpoints.create(caller, standing.merchant(merchant_id), body, key)
    return Answer(made, headers=NO_STORE | (REPLAYED if repeated else {}))


@api.get(
    "/v1/merchants/{merchant_id}/webhooks", rights.MERCHANT_READ_WEBHOOKS, errors=MERCHANT_ERRORS
)
def list_merchant_webhooks(caller: Caller, merchant_id: str) -> WebhookList:
    """List the merchant's webhooks, without their secrets."""
    return endpoints.listing(caller, standing.merchant(merchant_id))


@api.get(
    "/v1/merchants/{merchant_id}/webhooks/{webhook_id}",
    rights.MERCHANT_READ_WEBHOOKS,
    errors=WEBHOOK_ERRORS,
)
def read_merchant_webhook(caller: Caller, merchant_id: str, webhook_id: str) -> WebhookView:
    """Read a webhook, how it fares and what waits for it. Never its secret."""
    return endpoints.read(caller, standing.merchant(merchant_id), webhook_id)


@api.patch(
    "/v1/merchants/{merchant_id}/webhooks/{webhook_id}", rights.MERCHANT_CHANGE_WEBHOOKS,
    limit=CHANGES, errors=(*WEBHOOK_ERRORS, WebhookUrlError, BusyError),
)  # fmt: skip
def change_merchant_webhook(
    caller: Caller, body: ChangedWebhook, merchant_id: str, webhook_id: str
) -> WebhookView:
    """Change the address or the filter. A new address has to answer a challenge first."""
    return changing.change(caller, standing.merchant(merchant_id), webhook_id, body)


@api.post(
    "/v1/merchants/{merchant_id}/webhooks/{webhook_id}/rotate", rights.MERCHANT_CHANGE_WEBHOOKS,
    errors=(*WEBHOOK_ERRORS, KeyReusedError, BusyError),
)  # fmt: skip
def rotate_merchant_webhook(
    caller: Caller, key: Key, merchant_id: str, webhook_id: str
) -> Answer[RotatedSecret]:
    """Give a webhook a new secret, shown this once. The one before signs too for 24 hours."""
    made, repeated = changing.rotate(caller, standing.merchant(merchant_id), webhook_id, key)
    return Answer(made, headers=NO_STORE | (REPLAYED if repeated else {}))


@api.post(
    "/v1/merchants/{merchant_id}/webhooks/{webhook_id}/pause", rights.MERCHANT_CHANGE_WEBHOOKS,
    errors=(*WEBHOOK_ERRORS, WebhookDisabledError, WebhookUnverifiedError, BusyError),
)  # fmt: skip
def pause_merchant_webhook(caller: Caller, merchant_id: str, webhook_id: str) -> WebhookView:
    """Send nothing until the webhook is enabled again. What happens meanwhile waits."""
    return changing.pause(caller, standing.merchant(merchant_id), webhook_id)


@api.delete(
    "/v1/merchants/{merchant_id}/webhooks/{webhook_id}", rights.MERCHANT_CHANGE_WEBHOOKS,
    errors=(*MERCHANT_ERRORS, BusyError),
)  # fmt: skip
def remove_merchant_webhook(caller: Caller, merchant_id: str, webhook_id: str) -> None:
    """Tell an address nothing more."""
    endpoints.remove(caller, standing.merchant(merchant_id), webhook_id)


@api.post(
    "/v1/merchants/{merchant_id}/webhooks/{webhook_id}/enable", rights.MERCHANT_CHANGE_WEBHOOKS,
    limit=CHANGES, errors=(*WEBHOOK_ERRORS, BusyError),
)  # fmt: skip
def enable_merchant_webhook(caller: Caller, merchant_id: str, webhook_id: str) -> WebhookView:
    """Send to a webhook again that was paused or disabled, first of all what it was not told.

    One that has not answered its challenge yet gets another one.
    """
    return changing.enable(caller, standing.merchant(merchant_id), webhook_id)


@api.post(
    "/v1/merchants/{merchant_id}/webhooks/{webhook_id}/ping", rights.MERCHANT_CHANGE_WEBHOOKS,
    status=202, limit=PINGS,
    errors=(*WEBHOOK_ERRORS, WebhookDisabledError, WebhookUnverifiedError, BusyError),
)  # fmt: skip
def ping_merchant_webhook(caller: Caller, merchant_id: str, webhook_id: str) -> MessageView:
    """Send a test message, once."""
    return replaying.ping(caller, standing.merchant(merchant_id), webhook_id)


@api.get(
    "/v1/merchants/{merchant_id}/webhooks/{webhook_id}/messages", rights.MERCHANT_READ_WEBHOOKS,
    errors=WEBHOOK_ERRORS,
)  # fmt: skip
def list_merchant_messages(
    caller: Caller, query: MessageQuery, merchant_id: str, webhook_id: str
) -> MessagePage:
    """List what was sent to a webhook, the newest first, with each attempt's answer."""
    return replaying.log_of(caller, standing.merchant(merchant_id), webhook_id, query)


@api.post(
    "/v1/merchants/{merchant_id}/webhooks/{webhook_id}/messages/{position}/replay",
    rights.MERCHANT_CHANGE_WEBHOOKS, status=202, limit=PINGS,
    errors=(*WEBHOOK_ERRORS, WebhookDisabledError, WebhookUnverifiedError, BusyError),
)  # fmt: skip
def replay_merchant_message(
    caller: Caller, merchant_id: str, webhook_id: str, position: str
) -> MessageView:
    """Send the message at a position of the webhook's feed again, under its own id."""
    return replaying.replay(caller, standing.merchant(merchant_id), webhook_id, position)


@api.post(
    "/v1/merchants/{merchant_id}/webhooks/{webhook_id}/replays", rights.MERCHANT_CHANGE_WEBHOOKS,
    status=202, limit=PINGS,
    errors=(
        *WEBHOOK_ERRORS, ReplayRangeError, WebhookDisabledError, WebhookUnverifiedError,
        KeyReusedError,
    ),
)  # fmt: skip
def create_merchant_replay(
    caller: Caller, key: Key, body: NewReplay, merchant_id: str, webhook_id: str
) -> Answer[ReplayView]:
    """Send a part of the feed again, by position or time, or all that was not acknowledged."""
    made, repeated = replaying.replay_range(
        caller, standing.merchant(merchant_id), webhook_id, body, key
    )
    return Answer(made, headers=REPLAYED if repeated else {})


@api.get(
    "/v1/merchants/{merchant_id}/webhooks/{webhook_id}/replays/{replay_id}",
    rights.MERCHANT_READ_WEBHOOKS, errors=WEBHOOK_ERRORS,
)  # fmt: skip
def read_merchant_replay(
    caller: Caller, merchant_id: str, webhook_id: str, replay_id: str
) -> ReplayView:
    """Read how far a replay is."""
    return replaying.replay_of(caller, standing.merchant(merchant_id), webhook_id, replay_id)
