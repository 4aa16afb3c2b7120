"""HTTP of a store's machines and webhooks, and our own token endpoint."""

from chalicelib.core.errors import (
    BusyError,
    ForbiddenError,
    KeyReusedError,
    NotFoundError,
    TooManyError,
)
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer, Incoming
from chalicelib.core.web import Api
from chalicelib.integrations import clients, endpoints, oauth, replaying, rights
from chalicelib.integrations.errors import (
    ClientLimitError,
    InvalidClientError,
    OAuthRequestError,
    StoreUnknownError,
    UnsupportedGrantError,
    WebhookDisabledError,
    WebhookLimitError,
    WebhookUrlError,
)
from chalicelib.integrations.schemas import (
    ClientList,
    CreatedClient,
    CreatedWebhook,
    MessagePage,
    MessageQuery,
    MessageView,
    NewClient,
    NewWebhook,
    TokenView,
    WebhookList,
    WebhookView,
)

api = Api(__name__)

TOKENS = Limit("tokens", calls=600, seconds=60)
PINGS = Limit("webhook-pings", calls=30, seconds=60)
LARGEST_TOKEN_REQUEST = 8192
OAUTH_ERRORS = (OAuthRequestError, UnsupportedGrantError, InvalidClientError)
STORE_ERRORS = (StoreUnknownError, ForbiddenError)
WEBHOOK_ERRORS = (*STORE_ERRORS, NotFoundError)
REPLAYED = {"Idempotent-Replayed": "true"}


@api.post(
    "/oauth/token", rights.TOKEN_ISSUE, raw=True, limit=TOKENS, largest=LARGEST_TOKEN_REQUEST,
    errors=(*OAUTH_ERRORS, TooManyError),
)  # fmt: skip
def issue_token(incoming: Incoming) -> Answer[TokenView]:
    """Give a store's machine an access token for its client id and secret (RFC 6749, 4.4).

    Form or JSON; the secret in the body or by HTTP Basic. Errors are as RFC 6749 section 5.2 says.
    """
    try:
        return Answer(oauth.grant(incoming), headers=oauth.NO_STORE)
    except OAUTH_ERRORS as error:
        return oauth.refusal(error, incoming)


@api.post(
    "/v1/stores/{store_id}/clients", rights.CLIENT_CREATE, status=201,
    errors=(*STORE_ERRORS, ClientLimitError, KeyReusedError),
)  # fmt: skip
def create_client(
    caller: Caller, key: Key, body: NewClient, store_id: str
) -> Answer[CreatedClient]:
    """Give a machine of the store an id and a secret. The secret is shown this once."""
    made, repeated = clients.create(caller, store_id, body, key)
    return Answer(made, headers=oauth.NO_STORE | (REPLAYED if repeated else {}))


@api.get("/v1/stores/{store_id}/clients", rights.CLIENT_READ, errors=STORE_ERRORS)
def list_clients(caller: Caller, store_id: str) -> ClientList:
    """List the store's active clients, without their secrets."""
    return clients.listing(caller, store_id)


@api.delete(
    "/v1/stores/{store_id}/clients/{client_id}", rights.CLIENT_REVOKE,
    errors=(*STORE_ERRORS, NotFoundError, BusyError),
)  # fmt: skip
def revoke_client(caller: Caller, store_id: str, client_id: str) -> None:
    """End a client. Tokens that it has already end within 15 minutes."""
    clients.revoke(caller, store_id, client_id)


@api.post(
    "/v1/stores/{store_id}/webhooks", rights.WEBHOOK_CREATE, status=201,
    errors=(*STORE_ERRORS, WebhookUrlError, WebhookLimitError, KeyReusedError),
)  # fmt: skip
def create_webhook(
    caller: Caller, key: Key, body: NewWebhook, store_id: str
) -> Answer[CreatedWebhook]:
    """Have what happens to the store's orders told to an address, signed (Standard Webhooks).

    The secret that signs is shown this once.
    """
    made, repeated = endpoints.create(caller, store_id, body, key)
    return Answer(made, headers=oauth.NO_STORE | (REPLAYED if repeated else {}))


@api.get("/v1/stores/{store_id}/webhooks", rights.WEBHOOK_READ, errors=STORE_ERRORS)
def list_webhooks(caller: Caller, store_id: str) -> WebhookList:
    """List the store's webhooks, without their secrets."""
    return endpoints.listing(caller, store_id)


@api.get("/v1/stores/{store_id}/webhooks/{webhook_id}", rights.WEBHOOK_READ, errors=WEBHOOK_ERRORS)
def read_webhook(caller: Caller, store_id: str, webhook_id: str) -> WebhookView:
    """Read a webhook, without its secret."""
    return endpoints.read(caller, store_id, webhook_id)


@api.delete(
    "/v1/stores/{store_id}/webhooks/{webhook_id}", rights.WEBHOOK_REMOVE,
    errors=(*STORE_ERRORS, BusyError),
)  # fmt: skip
def remove_webhook(caller: Caller, store_id: str, webhook_id: str) -> None:
    """Tell an address nothing more."""
    endpoints.remove(caller, store_id, webhook_id)


@api.post(
    "/v1/stores/{store_id}/webhooks/{webhook_id}/enable", rights.WEBHOOK_ENABLE,
    errors=(*WEBHOOK_ERRORS, BusyError),
)  # fmt: skip
def enable_webhook(caller: Caller, store_id: str, webhook_id: str) -> WebhookView:
    """Send to a webhook again that had answered 410, first of all what it was not told."""
    return replaying.enable(caller, store_id, webhook_id)


@api.post(
    "/v1/stores/{store_id}/webhooks/{webhook_id}/ping", rights.WEBHOOK_PING, status=202,
    limit=PINGS, errors=(*WEBHOOK_ERRORS, WebhookDisabledError, BusyError),
)  # fmt: skip
def ping_webhook(caller: Caller, store_id: str, webhook_id: str) -> MessageView:
    """Send a test message, once."""
    return replaying.ping(caller, store_id, webhook_id)


@api.get(
    "/v1/stores/{store_id}/webhooks/{webhook_id}/messages", rights.WEBHOOK_READ,
    errors=WEBHOOK_ERRORS,
)  # fmt: skip
def list_messages(
    caller: Caller, query: MessageQuery, store_id: str, webhook_id: str
) -> MessagePage:
    """List what was sent to a webhook, the newest first, with each attempt's answer."""
    return replaying.log_of(caller, store_id, webhook_id, query)


@api.post(
    "/v1/stores/{store_id}/webhooks/{webhook_id}/messages/{position}/replay",
    rights.WEBHOOK_REPLAY, status=202, limit=PINGS,
    errors=(*WEBHOOK_ERRORS, WebhookDisabledError, BusyError),
)  # fmt: skip
def replay_message(caller: Caller, store_id: str, webhook_id: str, position: str) -> MessageView:
    """Send the message at a position of the webhook's feed again, under its own id."""
    return replaying.replay(caller, store_id, webhook_id, position)
