"""Connections to one checked address, of which nothing outlasts a deadline."""

import io
import logging
import socket
import ssl
from collections.abc import Callable
from functools import cache
from typing import Any, Final, cast

import certifi
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

MAX_RECEIVED: Final = 128 * 1024
"""Bytes that one answer may have in all: head, chunk sizes and body."""

# urllib3 logs the path, which can hold a receiver's secret, and header lines it cannot parse.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class Deadline:
    """The end of a whole call, however many waits it is made of."""

    def __init__(self, total: float, longest_wait: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._start = clock()
        self._end = self._start + total
        self._longest_wait = longest_wait

    def left(self) -> float:
        """Seconds until the end. Raises TimeoutError when there are none."""
        left = self._end - self._clock()
        if left <= 0:
            raise TimeoutError
        return left

    def wait(self) -> float:
        """Seconds that the next wait may take. Raises TimeoutError at the end."""
        return min(self.left(), self._longest_wait)

    def elapsed(self) -> float:
        return self._clock() - self._start


class _Incoming(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline
        self._allowance = MAX_RECEIVED
        self._stream = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - what io gives is any kind of buffer
        self._sock.settimeout(self._deadline.wait())
        received = cast("int", self._stream.readinto(buffer))
        self._allowance -= received
        if self._allowance < 0:
            # http.client reads a chunk of size -1 to its end, and up to 6 MB of header lines.
            raise OSError("the answer is longer than any honest one")
        return received

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Wire:
    """A connected socket, as far as http.client uses one.

    A socket's own timeout begins anew with each byte: a receiver that sends one byte of a header
    every few seconds would hold us for hours.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline
        self.close = sock.close

    def settimeout(self, seconds: float | None) -> None:
        """Leave it: the deadline says how long to wait."""

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._sock.settimeout(self._deadline.wait())
            rest = rest[self._sock.send(rest) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self._sock, self._deadline))


class _PlainConnection(HTTPConnection):
    def __init__(self, *args: Any, deadline: Deadline, **options: Any) -> None:  # noqa: ANN401 - handed on as they are
        super().__init__(*args, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self.sock = cast("socket.socket", _Wire(self.sock, self._deadline))


class _SecureConnection(HTTPSConnection):
    def __init__(self, *args: Any, deadline: Deadline, **options: Any) -> None:  # noqa: ANN401 - handed on as they are
        super().__init__(*args, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self.sock = cast("socket.socket", _Wire(self.sock, self._deadline))


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


@cache
def trust(ca_file: str | None) -> ssl.SSLContext:
    """TLS 1.2 or later, believing the authorities in the file, or the public ones."""
    return ssl.create_default_context(cafile=ca_file or certifi.where())


def pinned_pool(
    scheme: str,
    address: str,
    port: int,
    deadline: Deadline,
    *,
    name: str,
    context: ssl.SSLContext,
) -> HTTPConnectionPool:
    """Connect to the address and nowhere else; with https the certificate must be the name's.

    Never repeats anything. Any scheme but https goes without TLS.
    """
    if scheme != "https":
        return _PlainPool(address, port, retries=False, deadline=deadline)
    return _SecurePool(
        address,
        port,
        retries=False,
        deadline=deadline,
        ssl_context=context,
        server_hostname=name,
        assert_hostname=name,
    )
