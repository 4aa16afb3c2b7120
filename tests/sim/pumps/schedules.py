"""Schedules: every minute, now and then late, twice, or not at all.

A sweep that would find nothing is seldom run: it reads empty indexes and changes nothing.
"""

import math
from typing import TYPE_CHECKING

from chalicelib.core.outbox import MISSED_AFTER
from tests.sim.faults import ARRIVAL, Fault
from tests.sim.gateway import Broken
from tests.sim.pumps.functions import SCHEDULE, Function

if TYPE_CHECKING:
    from tests.sim.world import World

MINUTE = 60.0
IDLE = 0.02
UNKNOWN_EVERY = 12
LOOKS_EVERY = 360 * MINUTE
KINDS = (*(kind for kind in ARRIVAL if kind is not Fault.REORDERED), Fault.LOST)
LOOKS_AT = {
    "sweep-bells": [(table, "bell_at") for table in ("orders", "payments", "couriers", "news")],
    "sweep-orders": [("orders", "due_at")],
    "sweep-uploads": [],
    "sweep-payments": [("payments", "due_at")],
    "sweep-couriers": [("couriers", "due_at")],
    "sweep-webhooks": [("integrations", "due_at")],
}
WAITS_IN = {"sweep-uploads": [("control", "UPLOADS"), ("control", "TEXTS")]}
"""Partitions in which lies what a sweep takes up at its next turn."""
LAGS = {"bell_at": MISSED_AFTER}
"""What is younger a sweep leaves alone."""


class SchedulePump:
    """One function that the clock wakes."""

    def __init__(self, world: "World", function: Function) -> None:
        self._world = world
        self._function = function
        self._minute = 0
        self._next: float | None = None
        self._offset = MINUTE * world.chance.at("offset", function.name)
        self.down = False

    @property
    def name(self) -> str:
        return self._function.name

    def ring(self) -> None:
        """Wait for the next minute in which there may be something to do."""
        now = self._world.scheduler.now
        due = self._next_due()
        at = now if due is None else max(now, due)
        if due is None:
            known = self.name in LOOKS_AT
            at = now + (LOOKS_EVERY if known else UNKNOWN_EVERY * self._function.period - MINUTE)
        elif at > now + LOOKS_EVERY:
            at = now + LOOKS_EVERY
        tick = MINUTE * (math.floor((at - self._offset) / MINUTE) + 1) + self._offset
        if self._next is None or tick < self._next:
            self._next = tick
            self._world.scheduler.at(tick, lambda: self._tick(tick))

    def _next_due(self) -> float | None:
        shadow = self._world.shadow
        found = [
            at + LAGS.get(name, 0.0)
            for table, name in LOOKS_AT.get(self.name, [])
            if (at := shadow.next_due(table, name)) is not None
        ]
        waits = any(shadow.partition(*place) for place in WAITS_IN.get(self.name, []))
        return min([*found, self._world.scheduler.now] if waits else found, default=None)

    def _tick(self, tick: float) -> None:
        if tick != self._next:
            return
        self._next = None
        self._minute += 1
        due = self._next_due()
        idle = self.name in LOOKS_AT and (due is None or due > self._world.scheduler.now)
        if not self.down and not (
            idle and self._world.noise("idle", self.name, self._minute) > IDLE
        ):
            name = f"clock {self.name}#{self._minute}"
            self._world.scheduler.spawn(name, self._run)
        self.ring()

    def _run(self) -> None:
        site = f"clock -> {self.name}"
        fault = self._world.arrival(site, KINDS)
        if fault in {Fault.LOST, Fault.FAILS_BEFORE}:
            return
        if fault is Fault.DELAYED:
            self._world.scheduler.pause(120 * self._world.noise("late", site, self._minute))
        self._invoke()
        if fault in {Fault.DUPLICATED, Fault.FAILS_AFTER}:
            self._invoke()

    def _invoke(self) -> None:
        function = self._function
        try:
            self._world.invoke(function.name, lambda: function.handler(dict(SCHEDULE), None))
        except Broken:
            return  # the next minute brings the next one
