"""City time: as fast as the sandbox wants it, and the same again after a restart."""

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class RateClock:
    """`origin + rate x (wall - origin)`: the wall clock itself at a rate of 1.

    `origin` is the epoch second at which both clocks agree.
    """

    origin: float
    rate: float

    def now(self) -> float:
        return self.origin + self.rate * (time.time() - self.origin)

    def wall_seconds(self, seconds: float) -> float:
        """How long one has to wait for `seconds` of this clock."""
        return seconds / self.rate
