"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class StandingClock:
    """Wall time under a test's hand. Pauses of the code under test move it, and nobody waits."""

    def __init__(self, start: datetime = NOON) -> None:
        self.seconds = start.timestamp()

    def __call__(self) -> float:
        return self.seconds

    def move(self, seconds: float) -> None:
        self.seconds += seconds

    def set_to(self, moment: datetime) -> None:
        self.seconds = moment.timestamp()
