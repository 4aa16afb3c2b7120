"""What is going to be played: which stores, riders and wishes, and when the city's clock stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from sandbox.city.quarter import Quarter
from sandbox.robo.courier import Rider
from sandbox.robo.story import Wish

SEOUL = timezone(timedelta(hours=9), "KST")
FRIDAY = 4


@dataclass(frozen=True)
class Plan:
    """A play. `takes` says in a sentence what was chosen; `begins` is in city seconds, epoch."""

    takes: str
    zone: str
    quarter: Quarter
    wishes: Sequence[Wish]
    riders: Sequence[Rider]
    begins: float

    @property
    def span(self) -> float:
        """City seconds from the beginning to the last click."""
        return max((wish.at for wish in self.wishes), default=0.0)

    @property
    def customers(self) -> list[str]:
        """Their sign-ins, each once."""
        return list(dict.fromkeys(wish.customer for wish in self.wishes))


def next_friday(after: datetime, hour: int, minute: int = 0) -> float:
    """Epoch seconds of the first Friday after a moment at this time in Seoul."""
    local = after.astimezone(SEOUL)
    day = local + timedelta(days=(FRIDAY - local.weekday()) % 7)
    found = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if found <= local:
        found += timedelta(days=7)
    return found.astimezone(UTC).timestamp()
