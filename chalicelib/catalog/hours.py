"""When a store is open: weekly spans and special days in its own time zone, right on every day.

A span becomes two instants. A local time that happens twice (clocks go back) means the first one,
as RFC 5545 section 3.3.5 has it. A local time that is skipped (clocks go forward) means the moment
of the jump: RFC 5545 would move it an hour on, beyond the end of a span that ends soon after.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from chalicelib.core.schemas import Text200, Wire

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)
MOST_SPANS = 42
MOST_SPECIAL_DAYS = 60
MOST_SPANS_A_DAY = 6


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


class DaySpan(Wire):
    """Open on one date from one local time to another; `closes` not after `opens`: the next day."""

    opens: LocalTime
    closes: Annotated[LocalTime, Field(examples=["22:00"])]

    @property
    def ends(self) -> int:
        """Minutes since the date's midnight."""
        overnight = DAY_MINUTES if self.closes <= self.opens else 0
        return _minutes(self.closes) + overnight


def _known_date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("date_unknown", "there is no such date") from None
    return text


def _no_overlaps_on_a_day(spans: tuple[DaySpan, ...]) -> tuple[DaySpan, ...]:
    ordered = sorted(spans, key=lambda span: span.opens)
    for span, after in pairwise(ordered):
        if span.ends > _minutes(after.opens):
            raise PydanticCustomError("hours_overlap", "the hours of the date overlap")
    return tuple(ordered)


LocalDate = Annotated[
    str,
    Field(
        pattern=r"^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
        description="The local date.",
        examples=["2026-12-25"],
    ),
    AfterValidator(_known_date),
]


class SpecialDay(Wire):
    """What holds on one date in place of its weekly hours: other hours, or none (a holiday).

    A span of the evening before still runs into it.
    """

    date: LocalDate
    spans: Annotated[
        tuple[DaySpan, ...],
        Field(max_length=MOST_SPANS_A_DAY, description="None: closed.", examples=[[]]),
        AfterValidator(_no_overlaps_on_a_day),
    ]
    reason: Annotated[Text200 | None, Field(examples=["Christmas"])] = None


def _each_date_once(days: tuple[SpecialDay, ...]) -> tuple[SpecialDay, ...]:
    ordered = sorted(days, key=lambda day: day.date)
    for day, after in pairwise(ordered):
        if day.date == after.date:
            raise PydanticCustomError("date_doubled", "{date} is there twice", {"date": day.date})
    return tuple(ordered)


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
SpecialDays = Annotated[
    tuple[SpecialDay, ...],
    Field(
        max_length=MOST_SPECIAL_DAYS,
        description="Holidays and other changes of single dates.",
        examples=[[{"date": "2026-12-25", "spans": [], "reason": "Christmas"}]],
    ),
    AfterValidator(_each_date_once),
]
TimeZone = Annotated[
    str,
    Field(max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_+/-]*$", examples=["Asia/Seoul"]),
    AfterValidator(_known_zone),
]


@cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def is_open(
    hours: Sequence[Span], timezone: str, at: datetime, special: Sequence[SpecialDay] = ()
) -> bool:
    """Whether a store with these hours is open at a moment; when it closes, it is closed."""
    today = at.astimezone(zone(timezone)).date()
    plan = _plan(special)
    return any(
        opens <= at < closes
        for day in (today - ONE_DAY, today)
        for opens, closes in _openings(hours, plan, timezone, day)
    )


def next_opening(
    hours: Sequence[Span], timezone: str, at: datetime, special: Sequence[SpecialDay] = ()
) -> datetime | None:
    """The first moment after `at` at which a span begins, in UTC; None where there are no hours.

    Each special day may close one day of a week, so that so many more are looked at.
    """
    today = at.astimezone(zone(timezone)).date()
    plan = _plan(special)
    near = {today + timedelta(days=number) for number in range(9 + len(plan))}
    for day in sorted(near | {one for one in plan if one >= today}):
        spans = _openings(hours, plan, timezone, day)
        found = [opens for opens, closes in spans if at < opens < closes]
        if found:
            return min(found)
    return None


def special_day(special: Sequence[SpecialDay], timezone: str, at: datetime) -> SpecialDay | None:
    """What is special about the local date of a moment."""
    return _plan(special).get(at.astimezone(zone(timezone)).date())


def _plan(special: Sequence[SpecialDay]) -> Mapping[date, SpecialDay]:
    return {date.fromisoformat(day.date): day for day in special}


def next_local(timezone: str, text: str, after: datetime) -> datetime:
    """The first moment after another at which the clock on the wall shows a time, in UTC."""
    local = zone(timezone)
    today = after.astimezone(local).date()
    days = (today + timedelta(days=number) for number in range(3))
    return next(moment for day in days if (moment := instant(day, text, local)) > after)


def _openings(
    hours: Sequence[Span], plan: Mapping[date, SpecialDay], timezone: str, day: date
) -> Iterator[tuple[datetime, datetime]]:
    """The instants of every span that begins on a local day."""
    local = zone(timezone)
    weekly = [span for span in hours if span.day is DAYS[day.weekday()]]
    for span in plan[day].spans if day in plan else weekly:
        last = day + ONE_DAY if span.closes <= span.opens else day
        yield instant(day, span.opens, local), instant(last, span.closes, local)


def instant(day: date, text: str, local: ZoneInfo) -> datetime:
    """The moment of a local time, in UTC: the first of two, or the jump where it is skipped."""
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
