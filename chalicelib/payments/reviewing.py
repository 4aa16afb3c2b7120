"""One page of a day's comparison, in either direction: what is not alike, and where it goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.dynamo import HEAD, SHARDS
from chalicelib.core.settings import settings
from chalicelib.payments import charge_gateway, comparing, ledger
from chalicelib.payments.charge_gateway import Kind, Movement
from chalicelib.payments.comparing import Difference
from chalicelib.payments.models import LedgerEntry
from chalicelib.payments.payment import Subject
from chalicelib.payments.reconciliation_models import SeenItem, seen_key

GRACE = timedelta(minutes=15)
HORIZON: dict[Kind, timedelta] = {"charge": timedelta(days=8), "refund": timedelta(days=31)}
"""How long before it is captured a charge may have been made; before it fails, a refund."""
REMEMBERED_SECONDS = 10 * 86_400
PAGE = 100

type Place = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """The moments that belong to a day: it ends a little before midnight, and so it begins.

    What is in flight when a day ends belongs to the next: it is looked at then, and never dropped.
    """

    begins: datetime
    ends: datetime

    def holds(self, moment: float) -> bool:
        return self.begins.timestamp() <= moment < self.ends.timestamp()


def window(day: date) -> Window:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Window(midnight - GRACE, midnight + timedelta(days=1) - GRACE)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What one page has shown: differences, how many were compared, where it goes on if it does."""

    differences: Sequence[Difference]
    compared: int
    goes_on: Place | None


# --- from Stripe to our books --------------------------------------------------------------------


def of_stripe(kind: Kind, of_day: Window, place: Place | None) -> Reviewed:
    """What of a page of Stripe's our books do not say alike. Raises gateway.GatewayError."""
    since = int((of_day.begins - HORIZON[kind]).timestamp())
    after = place["after"] if place else None
    page = charge_gateway.page(kind, since, int(of_day.ends.timestamp()), after)
    mine = [one for one in page.movements if _is_of(one, of_day)]
    found = [difference for one in mine if (difference := _compared(one)) is not None]
    return Reviewed(found, len(mine), {"after": page.after} if page.after else None)


def _is_of(movement: Movement, of_day: Window) -> bool:
    """Whether a movement is looked at: of this day and ours. One that failed is, each day anew."""
    others = movement.env not in {"", settings().tables}
    return not others and (movement.has_failed or of_day.holds(movement.moved_at))


def _compared(movement: Movement) -> Difference | None:
    entries = ledger.entries(_subject(movement.subject)) if movement.env else []
    parts.commit(
        parts.overwrite(
            SeenItem(
                seen_key(movement.key),
                HEAD,
                subject=movement.subject,
                expires_at=int(clock.wall_now()) + REMEMBERED_SECONDS,
            )
        )
    )
    difference = comparing.compare(movement, entries)
    if difference and not movement.env:
        return comparing.of_nobody(difference)
    return difference


def _subject(text: str) -> Subject:
    kind, _, ident = text.partition("#")
    return Subject(kind, ident)


# --- from our books to Stripe --------------------------------------------------------------------


def of_books(of_day: Window, place: Place | None) -> Reviewed:
    """What of a page of our entries Stripe does not know. Raises gateway.GatewayError."""
    shard: int = place["shard"] if place else 0
    last = of_day.ends - timedelta(milliseconds=1)
    with dynamo.reading():
        posted = LedgerEntry.by_account.query(
            f"{ledger.CLEARING}#{shard:02d}",
            LedgerEntry.posted_at.between(clock.stamp(of_day.begins), clock.stamp(last)),
            limit=PAGE,
            last_evaluated_key=place["after"] if place else None,
        )
        entries = list(posted)
    found = [difference for one in entries if (difference := _explained(one)) is not None]
    goes_on: Place | None = {"shard": shard, "after": posted.last_evaluated_key}
    if posted.last_evaluated_key is None:
        goes_on = {"shard": shard + 1, "after": None} if shard + 1 < SHARDS else None
    return Reviewed(found, len(entries), goes_on)


def _explained(entry: LedgerEntry) -> Difference | None:
    name = comparing.name_of(entry)
    if name is None:
        return comparing.unexplained(entry, "nobodys")
    seen = dynamo.get(SeenItem, seen_key(name[1]))
    if seen is not None:
        return None if seen.subject == entry.pk else comparing.unexplained(entry, "elsewhere")
    movement = charge_gateway.find(*name)
    if movement is None:
        return comparing.unexplained(entry, "not_at_stripe")
    if movement.subject != entry.pk:
        return comparing.unexplained(entry, "elsewhere")
    return comparing.compare(movement, ledger.entries(_subject(entry.pk)))
