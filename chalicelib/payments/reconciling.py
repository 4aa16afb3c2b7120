"""Presentment reconciliation: each day, charge by charge and refund by refund, in both directions.

Stripe's lists are compared with the books of each subject, and the entries of Stripe's account with
Stripe. What is not alike is kept, and a person is told. Page by page: who is cut off goes on where
it stopped, and whatever is done twice changes nothing (docs/decisions/reconciliation.md).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.dynamo import HEAD
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.telemetry import alarm, log
from chalicelib.payments import reviewing
from chalicelib.payments.comparing import Difference
from chalicelib.payments.reconciliation_models import (
    DIFFERENCE,
    PROGRESS,
    DayItem,
    DifferenceItem,
    ProgressItem,
    day_key,
)
from chalicelib.payments.reconciliation_schemas import DifferenceView, ReconciliationView
from chalicelib.payments.reviewing import Place, Reviewed, Window

DONE = "done"
SHOWN = 100
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
PHASES: Mapping[str, tuple[Callable[[Window, Place | None], Reviewed], str, str]] = {
    "charge": (partial(reviewing.of_stripe, "charge"), "charges", "refund"),
    "refund": (partial(reviewing.of_stripe, "refund"), "refunds", "entry"),
    "entry": (reviewing.of_books, "entries", DONE),
}
"""What is done in each phase, what it counts, and which one follows."""


def run(seconds: float) -> None:
    """Compare what is due, day by day, for so many wall seconds; the rest is for the next run.

    Raises gateway.GatewayError where Stripe does not tell: the next run goes on from there.
    """
    _tell_if_late()
    until = clock.wall_now() + seconds
    while clock.wall_now() < until:
        day = _due()
        if day is None:
            return
        try:
            _advance(day)
        except BusyError:
            log("Another run compares the same day")
            return


def _next_day() -> tuple[date, date]:
    """The day that is compared next, and the last one that is over."""
    progress = dynamo.get(ProgressItem, PROGRESS)
    yesterday = clock.now().date() - timedelta(days=1)
    return date.fromisoformat(progress.day) if progress else yesterday, yesterday


def _tell_if_late() -> None:
    day, yesterday = _next_day()
    if day < yesterday:
        alarm("Reconciliation is late", count=(yesterday - day).days)


def _due() -> DayItem | None:
    """The day that is compared now, as far as it has come. None where all is compared."""
    day, yesterday = _next_day()
    if day > yesterday:
        return None
    found = dynamo.get(DayItem, day_key(day.isoformat()))
    if found is not None:
        return found
    return DayItem(
        day_key(day.isoformat()),
        HEAD,
        day=day.isoformat(),
        phase="charge",
        version=0,
        charges=0,
        refunds=0,
        entries=0,
        began_at=clock.stamp(clock.now()),
    )


def _advance(day: DayItem) -> None:
    """One page of a day. Raises BusyError where somebody else has advanced it meanwhile."""
    of_day = reviewing.window(date.fromisoformat(day.day))
    review, count, after = PHASES[day.phase]
    reviewed = review(of_day, day.place)
    for difference in reviewed.differences:
        _keep(day.day, difference)
    setattr(day, count, int(getattr(day, count)) + reviewed.compared)
    day.place = reviewed.goes_on
    day.phase = day.phase if reviewed.goes_on else after
    day.version = int(day.version) + 1
    as_read = DayItem.version == day.version - 1 if day.version > 1 else None
    written = parts.put(day, BusyError(), as_read)
    if day.phase == DONE:
        _close(day, written)
    else:
        parts.commit(written)


def _close(day: DayItem, written: parts.Part) -> None:
    day.done_at = clock.stamp(clock.now())
    following = date.fromisoformat(day.day) + timedelta(days=1)
    parts.commit(written, parts.overwrite(ProgressItem(PROGRESS, HEAD, day=following.isoformat())))
    found = len(differences(day.day))
    tell = alarm if found else log
    tell("A day was compared with Stripe", count=int(day.charges), difference=found)


def _keep(day: str, difference: Difference) -> None:
    """Keep a difference and tell a person, once."""
    item = DifferenceItem(
        day_key(day),
        f"{DIFFERENCE}{difference.kind}#{difference.key}#{difference.what}",
        what=difference.what,
        kind=difference.kind,
        key=difference.key,
        subject=difference.subject,
        intent_id=difference.intent_id,
        at_stripe=difference.at_stripe,
        posted=difference.posted,
        currency=difference.currency,
        found_at=clock.stamp(clock.now()),
    )
    try:
        parts.commit(parts.put(item, BusyError()))
    except BusyError:
        return
    alarm(
        "Stripe and the books differ",
        kind=difference.kind,
        code=difference.what,
        subject=difference.subject,
        intent=difference.intent_id,
        difference=difference.at_stripe - difference.posted,
    )


def differences(day: str) -> Sequence[DifferenceItem]:
    """What was found on a day, read consistently."""
    return dynamo.items(DifferenceItem, day_key(day), prefix=DIFFERENCE)


def view(day: str) -> ReconciliationView:
    """How a day compared. Raises NotFoundError (404) for one that nobody has begun to compare."""
    found = dynamo.get(DayItem, day_key(day)) if DAY.fullmatch(day) else None
    if found is None:
        raise NotFoundError
    unlike = differences(day)
    return ReconciliationView(
        day=found.day,
        status="done" if found.done_at else "running",
        charges=int(found.charges),
        refunds=int(found.refunds),
        entries=int(found.entries),
        began_at=clock.parse(found.began_at),
        done_at=clock.parse(found.done_at) if found.done_at else None,
        total=len(unlike),
        differences=[_shown(one) for one in unlike[:SHOWN]],
    )


def _shown(item: DifferenceItem) -> DifferenceView:
    return DifferenceView(
        what=item.what,
        kind="charge" if item.kind == "charge" else "refund",
        key=item.key,
        subject=item.subject,
        intent_id=item.intent_id,
        at_stripe=int(item.at_stripe),
        posted=int(item.posted),
        currency=item.currency,
        found_at=clock.parse(item.found_at),
    )
