"""Ieum as a store's endpoint meets it: signed messages over HTTP, each answer with its time."""

import json
import ssl
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from standardwebhooks import Webhook

PATIENCE = 10.0  # seconds that Ieum waits for an answer
MOST_READ = 64 * 1024
ORDER = "ord_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
STORE = "sto_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
WEBHOOK = "whk_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"

type Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What an endpoint answered. `status` is 0 where there was no answer, and `why` says so."""

    status: int
    body: bytes = b""
    seconds: float = 0.0
    why: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status // 100 == 2  # noqa: PLR2004 - 2xx

    @property
    def is_refused(self) -> bool:
        """4xx: and not 410, after which nothing is ever sent again."""
        return self.status // 100 == 4 and self.status != 410  # noqa: PLR2004 - 4xx, Gone

    def __str__(self) -> str:
        return str(self.status) if self.status else f"no answer ({self.why})"


@dataclass(frozen=True)
class Letter:
    """A message as it goes out: the headers that were signed, and the very bytes."""

    headers: Mapping[str, str]
    body: bytes


@dataclass
class Sender:
    """Sends to one URL, signed by one secret. Ids are new in each run, positions go on."""

    url: str
    secret: str
    patience: float = PATIENCE
    _positions: "count[int]" = field(default_factory=lambda: count(2))

    def message(self, event_type: str, *, order: str = "", sequence: int = 2, **more: Any) -> Json:  # noqa: ANN401 - any JSON
        """A message of Ieum's, with an id of its own."""
        position = next(self._positions)
        order_id = order or new_order()
        kind = "webhook" if event_type.startswith("webhook.") else "order"
        data: Json = {"store_id": STORE, "url": f"/v1/stores/{STORE}/webhooks/{WEBHOOK}"}
        if kind == "order":
            status = event_type.partition(".")[2].upper()
            data = {"order_id": order_id, "store_id": STORE, "status": status}
            data["url"] = f"/v1/orders/{order_id}"
        return {
            "v": 1,
            "id": f"msg_{uuid.uuid4().hex[:26].upper()}",
            "type": event_type,
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "subject": {"kind": kind, "id": order_id if kind == "order" else WEBHOOK},
            "sequence": sequence,
            "position": position,
            "previous_position": position - 1,
            "data": data,
            **more,
        }

    def skip(self, positions: int) -> None:
        """As if so many messages had been lost on their way."""
        self._positions = count(next(self._positions) + positions)

    def sign(self, message: Json, *, age: float = 0, secrets: Sequence[str] = ()) -> Letter:
        """A letter of some age in seconds, signed by these secrets or the one that is known."""
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        moment = datetime.fromtimestamp(int(time.time() - age), UTC)
        signatures = [
            Webhook(secret).sign(message["id"], moment, body) for secret in secrets or [self.secret]
        ]
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message["id"],
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": " ".join(signatures),
        }
        return Letter(headers, body.encode())

    def send(self, letter: Letter, *, method: str = "POST") -> Answer:
        """Send a letter and wait as long as Ieum does."""
        return self._exchange(method, letter.headers, [letter.body], len(letter.body))

    def trickle(self, letter: Letter, *, pieces: int, pause: float) -> Answer:
        """Send a letter as a bad line does: in pieces, with pauses."""
        size = len(letter.body) // pieces + 1

        def slowly() -> Iterable[bytes]:
            for begins in range(0, len(letter.body), size):
                time.sleep(pause)
                yield letter.body[begins : begins + size]

        return self._exchange("POST", letter.headers, slowly(), len(letter.body))

    def break_off(self, letter: Letter) -> None:
        """Send half of a letter and hang up."""
        connection = self._connect()
        try:
            self._begin(connection, "POST", letter.headers, len(letter.body))
            connection.send(letter.body[: len(letter.body) // 2])
        except OSError:
            pass  # whoever hung up first, the letter did not arrive
        finally:
            connection.close()

    def _exchange(
        self, method: str, headers: Mapping[str, str], body: Iterable[bytes], size: int
    ) -> Answer:
        began = time.monotonic()
        connection = self._connect()
        try:
            self._begin(connection, method, headers, size)
            for piece in body:
                connection.send(piece)
            reply = connection.getresponse()
            said = reply.read(MOST_READ)
        except (OSError, HTTPException, ssl.SSLError) as error:
            why = "too late" if isinstance(error, TimeoutError) else type(error).__name__
            return Answer(0, seconds=time.monotonic() - began, why=why)
        finally:
            connection.close()
        return Answer(reply.status, said, time.monotonic() - began)

    def _connect(self) -> HTTPConnection:
        address = urlsplit(self.url)
        kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
        return kind(address.hostname or "", address.port, timeout=self.patience)

    def _begin(
        self, connection: HTTPConnection, method: str, headers: Mapping[str, str], size: int
    ) -> None:
        address = urlsplit(self.url)
        path = f"{address.path or '/'}{'?' if address.query else ''}{address.query}"
        connection.putrequest(method, path)
        for name, value in {**headers, "Content-Length": str(size)}.items():
            connection.putheader(name, value)
        connection.endheaders()


def new_order() -> str:
    """The id of an order that nobody has."""
    return f"ord_{uuid.uuid4().hex[:26].upper()}"
