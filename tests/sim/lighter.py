"""What a call of boto3 does that nobody here looks at, left out: most of a story's time.

A request that goes well goes to the tables as it is, without being text in between. Any other is
botocore's own to parse, to try again and to raise, from its first answer on: that is told to it.
"""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import botocore.auth
import botocore.client
import botocore.retries.quota
import botocore.useragent
import jwt

from tests.sim.aws import wire

ENDPOINT = "https://{}.us-east-1.amazonaws.com"

_decode = jwt.decode
_make_api_call = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined] # botocore's own


def patches() -> Iterator[AbstractContextManager[Any]]:
    """Every short cut, to be entered."""
    _told.clear()
    for owner, name, short in (
        (botocore.auth.SigV4Auth, "add_auth", _unsigned),
        (botocore.client.BaseClient, "_make_api_call", _called),
        (botocore.client.BaseClient, "_resolve_endpoint_ruleset", _resolved),
        (botocore.retries.quota.RetryQuota, "acquire", _granted),
        (botocore.useragent.UserAgentString, "to_string", _nobody),
        (jwt, "decode", _decoded),
    ):
        yield patch.object(owner, name, short)


def _called(client: Any, operation: str, said: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - botocore's own
    line = wire.connected()
    service = client.meta.service_model.service_name
    if line is not None and line.goes_straight(service):
        answer = line.straight(service, operation, said)
        if answer is not None:
            return answer
    whole: dict[str, Any] = _make_api_call(client, operation, said)
    return whole


def _unsigned(*_: object) -> None:
    """Nobody looks at signatures."""


def _nobody(_: object) -> str:
    """Nobody asks which software calls."""
    return "sim"


def _resolved(client: Any, *_: object, **__: object) -> tuple[str, dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - botocore's own
    """Every service is behind the one hook; moto wants to know which it is."""
    return ENDPOINT.format(client.meta.service_model.endpoint_prefix), {}, {}


def _granted(*_: object) -> bool:
    """Each function has a budget of retries of its own, and a story is too short to spend one."""
    return True


_told: dict[tuple[str, str], dict[str, Any]] = {}


def _decoded(token: str, key: Any = "", **given: Any) -> dict[str, Any]:  # noqa: ANN401 - the library's own
    """What a token says is the same each time: its times are the product's own to judge."""
    place = token, json.dumps(given)
    if place not in _told:
        _told[place] = _decode(token, key, **given)
    return dict(_told[place])
