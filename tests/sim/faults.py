"""What may go wrong at a call, and which calls it goes wrong at: drawn by place, and counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tests.sim.chance import Chance


class Fault(StrEnum):
    """One thing that goes wrong with one call."""

    FAILS_BEFORE = "fails before"
    FAILS_AFTER = "fails after the effect"
    TIMES_OUT = "times out"
    THROTTLED = "throttled"
    CONFLICT = "conflict"
    INTERNAL = "internal error"
    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    DELAYED = "delayed"
    DUPLICATED = "duplicated"
    REORDERED = "reordered"
    LOST = "lost"


F = Fault

READ = (F.FAILS_BEFORE, F.TIMES_OUT, F.THROTTLED, F.INTERNAL, F.CRASH_BEFORE, F.DELAYED)
WRITE = (*READ, F.FAILS_AFTER, F.CRASH_AFTER, F.CONFLICT)
CALL = (*READ, F.FAILS_AFTER, F.CRASH_AFTER)
ARRIVAL = (F.DUPLICATED, F.REORDERED, F.DELAYED, F.FAILS_BEFORE, F.FAILS_AFTER)

OFTEN, LEAST, MOST = 3.0, 0.5, 0.3
"""How much likelier the first visit of a call site is hit, and how much less the hundredth."""

STEERED = 0.75
"""How often a call that has met some faults too seldom meets one of them, the first time."""

type Place = tuple[str, int]


@dataclass
class Plan:
    """Which fault meets which call. `left_out` are places that are spared, to shorten a story.

    Early visits of a call site are likelier to be hit: what is rare would be met too seldom. What
    is `wanted` at a call site (faults that count as one, together) comes first.
    """

    chance: Chance
    rate: float
    left_out: frozenset[Place] = frozenset()
    calm: bool = False
    wanted: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    steered: Counter[str] = field(default_factory=Counter)
    hits: Counter[tuple[str, str]] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    met: list[tuple[str, int, str, str]] = field(default_factory=list)

    def draw(self, site: str, task: str, number: int, kinds: tuple[Fault, ...]) -> Fault | None:
        """The fault of a task's call of that number, if any."""
        self.sites[site] += 1
        if self.calm or not self.rate or (task, number) in self.left_out:
            return None
        wanted = self._wanted(site, kinds)
        if wanted and self.steers(site, task, number):
            column = wanted[int(self.chance.at("wanted", task, number) * len(wanted))]
            return column[int(self.chance.at("kind", task, number) * len(column))]
        rarely = max(LEAST, OFTEN / self.sites[site] ** 0.5)
        if self.chance.at("fault", task, number) >= min(MOST, self.rate * rarely):
            return None
        return kinds[int(self.chance.at("kind", task, number) * len(kinds))]

    def _wanted(self, site: str, kinds: tuple[Fault, ...]) -> list[list[Fault]]:
        possible = ([one for one in kinds if one in same] for same in self.wanted.get(site, ()))
        return [same for same in possible if same]

    def steers(self, site: str, *place: object) -> bool:
        """Whether something that a call site has met too seldom happens there now."""
        odds = STEERED / (1 + self.steered[site])
        if self.chance.at("steer", site, *place) >= odds:
            return False
        self.steered[site] += 1
        return True

    def hit(self, site: str, task: str, number: int, fault: Fault) -> None:
        """A fault has changed what happens."""
        self.hits[site, fault] += 1
        self.met.append((task, number, site, fault))
