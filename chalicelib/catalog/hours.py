"""When a store is open: weekly spans in its own time zone, right on daylight-saving days.

A span becomes two instants. A local time that happens twice (clocks go back) means the first one,
as RFC 5545 section 3.3.5 has it. A local time that is skipped (clocks go forward) means the moment
of the jump: RFC 5545 would move it an hour on, beyond the end of a span that ends soon after.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from chalicelib.core.schemas import Wire

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
MINUTE = timedelta(minutes=1)
MOST_SPANS = 42


class Day(StrEnum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


DAYS = tuple(Day)
LocalTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["11:00"])]


class Span(Wire):
    """Open from one local time to another; `closes` not after `opens` means the next day."""

    day: Annotated[Day, Field(examples=["fri"])]
    opens: LocalTime
    closes: Annotated[LocalTime, Field(examples=["22:00"])]

    @property
    def starts_at(self) -> int:
        """Minutes since Monday 00:00."""
        return DAYS.index(self.day) * DAY_MINUTES + _minutes(self.opens)

    @property
    def lasts(self) -> int:
        """Minutes by the clock on the wall, at most a whole day."""
        return (_minutes(self.closes) - _minutes(self.opens) - 1) % DAY_MINUTES + 1


def _no_overlaps(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    ordered = sorted(spans, key=lambda span: span.starts_at)
    following = [*ordered[1:], *ordered[:1]]
    for span, after in zip(ordered, following, strict=True):
        gap = (after.starts_at - span.starts_at) % WEEK_MINUTES
        if after is not span and span.lasts > gap:
            raise PydanticCustomError(
                "hours_overlap", "the hours overlap on {day}", {"day": after.day}
            )
    return tuple(ordered)


def _known_zone(name: str) -> str:
    try:
        zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("timezone_unknown", "not a time zone of the IANA list") from None
    return name


Hours = Annotated[
    tuple[Span, ...],
    Field(
        max_length=MOST_SPANS,
        description="Weekly hours in the store's own time zone. None at all: never open.",
        examples=[[{"day": "fri", "opens": "18:00", "closes": "02:00"}]],
    ),
    AfterValidator(_no_overlaps),
]
TimeZone = Annotated[
    str,
    Field(max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_+/-]*$", examples=["Asia/Seoul"]),
    AfterValidator(_known_zone),
]


@cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def is_open(hours: Sequence[Span], timezone: str, at: datetime) -> bool:
    """Whether a store with these hours is open at a moment; when it closes, it is closed."""
    today = at.astimezone(zone(timezone)).date()
    spans = _openings(hours, timezone, today - timedelta(days=1), days=2)
    return any(opens <= at < closes for opens, closes in spans)


def next_opening(hours: Sequence[Span], timezone: str, at: datetime) -> datetime | None:
    """The first moment after `at` at which a span begins, in UTC; None where there are no hours."""
    today = at.astimezone(zone(timezone)).date()
    spans = _openings(hours, timezone, today, days=9)
    return min((opens for opens, closes in spans if at < opens < closes), default=None)


def next_local(timezone: str, text: str, after: datetime) -> datetime:
    """The first moment after another at which the clock on the wall shows a time, in UTC."""
    local = zone(timezone)
    today = after.astimezone(local).date()
    days = (today + timedelta(days=number) for number in range(3))
    return next(moment for day in days if (moment := _instant(day, text, local)) > after)


def _openings(
    hours: Sequence[Span], timezone: str, first: date, *, days: int
) -> Iterator[tuple[datetime, datetime]]:
    """The instants of every span that begins on one of so many local days."""
    local = zone(timezone)
    for day in (first + timedelta(days=number) for number in range(days)):
        for span in hours:
            if span.day is DAYS[day.weekday()]:
                overnight = span.closes <= span.opens
                last = day + timedelta(days=1) if overnight else day
                yield _instant(day, span.opens, local), _instant(last, span.closes, local)


def _instant(day: date, text: str, local: ZoneInfo) -> datetime:
    meant = datetime.combine(day, time.fromisoformat(text), local)
    moment = meant.astimezone(UTC)
    if moment.astimezone(local).replace(tzinfo=None) == meant.replace(tzinfo=None):
        return moment
    before = meant.replace(fold=1).astimezone(UTC)
    old = before.astimezone(local).utcoffset()
    skipped = range((moment - before) // MINUTE + 1)

    def has_jumped(minutes: int) -> bool:
        return (before + minutes * MINUTE).astimezone(local).utcoffset() != old

    return before + bisect_left(skipped, x=True, key=has_jumped) * MINUTE


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
