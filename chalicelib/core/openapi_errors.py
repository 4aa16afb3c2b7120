"""Every error that a route can raise, by status: its own, and the border's for what it takes."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from chalicelib.core import errors as e
from chalicelib.core.errors import ProblemError
from chalicelib.core.rendering import PROBLEM_TYPE
from chalicelib.core.routing import Route

PROBLEM_JSON = "application/problem+json"
OAUTH_JSON = "application/json"
WRITING = frozenset({"POST", "PUT", "PATCH"})
RETRIED_LATER = frozenset({409, 429, 503})
EXAMPLE_REQUEST = "0f0b5c1e-3c1b-4c3a-9e53-3d6b3c1f7a52"


def raised(route: Route) -> list[type[ProblemError]]:
    """The errors of a route, each once, in the order of status and code."""
    found = {*route.errors, *_implied(route)}
    return sorted(found, key=lambda error: (error.status, error.code))


def _implied(route: Route) -> Iterable[type[ProblemError]]:
    yield e.UnavailableError
    if not route.raw:
        # Everything sent is searched, and a token is held against its issuer, needed or not.
        yield from (e.CardNumberError, e.UnauthenticatedError)
    if route.body or route.query or route.by_hand:
        yield e.InvalidError
    yield from [e.ReasonMissingError] if route.needs_reason else []
    if route.body or route.needs_key:
        yield e.BadRequestError
    if route.body:
        yield e.MediaTypeError
    if route.method in WRITING:
        yield e.TooLargeError
    if route.needs_key:
        yield from (e.MissingKeyError, e.KeyInFlightError, e.KeyReusedError)
    if not route.right.public and not route.raw:
        yield e.ForbiddenError
    if route.path_names:
        yield e.NotFoundError
    if route.limit:
        yield e.TooManyError


def responses(route: Route, problem: dict[str, Any]) -> dict[str, Any]:
    """The responses object of a route's errors. `problem` is the reference to their schema."""
    by_status: dict[int, list[type[ProblemError]]] = {}
    for error in raised(route):
        by_status.setdefault(error.status, []).append(error)
    found = {
        str(status): _response(route, status, errors, problem)
        for status, errors in by_status.items()
    }
    other = {"description": "Any other problem", "content": {PROBLEM_JSON: {"schema": problem}}}
    return {**found, "default": other}


def _response(
    route: Route, status: int, errors: list[type[ProblemError]], problem: dict[str, Any]
) -> dict[str, Any]:
    codes = sorted({error.code for error in errors})
    headers = ["X-Request-Id"]
    headers += ["Retry-After"] if status in RETRIED_LATER else []
    headers += ["WWW-Authenticate"] if status == HTTPStatus.UNAUTHORIZED else []
    return {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(f'`{code}`' for code in codes)}",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {
            media: _content(route, of_media, problem)
            for media, of_media in _by_media(errors).items()
        },
    }


def _by_media(errors: list[type[ProblemError]]) -> dict[str, list[type[ProblemError]]]:
    found: dict[str, list[type[ProblemError]]] = {}
    for error in errors:
        found.setdefault(OAUTH_JSON if error.oauth else PROBLEM_JSON, []).append(error)
    return found


def _content(
    route: Route, errors: list[type[ProblemError]], problem: dict[str, Any]
) -> dict[str, Any]:
    codes = sorted({error.code for error in errors})
    schema: dict[str, Any]
    if errors[0].oauth:
        named = {"error": {"enum": codes}, "error_description": {"type": "string"}}
        schema = {"type": "object", "required": ["error"], "properties": named}
    else:
        schema = {"allOf": [problem, {"properties": {"code": {"enum": codes}}}]}
    examples = {error.code: {"value": _example(route, error)} for error in reversed(errors)}
    return {"schema": schema, "examples": dict(sorted(examples.items()))}


def _example(route: Route, error: type[ProblemError]) -> dict[str, Any]:
    if error.oauth:
        return {"error": error.code, "error_description": error.sentence}
    return {
        "type": PROBLEM_TYPE + error.code,
        "title": error.sentence,
        "status": error.status,
        "code": error.code,
        "detail": error.sentence,
        "instance": route.path,
        "errors": [],
        "retryable": error.retryable,
        "request_id": EXAMPLE_REQUEST,
    }
