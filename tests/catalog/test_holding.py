"""Service days and windows of kitchens: each moment lies in exactly one, on every day of a year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog import holding
from chalicelib.catalog.holding import Hold, day_begins, service_day, window

ZONES = ("Asia/Seoul", "America/New_York", "Europe/Berlin", "Pacific/Auckland")
JUMPS = {
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "Pacific/Auckland": (date(2026, 9, 27), date(2026, 4, 5)),
}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

zones = st.sampled_from((*ZONES, "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds it
lengths = st.sampled_from((5, 10, 15, 20, 30, 60))


@pytest.mark.parametrize("zone", ZONES)
def test_a_service_day_lasts_from_four_to_four(zone: str) -> None:
    local = ZoneInfo(zone)
    first = datetime(2026, 6, 10, 4, 0, tzinfo=local)

    assert service_day(zone, first) == date(2026, 6, 10)
    assert service_day(zone, first - MINUTE) == date(2026, 6, 9)
    assert service_day(zone, first + 24 * HOUR - MINUTE) == date(2026, 6, 10)


@pytest.mark.parametrize("zone", JUMPS)
def test_the_night_on_which_clocks_change_makes_a_day_shorter_or_longer(zone: str) -> None:
    forward, back = JUMPS[zone]

    def lasts(day: date) -> timedelta:
        return day_begins(zone, day + holding.ONE_DAY) - day_begins(zone, day)

    assert lasts(forward - holding.ONE_DAY) == 23 * HOUR
    assert lasts(back - holding.ONE_DAY) == 25 * HOUR
    assert {lasts(forward), lasts(back)} == {24 * HOUR}


@given(zones, moments)
def test_a_moment_lies_in_its_own_service_day_alone(zone: str, moment: datetime) -> None:
    day = service_day(zone, moment)

    assert day_begins(zone, day) <= moment < day_begins(zone, day + holding.ONE_DAY)


@given(zones, moments, lengths)
def test_a_moment_lies_in_one_window_that_lies_in_its_day(
    zone: str, moment: datetime, minutes: int
) -> None:
    begins, ends = window(zone, minutes, moment)

    assert begins <= moment < ends
    assert ends - begins <= timedelta(minutes=minutes)
    assert service_day(zone, begins) == service_day(zone, ends - MINUTE)
    assert window(zone, minutes, begins) == window(zone, minutes, ends - MINUTE) == (begins, ends)
    assert window(zone, minutes, ends)[0] == ends


@pytest.mark.parametrize("zone", JUMPS)
@pytest.mark.parametrize("minutes", [5, 10, 15, 20, 30, 60])
def test_windows_of_a_day_on_which_clocks_change_are_all_whole(zone: str, minutes: int) -> None:
    for jump in JUMPS[zone]:
        at, ends = day_begins(zone, jump - holding.ONE_DAY), day_begins(zone, jump)
        while at < ends:
            begins, at = window(zone, minutes, at)
            assert at - begins == timedelta(minutes=minutes)
        assert at == ends


def test_a_hold_of_a_newer_release_is_read() -> None:
    stored = {"counter": "c", "number": 1, "limit": 2, "ends": "2026-11-23T19:00:00.000Z"}

    hold = Hold.model_validate({**stored, "newer": 1}, extra="ignore")

    assert (hold.number, hold.item_id) == (1, None)
