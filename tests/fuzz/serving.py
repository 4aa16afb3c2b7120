"""The town behind a real socket of this machine, for a program that sends requests by HTTP."""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

from app import app
from chalicelib.core.routing import Route
from tests.authorisation import probes
from tests.authorisation.town import Town

KIND = "X-Generated"
"""How a request came about: its phase, and whether it should be good."""
STATEFUL = "stateful"
NOT_READ = frozenset(
    {
        "bad_request", "card_number_refused", "idempotency_key_missing", "invalid",
        "too_large", "unauthenticated", "unsupported_media_type",
    }
)  # fmt: skip
"""The codes of requests that were answered before anybody looked at what they ask for."""


@dataclass
class Heard:
    """What was asked, by how it came about: all of it, and what got past the first look."""

    asked: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def note(self, kind: str, said: str, status: int, text: str) -> None:
        self.asked[kind] += 1
        code = _code(text) if status >= 400 else ""
        if status >= 500 and code != "orders_stopped":
            self.broken.append(f"{status} {said} {text[:300]}")
        if code not in NOT_READ:
            self.read[kind] += 1

    def asked_of(self, kind: str) -> int:
        """How many requests came about so, in all phases."""
        return sum(count for name, count in self.asked.items() if name.endswith(kind))

    def read_of(self, kind: str) -> int:
        """How many of them got past authentication and validation."""
        return sum(count for name, count in self.read.items() if name.endswith(kind))


def _code(text: str) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        return ""
    return str(found.get("code", "")) if isinstance(found, dict) else ""


class Gateway:
    """What API Gateway does with a request, as far as the application sees it."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._lock = threading.Lock()
        self._routes = [(_pattern(one.path), one) for one in app.served.routes]
        self._put: str = ""
        self._numbers = iter(range(10**9))
        self.heard = Heard()

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: str | None
    ) -> tuple[int, dict[str, str], str]:
        """One request, whole. What is not served is answered as API Gateway does."""
        path, _, query = target.partition("?")
        with self._lock:
            found = self._route(method, path)
            if found is None:
                return 403, {}, '{"message": "Missing Authentication Token"}'
            route, parts = found
            kind = headers.get(KIND, "")
            if not kind.startswith(STATEFUL):
                self._as_it_was(route)
            answer = app(self._event(route, path, parts, query, headers, body), None)
            said = f"{method} {target} {(body or '')[:300]}"
            self.heard.note(kind, said, answer["statusCode"], answer["body"])
        return answer["statusCode"], answer["headers"], answer["body"]

    def _route(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        for pattern, route in self._routes:
            matched = pattern.fullmatch(path)
            if matched and route.method == method:
                return route, matched.groupdict()
        return None

    def _as_it_was(self, route: Route) -> None:
        """Every request that does not build on others meets what suits it."""
        if self._put == route.name:
            self._town.back()
        else:
            self._town.put(*probes.good_state(route))
            self._put = route.name
        self._town.forget_limits()

    def _event(
        self,
        route: Route,
        path: str,
        parts: dict[str, str],
        query: str,
        headers: dict[str, str],
        body: str | None,
    ) -> dict[str, Any]:
        pairs = parse_qs(query, keep_blank_values=True)
        return {
            "resource": route.path,
            "path": path,
            "httpMethod": route.method,
            "headers": headers,
            "multiValueHeaders": {},
            "queryStringParameters": {name: values[-1] for name, values in pairs.items()} or None,
            "multiValueQueryStringParameters": pairs or None,
            "pathParameters": {name: unquote(value) for name, value in parts.items()} or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": route.path,
                "httpMethod": route.method,
                "requestId": f"fuzz-{next(self._numbers)}",
                "identity": {"sourceIp": "192.0.2.1"},
                "path": path,
            },
            "body": body,
            "isBase64Encoded": False,
        }


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path))


@contextmanager
def served(town: Town) -> Iterator[tuple[str, Heard]]:
    """The address at which the town answers, and what is heard there."""
    gateway = Gateway(town)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode("utf-8", "replace") if length else None
            given = dict(self.headers.items())
            status, headers, text = gateway.answer(self.command, self.path, given, body)
            content = text.encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def __getattr__(self, name: str) -> Callable[[], None]:
            """http.server looks for a method of each verb: all verbs are served alike."""
            if name.startswith("do_"):
                return self._serve
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", gateway.heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
