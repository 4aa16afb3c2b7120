"""Real calls to real servers on loopback, honest and rude."""

import gzip
import itertools
import logging
import socket
import threading

import pytest

from chalicelib.core.egress import MAX_BODY, Egress
from tests.core.receiver import NAME, OK, Answer, Receiver, failure, here, own, repeating, saying


def plain(receiver: Receiver, path: str = "/ieum") -> str:
    return f"http://{NAME}:{receiver.port}{path}"


def test_a_plain_receiver_of_the_sandbox_is_called_by_its_address_too() -> None:
    with Receiver(saying(OK)) as receiver:
        egress = Egress(allow=own(receiver))

        reply = egress.request("GET", f"http://127.0.0.1:{receiver.port}/")

    assert reply.status == 200
    assert b"Content-Length" not in receiver.requests[0]
    assert 0 <= reply.seconds < 10


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_the_metadata_of_a_cloud_is_handed_back_and_not_followed(
    status: int,
) -> None:
    location = "http://169.254.169.254/latest/meta-data/"
    answer = f"HTTP/1.1 {status} X\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    with Receiver(saying(answer.encode())) as receiver:
        reply = Egress(resolver=here, allow=own(receiver)).request("POST", plain(receiver))

    assert (reply.status, reply.headers["location"]) == (status, location)
    assert len(receiver.requests) == 1


def test_a_receiver_that_asks_for_a_retry_is_not_called_again_by_itself() -> None:
    answer = b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
    with Receiver(saying(answer)) as receiver:
        reply = Egress(resolver=here, allow=own(receiver)).request("POST", plain(receiver))

    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert len(receiver.requests) == 1


def test_proxies_of_the_environment_are_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver(saying(OK)) as receiver, Receiver(saying(OK)) as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            monkeypatch.setenv(name.upper(), f"http://127.0.0.1:{proxy.port}")

        Egress(resolver=here, allow=own(receiver)).request("POST", plain(receiver))

    assert (len(receiver.requests), len(proxy.requests)) == (1, 0)


def test_a_cookie_is_never_brought_back() -> None:
    answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n"
    with Receiver(saying(answer)) as receiver:
        egress = Egress(resolver=here, allow=own(receiver))

        first, _ = (egress.request("POST", plain(receiver)) for _ in range(2))

    assert first.headers["set-cookie"] == "a=1, b=2"
    assert b"ookie" not in b"".join(receiver.requests)


def test_a_body_without_end_is_cut_and_the_receiver_hung_up_on() -> None:
    with Receiver(repeating(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536)) as receiver:
        reply = Egress(resolver=here, allow=own(receiver)).request("POST", plain(receiver))

    assert reply.body == b"x" * MAX_BODY


def test_chunks_are_put_together_and_cut() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with Receiver(repeating(head, b"5\r\nabcde\r\n")) as receiver:
        reply = Egress(resolver=here, allow=own(receiver)).request("POST", plain(receiver))

    assert reply.body == (b"abcde" * MAX_BODY)[:MAX_BODY]


def test_a_body_that_would_explode_when_unpacked_stays_packed() -> None:
    bomb = gzip.compress(bytes(8 * 1024 * 1024))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    with Receiver(saying(head.encode() + bomb)) as receiver:
        reply = Egress(resolver=here, allow=own(receiver)).request("POST", plain(receiver))

    assert reply.body == bomb[:MAX_BODY]


@pytest.mark.parametrize(
    "answer",
    [
        saying(b""),
        saying(b"SSH-2.0-OpenSSH_9.9\r\n"),
        saying(b"HTTP/1.1 OK\r\n\r\n"),
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"),
        saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        repeating(b"HTTP/1.1 200 OK\r\n", b"X: " + b"x" * 60_000 + b"\r\n"),
        repeating(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n"),
        repeating(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        # http.client takes a chunk of this size for "all that comes"
        repeating(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", b"x" * 65_536),
    ],
)
def test_an_answer_that_is_no_http_or_too_much_of_it_is_a_protocol_failure(
    answer: Answer,
) -> None:
    with Receiver(answer) as receiver:
        code = failure(Egress(resolver=here, allow=own(receiver)), plain(receiver))

    assert code == "protocol"


class Ticking:
    """A clock that goes on by a second with each look at it, and lets the other side act."""

    def __init__(self) -> None:
        self.looked = threading.Semaphore(0)
        self._seconds = itertools.count()

    def __call__(self) -> float:
        self.looked.release()
        return next(self._seconds)


@pytest.mark.parametrize(
    "head",
    [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"],
    ids=["status", "header", "body"],
)
def test_a_byte_now_and_then_does_not_hold_us_beyond_the_deadline(head: bytes) -> None:
    clock = Ticking()

    def drip(connection: socket.socket) -> None:
        connection.sendall(head)
        while clock.looked.acquire(timeout=10):
            connection.sendall(b"H")

    with Receiver(drip) as receiver:
        egress = Egress(resolver=here, allow=own(receiver), clock=clock)
        code = failure(egress, plain(receiver), total=30.0)
        seconds = clock()
        clock.looked.release(1_000)  # until the receiver notices that we are gone

    assert (code, seconds) == ("timeout", 31)


def test_a_receiver_that_says_nothing_is_given_up() -> None:
    released = threading.Event()

    def silent(_: socket.socket) -> None:
        released.wait(timeout=10)

    with Receiver(silent) as receiver:
        egress = Egress(resolver=here, allow=own(receiver), read_timeout=0.05)
        code = failure(egress, plain(receiver))
        released.set()

    assert code == "timeout"


def test_a_receiver_that_does_not_listen_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"127.0.0.1:{deaf.getsockname()[1]}"
        egress = Egress(allow=frozenset({address}), read_timeout=0.05)

        code = failure(egress, f"http://{address}/", body=bytes(32 * 1024 * 1024))

    assert code == "timeout"


def test_a_large_body_arrives_whole() -> None:
    body = bytes(range(256)) * 4_096
    with Receiver(saying(OK)) as receiver:
        reply = Egress(resolver=here, allow=own(receiver)).request(
            "PUT", plain(receiver), body=body
        )

    assert reply.status == 200
    assert receiver.requests[0].endswith(b"\r\n\r\n" + body)


def test_where_nobody_listens_the_next_address_is_tried() -> None:
    with Receiver(saying(OK)) as receiver:
        egress = Egress(resolver=lambda _: ["::1", "127.0.0.1"], allow=own(receiver))

        reply = egress.request("POST", plain(receiver))

    assert reply.status == 200


def test_after_a_connection_no_other_address_hears_the_request_again() -> None:
    with Receiver(saying(b"")) as receiver:
        egress = Egress(resolver=lambda _: ["127.0.0.1"] * 3, allow=own(receiver))

        code = failure(egress, plain(receiver))

    assert (code, len(receiver.requests)) == ("protocol", 1)


def test_a_secret_in_the_path_reaches_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Receiver(saying(b"HTTP/1.1 200 OK\r\nno header\r\n\r\n")) as receiver:
        egress = Egress(resolver=here, allow=own(receiver))

        egress.request("POST", plain(receiver, "/s3cret"), headers={"Authorization": "s3cret"})

    assert "s3cret" not in caplog.text


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.0 410 Gone\r\n\r\n",
    ],
)
def test_an_answer_may_have_no_body(answer: bytes) -> None:
    with Receiver(saying(answer)) as receiver:
        reply = Egress(resolver=here, allow=own(receiver)).request("POST", plain(receiver))

    assert reply.body == b""
