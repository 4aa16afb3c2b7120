"""The city's time, as everybody in it lives: when it is, and how to wait for later."""

import threading
import time
from datetime import UTC, datetime

from sandbox.stripe.clock import RateClock


class Over(Exception):  # noqa: N818 - it names what happened
    """The play has ended while somebody waited."""


class Pace:
    """City seconds since the epoch, the same for all actors; `end` wakes whoever waits."""

    def __init__(self, clock: RateClock) -> None:
        self._clock = clock
        self._over = threading.Event()

    @property
    def rate(self) -> float:
        return self._clock.rate

    @property
    def over(self) -> bool:
        return self._over.is_set()

    def now(self) -> float:
        return self._clock.now()

    def city(self, wall: float) -> float:
        """The city's time at a moment of the wall's."""
        return self._clock.origin + self._clock.rate * (wall - self._clock.origin)

    def wait(self, seconds: float) -> None:
        """Let so many city seconds pass. Raises Over when the play ends meanwhile."""
        if self._over.wait(max(0.0, self._clock.wall_seconds(seconds))):
            raise Over

    def wait_until(self, moment: float) -> None:
        """Wait for a moment of the city; at once where it has passed. Raises Over."""
        self.wait(moment - self.now())

    def wall(self, seconds: float) -> float:
        """How long so many city seconds are on the wall."""
        return self._clock.wall_seconds(seconds)

    def rest(self, wall_seconds: float) -> None:
        """Wait by the wall's clock, as for an answer that did not come. Raises Over."""
        if self._over.wait(wall_seconds):
            raise Over

    def end(self) -> None:
        """Nobody waits any longer."""
        self._over.set()


def origin_for(rate: float, *, wall: float, city: float) -> float:
    """The origin with which a clock of this rate says `city` when the wall says `wall`.

    Raises ValueError at a rate of 1: such a clock is the wall's own.
    """
    if rate == 1:
        raise ValueError("a city at the wall's own rate has the wall's own time")
    return (rate * wall - city) / (rate - 1)


def seconds_of(moment: str) -> float:
    """Epoch seconds of an RFC 3339 moment."""
    return datetime.fromisoformat(moment).timestamp()


def moment_of(seconds: float) -> str:
    """RFC 3339 in UTC, with milliseconds."""
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def wall_now() -> float:
    return time.time()
