"""What a kitchen can do: how many orders at once, and how long they take.

Usually so long; longer at some times, for many items, and in a rush.
Whatever applies at the moment at which the kitchen begins is added up. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.catalog.hours import DAY_MINUTES, DAYS, MINUTE, Day, LocalTime, zone
from chalicelib.core.schemas import Moment, Wire

MOST_RULES = 20
LONGEST = 480
"""No kitchen is promised to take longer than this, in minutes."""

MoreMinutes = Annotated[int, Field(strict=True, ge=1, le=240, description="Minutes more.")]


class PreparationRule(Wire):
    """So many minutes more, on some days, between two local times, from so many items on.

    All that is said must hold; what several rules add is added up. `ends` not after `begins` means
    the next day, so that nothing said of the time means always.
    """

    minutes: Annotated[MoreMinutes, Field(examples=[10])]
    days: Annotated[
        tuple[Day, ...],
        Field(min_length=1, max_length=7, description="Left out: every day.", examples=[["fri"]]),
    ] = DAYS
    begins: Annotated[LocalTime, Field(examples=["18:00"])] = "00:00"
    ends: Annotated[LocalTime, Field(examples=["21:00"])] = "00:00"
    items: Annotated[
        int, Field(strict=True, ge=1, le=999, description="From so many items on.", examples=[6])
    ] = 1

    def applies(self, local: datetime, items: int) -> bool:
        """Whether it holds for a kitchen that begins at a local time."""
        if items < self.items:
            return False
        minute, begins = local.hour * 60 + local.minute, _minute(self.begins)
        lasts = (_minute(self.ends) - begins - 1) % DAY_MINUTES + 1
        since = (minute - begins) % DAY_MINUTES
        began = DAYS[local.weekday() - (minute < begins)]
        return began in self.days and since < lasts


class Rush(Wire):
    """More minutes for every order, until a moment at which it ends by itself."""

    minutes: Annotated[MoreMinutes, Field(examples=[20])]
    until: Moment


class Kitchen(Wire):
    """How many orders a kitchen begins within a window of so many minutes."""

    orders: Annotated[int, Field(strict=True, ge=1, le=1000, examples=[6])]
    minutes: Annotated[
        Literal[5, 10, 15, 20, 30, 60],
        Field(description="Windows are counted from 04:00 local time.", examples=[15]),
    ]


PreparationRules = Annotated[
    tuple[PreparationRule, ...],
    Field(
        max_length=MOST_RULES,
        description="When and for what a kitchen takes longer than `preparation_minutes`.",
        examples=[[{"minutes": 10, "days": ["fri", "sat"], "begins": "18:00", "ends": "21:00"}]],
    ),
]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the kitchen of a store takes, and when it has to begin."""

    usual: int
    rules: Sequence[PreparationRule]
    rush: Rush | None
    timezone: str

    def minutes(self, begins: datetime, items: int) -> int:
        """The minutes of so many items begun at a moment; what is added ends at eight hours."""
        local = begins.astimezone(zone(self.timezone))
        more = sum(rule.minutes for rule in self.rules if rule.applies(local, items))
        hurried = self.rush.minutes if self.rush and begins < self.rush.until else 0
        return min(LONGEST, self.usual + more + hurried)

    def latest(self, ready: datetime, items: int) -> datetime:
        """The last moment, whole minutes before, at which it may begin to be ready in time."""
        for earlier in range(self.usual, LONGEST):
            begins = ready - earlier * MINUTE
            if self.minutes(begins, items) <= earlier:
                return begins
        return ready - LONGEST * MINUTE


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
