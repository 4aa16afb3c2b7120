"""The phones' page over HTTP: its files, where everything is, and sign-ins of three people.

GET  /                 the page: three apps side by side
GET  /<file>           its scripts, styles and texts, as they lie in `static/` and `texts/`
GET  /sandbox.json     where the API, Stripe and the push port are, who plays, and the city's map
POST /session          {"who": "customer" | "store" | "courier"}: an access token of theirs
GET  /health

Only this machine is answered, and only by the names that the page is printed under: a token is
handed to no page but our own.
"""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, override
from urllib.parse import urlsplit

HERE = Path(__file__).parent
FOLDERS = (HERE / "static", HERE / "texts")
LOOPBACK = "127.0.0.1"
NAMES = (LOOPBACK, "localhost")
MOST_BYTES = 1024
JSON = "application/json"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": JSON,
    ".svg": "image/svg+xml",
}

type Json = Mapping[str, Any]
type SignIn = Callable[[str], str]
"""From a role to an access token. Raises KeyError for a role that nobody plays here."""


class SignInFailed(Exception):  # noqa: N818 - it names what happened
    """The user pool gave no token."""


class Page:
    """Serves the page. Port 0 takes a free one; `url` tells which."""

    def __init__(self, port: int, told: Json, sign_in: SignIn) -> None:
        """`told` is what /sandbox.json says; its `api`, `track`, `push` and `stripe` are called."""
        self._http = _Http((LOOPBACK, port), _Handler)
        self._http.sign_in = sign_in
        self._http.told = json.dumps(told, ensure_ascii=False).encode()
        self._http.policy = policy(told)
        self._http.files = files()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._http.server_address[1]}"

    def serve(self) -> None:
        """Until `stop`, or for ever."""
        self._http.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()


def files() -> dict[str, Path]:
    """Every file that is served, by its path: what is not here cannot be asked for."""
    found = {
        f"/{path.relative_to(folder).as_posix()}": path
        for folder in FOLDERS
        for path in sorted(folder.rglob("*"))
        if path.suffix in TYPES
    }
    return {"/": found.pop("/index.html"), **found}


def origins(port: int) -> tuple[str, ...]:
    """The origins that the page has, by the names of this machine."""
    return tuple(f"http://{name}:{port}" for name in NAMES)


def policy(told: Json) -> str:
    """The page's Content-Security-Policy: scripts and styles from here alone, none in the page."""
    called = sorted({_origin(told[name]) for name in ("api", "track", "push")})
    rules = {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'", *called],
        "frame-src": [_origin(told["stripe"])],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in rules.items())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    sign_in: SignIn
    told: bytes
    policy: str
    files: dict[str, Path]


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    server_version = "sandbox-web"
    timeout = 60
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if not self._is_ours():
            self._say(HTTPStatus.MISDIRECTED_REQUEST, "This page has another name.")
        elif path == "/health":
            self._json(HTTPStatus.OK, {"status": "ok"})
        elif path == "/sandbox.json":
            self._reply(HTTPStatus.OK, self.server.told, JSON)
        elif found := self.server.files.get(path):
            self._reply(HTTPStatus.OK, found.read_bytes(), TYPES[found.suffix])
        else:
            self._say(HTTPStatus.NOT_FOUND, "There is no such file.")

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            return
        if not self._is_ours() or self.headers.get("Origin") not in self._origins():
            self._say(HTTPStatus.FORBIDDEN, "Only the page itself may ask.")
        elif urlsplit(self.path).path != "/session":
            self._say(HTTPStatus.NOT_FOUND, "There is no such address.")
        else:
            self._session(body)

    def _session(self, body: bytes) -> None:
        try:
            self._json(HTTPStatus.OK, {"token": self.server.sign_in(str(json.loads(body)["who"]))})
        except (ValueError, KeyError, TypeError):
            self._say(HTTPStatus.BAD_REQUEST, "who: customer, store or courier")
        except (SignInFailed, OSError):
            self._say(HTTPStatus.BAD_GATEWAY, "Nobody could be signed in.")

    def _origins(self) -> tuple[str, ...]:
        return origins(int(self.server.server_address[1]))

    def _is_ours(self) -> bool:
        """Whether we were asked for by our own name: another one may be a stranger's page."""
        return f"http://{self.headers.get('Host', '')}" in self._origins()

    def _body(self) -> bytes | None:
        size = self.headers.get("Content-Length", "")
        if size.isdigit() and int(size) <= MOST_BYTES:
            return self.rfile.read(int(size))
        self.close_connection = True
        self._say(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Too large.")
        return None

    def _say(self, status: HTTPStatus, message: str) -> None:
        self._json(status, {"message": message})

    def _json(self, status: HTTPStatus, body: Json) -> None:
        self._reply(status, json.dumps(body).encode(), JSON)

    def _reply(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.server.policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store" if kind == JSON else "no-cache")
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Silent."""
