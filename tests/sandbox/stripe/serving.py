"""A served fake and a webhook receiver, both on loopback, for the tests over HTTP."""

import json
import queue
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlencode, urlsplit

from sandbox.stripe.clock import RateClock
from sandbox.stripe.delivering import Deliverer
from sandbox.stripe.faults import FaultHook, no_faults
from sandbox.stripe.ids import random_ids
from sandbox.stripe.model import FakeStripe
from sandbox.stripe.server import Server
from sandbox.stripe.store import Change
from sandbox.stripe.webhooks import Endpoint
from tests.sandbox.stripe.port import Json, Reply, flattened

SECRET = "whsec_served"
# A five-second pause of the account passes in five milliseconds.
RATE = 1000.0


@dataclass(frozen=True)
class Page:
    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class HttpPort:
    """The port over a socket, and the pages beside it."""

    url: str

    def call(
        self,
        method: str,
        path: str,
        params: Json | None = None,
        *,
        key: str | None = None,
        bearer: str | None = None,
    ) -> Reply:
        headers = {"Authorization": f"Bearer {bearer or 'sk_test_x'}"}
        if key:
            headers["Idempotency-Key"] = key
        page = self.open(method, f"/v1/{path}", params, headers)
        return Reply(page.status, page.headers, json.loads(page.text))

    def fresh_key(self) -> str:
        return random_ids()("key")

    def open(
        self,
        method: str,
        path: str,
        params: Json | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        try:
            body = urlencode(flattened(params or {})) if method == "POST" else None
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Page(response.status, dict(response.getheaders()), response.read().decode())
        finally:
            connection.close()


@dataclass
class Received:
    body: bytes
    signature: str


class Receiver:
    """Answers webhooks with the given statuses, then with 200, and keeps what came."""

    def __init__(self, *statuses: int) -> None:
        self.received: queue.Queue[Received] = queue.Queue()
        self._statuses = list(statuses)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.put(Received(body, self.headers["Stripe-Signature"]))
                self.send_response(receiver.next_status())
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Tests are silent."""

        self._http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/hook"
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def next_status(self) -> int:
        return self._statuses.pop(0) if self._statuses else 200

    def next(self) -> Received:
        return self.received.get(timeout=10)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def served(receiver: Receiver | None = None, fault: FaultHook = no_faults) -> Iterator[HttpPort]:
    server = Server("127.0.0.1", 0, quiet=True)
    clock = RateClock(time.time(), RATE)
    woken = threading.Event()

    def changed(changes: list[Change]) -> None:
        if changes:
            woken.set()

    fake = FakeStripe(
        clock.now,
        random_ids(),
        wall=time.time,
        endpoints=[Endpoint(receiver.url, (SECRET,))] if receiver else [],
        pages=server.url,
        fault=fault,
        on_change=changed,
    )
    server.start(fake, Deliverer(fake, clock, woken))
    try:
        yield HttpPort(server.url)
    finally:
        server.stop()
