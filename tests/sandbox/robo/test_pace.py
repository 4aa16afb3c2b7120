"""The city's time."""

import time

import pytest

from sandbox.robo.pace import Over, Pace, moment_of, origin_for, seconds_of
from sandbox.stripe.clock import RateClock


@pytest.mark.parametrize("rate", [6.0, 24.0, 60.0])
def test_an_origin_makes_the_city_stand_where_it_should(rate: float) -> None:
    origin = origin_for(rate, wall=1_000_000.0, city=1_234_567.0)

    assert Pace(RateClock(origin, rate)).city(1_000_000.0) == pytest.approx(1_234_567.0)


def test_a_city_at_the_walls_own_rate_cannot_be_set() -> None:
    with pytest.raises(ValueError, match="wall's own"):
        origin_for(1.0, wall=5.0, city=10.0)


def test_waiting_for_what_has_passed_takes_no_time() -> None:
    pace = Pace(RateClock(time.time(), 60.0))

    pace.wait_until(pace.now() - 100)

    assert not pace.over


def test_the_end_wakes_whoever_waits() -> None:
    pace = Pace(RateClock(time.time(), 2.0))
    pace.end()

    with pytest.raises(Over):
        pace.wait(1_000_000)


def test_moments_come_back_as_they_went() -> None:
    assert seconds_of(moment_of(1_795_770_442.352)) == pytest.approx(1_795_770_442.352)
