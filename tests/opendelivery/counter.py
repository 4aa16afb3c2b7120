"""The world behind a real socket of this machine, for the till, which knows HTTP alone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.opendelivery import protocol
from tests.opendelivery.desk import Desk

KEPT = ("authorization", "content-type")


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """Where the protocol's paths begin. Every answer is held against the protocol's file."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            given = {name.lower(): text for name, text in self.headers.items()}
            headers = {name: given[name] for name in KEPT if name in given}
            with lock:
                answer = desk.world.call(self.command, self.path, headers=headers, raw=body or None)
            protocol.hold(self.command, self.path, answer.status, answer.headers, answer.text)
            content = answer.text.encode()
            self.send_response(answer.status)
            for name in ("Content-Type", "Retry-After"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = _serve  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/opendelivery"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
