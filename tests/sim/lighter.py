"""What a call of boto3 does that nobody here looks at, left out: most of a story's time.

The request is still built, sent to the hook, retried and parsed by botocore itself.
"""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import botocore.auth
import botocore.client
import botocore.parsers
import botocore.retries.quota
import botocore.serialize
import botocore.useragent
import jwt

ENDPOINT = "https://{}.us-east-1.amazonaws.com"
VALUE = "AttributeValue"

_decode = jwt.decode
_parse_structure = botocore.parsers.BaseJSONParser._handle_structure  # type: ignore[attr-defined] # botocore's own
_serialize_structure = botocore.serialize.JSONSerializer._serialize_type_structure  # type: ignore[attr-defined] # botocore's own


def patches() -> Iterator[AbstractContextManager[Any]]:
    """Every short cut, to be entered."""
    _told.clear()
    for owner, name, short in (
        (botocore.auth.SigV4Auth, "add_auth", _unsigned),
        (botocore.client.BaseClient, "_resolve_endpoint_ruleset", _resolved),
        (botocore.parsers.BaseJSONParser, "_handle_structure", _parsed),
        (botocore.retries.quota.RetryQuota, "acquire", _granted),
        (botocore.serialize.JSONSerializer, "_serialize_type_structure", _serialized),
        (botocore.useragent.UserAgentString, "to_string", _nobody),
        (jwt, "decode", _decoded),
    ):
        yield patch.object(owner, name, short)


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


def _parsed(parser: Any, shape: Any, value: Any) -> Any:  # noqa: ANN401 - botocore's own
    """A value of DynamoDB is on the wire as it is in Python, but for binary ones: we have none."""
    return value if shape.name == VALUE else _parse_structure(parser, shape, value)


def _serialized(maker: Any, out: Any, value: Any, shape: Any, key: Any) -> None:  # noqa: ANN401 - botocore's own
    if shape.name == VALUE and key is not None:
        out[key] = value
    else:
        _serialize_structure(maker, out, value, shape, key)
