"""The fake Stripe over HTTP: the API, the pages, the script, and the sending of webhooks."""

import json
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from sandbox.stripe import page_words, pages
from sandbox.stripe.delivering import Deliverer
from sandbox.stripe.errors import StripeError, refused
from sandbox.stripe.model import FakeStripe
from sandbox.stripe.page_words import Words
from sandbox.stripe.store import Json

MAX_BODY = 1_000_000
STATIC = Path(__file__).parent / "static"
HTML, SCRIPT, JSON = (
    "text/html; charset=utf-8",
    "text/javascript; charset=utf-8",
    "application/json",
)
# https://docs.stripe.com/js is called from the merchant's own origin, whichever that is.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Stripe-Version",
    "Access-Control-Expose-Headers": "Request-Id, Idempotent-Replayed",
    "Access-Control-Max-Age": "600",
}
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; "
        "connect-src 'self'; frame-src 'self'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Server:
    """Serves one fake until stopped. `port` 0 takes a free one; `url` tells which."""

    def __init__(self, host: str, port: int, *, quiet: bool = False) -> None:
        self._http = _Http((host, port), _Handler)
        self._http.quiet = quiet
        self._thread = threading.Thread(target=self._serve, name="http", daemon=True)
        self._deliverer: Deliverer | None = None

    @property
    def url(self) -> str:
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self, fake: FakeStripe, deliverer: Deliverer) -> None:
        self._http.fake = fake
        self._deliverer = deliverer
        deliverer.start()
        self._thread.start()

    def _serve(self) -> None:
        self._http.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """Take no more requests, send no more webhooks. Returns within a second."""
        self._http.shutdown()
        self._http.server_close()
        if self._deliverer is not None:
            self._deliverer.stop()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    fake: FakeStripe
    quiet: bool


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    server_version = "sandbox-stripe"
    timeout = 30
    # A small answer must not wait for the acknowledgement of its headers.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def do_DELETE(self) -> None:
        self._answer(self._api)

    def do_OPTIONS(self) -> None:
        self._reply(HTTPStatus.NO_CONTENT, JSON, b"")

    def _answer(self, handle: Callable[[str], None]) -> None:
        body = self._body()
        if body is None:
            return
        try:
            handle(body)
        except StripeError as error:
            self._json(error.status, error.body())
        except Exception:  # the border: whatever breaks in the model is a 500, and is shown
            self._json(500, {"error": {"type": "api_error", "message": "The sandbox failed."}})
            raise

    def _body(self) -> str | None:
        """What was sent, or None when it was refused."""
        size = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding") or not size.isdigit():
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif int(size) > MAX_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            return self.rfile.read(int(size)).decode("utf-8", "replace")
        return None

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        message = {"type": "invalid_request_error", "message": status.phrase}
        self._json(status, {"error": message})

    def _get(self, body: str) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/v1/"):
            self._api(body)
        elif path in {"/js/stripe.js", "/js/done.js", "/js/checkout.js"}:
            self._reply(200, SCRIPT, (STATIC / Path(path).name).read_bytes())
        elif path == "/health":
            self._json(200, {"status": "ok"})
        else:
            self._page(path)

    def _post(self, body: str) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/pages/"):
            self._choice(path, body)
        else:
            self._api(body)

    def _api(self, body: str) -> None:
        headers = dict(self.headers.items())
        status, told, answer = self.server.fake.request(self.command, self.path, headers, body)
        self._json(status, answer, told)

    def _page(self, path: str) -> None:
        if path == "/pages/done":
            self._html(200, pages.done(self._words()))
        elif path == "/pages/checkout":
            self._checkout(parse_qs(urlsplit(self.path).query))
        else:
            self._question(path)

    def _checkout(self, query: dict[str, list[str]]) -> None:
        secret = query.get("client_secret", [""])[0]
        intent = self._intent(secret.partition("_secret_")[0])
        if intent is None or intent["client_secret"] != secret:
            self._html(404, pages.gone(self._words()))
        else:
            words, back = self._words(), query.get("return_url", [""])[0]
            # The bank's and the wallet's page come after this one, and speak as it does.
            kept = {"Set-Cookie": f"lang={words['lang']}; Path=/pages; SameSite=Lax; HttpOnly"}
            self._html(200, pages.checkout(intent, back, words, self._saved(intent)), kept)

    def _saved(self, intent: Json) -> Json | None:
        """What its customer has saved and the intent names: nobody types it again."""
        named = intent["payment_method"]
        method = self.server.fake.read("payment_method", named) if named else None
        return method if method and method["customer"] else None

    def _question(self, path: str) -> None:
        kind, _, ident = path.removeprefix("/pages/").partition("/")
        intent = self._intent(ident)
        if intent is None or kind not in {"3ds", "wallet"} or intent["next_action"] is None:
            self._html(404, pages.gone(self._words()))
        elif kind == "3ds":
            self._html(200, pages.challenge(intent, self._words()))
        else:
            method = self.server.fake.read("payment_method", intent["payment_method"]) or {}
            self._html(200, pages.wallet(intent, method.get("type", "wallet"), self._words()))

    def _choice(self, path: str, body: str) -> None:
        """What the customer chose. A browser is sent on, anyone else gets the intent."""
        kind, _, ident = path.removeprefix("/pages/").partition("/")
        outcome = parse_qs(body).get("outcome", [""])[0]
        before = self._intent(ident)
        if before is None or kind not in {"3ds", "wallet"}:
            self._html(404, pages.gone(self._words()))
            return
        after = self._decide(kind, ident, outcome)
        if "text/html" not in self.headers.get("Accept", ""):
            self._json(200, after)
            return
        back = None if outcome == "leave" else pages.way_back(after, before)
        if back is None:
            self._html(200, pages.done(self._words()))
        else:
            self._reply(HTTPStatus.SEE_OTHER, HTML, b"", {"Location": back})

    def _decide(self, kind: str, ident: str, outcome: str) -> Json:
        if kind == "wallet":
            return self.server.fake.answer_wallet(ident, outcome)
        if outcome not in {"approve", "fail"}:
            raise refused("outcome: must be approve or fail", param="outcome")
        return self.server.fake.answer_challenge(ident, approved=outcome == "approve")

    def _intent(self, ident: str) -> Json | None:
        kind = "setup_intent" if ident.startswith("seti_") else "payment_intent"
        return self.server.fake.read(kind, ident)

    def _words(self) -> Words:
        asked = parse_qs(urlsplit(self.path).query).get("lang", [""])[0]
        headers = self.headers
        return page_words.of_request(
            asked, headers.get("Cookie", ""), headers.get("Accept-Language", "")
        )

    def _html(self, status: int, page: str, more: dict[str, str] | None = None) -> None:
        self._reply(status, HTML, page.encode(), {**PAGE_HEADERS, **(more or {})})

    def _json(self, status: int, body: Json, headers: dict[str, str] | None = None) -> None:
        self._reply(status, JSON, json.dumps(body, indent=2).encode() + b"\n", headers)

    def _reply(
        self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {**CORS, **(headers or {}), "Content-Type": kind}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002 - overridden
        """Method, path, status: never the query (it may hold a client_secret), never a body."""
        if not self.server.quiet:
            print(f"{self.command} {urlsplit(self.path).path} {int(code)}", flush=True)
