"""Orders for later: which moments a store can promise, and what lies how long before one.

The kitchen should begin at `prepare_by`: the promised moment without the way to the door and the
time of preparation. All else counts back from it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.catalog import reading as stores
from chalicelib.catalog.schemas import Store
from chalicelib.core import clock
from chalicelib.orders.pricing import Issue

FURTHEST = timedelta(days=30)
ANSWER_BEFORE = timedelta(hours=1)
"""So long before its kitchen should begin a store has answered, and the order is paid for."""
BRING_BEFORE = timedelta(minutes=10)
"""So long before its kitchen should begin a courier is looked for."""
POINTER = "/scheduled_for"


@dataclass(frozen=True, slots=True)
class Task:
    """What a store has to do for an order: so many items, and so many minutes of way."""

    store: Store
    items: int
    eta_minutes: int

    def there(self, begins: datetime) -> datetime:
        """When the order is there, if its kitchen begins at a moment."""
        minutes = self.store.pace.minutes(begins, self.items) + self.eta_minutes
        return begins + timedelta(minutes=minutes)

    def begins(self, moment: datetime | None) -> datetime:
        """When the kitchen begins: now, or as late as it may for the order to be there then."""
        if moment is None:
            return clock.now()
        return self.store.pace.latest(moment - timedelta(minutes=self.eta_minutes), self.items)


def issues(task: Task, moment: datetime) -> list[Issue]:
    """What stands against promising a moment: too near, too far, or the store is closed then."""
    now = clock.now()
    if task.begins(moment) < now:
        earliest = clock.stamp(task.there(now))
        return [Issue("scheduled_too_soon", POINTER, f"The earliest moment is {earliest}.")]
    if moment - now > FURTHEST:
        latest = clock.stamp(now + FURTHEST)
        return [Issue("scheduled_too_late", POINTER, f"The latest moment is {latest}.")]
    closed = stores.why_closed(task.store, moment)
    return [Issue(closed.code, POINTER, closed.detail, closed.opens_at)] if closed else []


def answer_by(usual: datetime, begins: datetime | None) -> datetime:
    """Until when a store may answer: as ever, or longer where its kitchen begins much later."""
    return max(usual, begins - ANSWER_BEFORE) if begins else usual
