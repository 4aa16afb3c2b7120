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
class Timing:
    """When a kitchen begins, and how long it then takes to the customer."""

    begins: datetime
    lead: timedelta


def timing(store: Store, eta_minutes: int, moment: datetime | None) -> Timing:
    """When the kitchen begins: now, or so that the order is there at the moment."""
    lead = timedelta(minutes=store.preparation_minutes + eta_minutes)
    return Timing(moment - lead if moment else clock.now(), lead)


def issues(store: Store, eta_minutes: int, moment: datetime) -> list[Issue]:
    """What stands against promising a moment: too near, too far, or the store is closed then."""
    now, lead = clock.now(), timedelta(minutes=store.preparation_minutes + eta_minutes)
    if moment - lead < now:
        earliest = clock.stamp(now + lead)
        return [Issue("scheduled_too_soon", POINTER, f"The earliest moment is {earliest}.")]
    if moment - now > FURTHEST:
        latest = clock.stamp(now + FURTHEST)
        return [Issue("scheduled_too_late", POINTER, f"The latest moment is {latest}.")]
    closed = stores.why_closed(store, moment)
    return [Issue(closed.code, POINTER, closed.detail, closed.opens_at)] if closed else []


def answer_by(usual: datetime, begins: datetime | None) -> datetime:
    """Until when a store may answer: as ever, or longer where its kitchen begins much later."""
    return max(usual, begins - ANSWER_BEFORE) if begins else usual
