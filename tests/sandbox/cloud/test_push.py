import http.client
import json
import threading
from collections.abc import Iterator

import pytest

from sandbox.cloud.push import KEPT, Inbox, serve


class Port:
    def __init__(self, port: int) -> None:
        self._port = port

    def __call__(self, method: str, path: str, body: bytes = b"") -> tuple[int, object]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


@pytest.fixture
def port() -> Iterator[Port]:
    server = serve(0, Inbox())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Port(server.server_address[1])
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_is_pushed_is_in_the_inbox_of_that_device_only(port: Port) -> None:
    pushed = port("POST", "/push/phone-1", b'{"title": "Your order is on its way"}')

    assert pushed == (202, {})
    assert port("GET", "/inbox/phone-1") == (
        200,
        {"messages": [{"title": "Your order is on its way"}]},
    )
    assert port("GET", "/inbox/phone-2") == (200, {"messages": []})


def test_a_dead_device_takes_nothing_more_and_keeps_what_it_had(port: Port) -> None:
    port("POST", "/push/phone-1", b"1")

    assert port("DELETE", "/push/phone-1")[0] == 200
    assert port("POST", "/push/phone-1", b"2")[0] == 410
    assert port("GET", "/inbox/phone-1") == (200, {"messages": [1]})


def test_the_oldest_messages_make_room(port: Port) -> None:
    del port
    inbox = Inbox()

    for number in range(KEPT + 1):
        inbox.deliver("phone-1", number)

    assert inbox.messages("phone-1") == list(range(1, KEPT + 1))


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/push/phone-1", b"{not json", 400),
        ("POST", "/push/phone-1", b" " * 300_000, 413),
        ("POST", "/push", b"{}", 404),
        ("GET", "/push/phone-1", b"", 404),
        ("DELETE", "/inbox/phone-1", b"", 404),
    ],
)
def test_what_is_no_push_is_refused(
    port: Port, method: str, path: str, body: bytes, status: int
) -> None:
    assert port(method, path, body)[0] == status
