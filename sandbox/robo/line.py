"""Connections to one server: kept open, shared by all actors, never more than so many at once."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from queue import Empty, LifoQueue
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 40.0
SERVER_ERRORS = 500
FRESH = 2.0  # seconds for which an idle connection is still believed to be open

type Json = dict[str, Any]


class Lost(Exception):  # noqa: N818 - it names what happened
    """There was no answer: nobody knows whether the request has been carried out."""


@dataclass(frozen=True)
class Reply:
    """What came back. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Json:
        """The JSON object; {} where there is none."""
        try:
            said = json.loads(self.text) if self.text else {}
        except ValueError:
            said = {"detail": self.text[:200]}
        return said if isinstance(said, dict) else {}


class Line:
    """Where requests to one server go through. Safe to use from many threads.

    After a request that failed they go one by one until one has succeeded: the embedded cloud ends
    all workers of a function when one of them has died, those too that are just being started for
    other requests, and so many at once would keep each other down for ever.
    """

    def __init__(self, base: str, *, most: int = 8) -> None:
        self._base = urlsplit(base.rstrip("/"))
        self._idle: LifoQueue[tuple[float, HTTPConnection]] = LifoQueue()
        self._room = threading.BoundedSemaphore(most)
        self._one_by_one = threading.Lock()
        self._shaken = False

    def ask(
        self, method: str, path: str, content: bytes, headers: Mapping[str, str], timeout: float
    ) -> Reply:
        """Send once. Raises Lost where no whole answer came."""
        with self._room, self._one_by_one if self._shaken else nullcontext():
            shaken = True
            try:
                reply = self._send(method, path, content, headers, timeout)
                shaken = reply.status >= SERVER_ERRORS
            finally:
                self._shaken = shaken
            return reply

    def close(self) -> None:
        """Close what is idle."""
        while not self._idle.empty():
            self._idle.get()[1].close()

    def _send(
        self, method: str, path: str, content: bytes, headers: Mapping[str, str], timeout: float
    ) -> Reply:
        with self._connection(timeout) as connection:
            try:
                connection.request(method, self._base.path + path, content, dict(headers))
                answer = connection.getresponse()
                text = answer.read().decode("utf-8", "replace")
            except (OSError, HTTPException) as error:
                connection.close()
                raise Lost(f"{method} {path}: {error!r}") from error
            if answer.will_close:
                connection.close()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, told, text)

    @contextmanager
    def _connection(self, timeout: float) -> Iterator[HTTPConnection]:
        connection = self._kept() or HTTPConnection(self._base.netloc, timeout=timeout)
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if connection.sock is not None:
            self._idle.put((time.monotonic(), connection))

    def _kept(self) -> HTTPConnection | None:
        """The connection that was used last, unless the server may have closed it meanwhile."""
        while True:
            try:
                since, connection = self._idle.get_nowait()
            except Empty:
                return None
            if time.monotonic() - since < FRESH:
                return connection
            connection.close()
