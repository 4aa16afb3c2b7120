"""Sign-ins of actors: people by the user pool, tills by our own token endpoint."""

import base64
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.people import PASSWORD
from sandbox.robo.line import TIMEOUT, Line, Lost

YOUNG = 600.0  # wall seconds for which a token is used; it is good for fifteen minutes
COGNITO = "AWSCognitoIdentityProviderService.InitiateAuth"
OK = 200


@dataclass
class _Kept:
    token: str = ""
    since: float = -YOUNG


class Badge:
    """A token that is asked for when it is needed, and again when it grows old or is refused."""

    def __init__(self, ask: Callable[[], str]) -> None:
        """`ask` raises Lost where nobody answers."""
        self._ask = ask
        self._kept = _Kept()
        self._lock = threading.Lock()

    def __call__(self, fresh: bool = False) -> str:  # noqa: FBT001, FBT002 - a Caller asks so
        with self._lock:
            if fresh or time.monotonic() - self._kept.since > YOUNG:
                self._kept = _Kept(self._ask(), time.monotonic())
            return self._kept.token


def person(cognito: Line, client_id: str, email: str) -> Badge:
    """The badge of somebody in the user pool, by their password."""
    content = json.dumps(
        {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": client_id,
            "AuthParameters": {"USERNAME": email, "PASSWORD": PASSWORD},
        }
    ).encode()
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": COGNITO}

    def ask() -> str:
        reply = cognito.ask("POST", "/", content, headers, TIMEOUT)
        if reply.status != OK:
            raise Lost(f"{email} could not sign in: {reply.status} {reply.text[:200]}")
        return str(reply.body["AuthenticationResult"]["AccessToken"])

    return Badge(ask)


def subject(token: str) -> str:
    """Whose a token is, as it says itself: nobody here has to verify it."""
    claims = token.split(".")[1]
    padded = claims + "=" * (-len(claims) % 4)
    return str(json.loads(base64.urlsafe_b64decode(padded))["sub"])


def till(api: Line, client_id: str, secret: str) -> Badge:
    """The badge of a store's machine, by its id and secret."""
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": f"Basic {basic}",
    }

    def ask() -> str:
        content = b"grant_type=client_credentials"
        reply = api.ask("POST", "/oauth/token", content, headers, TIMEOUT)
        if reply.status != OK:
            raise Lost(f"the till {client_id} could not sign in: {reply.status}")
        return str(reply.body["access_token"])

    return Badge(ask)
