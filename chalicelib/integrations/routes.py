"""HTTP of a store's machines, and our own token endpoint."""

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
from chalicelib.integrations import clients, oauth, rights
from chalicelib.integrations.client_schemas import ClientList, CreatedClient, NewClient, TokenView
from chalicelib.integrations.errors import (
    ClientLimitError,
    InvalidClientError,
    OAuthRequestError,
    StoreUnknownError,
    UnsupportedGrantError,
)

api = Api(__name__)

TOKENS = Limit("tokens", calls=600, seconds=60)
LARGEST_TOKEN_REQUEST = 8192
OAUTH_ERRORS = (OAuthRequestError, UnsupportedGrantError, InvalidClientError)
STORE_ERRORS = (StoreUnknownError, ForbiddenError)
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
