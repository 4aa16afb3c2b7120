"""HTTP as any client speaks it. A connection of its own per request: threads may share this."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

COMES_WITHIN = 240.0
"""So long something that must come may take, on a small machine that does much else."""
PATIENCE = 120.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.5


@dataclass(frozen=True)
class Reply:
    """What came back. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.text)

    def expect(self, status: int) -> Any:  # noqa: ANN401 - any JSON
        """The body, if the status is this one; else the test fails and shows the answer."""
        assert self.status == status, f"{self.status} instead of {status}: {self.text}"
        return self.json if self.text else None


@dataclass(frozen=True)
class Http:
    """One server. `check` sees the method, the path and the answer of each request."""

    base: str
    check: Callable[[str, str, Reply], None] = lambda *_: None

    def get(self, path: str, *, token: str | None = None) -> Reply:
        return self.send("GET", path, token=token)

    def post(
        self,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        key: str | None = None,
    ) -> Reply:
        """JSON, as the API takes it, with an Idempotency-Key where there is one."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = {"Idempotency-Key": key} if key else {}
        return self.send("POST", path, content, token=token, headers=headers)

    def form(self, path: str, fields: Mapping[str, str], *, token: str | None = None) -> Reply:
        """A form, as Stripe takes it and our own token endpoint does."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, urlencode(fields).encode(), token=token, headers=kind)

    def send(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Raises OSError or HTTPException when there is no answer."""
        given = {"Content-Type": "application/json", **(headers or {})}
        if token:
            given["Authorization"] = f"Bearer {token}"
        server = urlsplit(self.base)
        connection = HTTPConnection(server.hostname or "", server.port, timeout=PATIENCE)
        try:
            connection.request(method, server.path + path, content, given)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        told = {name.lower(): value for name, value in answer.getheaders()}
        reply = Reply(answer.status, told, text)
        self.check(method, path, reply)
        return reply


def eventually[T](look: Callable[[], T], *, within: float = COMES_WITHIN, what: str = "") -> T:
    """What `look` finds, as soon as that is true. It is asked again and again until the deadline.

    An AssertionError of `look` means: not yet; and so does a server that is away. At the deadline
    the test fails and says what for.
    """
    deadline = time.monotonic() + within
    pause, waiting = _FIRST_PAUSE, threading.Event()
    while True:
        try:
            seen: object = look()
            if seen:
                return seen  # type: ignore[return-value]  # it is what `look` gave
        except (AssertionError, OSError, HTTPException) as error:
            seen = error
        if time.monotonic() > deadline:
            raise AssertionError(f"{what or look} did not come within {within:.0f} s: {seen}")
        waiting.wait(pause)
        pause = min(_LONGEST_PAUSE, pause * 1.5)
