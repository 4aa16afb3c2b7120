"""Talking to the stores' receiver: as Ieum does, and as the sandbox does."""

import json
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from standardwebhooks import Webhook

STORE = "sto_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"
ORDER = "ord_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_SECRET = "whsec_aGVsbG8gZnJvbSBzb21lYm9keSBlbHNl"
JSON = {"Content-Type": "application/json"}


class Client:
    """Somebody who knows where the receiver is."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc

    def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[HTTPResponse, str]:
        connection = HTTPConnection(self._address, timeout=10)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text

    def tell(self, path: str, **told: str) -> int:
        answer, _ = self.send("POST", path, json.dumps(told).encode(), JSON)
        return answer.status

    def hook(self, message_id: str, **changed: Any) -> int:  # noqa: ANN401 - any part of a message
        secret, age = changed.pop("secret", SECRET), changed.pop("age", timedelta())
        body = event(message_id, **changed)
        headers = signed(message_id, body, secret=secret, age=age)
        answer, _ = self.send("POST", f"/hooks/{STORE}", body, headers)
        return answer.status

    def inbox(self, query: str = "") -> Any:  # noqa: ANN401 - any JSON
        _, text = self.send("GET", f"/inbox/{STORE}{query}")
        return json.loads(text)


def event(message_id: str, order: str = ORDER, status: str = "CREATED", sequence: int = 2) -> bytes:
    told = {
        "id": message_id,
        "type": f"order.{status.lower()}",
        "timestamp": "2026-11-22T10:00:00.000Z",
        "subject": {"kind": "order", "id": order},
        "sequence": sequence,
        "position": 1,
        "previous_position": 0,
        "data": {"order_id": order, "store_id": STORE, "status": status, "url": "/v1/orders/x"},
    }
    return json.dumps(told).encode()


def signed(
    message_id: str, body: bytes, *, secret: str = SECRET, age: timedelta = timedelta()
) -> dict[str, str]:
    at = datetime.now(UTC) - age
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
        **JSON,
    }
