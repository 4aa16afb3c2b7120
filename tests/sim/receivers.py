"""The stores' own systems, which take webhooks: well, badly, twice, late, or not for hours."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core.egress import Reply, Unreachable
from tests.sim.calls import Call, Caller
from tests.sim.faults import Fault

KINDS = (
    Fault.FAILS_BEFORE, Fault.FAILS_AFTER, Fault.TIMES_OUT, Fault.THROTTLED, Fault.INTERNAL,
    Fault.DELAYED, Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.CONFLICT,
)  # fmt: skip
PATIENCE = 10.0

type Heard = Callable[[Mapping[str, Any]], None]


@dataclass
class Receiver:
    """One store's endpoint: what it has taken, in the order of taking."""

    url: str
    taken: list[dict[str, Any]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    gone: bool = False
    down_until: float = 0.0
    heard: Heard = lambda _: None

    def take(self, headers: Mapping[str, str], body: bytes) -> None:
        """Process a message, the first time that it comes."""
        message = {**json.loads(body), "id": headers["webhook-id"]}
        self.taken.append(message)
        if message["id"] not in self.seen:
            self.seen.add(message["id"])
            self.heard(message)


class Receivers:
    """Every endpoint by its URL, reached through the product's own seam."""

    def __init__(self, caller: Caller, now: Callable[[], float]) -> None:
        self._caller = caller
        self._now = now
        self.by_url: dict[str, Receiver] = {}

    def open(self, url: str, heard: Heard) -> Receiver:
        receiver = self.by_url[url] = Receiver(url, heard=heard)
        return receiver

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """The way out of the product."""
        receiver = self.by_url[url]

        def effect() -> Reply:
            if receiver.gone:
                return _reply(410)
            if receiver.down_until > self._now():
                return _reply(503)
            receiver.take(headers, body)
            return _reply(200)

        return self._caller.perform(
            Call("hook", "POST", writes=True),
            effect,
            KINDS,
            {
                Fault.THROTTLED: lambda: _reply(429, **{"retry-after": "20"}),
                Fault.INTERNAL: lambda: _reply(500),
                Fault.CONFLICT: lambda: _reply(302, location="https://elsewhere.test/"),
            },
            {
                Fault.FAILS_BEFORE: lambda: Unreachable("connect"),
                Fault.FAILS_AFTER: lambda: Unreachable("protocol"),
                Fault.TIMES_OUT: lambda: Unreachable("timeout"),
            },
            PATIENCE,
        )


def _reply(status: int, **headers: str) -> Reply:
    return Reply(status, headers, b"", 0.1)
