"""Which rate a machine is good for."""

import pytest

from sandbox.demo import calibrate
from sandbox.demo.dinner import dinner
from sandbox.robo.scripts import Script


@pytest.mark.parametrize(
    ("wall", "expected"),
    [(1.0, 30.0), (2.0, 15.0), (0.1, calibrate.FASTEST), (60.0, calibrate.SLOWEST)],
)
def test_a_slower_machine_gets_a_slower_city(wall: float, expected: float) -> None:
    lags = [wall * 24.0] * 50

    assert calibrate.rate_for(lags, 24.0) == expected


def test_a_handful_of_events_says_nothing() -> None:
    assert calibrate.rate_for([1.0] * 5, 24.0) is None


def test_the_burst_is_short_and_each_of_its_orders_at_another_store() -> None:
    plan = calibrate.burst(dinner(60, 7))

    assert len({wish.store for wish in plan.wishes}) == len(plan.wishes) == calibrate.ORDERS
    assert {wish.script for wish in plan.wishes} == {Script.TAKEAWAY}
    assert plan.span <= calibrate.ORDERS * calibrate.PAUSE
