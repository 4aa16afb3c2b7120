from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chalicelib.catalog.hours import DAYS, Hours, Span, TimeZone, is_open, next_opening

HOURS: TypeAdapter[tuple[Span, ...]] = TypeAdapter(Hours)
ZONES = ("Asia/Seoul", "America/New_York", "Europe/Berlin", "Pacific/Auckland")


def week(*spans: str) -> tuple[Span, ...]:
    """Hours from texts such as `fri 18:00-02:00`."""
    parts = [span.replace("-", " ").split() for span in spans]
    return HOURS.validate_python(
        [{"day": day, "opens": opens, "closes": closes} for day, opens, closes in parts]
    )


def at(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_a_store_is_open_from_its_first_minute_and_closed_at_its_last() -> None:
    hours = week("mon 09:00-18:00")

    open_at = [
        is_open(hours, "Asia/Seoul", at("Asia/Seoul", f"2026-11-23T{time}"))
        for time in ("08:59:59", "09:00", "17:59:59", "18:00")
    ]

    assert open_at == [False, True, True, False]


def test_an_overnight_span_belongs_to_the_day_on_which_it_begins() -> None:
    hours = week("fri 18:00-02:00")

    open_at = [
        is_open(hours, "Asia/Seoul", at("Asia/Seoul", moment))
        for moment in (
            "2026-11-27T23:00",
            "2026-11-28T01:59",
            "2026-11-28T02:00",
            "2026-11-27T01:00",
        )
    ]

    assert open_at == [True, True, False, False]


def test_a_sunday_night_reaches_into_monday() -> None:
    hours = week("sun 20:00-03:00")

    assert is_open(hours, "Europe/Berlin", at("Europe/Berlin", "2026-11-23T02:30"))


def test_the_same_time_twice_means_a_whole_day() -> None:
    hours = week("mon 00:00-00:00")

    assert is_open(hours, "Asia/Seoul", at("Asia/Seoul", "2026-11-23T23:59"))
    assert not is_open(hours, "Asia/Seoul", at("Asia/Seoul", "2026-11-24T00:00"))


def test_without_hours_a_store_never_opens() -> None:
    noon = at("Asia/Seoul", "2026-11-23T12:00")

    assert not is_open((), "Asia/Seoul", noon)
    assert next_opening((), "Asia/Seoul", noon) is None


def test_the_next_opening_is_the_earliest_span_that_follows() -> None:
    hours = week("mon 11:00-14:00", "mon 17:00-22:00", "wed 11:00-14:00")

    opening = next_opening(hours, "Asia/Seoul", at("Asia/Seoul", "2026-11-23T15:00"))

    assert opening == at("Asia/Seoul", "2026-11-23T17:00")


def test_a_store_open_once_a_week_opens_next_a_week_later() -> None:
    hours = week("mon 11:00-14:00")

    opening = next_opening(hours, "Asia/Seoul", at("Asia/Seoul", "2026-11-23T11:00"))

    assert opening == at("Asia/Seoul", "2026-11-30T11:00")


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        ("Asia/Seoul", "2026-03-08", 24),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Pacific/Auckland", "2026-09-27", 23),
        ("Pacific/Auckland", "2026-04-05", 25),
    ],
)
def test_a_whole_day_is_as_long_as_the_clocks_make_it(zone: str, day: str, length: int) -> None:
    hours = week("sun 00:00-00:00")
    midnight = at(zone, day).astimezone(UTC)

    open_hours = [
        hour
        for hour in range(-3, 30)
        if is_open(hours, zone, midnight + timedelta(hours=hour, minutes=1))
    ]

    assert open_hours == list(range(length))


@pytest.mark.parametrize(
    ("zone", "day", "jump"),
    [
        ("America/New_York", "2026-03-07", "2026-03-08T07:00:00+00:00"),
        ("Europe/Berlin", "2026-03-28", "2026-03-29T01:00:00+00:00"),
        ("Pacific/Auckland", "2026-09-26", "2026-09-26T14:00:00+00:00"),
    ],
)
def test_a_time_that_is_skipped_means_the_moment_of_the_jump(
    zone: str, day: str, jump: str
) -> None:
    hours = week("sun 02:30-03:15")
    expected = datetime.fromisoformat(jump)

    opening = next_opening(hours, zone, at(zone, f"{day}T12:00"))

    assert opening == expected
    assert is_open(hours, zone, expected + timedelta(minutes=14))
    assert not is_open(hours, zone, expected + timedelta(minutes=15))


def test_a_time_that_happens_twice_means_the_first_so_that_nobody_orders_after_closing() -> None:
    hours = week("sat 18:00-01:30")
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    assert is_open(hours, "America/New_York", first - timedelta(minutes=1))
    assert not is_open(hours, "America/New_York", first)
    assert not is_open(hours, "America/New_York", first + timedelta(minutes=45))


def test_a_shop_that_opens_in_the_doubled_hour_opens_once() -> None:
    hours = week("sun 01:30-05:00")
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    opened = [
        is_open(hours, "America/New_York", first + timedelta(minutes=m)) for m in range(0, 240, 5)
    ]

    assert all(opened)


@pytest.mark.parametrize("zone", ZONES)
@given(
    minutes=st.integers(0, 365 * 24 * 60),
    day=st.sampled_from(DAYS),
    opens=st.integers(0, 24 * 60 - 1),
    lasts=st.integers(1, 24 * 60),
)
def test_a_closed_store_is_open_at_its_next_opening_and_not_before(
    zone: str, minutes: int, day: str, opens: int, lasts: int
) -> None:
    closes = (opens + lasts) % (24 * 60)
    hours = week(f"{day} {opens // 60:02d}:{opens % 60:02d}-{closes // 60:02d}:{closes % 60:02d}")
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    opening = next_opening(hours, zone, moment)

    assert opening is not None
    assert opening > moment
    assert is_open(hours, zone, opening)
    if not is_open(hours, zone, moment):
        assert not is_open(hours, zone, moment + (opening - moment) / 2)


@pytest.mark.parametrize(
    "spans",
    [
        ("mon 09:00-18:00", "mon 17:59-20:00"),
        ("mon 18:00-02:00", "tue 01:00-05:00"),
        ("sun 20:00-03:00", "mon 02:00-10:00"),
        ("mon 09:00-10:00", "mon 09:00-10:00"),
        ("mon 09:00-09:00", "tue 08:00-12:00"),
    ],
)
def test_hours_must_not_overlap_even_over_night_and_over_the_week_end(
    spans: tuple[str, ...],
) -> None:
    with pytest.raises(ValidationError, match="the hours overlap"):
        week(*spans)


def test_spans_may_follow_each_other_without_a_gap_and_come_out_in_order() -> None:
    hours = week("tue 02:00-05:00", "mon 18:00-02:00")

    assert [span.day for span in hours] == ["mon", "tue"]
    assert all(one.starts_at < other.starts_at for one, other in pairwise(hours))


@pytest.mark.parametrize("time", ["24:00", "9:00", "09:60", "09:00:00", "", "noon", 900])
def test_times_are_written_in_one_way(time: object) -> None:
    with pytest.raises(ValidationError):
        Span.model_validate({"day": "mon", "opens": time, "closes": "18:00"})


@pytest.mark.parametrize("name", ["Asia/Atlantis", "../etc/passwd", "America", "", "KST-9x", "/"])
def test_only_time_zones_of_the_list_are_known(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(TimeZone).validate_python(name)
