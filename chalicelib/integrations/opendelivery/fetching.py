"""GET /v1/merchant at the merchant's own address: the only call that this adapter makes outside."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from chalicelib.core.egress import Egress, Refused, Reply, Unreachable
from chalicelib.core.settings import settings

PATH = "/v1/merchant"
KEY = "X-API-KEY"
LARGEST = 2 * 1024 * 1024
SECONDS = 8.0
OK = 200

type Get = Callable[[str, Mapping[str, str]], Reply]


class NotFetched(Exception):  # noqa: N818 - nothing of ours failed
    """There is no document: why, in a word for the merchant."""


@cache
def _egress() -> Egress:
    return Egress(allow=settings().egress_allow)


def _out(url: str, headers: Mapping[str, str]) -> Reply:
    return _egress().request("GET", url, headers=headers, total=SECONDS, most=LARGEST)


_ways: list[Get] = [_out]


@contextmanager
def getting_through(way: Get) -> Iterator[None]:
    """Reach merchants in another way: the seam of tests."""
    _ways.append(way)
    try:
        yield
    finally:
        _ways.remove(way)


def document(base: str, api_key: str | None) -> Any:  # noqa: ANN401 - any JSON
    """What the merchant says of itself. Raises NotFetched."""
    try:
        reply = _ways[-1](base.rstrip("/") + PATH, {KEY: api_key} if api_key else {})
    except (Refused, Unreachable) as error:
        raise NotFetched(f"the address does not answer: {error.code}") from error
    if reply.status != OK:
        raise NotFetched(f"the address answers {reply.status}")
    if len(reply.body) >= LARGEST:
        raise NotFetched("the document is larger than 2 MB")
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError):
        raise NotFetched("the answer is not JSON") from None
