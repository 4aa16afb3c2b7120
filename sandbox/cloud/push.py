"""The push port: takes what SNS mobile push would hand to a phone, and keeps it to be looked at.

``python -m sandbox.cloud.push --port 4580``. The embedded cloud has no push inbox and never says
that a device is gone.

POST /push/{token} (JSON) 202, or 410 once the token is dead · GET /inbox/{token} the messages,
oldest first · DELETE /push/{token} marks the token dead.
"""

import argparse
import json
import threading
from collections import defaultdict, deque
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override

from sandbox.cloud.ministack import HOST

KEPT = 1000
_LARGEST = 256 * 1024

type Answer = tuple[HTTPStatus, Any]


class Inbox:
    """The phones' side: the last ``KEPT`` messages per device, and which devices are gone."""

    def __init__(self) -> None:
        self._messages: dict[str, deque[Any]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._dead: set[str] = set()
        self._lock = threading.Lock()

    def deliver(self, token: str, message: Any) -> bool:  # noqa: ANN401 - whatever JSON is pushed
        """Whether the device took it: a dead one takes nothing."""
        with self._lock:
            if token in self._dead:
                return False
            self._messages[token].append(message)
            return True

    def messages(self, token: str) -> list[Any]:
        with self._lock:
            return list(self._messages.get(token, ()))

    def bury(self, token: str) -> None:
        """The app was removed: what is pushed from now on is answered with 410."""
        with self._lock:
            self._dead.add(token)


def serve(port: int, inbox: Inbox) -> ThreadingHTTPServer:
    """A server on loopback, whose ``serve_forever`` the caller runs. Port 0: any free one."""

    class Handler(_Handler):
        pass

    Handler.inbox = inbox
    return ThreadingHTTPServer((HOST, port), Handler)


class _Handler(BaseHTTPRequestHandler):
    inbox: Inbox

    def do_GET(self) -> None:
        self._answer(self._read())

    def do_POST(self) -> None:
        self._answer(self._push())

    def do_DELETE(self) -> None:
        self._answer(self._bury())

    def _read(self) -> Answer:
        token = self._token("inbox")
        if token is None:
            return HTTPStatus.NOT_FOUND, {"message": "GET /inbox/{device_token}"}
        return HTTPStatus.OK, {"messages": self.inbox.messages(token)}

    def _push(self) -> Answer:
        token = self._token("push")
        if token is None:
            return HTTPStatus.NOT_FOUND, {"message": "POST /push/{device_token}"}
        length = int(self.headers.get("Content-Length", 0))
        if length > _LARGEST:
            self.close_connection = True
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"message": "a push is 256 KiB at most"}
        try:
            message = json.loads(self.rfile.read(length))
        except ValueError:
            return HTTPStatus.BAD_REQUEST, {"message": "a push is JSON"}
        if not self.inbox.deliver(token, message):
            return HTTPStatus.GONE, {"message": "the device is gone"}
        return HTTPStatus.ACCEPTED, {}

    def _bury(self) -> Answer:
        token = self._token("push")
        if token is None:
            return HTTPStatus.NOT_FOUND, {"message": "DELETE /push/{device_token}"}
        self.inbox.bury(token)
        return HTTPStatus.OK, {}

    def _token(self, place: str) -> str | None:
        match self.path.strip("/").split("/"):
            case [found, token] if found == place:
                return token
            case _:
                return None

    def _answer(self, answer: Answer) -> None:
        status, content = answer
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Silent: a push holds what people write to each other."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", default=4580, type=int)
    serve(parser.parse_args().port, Inbox()).serve_forever()


if __name__ == "__main__":
    main()
