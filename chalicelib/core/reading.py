"""What a caller sent, made into what a view takes. What cannot be read is a 4xx, never a 5xx."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from chalicelib.core import cards, devices, ids
from chalicelib.core.devices import Device
from chalicelib.core.errors import (
    BadRequestError,
    CardNumberError,
    InvalidError,
    MediaTypeError,
    MissingKeyError,
    NotFoundError,
    TooLargeError,
)
from chalicelib.core.idempotency import Key
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Incoming, Route, Served

JSON_TYPES = ("application/json", "application/problem+json")
KEY_PATTERN = re.compile(r"[\x21-\x7e]{1,255}")
ID_PATTERN = re.compile(f"[a-z]{{2,5}}_{ids.PATTERN}")
MOST_FAULTS = 20


def check(route: Route, incoming: Incoming, path_parts: Mapping[str, str]) -> None:
    """Refuse what no view should see.

    Raises TooLargeError (413), CardNumberError (400), and NotFoundError (404) for a part of the
    path that is no id though its name ends in `_id`.
    """
    if len(incoming.body) > route.largest:
        raise TooLargeError(f"The body is larger than {route.largest} bytes.")
    if not route.raw and any(map(cards.holds_card_number, _spoken(incoming, path_parts))):
        raise CardNumberError
    for name, value in path_parts.items():
        if name.endswith("_id") and not ID_PATTERN.fullmatch(value):
            raise NotFoundError


def _spoken(incoming: Incoming, path_parts: Mapping[str, str]) -> Iterable[str]:
    yield incoming.body.decode("utf-8", "replace")
    yield from path_parts.values()
    for name, values in incoming.query.items():
        yield name
        yield from values


def arguments(
    route: Route,
    incoming: Incoming,
    path_parts: Mapping[str, str],
    *,
    caller: Caller,
    served: Served,
) -> dict[str, Any]:
    """What the view takes. Raises BadRequestError (400) and its kin, MediaTypeError (415)."""
    given: dict[str, Any] = dict(path_parts)
    for name, hint in route.takes.items():
        if hint is Caller:
            given[name] = caller
        elif hint is Incoming:
            given[name] = incoming
        elif hint is Served:
            given[name] = served
        elif hint is Device:
            given[name] = devices.read(incoming.headers.get(devices.HEADER))
        elif hint is Key:
            given[name] = _key(route, incoming, path_parts, caller)
        elif name == "body":
            given[name] = _parse(hint, incoming)
        elif name == "query":
            given[name] = _query(hint, incoming)
    return given


def _key(route: Route, incoming: Incoming, path_parts: Mapping[str, str], caller: Caller) -> Key:
    """The hash is of what the body means, and of the object that the path names."""
    key = incoming.headers.get("idempotency-key", "")
    if not KEY_PATTERN.fullmatch(key):
        raise MissingKeyError
    body = _json(incoming.body) if incoming.body else None
    meant = json.dumps([body, dict(path_parts)], sort_keys=True)
    body_hash = hashlib.sha256(meant.encode()).hexdigest()
    return Key(caller.id, f"{route.method} {route.path}", key, body_hash)


def _parse[M: BaseModel](model: type[M], incoming: Incoming) -> M:
    content_type = incoming.headers.get("content-type", "application/json")
    if content_type.partition(";")[0].strip().lower() not in JSON_TYPES:
        raise MediaTypeError
    _json(incoming.body)
    try:
        return model.model_validate_json(incoming.body, strict=True)
    except ValidationError as error:
        raise _invalid(error, "") from None


def _json(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    """What a body says. Raises BadRequestError (400) where it is not JSON, or names a thing twice.

    Of a name that is given twice one reader takes the first value, another the last.
    """
    try:
        return json.loads(body, object_pairs_hook=_members)
    except (ValueError, RecursionError):
        raise BadRequestError("The body is not JSON.") from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadRequestError("The body gives a field twice.")
    return members


def _query[M: BaseModel](model: type[M], incoming: Incoming) -> M:
    doubled = [name for name, values in incoming.query.items() if len(values) > 1]
    if doubled:
        raise InvalidError(
            errors=[{"pointer": f"?{name}", "detail": "given twice"} for name in doubled]
        )
    try:
        return model.model_validate({name: values[-1] for name, values in incoming.query.items()})
    except ValidationError as error:
        raise _invalid(error, "?") from None


def _invalid(error: ValidationError, prefix: str) -> BadRequestError:
    """What is wrong where, as JSON pointers. Never the value: it may be personal."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if any(one["type"] == "json_invalid" for one in found):
        return BadRequestError("The body is not JSON.")
    return InvalidError(
        errors=[
            {
                "pointer": prefix + "".join(f"/{part}" for part in one["loc"]),
                "detail": one["msg"],
                "code": one["type"],
            }
            for one in found[:MOST_FAULTS]
        ]
    )
