"""What a view gave, or what went wrong, made into the bytes and headers of an answer."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import BaseModel

from chalicelib.core.errors import PreconditionError, ProblemError
from chalicelib.core.routing import Answer, Incoming, Route
from chalicelib.core.settings import settings

PROBLEM_TYPE = "https://ieum.dev/problems/"
OK = 200
NO_CONTENT = 204
NOT_MODIFIED = 304
UNAUTHORIZED = 401
EXPOSED = "ETag, Idempotent-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
SENT_HEADERS = (
    "Authorization, Content-Type, Device-Id, Idempotency-Key, If-Match, If-None-Match, "
    "Operator-Reason"
)
SAFETY = {
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """An answer, ready to be sent."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def with_headers(self, headers: Mapping[str, str]) -> "Rendered":
        return replace(self, headers={**self.headers, **headers})


def answer(route: Route, incoming: Incoming, given: Answer) -> Rendered:
    """What a view gave. A GET carries an ETag, and is 304 for who has the same already."""
    status = given.status or route.status
    headers = {"Content-Type": "application/json", **given.headers}
    if given.view is None:
        return Rendered(NO_CONTENT if status == OK else status, headers)
    text = (
        given.view.model_dump_json()
        if isinstance(given.view, BaseModel)
        else json.dumps(given.view, ensure_ascii=False)
    )
    if PreconditionError in route.errors:
        headers = {"ETag": _tag(text), **headers}
    if incoming.method == "GET":
        etag = _tag(text)
        headers = {"Cache-Control": "private, no-cache", "ETag": etag, **headers}
        if etag in incoming.headers.get("if-none-match", ""):
            return Rendered(NOT_MODIFIED, headers)
    return Rendered(status, headers, text)


def etag(view: BaseModel) -> str:
    """The ETag under which a view is read, and by which If-Match names it."""
    return _tag(view.model_dump_json())


def _tag(text: str) -> str:
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def problem(error: ProblemError, request_id: str, path: str) -> Rendered:
    """An error as RFC 9457 has it. Its own facts may add members, never replace one."""
    facts = {
        **error.facts,
        "type": PROBLEM_TYPE + error.code,
        "title": error.sentence,
        "status": error.status,
        "code": error.code,
        "detail": str(error),
        "instance": path,
        "errors": error.errors,
        "retryable": error.retryable,
        "request_id": request_id,
    }
    headers = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Rendered(error.status, headers, json.dumps(facts))


def cors(origin: str | None) -> dict[str, str]:
    """What lets a web page of a listed origin read the answer. Nobody else is told anything."""
    allowed = settings().cors_origins
    if not allowed:
        return {}
    if origin not in allowed or origin is None:
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": EXPOSED,
        "Vary": "Origin",
    }


def preflight(origin: str | None, methods: str) -> Rendered:
    """The answer to a browser that asks whether it may call a path with some of these methods."""
    headers = cors(origin)
    if "Access-Control-Allow-Origin" in headers:
        headers["Access-Control-Allow-Methods"] = methods
        headers["Access-Control-Allow-Headers"] = SENT_HEADERS
        headers["Access-Control-Max-Age"] = "600"
    return Rendered(NO_CONTENT, headers)
