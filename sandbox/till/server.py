"""The till's own side of the protocol: its menu, and the address at which events are told.

GET  /v1/merchant   the menu, for who has the key
POST /v1/newEvent   an event, signed with the till's client secret: 204; 403 forged
POST /v1/newLogisticEvent   the same of what is carried for the store
"""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sandbox.till.menu import merchant
from sandbox.till.till import Mood, Till

LOGISTIC = "/v1/newLogisticEvent"
LOOPBACK = "127.0.0.1"
API_KEY = "the-till-knows-it"


@contextmanager
def listening(till: Till, merchant_id: str, port: int = 0) -> Iterator[str]:
    """Where the till can be called, while it is."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            known = self.path == "/v1/merchant" and self.headers.get("X-API-KEY") == API_KEY
            self._answer(200 if known else 403, merchant(merchant_id) if known else {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            secret = till.api.client_secret.encode()
            signed = hmac.new(secret, body, hashlib.sha256).hexdigest()
            if not hmac.compare_digest(signed, self.headers.get("X-App-Signature", "")):
                self._answer(403, {"title": "Forged.", "status": 403})
            elif till.mood is Mood.DOWN:
                self._answer(503, {"title": "Closed.", "status": 503})
            else:
                self._hear(json.loads(body))
                self._answer(204, None)

        def _hear(self, told: Any) -> None:  # noqa: ANN401 - any JSON
            if self.path.startswith(LOGISTIC) and till.parcels:
                till.parcels.hear(told)
            else:
                till.hear([told])

        def _answer(self, status: int, body: object) -> None:
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((LOOPBACK, port), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def onboard(till: Till, merchant_id: str, address: str) -> int:
    """Tell the Ordering Application where the till is, and sign in anew. The status."""
    info = {
        "getMerchantURL": {"baseURL": address, "apiKey": API_KEY},
        "ordersWebhookURL": f"{address}/v1/newEvent",
    }
    answer = till.api.call("PUT", f"/v1/merchantOnboarding?merchantId={merchant_id}", info)
    till.api.sign_in()
    return answer.status
