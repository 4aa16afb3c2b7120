"""The API over HTTP in this process, for what calls it by HTTP and nothing else."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.world import World

STAGE = "/stage"
FRAMING = frozenset({"content-length", "connection", "host", "accept-encoding"})


@contextmanager
def open_to(world: World) -> Iterator["Door"]:
    """Serve the world's API on loopback."""
    door = Door(world)
    thread = threading.Thread(target=lambda: door.serve_forever(poll_interval=0.01))
    thread.start()
    try:
        yield door
    finally:
        door.shutdown()
        door.server_close()
        thread.join()


class Door(ThreadingHTTPServer):
    """Remembers what was asked of it; `fails` answers 503 that many times first."""

    daemon_threads = True

    def __init__(self, world: World) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.world = world
        self.asked: list[str] = []
        self.fails = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{STAGE}"


class _Handler(BaseHTTPRequestHandler):
    server: Door
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.removeprefix(STAGE)
        with self.server.lock:
            self.server.asked.append(f"{self.command} {path}")
            failing = self.server.fails > 0
            self.server.fails -= failing
        headers = {name: text for name, text in self.headers.items() if name.lower() not in FRAMING}
        if failing:
            self._reply(503, b"Service Unavailable")
            return
        # moto is not made for many threads at once: one request after the other.
        with self.server.lock:
            raw = body or None
            answer = self.server.world.call(self.command, path, headers=headers, raw=raw)
        self._reply(answer.status, (answer.text or "").encode())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - http.server's names

    def _reply(self, status: int, content: bytes) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(b"" if status == 204 else content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - overridden
        """Nothing."""
