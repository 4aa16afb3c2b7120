"""The border to HTTP: typed routes in, problem+json out. Errors are mapped here, once.

Chalice is known to this module, to `app.py`, and to the `routes` and `events` of the domains.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, Unpack, cast

from chalice.app import Blueprint, Chalice, Request, Response

from chalicelib.core import audit, auth, ids, limits, reading, rendering, telemetry
from chalicelib.core.audit import Needed
from chalicelib.core.errors import (
    BadRequestError,
    MediaTypeError,
    MethodNotAllowedError,
    NotFoundError,
    ProblemError,
)
from chalicelib.core.rendering import Rendered
from chalicelib.core.rights import NOBODY, Caller, Right, Role
from chalicelib.core.routing import Answer, Hook, Incoming, Options, Route, Served, describe

CHALICE_MEANS = {
    403: NotFoundError,
    404: NotFoundError,
    405: MethodNotAllowedError,
    415: MediaTypeError,
}
_request: ContextVar[Request | None] = ContextVar("request", default=None)

type View = Callable[..., Any]
type Register = Callable[[View], View]


class Api(Blueprint):
    """A domain's routes. Chalice never hands a view's exception to middleware: we wrap the view."""

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self.specs: list[Route] = []

    def expose(self, method: str, path: str, right: Right, **options: Unpack[Options]) -> Register:
        """Serve a view at a path. Every route names its row of the authorisation table."""

        def register(view: View) -> View:
            self.add(describe(method, path, right, view, **options))
            return view

        return register

    def add(self, spec: Route) -> None:
        """Serve a route that is described already. Chalice registers a blueprint only once."""
        self.specs.append(spec)

        def serve_chalice(**path_parts: str) -> Response:
            served = cast("Ieum", self._current_app).served
            return serve(spec, self.current_request, path_parts, served)

        serve_chalice.__name__ = spec.name
        self.route(spec.path, methods=[spec.method], content_types=["*/*"])(serve_chalice)

    def get(self, path: str, right: Right, **options: Unpack[Options]) -> Register:
        return self.expose("GET", path, right, **options)

    def post(self, path: str, right: Right, **options: Unpack[Options]) -> Register:
        return self.expose("POST", path, right, **options)

    def put(self, path: str, right: Right, **options: Unpack[Options]) -> Register:
        return self.expose("PUT", path, right, **options)

    def patch(self, path: str, right: Right, **options: Unpack[Options]) -> Register:
        return self.expose("PATCH", path, right, **options)

    def delete(self, path: str, right: Right, **options: Unpack[Options]) -> Register:
        return self.expose("DELETE", path, right, **options)


class Ieum(Chalice):
    """The application: what Chalice answers by itself (405, 415, 500) becomes problem+json too."""

    served = Served(())

    @property
    def specs(self) -> tuple[Route, ...]:
        """Every route that is served."""
        return self.served.routes

    # Chalice keeps the request on the application: two threads would read each other's.
    @property
    def current_request(self) -> Request | None:
        return _request.get()

    @current_request.setter
    def current_request(self, request: Request | None) -> None:
        _request.set(request)

    def serve(self, *apis: Api, hooks: tuple[Hook, ...] = ()) -> None:
        """Register the routes of every domain, and answers to CORS preflights for each path."""
        self.served = Served(tuple(spec for api in apis for spec in api.specs), hooks)
        for api in apis:
            self.register_blueprint(api)
        for path in sorted({spec.path for spec in self.specs}):
            methods = sorted({spec.method for spec in self.specs if spec.path == path})
            preflight = _preflight(self, ", ".join(methods))
            self.route(path, methods=["OPTIONS"], content_types=["*/*"])(preflight)

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
        answer: dict[str, Any] = super().__call__(event, context)
        if "X-Request-Id" in answer["headers"]:
            return answer
        telemetry.begin(function="api")
        status: int = answer["statusCode"]
        is_served = answer["headers"].get("Allow") != ""
        error = CHALICE_MEANS.get(status, ProblemError)() if is_served else NotFoundError()
        telemetry.log("Chalice refused a request", http_status=error.status)
        path = str(event.get("path", "")) if isinstance(event, Mapping) else ""
        request_id = _request_id(self.current_request)
        rendered = rendering.problem(error, request_id, path)
        if answer["headers"].get("Allow"):
            rendered = rendered.with_headers({"Allow": answer["headers"]["Allow"]})
        return _response(rendered, request_id, _origin(self.current_request)).to_dict()


def _preflight(app: Ieum, methods: str) -> Callable[..., Response]:
    def preflight(**_: str) -> Response:
        origin = _origin(app.current_request)
        telemetry.begin(function="api")
        telemetry.log("A preflight was answered")
        rendered = rendering.preflight(origin, methods)
        return _response(rendered, _request_id(app.current_request), origin)

    return preflight


def _request_id(request: Request | None) -> str:
    given = request.context.get("requestId") if request else None
    return str(given or ids.token(100))


def _origin(request: Request | None) -> str | None:
    return request.headers.get("origin") if request else None


def _response(rendered: Rendered, request_id: str, origin: str | None) -> Response:
    headers: dict[str, str | list[str]] = {
        "X-Request-Id": request_id,
        **rendering.SAFETY,
        **rendering.cors(origin),
        **rendered.headers,
    }
    return Response(rendered.body, headers, rendered.status)


# --- one request -----------------------------------------------------------------------------


def serve(
    route: Route, request: Request, path_parts: Mapping[str, str], served: Served
) -> Response:
    """Read, check, call, render. Nothing that a caller sends ends as a 5xx of ours."""
    request_id = _request_id(request)
    path = route.path.format_map(path_parts)
    telemetry.begin(request=request_id, route=f"{route.method} {route.path}")
    try:
        rendered = _answer(route, _incoming(request, path), path_parts, served)
    except ProblemError as error:
        rendered = rendering.problem(error, request_id, path)
    except Exception as error:  # noqa: BLE001 - the border: whatever is left is our fault, a 500
        telemetry.failure("A request broke", error)
        rendered = rendering.problem(ProblemError(), request_id, path)
    telemetry.log("A request was answered", http_status=rendered.status)
    return _response(rendered, request_id, _origin(request))


def _answer(
    route: Route, incoming: Incoming, path_parts: Mapping[str, str], served: Served
) -> Rendered:
    reading.check(route, incoming, path_parts)
    caller = NOBODY if route.raw else auth.caller_of(incoming.headers.get("authorization"))
    route.right.demand_role(caller)
    standing = limits.spend(route.limit, caller.id or incoming.source) if route.limit else None
    given = reading.arguments(route, incoming, path_parts, caller=caller, served=served)
    words = incoming.headers.get(audit.HEADER) if route.by_hand else None
    with audit.in_words(caller, words, needed=_needs_reason(route, caller)):
        result = route.view(**given)
    answer = result if isinstance(result, Answer) else Answer(result)
    rendered = rendering.answer(route, incoming, answer)
    return rendered.with_headers(standing.headers()) if standing else rendered


def _needs_reason(route: Route, caller: Caller) -> Needed:
    """Whether the caller has to say why: as an operator, which they may be beside what they are."""
    if not route.needs_reason or Role.OPERATOR not in caller.roles:
        return Needed.NEVER
    others = {role for role, _ in route.right.rows} & caller.roles - {Role.OPERATOR}
    return Needed.WHERE_KEPT if others else Needed.ALWAYS


def _incoming(request: Request, path: str) -> Incoming:
    try:
        body = request.raw_body
    except ValueError:  # neither UTF-8 nor base 64, though the gateway said so
        raise BadRequestError("The body is not UTF-8.") from None
    query = request.query_params
    return Incoming(
        method=request.method,
        path=path,
        headers=dict(request.headers),
        body=body.encode() if isinstance(body, str) else body,
        query={name: query.getlist(name) for name in query} if query else {},
        source=str(request.context.get("identity", {}).get("sourceIp", "unknown")),
        root=_root(request, path),
    )


def _root(request: Request, path: str) -> str:
    """Where the caller found us: scheme, host, and what API Gateway has put before the path."""
    scheme = request.headers.get("x-forwarded-proto", "https")
    host = request.headers.get("host", "localhost")
    first = "/" + path.split("/")[1]  # what follows may be encoded in one of the two
    return f"{scheme}://{host}{str(request.context.get('path', path)).partition(first)[0]}"
