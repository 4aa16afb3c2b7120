"""The protocol's token endpoint: the same credentials as at /oauth/token, in its own form."""

from chalicelib.core import auth
from chalicelib.core.errors import UnauthenticatedError
from chalicelib.core.routing import Incoming
from chalicelib.integrations import oauth
from chalicelib.integrations.errors import OAuthRequestError, UnsupportedGrantError
from chalicelib.integrations.opendelivery import calling
from chalicelib.integrations.opendelivery.operations import Call, Said


def grant(call: Call) -> Said:
    """An access token for the client of a store: 200.

    Raises UnauthenticatedError (401) whatever is wrong: the protocol knows no other refusal.
    """
    return Said(200, _granted(call.incoming))


def _granted(incoming: Incoming) -> dict[str, str | int]:
    try:
        token = oauth.grant(incoming)
        client_id, secret = oauth.credentials(incoming)
    except (OAuthRequestError, UnsupportedGrantError) as error:
        raise UnauthenticatedError(str(error)) from None
    for store_id in auth.verify(token.access_token).stores:
        calling.remember(store_id, client_id, secret)
    return {
        "access_token": token.access_token,
        "token_type": "bearer",
        "expires_in": token.expires_in,
    }
