"""Lets the official library talk to a fake in the same process: no socket, no waiting."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import stripe

from sandbox.stripe.model import FakeStripe


class SimHttpClient(stripe.HTTPClient):
    """`stripe.StripeClient("sk_test_x", http_client=SimHttpClient(fake))`.

    A hook of the fake may raise `lost_connection()`; with `max_network_retries` the library then
    repeats the request with its own key, without pausing.
    """

    name = "sim"

    def __init__(self, fake: FakeStripe) -> None:
        super().__init__()
        self._fake = fake

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,  # noqa: ANN401 - the signature that is overridden
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        status, told, body = self._fake.request(method, path, headers or {}, post_data or "")
        return json.dumps(body), status, CaseInsensitive(told)

    def _sleep_time_seconds(self, _num_retries: int) -> float:
        return 0

    def close(self) -> None:
        """Nothing is open."""


class CaseInsensitive(dict[str, str]):
    """Header names as the library looks them up: in lower case, and as they were written."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__({**headers, **{name.lower(): value for name, value in headers.items()}})


def lost_connection() -> stripe.APIConnectionError:
    """What the library raises when it does not know whether the request arrived."""
    message = "The connection was lost"
    return stripe.APIConnectionError(message, should_retry=True)  # type: ignore[no-untyped-call] # untyped in stripe 16.1
