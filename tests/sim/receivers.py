"""The stores' own systems, which take webhooks: well, badly, twice, late, or not for hours."""

import base64
import hashlib
import hmac
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
    secrets: list[str] = field(default_factory=list)
    """Those that it was shown."""
    missed: bool = False
    """There is one that nobody has seen: nothing can be verified any more."""
    forged: list[str] = field(default_factory=list)

    def learns(self, secret: str | None) -> None:
        """Take over a new secret, or know that there is one which nobody has seen."""
        self.secrets += [secret] if secret else []
        self.missed = self.missed or not secret

    def take(self, headers: Mapping[str, str], body: bytes) -> None:
        """Process a message, the first time that it comes."""
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        given = headers["webhook-signature"].split()
        known = {_signature(one, signed) for one in self.secrets}
        if self.secrets and not self.missed and known.isdisjoint(given):
            self.forged.append(headers["webhook-id"])
        message = {**json.loads(body), "id": headers["webhook-id"]}
        self.taken.append(message)
        if message["id"] not in self.seen:
            self.seen.add(message["id"])
            self.heard(message)


def _signature(secret: str, signed: bytes) -> str:
    """As a receiver computes it for itself, after the specification of Standard Webhooks."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


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
            return echoed(body)

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


def echoed(body: bytes) -> Reply:
    """200, with the token of a challenge where it is one."""
    token = json.loads(body)["data"].get("challenge")
    return Reply(200, {}, json.dumps({"challenge": token}).encode() if token else b"", 0.1)


def _reply(status: int, **headers: str) -> Reply:
    return Reply(status, headers, b"", 0.1)
