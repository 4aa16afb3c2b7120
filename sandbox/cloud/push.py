"""The push port: SNS mobile push, and the phones that it reaches, over HTTP. Loopback only.

``python -m sandbox.cloud.push --port 4580 --application GCM ieum-sandbox``. The embedded cloud has
no push inbox and never says that a device is gone; functions find this port by
``AWS_ENDPOINT_URL_SNS``.

POST /                  the query API of SNS, as far as Ieum uses it (sns.py)
GET  /inbox/{token}     what a phone got, oldest first: ?after=7 only what came behind number 7,
                        &wait=20 as soon as there is something, at most 30 seconds
DELETE /push/{token}    the app was removed from that phone
GET  /health
"""

import argparse
import json
from collections.abc import Collection
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, override
from urllib.parse import parse_qs, unquote, urlsplit

from sandbox.cloud import sns
from sandbox.cloud.ministack import HOST
from sandbox.cloud.phones import Phones

LONGEST_WAIT = 30.0
MOST_BYTES = 512 * 1024  # SNS takes 256 KB, which a form may nearly double
XML, JSON = "text/xml", "application/json"


def serve(port: int, phones: Phones, origins: Collection[str] = ()) -> ThreadingHTTPServer:
    """A server on loopback, whose ``serve_forever`` the caller runs. Port 0: any free one.

    Pages of these `origins` may read inboxes: their phones are drawn in a browser.
    """
    server = _Http((HOST, port), _Handler)
    server.phones, server.origins = phones, frozenset(origins)
    return server


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    phones: Phones
    origins: frozenset[str]


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/health":
            self._json(HTTPStatus.OK, {"status": "ok"})
            return
        token = _token(address.path, "inbox")
        if token is None:
            self._json(HTTPStatus.NOT_FOUND, {"message": "GET /inbox/{token}"})
            return
        asked = parse_qs(address.query)
        found = self.server.phones.inbox(
            token,
            after=int(_number(asked, "after")),
            wait=min(_number(asked, "wait"), LONGEST_WAIT),
        )
        self._json(HTTPStatus.OK, {"messages": [asdict(message) for message in found]})

    def do_POST(self) -> None:
        size = self.headers.get("Content-Length", "")
        if not size.isdigit() or int(size) > MOST_BYTES:
            self.close_connection = True
            self._json(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"message": "too large"})
            return
        body = self.rfile.read(int(size))
        if urlsplit(self.path).path != "/":
            self._json(HTTPStatus.NOT_FOUND, {"message": "POST / as SNS has it"})
            return
        status, text = sns.answer(self.server.phones, body.decode(errors="replace"))
        self._reply(status, text.encode(), XML)

    def do_DELETE(self) -> None:
        token = _token(self.path, "push")
        if token is None:
            self._json(HTTPStatus.NOT_FOUND, {"message": "DELETE /push/{token}"})
            return
        self.server.phones.bury(token)
        self._json(HTTPStatus.OK, {})

    def _json(self, status: HTTPStatus, content: Any) -> None:  # noqa: ANN401 - any JSON
        self._reply(status, json.dumps(content, ensure_ascii=False).encode(), JSON)

    def _reply(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        origin = self.headers.get("Origin", "")
        if origin in self.server.origins:
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Vary", "Origin")
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Silent: a push is somebody's own business."""


def _token(path: str, place: str) -> str | None:
    match path.strip("/").split("/"):
        case [found, token] if found == place and token:
            return unquote(token)
        case _:
            return None


def _number(asked: dict[str, list[str]], name: str) -> float:
    text = asked.get(name, ["0"])[-1]
    return float(text) if text.isdecimal() else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", default=4580, type=int)
    parser.add_argument("--state", type=Path, help="file that keeps endpoints through a restart")
    parser.add_argument(
        "--application", nargs=2, action="append", default=[], metavar=("SERVICE", "NAME")
    )
    parser.add_argument("--origin", action="append", default=[], help="pages that read inboxes")
    options = parser.parse_args()
    phones = Phones(options.state)
    for service, name in options.application:
        phones.create_application(name, service)
    serve(options.port, phones, options.origin).serve_forever()


if __name__ == "__main__":
    main()
