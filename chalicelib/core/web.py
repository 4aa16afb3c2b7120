"""The border to HTTP: typed routes in, problem+json out. Errors are mapped here, once.

Chalice is known to this module, to `app.py`, and to the `routes` and `events` of the domains.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalice.app import Blueprint, Chalice, Request, Response
from pydantic import BaseModel, ValidationError

from chalicelib.core import auth, cards, ids, limits, telemetry
from chalicelib.core.errors import (
    BadRequestError,
    CardNumberError,
    InvalidError,
    MediaTypeError,
    MethodNotAllowedError,
    MissingKeyError,
    NotFoundError,
    ProblemError,
    TooLargeError,
)
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import NOBODY, Caller, Right
from chalicelib.core.routing import LARGEST_BODY, Answer, Incoming, Route, describe
from chalicelib.core.settings import settings

PROBLEM_TYPE = "https://ieum.dev/problems/"
JSON_TYPES = ("application/json", "application/problem+json")
KEY_PATTERN = re.compile(r"[\x21-\x7e]{1,255}")
ID_PATTERN = re.compile(f"[a-z]{{2,5}}_{ids.PATTERN}")

type View = Callable[..., Any]


class Api(Blueprint):
    """A domain's routes. Chalice never hands a view's exception to middleware: we wrap the view."""

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self.specs: list[Route] = []

    def expose(
        self,
        method: str,
        path: str,
        right: Right,
        *,
        status: int = 200,
        errors: Sequence[type[ProblemError]] = (),
        limit: Limit | None = None,
        largest: int = LARGEST_BODY,
        raw: bool = False,
    ) -> Callable[[View], View]:
        """Serve a view at a path. Every route names its row of the authorisation table."""

        def register(view: View) -> View:
            spec = describe(
                method, path, right, view,
                status=status, errors=errors, limit=limit, largest=largest, raw=raw,
            )  # fmt: skip
            self.specs.append(spec)

            def serve_chalice(**path_parts: str) -> Response:
                return serve(spec, self.current_request, path_parts)

            serve_chalice.__name__ = view.__name__
            content_types = ["*/*"]
            self.route(path, methods=[method], content_types=content_types)(serve_chalice)
            return view

        return register

    def get(self, path: str, right: Right, **options: Any) -> Callable[[View], View]:  # noqa: ANN401 - passed on
        return self.expose("GET", path, right, **options)

    def post(self, path: str, right: Right, **options: Any) -> Callable[[View], View]:  # noqa: ANN401 - passed on
        return self.expose("POST", path, right, **options)

    def put(self, path: str, right: Right, **options: Any) -> Callable[[View], View]:  # noqa: ANN401 - passed on
        return self.expose("PUT", path, right, **options)

    def patch(self, path: str, right: Right, **options: Any) -> Callable[[View], View]:  # noqa: ANN401 - passed on
        return self.expose("PATCH", path, right, **options)

    def delete(self, path: str, right: Right, **options: Any) -> Callable[[View], View]:  # noqa: ANN401 - passed on
        return self.expose("DELETE", path, right, **options)


class Ieum(Chalice):
    """The application: what Chalice answers by itself (405, 415, 500) becomes problem+json too."""

    specs: list[Route]

    def serve(self, *apis: Api) -> None:
        """Register the routes of every domain, and answers to CORS preflights for each path."""
        self.specs = [spec for api in apis for spec in api.specs]
        for api in apis:
            self.register_blueprint(api)
        for path in sorted({spec.path for spec in self.specs}):
            methods = sorted({spec.method for spec in self.specs if spec.path == path})
            self.route(path, methods=["OPTIONS"])(_preflight(self, methods))

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
        answer = super().__call__(event, context)
        headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
        ours = "x-request-id" in headers
        if ours or answer["statusCode"] < 400:  # noqa: PLR2004 - HTTP's own border
            return answer
        error = {404: NotFoundError, 405: MethodNotAllowedError, 415: MediaTypeError}.get(
            answer["statusCode"], ProblemError
        )
        return _problem(error(), ids.token(100), "").to_dict()


def _preflight(app: Chalice, methods: Sequence[str]) -> Callable[..., Response]:
    def preflight(**_: str) -> Response:
        headers = {"X-Request-Id": ids.token(100), **_cors(app.current_request)}
        if "Access-Control-Allow-Origin" in headers:
            headers["Access-Control-Allow-Methods"] = ", ".join(methods)
            headers["Access-Control-Allow-Headers"] = (
                "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
            )
            headers["Access-Control-Max-Age"] = "600"
        return Response("", headers, 204)

    return preflight


def _cors(request: Request | None) -> dict[str, str]:
    origin = request.headers.get("origin") if request else None
    if origin is None or origin not in settings().cors_origins:
        return {}
    exposed = "ETag, Idempotent-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": exposed,
        "Vary": "Origin",
    }


# --- one request -----------------------------------------------------------------------------


def serve(route: Route, request: Request, path_parts: Mapping[str, str]) -> Response:
    """Read, check, call, render. Nothing that a caller sends ends as a 5xx of ours."""
    request_id = str(request.context.get("requestId") or ids.token(100))
    telemetry.about(request=request_id, route=f"{route.method} {route.path}")
    try:
        response = _respond(route, request, path_parts)
    except ProblemError as error:
        response = _problem(error, request_id, request.path)
    except Exception as error:  # noqa: BLE001 - the border: whatever is left is our fault, a 500
        telemetry.failure("A request broke", error)
        response = _problem(ProblemError(), request_id, request.path)
    response.headers.update({"X-Request-Id": request_id, **_cors(request)})
    telemetry.log("A request was answered", http_status=response.status_code)
    return response


def _respond(route: Route, request: Request, path_parts: Mapping[str, str]) -> Response:
    body = _read_body(route, request)
    for name, value in path_parts.items():
        if name.endswith("_id") and not ID_PATTERN.fullmatch(value):
            raise NotFoundError
    caller = NOBODY if route.raw else auth.caller_of(request.headers.get("authorization"))
    route.right.demand_role(caller)
    standing = limits.spend(route.limit, caller.id or _source(request)) if route.limit else None
    given = _arguments(route, request, body, caller)
    result = route.view(**given, **path_parts)
    answer = result if isinstance(result, Answer) else Answer(result)
    headers = {**(standing.headers() if standing else {}), **answer.headers}
    return _render(request, answer, answer.status or route.status, headers)


def _source(request: Request) -> str:
    return str(request.context.get("identity", {}).get("sourceIp", "unknown"))


def _read_body(route: Route, request: Request) -> bytes:
    body: bytes = request.raw_body
    if len(body) > route.largest:
        raise TooLargeError(f"The body is larger than {route.largest} bytes.")
    if not route.raw:
        spoken = [body.decode("utf-8", "replace"), *map(str, (request.uri_params or {}).values())]
        spoken += [str(value) for value in (request.query_params or {}).values()]
        if any(cards.holds_card_number(text) for text in spoken):
            raise CardNumberError
    return body


def _arguments(route: Route, request: Request, body: bytes, caller: Caller) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, hint in route.takes.items():
        if hint is Caller:
            given[name] = caller
        elif hint is Incoming:
            given[name] = Incoming(request.method, request.path, dict(request.headers), body)
        elif hint is Key:
            given[name] = _key(route, request, body, caller)
        elif name == "body":
            given[name] = _parse(hint, request, body)
        elif name == "query":
            given[name] = _query(hint, request)
    return given


def _key(route: Route, request: Request, body: bytes, caller: Caller) -> Key:
    key = request.headers.get("idempotency-key", "")
    if not KEY_PATTERN.fullmatch(key):
        raise MissingKeyError
    try:
        meant = json.dumps(json.loads(body), sort_keys=True)
    except (ValueError, RecursionError):
        raise BadRequestError("The body is not JSON.") from None
    body_hash = hashlib.sha256(meant.encode()).hexdigest()
    return Key(caller.id, f"{route.method} {route.path}", key, body_hash)


def _parse[M: BaseModel](model: type[M], request: Request, body: bytes) -> M:
    content_type = request.headers.get("content-type", "application/json")
    if content_type.partition(";")[0].strip().lower() not in JSON_TYPES:
        raise MediaTypeError
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise _invalid(error, "") from None


def _query[M: BaseModel](model: type[M], request: Request) -> M:
    given = request.query_params
    doubled = [name for name in given or () if len(given.getlist(name)) > 1]
    if doubled:
        raise InvalidError(
            errors=[{"pointer": f"?{name}", "detail": "given twice"} for name in doubled]
        )
    try:
        return model.model_validate(dict(given or {}))
    except ValidationError as error:
        raise _invalid(error, "?") from None


def _invalid(error: ValidationError, prefix: str) -> ProblemError:
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
            for one in found[:20]
        ]
    )


def _render(request: Request, answer: Answer, status: int, headers: Mapping[str, str]) -> Response:
    view = answer.view
    if view is None:
        return Response(
            "", {"Content-Type": "application/json", **headers}, 204 if status == 200 else status
        )
    text = (
        view.model_dump_json()
        if isinstance(view, BaseModel)
        else json.dumps(view, ensure_ascii=False)
    )
    sent = {"Content-Type": "application/json", **headers}
    if request.method == "GET":
        etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
        sent["ETag"] = etag
        if etag in request.headers.get("if-none-match", ""):
            return Response("", sent, 304)
    return Response(text, sent, status)


def _problem(error: ProblemError, request_id: str, path: str) -> Response:
    body = {
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
    facts = {name: value for name, value in error.facts.items() if name not in body}
    headers = {"Content-Type": "application/problem+json", "X-Request-Id": request_id}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:  # noqa: PLR2004 - HTTP's own number
        headers["WWW-Authenticate"] = "Bearer"
    text = json.dumps({**body, **facts}, ensure_ascii=False)
    return Response(text, headers, error.status)
