"""Connections to one server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import override

import pytest

from sandbox.robo.line import Line, Lost

NOTHING: dict[str, str] = {}


class Server(ThreadingHTTPServer):
    """Answers what it is told to; knows how many asked at once, over how many connections."""

    daemon_threads = True
    status = 200
    most = now = 0
    gate = threading.Event()
    lock = threading.Lock()
    ports: set[int]


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.now += 1
            self.server.most = max(self.server.most, self.server.now)
            self.server.ports.add(self.client_address[1])
        self.server.gate.wait(5)
        with self.server.lock:
            self.server.now -= 1
        self.send_response(self.server.status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.ports = set()
    made.gate = threading.Event()
    made.gate.set()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


@contextmanager
def line(server: Server, most: int = 8) -> Iterator[Line]:
    made = Line(f"http://127.0.0.1:{server.server_address[1]}", most=most)
    try:
        yield made
    finally:
        made.close()


def ask(where: Line) -> int:
    return where.ask("GET", "/", b"", NOTHING, 5.0).status


def ask_at_once(where: Line, count: int, server: Server) -> None:
    server.gate.clear()
    threads = [threading.Thread(target=ask, args=(where,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    waiting = threading.Event()
    for _ in range(50):
        waiting.wait(0.005)
    server.gate.set()
    for thread in threads:
        thread.join()


def test_a_connection_is_used_again(server: Server) -> None:
    with line(server) as where:
        for _ in range(3):
            ask(where)

    assert len(server.ports) == 1


def test_never_more_than_so_many_ask_at_once(server: Server) -> None:
    with line(server, most=2) as where:
        ask_at_once(where, 6, server)

    assert server.most == 2


def test_after_a_failure_requests_go_one_by_one_until_one_succeeds(server: Server) -> None:
    with line(server) as where:
        server.status = 502
        ask(where)
        ask_at_once(where, 4, server)
        one_by_one = server.most
        server.status = 200
        ask(where)
        ask_at_once(where, 4, server)

    assert one_by_one == 1
    assert server.most == 4


def test_nobody_there_is_a_lost_request() -> None:
    with pytest.raises(Lost):
        ask(Line("http://127.0.0.1:9"))
