"""What the actors' requests met: counted for the report, and for the check that may fail it.

A *server error* is a 5xx that the application or its gateway has produced. While chaos has just
struck, a 502, 503 or 504 is the sound of something that was killed: it is repeated and counted
with the lost connections. A 500 is a server error at any time.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from sandbox.robo.line import SERVER_ERRORS

DISTURBED = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
KEPT = 50


@dataclass(frozen=True)
class Failure:
    """An answer that should not have been."""

    at: float
    method: str
    path: str
    status: int
    code: str


class Tally:
    """Counts of answers, repetitions and lost connections. Safe to use from many threads."""

    def __init__(self, *, disturbed: Callable[[], bool] = lambda: False) -> None:
        """`disturbed` says whether chaos is at work at this moment."""
        self.answers: Counter[int] = Counter()
        self.retries = 0
        self.lost = 0
        self.cut_short = 0
        self.server_errors = 0
        self.failures: deque[Failure] = deque(maxlen=KEPT)
        self.disturbed = disturbed
        self._lock = threading.Lock()

    @property
    def calls(self) -> int:
        return sum(self.answers.values())

    def answered(self, method: str, path: str, status: int, code: str) -> None:
        with self._lock:
            self.answers[status] += 1
            if status < SERVER_ERRORS:
                return
            if status in DISTURBED and self.disturbed():
                self.cut_short += 1
                return
            self.server_errors += 1
            self.failures.append(Failure(time.time(), method, path, status, code))

    def lost_connection(self) -> None:
        with self._lock:
            self.lost += 1

    def retried(self) -> None:
        with self._lock:
            self.retries += 1
