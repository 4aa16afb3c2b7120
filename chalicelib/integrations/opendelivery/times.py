"""The protocol's times of a week and of single dates, in a store's own time. Pure.

A time with a Z is in UTC; of a week, by the offset that the store's clock has now.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.catalog.hours import DAY_MINUTES, DAYS, WEEK_MINUTES
from chalicelib.integrations.opendelivery.merchant_schemas import Holiday, Hours

WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def of_week(hours: Hours, timezone: str, now: datetime) -> Iterator[tuple[int, int, int]]:
    """Each day, Monday 0, with its minutes of opening and closing, which may lie beyond the day."""
    shift = _shift(hours.timePeriods.startTime, timezone, now)
    opens = _minutes(hours.timePeriods.startTime) + shift
    closes = _minutes(hours.timePeriods.endTime) + shift
    for name in hours.dayOfWeek:
        if name in WEEK:
            yield (WEEK.index(name) + opens // DAY_MINUTES) % len(WEEK), opens, closes


def span(day: int, opens: int, closes: int) -> dict[str, str]:
    return {"day": DAYS[day], "opens": _clock(opens), "closes": _clock(closes)}


def united(every: Iterable[Hours], timezone: str, now: datetime) -> list[dict[str, str]]:
    """When any of these is: spans that do not overlap, of a day at most each."""
    is_open = [False] * WEEK_MINUTES
    for hours in every:
        for day, opens, closes in of_week(hours, timezone, now):
            begins = day * DAY_MINUTES + opens % DAY_MINUTES
            lasts = (closes - opens - 1) % DAY_MINUTES + 1
            for minute in range(begins, begins + lasts):
                is_open[minute % WEEK_MINUTES] = True
    return [
        span(begins // DAY_MINUTES % len(WEEK), begins, ends) for begins, ends in _runs(is_open)
    ]


def _runs(is_open: list[bool]) -> Iterator[tuple[int, int]]:
    """From when to when it is open, around the week; what is longer than a day in pieces."""
    first = is_open.index(False) if False in is_open else 0
    begins: int | None = None
    for place in range(first, first + WEEK_MINUTES + 1):
        lasts = place < first + WEEK_MINUTES and is_open[place % WEEK_MINUTES]
        if begins is not None and (not lasts or place - begins == DAY_MINUTES):
            yield begins, place
            begins = None
        if lasts and begins is None:
            begins = place


def of_date(holiday: Holiday, timezone: str) -> tuple[date, dict[str, str] | None]:
    """The local date that a holiday is, and from when to when it is open; None: not at all."""
    if holiday.timePeriods is None:
        return holiday.date, None
    starts = _local(holiday.date, holiday.timePeriods.startTime, timezone)
    ends = _local(holiday.date, holiday.timePeriods.endTime, timezone)
    return starts.date(), {"opens": f"{starts:%H:%M}", "closes": f"{ends:%H:%M}"}


def _local(day: date, text: str, timezone: str) -> datetime:
    begins = datetime.combine(day, time(), UTC if text.endswith("Z") else ZoneInfo(timezone))
    return (begins + timedelta(minutes=_minutes(text))).astimezone(ZoneInfo(timezone))


def _shift(text: str, timezone: str, now: datetime) -> int:
    if not text.endswith("Z"):
        return 0
    offset = now.astimezone(ZoneInfo(timezone)).utcoffset()
    return int(offset.total_seconds()) // 60 if offset else 0


def _minutes(text: str) -> int:
    return (int(text[:2]) * 60 + int(text[3:5])) % DAY_MINUTES


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes % DAY_MINUTES, 60)
    return f"{hour:02d}:{minute:02d}"
