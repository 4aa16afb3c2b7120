"""Chaos: kills what a cloud may lose at any moment, and once stops and restarts the cloud whole.

Workers of functions, the pump, Stripe and the stores' receiver are killed with SIGKILL; the
supervisor starts them again. The embedded cloud itself is ended in order (SIGTERM), since it saves
its state at no other time, and comes back from what it has saved.
"""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

from sandbox.robo.pace import Over, Pace
from sandbox.running import Sandbox

BETWEEN = (10.0, 25.0)  # wall seconds between two strikes
OF_WORKERS = 0.3  # are hit by a strike at them
AFTERMATH = 25.0  # wall seconds in which a strike may still be felt
RESTART_AT = 3  # the strike at which the cloud goes
AGAIN_UP = 90.0
KINDS = ("workers", "workers", "pump", "stripe", "receiver")


class Chaos:
    """Strikes at random until the play is over. `struck` names what was hit, and when."""

    def __init__(self, box: Sandbox, pace: Pace, seed: int) -> None:
        self.struck: list[str] = []
        self.restarts = 0
        self._box = box
        self._pace = pace
        self._draw = random.Random(f"chaos:{seed}")  # noqa: S311 - what is hit, no secret
        self._began = time.monotonic()
        self._felt: list[tuple[float, float]] = []

    def disturbs(self) -> bool:
        """Whether what was hit may still be missing."""
        return self.disturbed_at(self._pace.now())

    def disturbed_at(self, moment: float) -> bool:
        """Whether what was hit may have been missing at a moment of the city."""
        return any(began <= moment <= ended for began, ended in self._felt)

    def reign(self, has_begun: Callable[[], bool]) -> None:
        """From the play's beginning until it is over. Raises Over."""
        while not has_begun():
            self._pace.rest(0.5)
        self._began, number = time.monotonic(), 0
        while not self._pace.over:
            self._pace.rest(self._draw.uniform(*BETWEEN))
            number += 1
            if number == RESTART_AT:
                self._restart_cloud()
                continue
            kind = self._draw.choice(KINDS)
            self._note(kind)
            if kind == "workers":
                self._kill_workers()
            else:
                self._kill(kind)
        raise Over

    def _note(self, what: str) -> None:
        self._feel(AFTERMATH)
        self.struck.append(f"after {time.monotonic() - self._began:.0f} s: {what}")

    def _feel(self, wall_seconds: float) -> None:
        now = self._pace.now()
        self._felt.append((now, now + wall_seconds * self._pace.rate))

    def _kill(self, name: str) -> None:
        with contextlib.suppress(ProcessLookupError, KeyError):
            os.kill(self._box.supervisor.pid(name), signal.SIGKILL)

    def _kill_workers(self) -> None:
        """Some of the processes that run functions, in the middle of whatever they do."""
        for pid in workers(self._box.supervisor.pid("cloud")):
            if self._draw.random() > OF_WORKERS:
                continue
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _restart_cloud(self) -> None:
        """End the cloud in order and wait until the supervisor has brought it back."""
        self._note("the cloud, stopped and started again")
        before = self._box.supervisor.pid("cloud")
        self._feel(AGAIN_UP)
        os.kill(before, signal.SIGTERM)
        deadline = time.monotonic() + AGAIN_UP
        while time.monotonic() < deadline:
            self._pace.rest(0.5)
            if self._box.supervisor.pid("cloud") != before and self._box.cloud.is_ready():
                break
        self.restarts += 1
        self._feel(AFTERMATH)


def workers(cloud: int) -> list[int]:
    """The processes that the embedded cloud has started: its workers."""
    found = []
    for children in Path(f"/proc/{cloud}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(pid) for pid in children.read_text().split()]
    return found
