"""Holidays and other special days: right by the clock on the wall, on the days it changes too."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chalicelib.catalog.hours import (
    DAYS,
    DaySpan,
    Span,
    SpecialDay,
    SpecialDays,
    instant,
    is_open,
    next_opening,
)
from chalicelib.core import clock
from tests.catalog.shop import Town
from tests.world import World

JUMPS = {
    "Asia/Seoul": (date(2026, 3, 8), date(2026, 11, 1)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "Pacific/Auckland": (date(2026, 4, 5), date(2026, 9, 27)),
}
CHANGES = [(zone, day) for zone, days in JUMPS.items() for day in days]
ONE_DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def weekly(*texts: str) -> tuple[Span, ...]:
    """`fri 18:00-02:00` and the like."""
    found = []
    for text in texts:
        day, times = text.split(" ")
        opens, closes = times.split("-")
        found.append(Span.model_validate({"day": day, "opens": opens, "closes": closes}))
    return tuple(found)


def special(day: str, *texts: str) -> SpecialDay:
    spans = tuple(DaySpan(opens=one[:5], closes=one[6:]) for one in texts)
    return SpecialDay(date=day, spans=spans)


def at(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


EVERY_DAY = weekly(*(f"{day} 11:00-21:00" for day in DAYS))
ZONE = "Europe/Berlin"


@pytest.mark.parametrize(
    ("moment", "is_it"),
    [
        ("2026-12-24T12:00", True),
        ("2026-12-24T15:00", False),
        ("2026-12-25T12:00", False),
        ("2026-12-26T12:00", True),
        ("2026-12-31T23:59", True),
        ("2027-01-01T01:59", True),
        ("2027-01-01T02:00", False),
        ("2027-01-01T12:00", False),
    ],
)
def test_a_date_has_its_own_hours_and_the_evening_before_runs_into_it(
    moment: str, *, is_it: bool
) -> None:
    days = (
        special("2026-12-24", "11:00-14:00"),
        special("2026-12-25"),
        special("2026-12-31", "11:00-15:00", "20:00-02:00"),
        special("2027-01-01"),
    )

    assert is_open(EVERY_DAY, ZONE, at(ZONE, moment), days) is is_it


def test_the_night_of_the_week_runs_into_a_holiday() -> None:
    nights = weekly("thu 18:00-02:00", "fri 18:00-02:00")
    christmas = (special("2026-12-25"),)

    assert is_open(nights, ZONE, at(ZONE, "2026-12-25T01:30"), christmas)
    assert not is_open(nights, ZONE, at(ZONE, "2026-12-25T19:00"), christmas)


def test_a_store_that_is_away_for_weeks_opens_when_it_is_back() -> None:
    first = date(2026, 7, 1)
    away = tuple(special((first + n * ONE_DAY).isoformat()) for n in range(45))

    opening = next_opening(EVERY_DAY, ZONE, at(ZONE, "2026-06-30T22:00"), away)

    assert opening == at(ZONE, "2026-08-15T11:00")


def test_a_store_without_weekly_hours_opens_on_its_dates_however_far() -> None:
    days = (special("2026-08-01", "10:00-18:00"), special("2027-08-01", "10:00-18:00"))

    opening = next_opening((), ZONE, at(ZONE, "2026-08-01T10:00"), days)

    assert opening == at(ZONE, "2027-08-01T10:00")
    assert next_opening((), ZONE, at(ZONE, "2027-08-01T10:00"), days) is None


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_a_special_whole_day_is_as_long_as_the_clocks_make_it(zone: str, day: date) -> None:
    whole = (special(day.isoformat(), "00:00-00:00"),)
    midnight = at(zone, day.isoformat()).astimezone(UTC)
    following = at(zone, (day + ONE_DAY).isoformat()).astimezone(UTC)

    opened = [
        midnight + n * MINUTE
        for n in range(-60, 27 * 60)
        if is_open((), zone, midnight + n * MINUTE, whole)
    ]

    assert (opened[0], opened[-1] + MINUTE) == (midnight, following)
    assert len(opened) == (following - midnight) // MINUTE


# --- by the clock on the wall ---------------------------------------------------------------------


@cache
def _wall(zone: str, day: date) -> list[tuple[datetime, datetime]]:
    """Each minute of four days around a date, with what the clock on the wall says then."""
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - 2 * ONE_DAY
    local = ZoneInfo(zone)
    minutes = (first + n * MINUTE for n in range(5 * 24 * 60))
    return [(one, one.astimezone(local).replace(tzinfo=None)) for one in minutes]


def _reached(zone: str, day: date, wanted: datetime) -> datetime:
    """The first minute at which the clock on the wall shows a time, or has jumped past it."""
    return next(moment for moment, shown in _wall(zone, day) if shown >= wanted)


def _expected(
    zone: str, middle: date, plan: Sequence[tuple[date, Sequence[DaySpan]]], moment: datetime
) -> bool:
    for day, spans in plan:
        for span in spans:
            opens = datetime.fromisoformat(f"{day} {span.opens}")
            closes = datetime.fromisoformat(f"{day} {span.closes}")
            closes += ONE_DAY if closes <= opens else timedelta(0)
            if _reached(zone, middle, opens) <= moment < _reached(zone, middle, closes):
                return True
    return False


clock_times = st.integers(0, 24 * 60 - 1).map(lambda n: f"{n // 60:02d}:{n % 60:02d}")
day_spans = st.builds(DaySpan, opens=clock_times, closes=clock_times)


@pytest.mark.parametrize(("zone", "day"), CHANGES)
@given(
    one=day_spans,
    other=day_spans,
    which=st.sampled_from((-1, 0)),
    closed=st.booleans(),
    minute=st.integers(0, 26 * 60),
)
def test_it_is_open_as_the_clock_on_the_wall_says_on_the_day_it_changes(
    zone: str, day: date, one: DaySpan, other: DaySpan, which: int, *, closed: bool, minute: int
) -> None:
    changed = day + which * ONE_DAY
    usual = (Span(day=DAYS[n], opens=one.opens, closes=one.closes) for n in range(7))
    hours = tuple(usual)
    special_ = SpecialDay(date=changed.isoformat(), spans=() if closed else (other,))
    plan = [
        (date_, special_.spans if date_ == changed else (one,)) for date_ in (day - ONE_DAY, day)
    ]
    moment = instant(day, "00:00", ZoneInfo(zone)) + minute * MINUTE
    if moment.astimezone(ZoneInfo(zone)).date() != day:
        return

    assert is_open(hours, zone, moment, (special_,)) is _expected(zone, day, plan, moment)


@pytest.mark.parametrize(("zone", "day"), CHANGES)
@given(one=day_spans, other=day_spans, before=st.integers(1, 40 * 60))
def test_a_store_is_open_at_its_next_opening_and_not_before(
    zone: str, day: date, one: DaySpan, other: DaySpan, before: int
) -> None:
    hours = tuple(Span(day=name, opens=one.opens, closes=one.closes) for name in DAYS[::2])
    days = (special((day - ONE_DAY).isoformat()), SpecialDay(date=str(day), spans=(other,)))
    moment = instant(day + ONE_DAY, "00:00", ZoneInfo(zone)) - before * MINUTE

    opening = next_opening(hours, zone, moment, days)

    assert opening is not None
    assert opening > moment
    assert is_open(hours, zone, opening, days)
    if not is_open(hours, zone, moment, days):
        between = range(0, (opening - moment) // MINUTE, 7)
        assert not any(is_open(hours, zone, moment + n * MINUTE, days) for n in between)


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "days",
    [
        [{"date": "2026-02-30", "spans": []}],
        [{"date": "26-02-03", "spans": []}],
        [{"date": "2026-12-25"}],
        [{"date": "2026-12-25", "spans": []}, {"date": "2026-12-25", "spans": []}],
        [
            {
                "date": "2026-12-25",
                "spans": [
                    {"opens": "09:00", "closes": "12:00"},
                    {"opens": "11:59", "closes": "14:00"},
                ],
            }
        ],
        [
            {
                "date": "2026-12-25",
                "spans": [
                    {"opens": "18:00", "closes": "02:00"},
                    {"opens": "20:00", "closes": "21:00"},
                ],
            }
        ],
        [{"date": "2026-12-25", "spans": [], "reason": ""}],
        [{"date": (date(2026, 1, 1) + n * ONE_DAY).isoformat(), "spans": []} for n in range(61)],
    ],
)
def test_dates_that_make_no_sense_are_refused(days: list[object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(SpecialDays).validate_python(days)


def test_dates_and_their_hours_are_kept_in_order() -> None:
    days = TypeAdapter(SpecialDays).validate_python(
        [
            {"date": "2027-01-01", "spans": []},
            {
                "date": "2026-12-31",
                "spans": [
                    {"opens": "20:00", "closes": "02:00"},
                    {"opens": "11:00", "closes": "20:00"},
                ],
            },
        ]
    )

    assert all(day.date < after.date for day, after in pairwise(days))
    assert [span.opens for span in days[0].spans] == ["11:00", "20:00"]


# --- by the public door ---------------------------------------------------------------------------


@pytest.mark.usefixtures("clock_at")
def test_a_store_on_holiday_says_why_and_when_it_opens(town: Town) -> None:
    store_id = town.live()
    today = clock.now().astimezone(ZoneInfo("Asia/Seoul")).date()
    days = [{"date": str(today), "spans": [], "reason": "Kimjang"}]

    answer = town.owner.patch(f"/v1/stores/{store_id}", {"special_hours": days}).json_body

    assert answer["special_hours"] == days
    assert (answer["closed"]["code"], answer["closed"]["reason"]) == ("store_closed", "Kimjang")


def test_nothing_is_promised_for_a_holiday(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    moment = clock.now() + timedelta(hours=40)
    holiday = str(moment.astimezone(ZoneInfo("Asia/Seoul")).date())
    days = [{"date": holiday, "spans": []}]
    owner = world_at.patch_store(store_id, special_hours=days)
    assert owner.status == 200

    refused = world_at.try_quote(store_id, token, scheduled_for=clock.stamp(moment))

    [issue] = refused.json["errors"]
    assert (issue["code"], issue["pointer"]) == ("store_closed", "/scheduled_for")
    assert clock.parse(issue["opens_at"]) > moment
