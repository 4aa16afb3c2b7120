"""The token endpoint: client credentials, as RFC 6749 section 4.4 has them.

A client sends its id and secret in the body (form or JSON) or by HTTP Basic, never by both.
https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
"""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from chalicelib.core import auth, ids, limits
from chalicelib.core.errors import ProblemError
from chalicelib.core.limits import Limit
from chalicelib.core.routing import Answer, Incoming
from chalicelib.core.telemetry import about
from chalicelib.integrations import clients
from chalicelib.integrations.client_schemas import TokenView
from chalicelib.integrations.errors import (
    InvalidClientError,
    OAuthRequestError,
    UnsupportedGrantError,
)

PER_CLIENT = Limit("tokens-per-client", calls=20, seconds=60)
GRANT = "client_credentials"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MOST_FIELDS = 20
LONGEST_VALUE = 512
CLIENT_ID = re.compile(ids.pattern("cli"))
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
PROBLEM = "https://ieum.dev/problems/"

type Fields = Mapping[str, str]


def grant(incoming: Incoming) -> TokenView:
    """An access token for the client whose credentials a request carries.

    Raises OAuthRequestError and UnsupportedGrantError (400), InvalidClientError (401), and
    TooManyError (429) when one client asks more than twenty times a minute from one address.
    """
    fields = _fields(incoming)
    client_id, secret = _credentials(incoming, fields)
    if "grant_type" not in fields:
        raise OAuthRequestError("grant_type is missing.")
    if fields["grant_type"] != GRANT:
        raise UnsupportedGrantError
    if not CLIENT_ID.fullmatch(client_id):
        raise InvalidClientError
    limits.spend(PER_CLIENT, f"{client_id}#{incoming.source}")
    store_id = clients.authenticate(client_id, secret)
    about(client=client_id, store=store_id)
    token = auth.issue(client_id, [store_id])
    return TokenView(access_token=token, expires_in=auth.TOKEN_SECONDS)


def credentials(incoming: Incoming) -> tuple[str, str]:
    """The id and the secret that a request carries. Raises as `grant`."""
    return _credentials(incoming, _fields(incoming))


def refusal(error: ProblemError, incoming: Incoming) -> Answer[Any]:
    """An error in the shape of RFC 6749 section 5.2, with our own fields beside it.

    Not as problem+json: clients of OAuth read `error` from JSON, and one that came by HTTP Basic
    must be answered with that scheme.
    """
    headers = dict(NO_STORE)
    if error.status == InvalidClientError.status:
        basic = incoming.headers.get("authorization", "").lower().startswith("basic")
        headers["WWW-Authenticate"] = 'Basic realm="ieum"' if basic else "Bearer"
    view = {
        "error": error.code,
        "error_description": str(error),
        "type": PROBLEM + error.code,
        "title": error.sentence,
        "status": error.status,
        "code": error.code,
        "retryable": error.retryable,
    }
    return Answer(view, error.status, headers)


def _fields(incoming: Incoming) -> Fields:
    content_type = incoming.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    try:
        text = incoming.body.decode()
        pairs = _form(text) if content_type == FORM else _json(text, content_type)
        "".join(
            map("".join, pairs)
        ).encode()  # JSON may escape half a character, which has no bytes to hash
    except (ValueError, RecursionError):
        raise OAuthRequestError("The body is neither a form nor a JSON object.") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise OAuthRequestError("A parameter is given twice.")
    if any(len(value) > LONGEST_VALUE for value in fields.values()):
        raise OAuthRequestError("A parameter is too long.")
    # Empty counts as left out: https://www.rfc-editor.org/rfc/rfc6749#section-3.2
    return {name: value for name, value in fields.items() if value}


def _form(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")


def _json(text: str, content_type: str) -> list[tuple[str, str]]:
    if content_type != JSON:
        raise OAuthRequestError("The body must be a form or JSON.")
    pairs = json.loads(text, object_pairs_hook=list)
    if not isinstance(pairs, list) or not all(_is_pair(pair) for pair in pairs):
        raise OAuthRequestError("The body must be a flat JSON object of texts.")
    return pairs


def _is_pair(pair: object) -> bool:
    return isinstance(pair, tuple) and all(isinstance(part, str) for part in pair)


def _credentials(incoming: Incoming, fields: Fields) -> tuple[str, str]:
    header = incoming.headers.get("authorization")
    in_body = "client_secret" in fields
    if header is None:
        if not in_body or "client_id" not in fields:
            raise InvalidClientError("The client's id or secret is missing.")
        return fields["client_id"], fields["client_secret"]
    if in_body:
        raise OAuthRequestError("The client authenticates in two ways at once.")
    client_id, secret = _basic(header)
    if fields.get("client_id", client_id) != client_id:
        raise OAuthRequestError("The client names itself in two ways.")
    return client_id, secret


def _basic(header: str) -> tuple[str, str]:
    scheme, _, coded = header.partition(" ")
    if scheme.lower() != "basic":
        raise InvalidClientError("The client authenticates by HTTP Basic or in the body.")
    try:
        decoded = base64.b64decode(coded.strip(), validate=True).decode()
    except ValueError:  # not base 64, not ASCII, or not UTF-8 within
        raise InvalidClientError from None
    client_id, _, secret = decoded.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)
