"""A circuit breaker: nobody asks for a while who has not answered for some time.

Closed, it lets everybody through. Five failures in a row within a minute open it: for ten seconds
nobody is let through. Then one may try, and what it finds decides for all.
https://martinfowler.com/bliki/CircuitBreaker.html

Each process has its own (docs/decisions/stripe-limits.md).
"""

import math

from chalicelib.core import clock
from chalicelib.core.telemetry import alarm

FAILURES = 5
WITHIN_SECONDS = 60
OPEN_SECONDS = 10


class OpenError(Exception):
    """Nobody asked: it has not answered for some time. Ask again after so many seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("breaker_open")
        self.retry_after = retry_after


class Breaker:
    """What this process knows of one that it depends upon."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._failures: list[float] = []
        self._is_open = False
        self._opened_at = 0.0

    def waits(self) -> int:
        """For how many seconds nobody is let through. Asking changes nothing."""
        left = self._left()
        return math.ceil(left) if left > 0 else 0

    def _left(self) -> float:
        if not self._is_open:
            return 0
        now = clock.wall_now()
        return self._opened_at + OPEN_SECONDS - now if now >= self._opened_at else 0

    def demand(self) -> None:
        """Raises OpenError. Where its time is over the first is let through, to try."""
        if not self._is_open:
            return
        waits = self.waits()
        if waits:
            raise OpenError(waits)
        self._opened_at = clock.wall_now()

    def succeeded(self) -> None:
        """It has answered."""
        self.forget()

    def failed(self) -> None:
        """It has not, or as one that is broken."""
        now = clock.wall_now()
        if self._is_open:
            self._opened_at = now
            return
        recent = [at for at in self._failures if now - at < WITHIN_SECONDS]
        self._failures = [*recent, now]
        if len(self._failures) >= FAILURES:
            self._is_open, self._opened_at = True, now
            alarm(f"{self._name} does not answer: nobody asks for {OPEN_SECONDS} s")

    def forget(self) -> None:
        """Begin as if nothing had been asked yet."""
        self._failures = []
        self._is_open = False
