from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock
from chalicelib.core import settings as settings_module
from tests.clocks import NOON, StandingClock

MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)


@pytest.fixture
def sixty_fold(monkeypatch: pytest.MonkeyPatch, clock_at: StandingClock) -> StandingClock:
    env = {"STAGE": "sandbox", "CLOCK_RATE": "60", "CLOCK_ORIGIN": str(NOON.timestamp())}
    conf = settings_module.read(env)
    monkeypatch.setattr(clock, "settings", lambda: conf)
    return clock_at


@pytest.mark.usefixtures("clock_at")
def test_city_time_is_wall_time_where_nothing_bends_it() -> None:
    assert clock.now() == NOON
    assert clock.wall_now() == NOON.timestamp()


def test_a_wall_second_is_a_city_minute_at_sixty(sixty_fold: StandingClock) -> None:
    sixty_fold.move(10)

    assert clock.now() == NOON + timedelta(minutes=10)


@pytest.mark.usefixtures("sixty_fold")
def test_durations_for_the_outside_shrink_with_the_rate() -> None:
    assert clock.wall(480) == 8
    assert clock.wall(61) == 2
    assert clock.wall(0) == 1


@pytest.mark.usefixtures("sixty_fold")
def test_an_item_is_forgotten_by_wall_time() -> None:
    assert clock.forget_at(clock.after(3600)) == NOON.timestamp() + 60
    assert clock.forget_at(clock.after(-3600)) == NOON.timestamp()


@given(MOMENTS)
def test_a_stamp_is_read_back_to_the_millisecond(moment: datetime) -> None:
    read = clock.parse(clock.stamp(moment))

    assert timedelta(0) <= moment - read < timedelta(milliseconds=1)


@given(st.lists(MOMENTS, min_size=2))
def test_stamps_sort_as_time_does(moments: list[datetime]) -> None:
    stamps = [clock.stamp(moment) for moment in sorted(moments)]

    assert stamps == sorted(stamps)


@pytest.mark.usefixtures("clock_at")
def test_a_wall_stamp_may_lie_in_the_past() -> None:
    assert clock.wall_stamp() == "2026-11-22T12:00:00.000Z"
    assert clock.wall_stamp(-30) == "2026-11-22T11:59:30.000Z"


def test_a_pause_moves_the_clock_of_the_test(clock_at: StandingClock) -> None:
    clock.pause(5)

    assert clock_at.seconds == NOON.timestamp() + 5


def test_the_clock_can_be_set(clock_at: StandingClock) -> None:
    clock_at.set_to(NOON + timedelta(days=1))

    assert clock.now() == NOON + timedelta(days=1)
