"""A store's webhook receiver over HTTP, for all stores of the sandbox. Loopback only.

POST /hooks/{store_id}     a signed message (Standard Webhooks): 204; 401 forged; 404 unknown store
GET  /inbox/{store_id}     what the store has heard; ?order=ord_...&wait=10 waits for that order
GET  /feed                 what all stores hear, as it comes: ?generation=...&after=41&wait=10
GET  /board                all orders by store, for people
POST /admin/secrets        {"store_id", "secret", "name"?}: believe this secret from now on
POST /admin/behave         {"store_id", "mode"}: ok, 500, slow, 410 or redirect
GET  /health
"""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.store import pages
from sandbox.store.feed import Feed
from sandbox.store.inbox import Forged, Inbox, Message, Mode, UnknownStore

LOOPBACK = "127.0.0.1"
MOST_BYTES = 256 * 1024
LONGEST_WAIT = 30.0
SLOW_SECONDS = 15.0  # longer than Ieum waits for an answer
NEW_ORDER = "order.created"
CHALLENGE = "webhook.challenge"  # answered with its token, before anything of orders is sent
HTML = "text/html; charset=utf-8"
JSON = "application/json"
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Receiver:
    """Serves one inbox until stopped. `port` 0 takes a free one; `url` tells which."""

    def __init__(
        self,
        port: int,
        inbox: Inbox,
        *,
        say: Callable[[str], None] = print,
        slow_seconds: float = SLOW_SECONDS,
    ) -> None:
        self._http = _Http((LOOPBACK, port), _Handler)
        self._http.inbox = inbox
        self._http.feed = Feed(inbox)
        self._http.say = say
        self._http.slow_seconds = slow_seconds
        self._http.stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="receiver", daemon=True)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._http.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take no more messages. Returns within a second, whoever still waits for an answer."""
        self._http.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(timeout=1)

    def _serve(self) -> None:
        self._http.serve_forever(poll_interval=0.05)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    inbox: Inbox
    feed: Feed
    say: Callable[[str], None]
    slow_seconds: float
    stopping: threading.Event


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    server_version = "sandbox-store"
    timeout = 30
    # A small answer must not wait for the acknowledgement of its headers.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/board":
            self._reply(200, pages.board(self.server.inbox), HTML, PAGE_HEADERS)
        elif address.path == "/health":
            self._json(200, {"status": "ok"})
        elif address.path == "/feed":
            self._read_along(parse_qs(address.query))
        elif address.path.startswith("/inbox/"):
            self._show(address.path.removeprefix("/inbox/"), parse_qs(address.query))
        else:
            self._json(404, {"error": "There is no such page."})

    def do_POST(self) -> None:
        body = self._body()
        path = urlsplit(self.path).path
        if body is None:
            return
        if path.startswith("/hooks/"):
            self._hear(path.removeprefix("/hooks/"), body)
        elif path in {"/admin/secrets", "/admin/behave"}:
            self._administer(path.removeprefix("/admin/"), body)
        else:
            self._json(404, {"error": "There is no such address."})

    # --- messages ----------------------------------------------------------------------------

    def _hear(self, store_id: str, body: bytes) -> None:
        inbox = self.server.inbox
        try:
            said = inbox.verify(store_id, dict(self.headers.items()), body)
        except UnknownStore:
            self._json(404, {"error": "No secret is registered for this store."})
            return
        except Forged:
            self._json(401, {"error": "The signature does not fit."})
            return
        mode = inbox.mode(store_id)
        if mode in {Mode.FAILS, Mode.GONE, Mode.REDIRECTS}:
            self._misbehave(mode)
            return
        if mode is Mode.SLOW:
            self.server.stopping.wait(self.server.slow_seconds)
        if said.get("type") == CHALLENGE:
            self._json(200, {"challenge": said["data"]["challenge"]})
            return
        self._keep(store_id, Message(self.headers["webhook-id"], _now(), said))
        self._reply(HTTPStatus.NO_CONTENT)

    def _keep(self, store_id: str, message: Message) -> None:
        inbox = self.server.inbox
        if not inbox.take(store_id, message):
            return
        self.server.feed.add(store_id, message)
        if message.type == NEW_ORDER:
            self.server.say(f"New order {message.subject} for {inbox.name(store_id)}")

    def _misbehave(self, mode: Mode) -> None:
        if mode is Mode.REDIRECTS:
            self._reply(HTTPStatus.FOUND, headers={"Location": "/hooks/elsewhere"})
        else:
            self._json(int(mode), {"error": "As told."})

    def _read_along(self, query: dict[str, list[str]]) -> None:
        feed, after = self.server.feed, query.get("after", ["0"])[-1]
        known = int(after) if after.isdigit() else 0
        last, entries = feed.since(query.get("generation", [""])[-1], known, _seconds(query))
        messages = [{"store_id": one.store_id, **asdict(one.message)} for one in entries]
        self._json(200, {"generation": feed.generation, "next": last, "messages": messages})

    def _show(self, store_id: str, query: dict[str, list[str]]) -> None:
        """The store's screen."""
        inbox = self.server.inbox
        try:
            if "order" in query:
                found = inbox.await_order(store_id, query["order"][-1], _seconds(query))
            else:
                found = inbox.messages(store_id)
        except UnknownStore:
            self._json(404, {"error": "No secret is registered for this store."})
            return
        messages = [asdict(message) for message in found]
        screen = {"store_id": store_id, "name": inbox.name(store_id), "messages": messages}
        self._json(200, screen)

    # --- administration ----------------------------------------------------------------------

    def _administer(self, what: str, body: bytes) -> None:
        # A page in a browser cannot send JSON to another origin without asking first.
        if self.headers.get_content_type() != JSON:
            self._json(415, {"error": "Send application/json."})
            return
        try:
            told = json.loads(body)
            if what == "secrets":
                name = str(told.get("name", ""))
                self.server.inbox.register(str(told["store_id"]), str(told["secret"]), name)
            else:
                self.server.inbox.behave(str(told["store_id"]), Mode(told["mode"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            self._json(400, {"error": "store_id and secret, or store_id and mode, are needed."})
            return
        self._reply(HTTPStatus.NO_CONTENT)

    # --- HTTP --------------------------------------------------------------------------------

    def _body(self) -> bytes | None:
        """What was sent, or None when it was refused."""
        size = self.headers.get("Content-Length", "")
        if size.isdigit() and int(size) <= MOST_BYTES:
            content = self.rfile.read(int(size))
            if len(content) == int(size):
                return content
            self.close_connection = True  # whoever sent half of it has gone
            return None
        self.close_connection = True
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if size else HTTPStatus.LENGTH_REQUIRED
        self._json(status, {"error": status.phrase})
        return None

    def _json(self, status: int, body: dict[str, Any]) -> None:
        self._reply(status, json.dumps(body, ensure_ascii=False, indent=2) + "\n", JSON)

    def _reply(
        self,
        status: int,
        body: str = "",
        kind: str = JSON,
        headers: dict[str, str] | None = None,
    ) -> None:
        content = body.encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if content:
            self.send_header("Content-Type", kind)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - overridden
        """Nothing: new orders are told, and they alone."""


def _seconds(query: dict[str, list[str]]) -> float:
    asked = query.get("wait", ["0"])[-1]
    return min(float(asked), LONGEST_WAIT) if asked.isdigit() else 0.0


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
