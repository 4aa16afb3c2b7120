"""How a conformance case talks to Stripe, whichever one: the fake, or Stripe in test mode.

The same cases judge both. Stripe itself is asked only with a key in the environment and the
network allowed: `STRIPE_API_KEY=sk_test_... make stripe-conformance`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPSConnection
from typing import Any, Protocol
from urllib.parse import urlencode
from uuid import uuid4

from sandbox.stripe.account import API_VERSION
from sandbox.stripe.model import FakeStripe

type Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: Json

    @property
    def error(self) -> Json:
        error: Json = self.body["error"]
        return error

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a field of whatever was answered
        return self.body[name]


class Port(Protocol):
    """`key` is the Idempotency-Key, `bearer` an API key in place of the usual one."""

    def call(
        self,
        method: str,
        path: str,
        params: Json | None = None,
        *,
        key: str | None = None,
        bearer: str | None = None,
    ) -> Reply: ...

    def fresh_key(self) -> str: ...


@dataclass
class FakePort:
    fake: FakeStripe
    keys: int = 0

    def call(
        self,
        method: str,
        path: str,
        params: Json | None = None,
        *,
        key: str | None = None,
        bearer: str | None = None,
    ) -> Reply:
        encoded = urlencode(flattened(params or {}))
        target, body = _placed(method, path, encoded)
        headers = headers_of(bearer or "sk_test_fake", key)
        return Reply(*self.fake.request(method, target, headers, body))

    def fresh_key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"


@dataclass
class StripePort:
    """Stripe itself, in test mode: with any other key it refuses to be made."""

    api_key: str

    def __post_init__(self) -> None:
        if not self.api_key.startswith(("sk_test_", "rk_test_")):
            message = "only a secret key of test mode may be used"
            raise ValueError(message)

    def call(
        self,
        method: str,
        path: str,
        params: Json | None = None,
        *,
        key: str | None = None,
        bearer: str | None = None,
    ) -> Reply:
        encoded = urlencode(flattened(params or {}))
        target, body = _placed(method, path, encoded)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        connection = HTTPSConnection("api.stripe.com", timeout=30)
        headers = headers_of(bearer or self.api_key, key) | form
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        return Reply(response.status, dict(response.getheaders()), answer)

    def fresh_key(self) -> str:
        return str(uuid4())


def headers_of(bearer: str, key: str | None) -> dict[str, str]:
    headers = {"Stripe-Version": API_VERSION}
    if bearer != "none":
        headers["Authorization"] = f"Bearer {bearer}"
    return headers | ({"Idempotency-Key": key} if key else {})


def flattened(params: Json, prefix: str = "") -> list[tuple[str, str]]:
    """`{"metadata": {"order": "o"}}` -> `metadata[order]=o`, as Stripe's libraries write it."""
    pairs: list[tuple[str, str]] = []
    for name, value in params.items():
        full = f"{prefix}[{name}]" if prefix else name
        if isinstance(value, dict):
            pairs += flattened(value, full)
        elif isinstance(value, list):
            pairs += flattened({str(place): inner for place, inner in enumerate(value)}, full)
        else:
            pairs.append((full, str(value).lower() if isinstance(value, bool) else str(value)))
    return pairs


def _placed(method: str, path: str, encoded: str) -> tuple[str, str]:
    if method == "POST":
        return f"/v1/{path}", encoded
    return (f"/v1/{path}?{encoded}" if encoded else f"/v1/{path}"), ""
