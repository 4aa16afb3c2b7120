"""The stores' own systems, which take webhooks: well, badly, twice, late, or not for hours.

What goes wrong with one call is chance. How a system is for a while is its manner: whatever it is
asked then goes the same way.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chalicelib.core.egress import Reply, Unreachable
from tests.sim.calls import Call, Caller
from tests.sim.faults import Fault

KINDS = (
    Fault.FAILS_BEFORE, Fault.FAILS_AFTER, Fault.TIMES_OUT, Fault.THROTTLED, Fault.INTERNAL,
    Fault.DELAYED, Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.CONFLICT,
)  # fmt: skip
PATIENCE = 10.0
INSIDE = "http://169.254.169.254/latest/meta-data/"
FLAPS = 20.0
"""Seconds for which who flaps is there, and as long away."""

type Heard = Callable[[Mapping[str, Any]], None]


class Manner(StrEnum):
    """How a system is for a while."""

    WELL = "well"
    DOWN = "down"
    SILENT = "silent"
    SLOW = "slow"
    FLAPS = "flaps"
    GONE = "gone"
    REDIRECTS = "redirects"
    ANSWERS_IN_VAIN = "answers in vain"
    """It does its work, and its answer comes too late for whoever asked."""


HABITS: Mapping[Manner, Fault] = {
    Manner.SILENT: Fault.FAILS_BEFORE,
    Manner.SLOW: Fault.DELAYED,
    Manner.REDIRECTS: Fault.CONFLICT,
    Manner.ANSWERS_IN_VAIN: Fault.TIMES_OUT,
}


@dataclass
class Receiver:
    """One store's endpoint: what it has taken, in the order of taking."""

    url: str
    taken: list[dict[str, Any]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    first: dict[str, str] = field(default_factory=dict)
    """The type of what was taken first at each of its addresses."""
    manner: Manner = Manner.WELL
    until: float = 0.0
    heard: Heard = lambda _: None
    secrets: list[str] = field(default_factory=list)
    """Those that it was shown."""
    missed: bool = False
    """There is one that nobody has seen: nothing can be verified any more."""
    forged: list[str] = field(default_factory=list)

    def behaves(self, manner: Manner, until: float = float("inf")) -> None:
        """Be so until then."""
        self.manner, self.until = manner, until

    def now(self, moment: float) -> Manner:
        """How it is at a moment."""
        if self.until <= moment:
            return Manner.WELL
        if self.manner is Manner.FLAPS:
            return Manner.DOWN if moment // FLAPS % 2 else Manner.WELL
        return self.manner

    def learns(self, secret: str | None) -> None:
        """Take over a new secret, or know that there is one which nobody has seen."""
        self.secrets += [secret] if secret else []
        self.missed = self.missed or not secret

    def take(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Process a message, the first time that it comes."""
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        given = headers["webhook-signature"].split()
        known = {_signature(one, signed) for one in self.secrets}
        if self.secrets and not self.missed and known.isdisjoint(given):
            self.forged.append(headers["webhook-id"])
        message = {**json.loads(body), "id": headers["webhook-id"]}
        self.first.setdefault(url, message["type"])
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
        self.strayed: list[str] = []
        """Addresses that were called and are nobody's."""

    def open(self, url: str, heard: Heard) -> Receiver:
        receiver = self.by_url[url] = Receiver(url, heard=heard)
        return receiver

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """The way out of the product."""
        receiver = self.by_url.get(url)
        if receiver is None:
            self.strayed.append(url)
            return _reply(200)
        manner = receiver.now(self._now())

        def effect() -> Reply:
            if manner is Manner.GONE:
                return _reply(410)
            if manner is Manner.DOWN:
                return _reply(503)
            receiver.take(url, headers, body)
            return echoed(body)

        return self._caller.perform(
            Call("hook", "POST", writes=True),
            effect,
            KINDS,
            {
                Fault.THROTTLED: lambda: _reply(429, **{"retry-after": "20"}),
                Fault.INTERNAL: lambda: _reply(500),
                Fault.CONFLICT: lambda: _reply(302, location=INSIDE),
            },
            {
                Fault.FAILS_BEFORE: lambda: Unreachable("connect"),
                Fault.FAILS_AFTER: lambda: Unreachable("protocol"),
                Fault.TIMES_OUT: lambda: Unreachable("timeout"),
            },
            PATIENCE,
            habit=HABITS.get(manner),
        )


def echoed(body: bytes) -> Reply:
    """200, with the token of a challenge where it is one."""
    token = json.loads(body)["data"].get("challenge")
    return Reply(200, {}, json.dumps({"challenge": token}).encode() if token else b"", 0.1)


def _reply(status: int, **headers: str) -> Reply:
    return Reply(status, headers, b"", 0.1)
