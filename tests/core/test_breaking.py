"""A breaker: after some failures in a row nobody asks for a while, then one tries."""

import pytest

from chalicelib.core import breaking
from chalicelib.core.breaking import Breaker, OpenError
from tests.clocks import StandingClock

FAILURES, WITHIN, OPEN = breaking.FAILURES, breaking.WITHIN_SECONDS, breaking.OPEN_SECONDS


@pytest.fixture
def breaker(clock_at: StandingClock) -> Breaker:
    assert clock_at
    return Breaker("Stripe")


def _fail(breaker: Breaker, times: int = FAILURES) -> None:
    for _ in range(times):
        breaker.demand()
        breaker.failed()


def test_it_opens_after_so_many_failures_in_a_row(breaker: Breaker) -> None:
    _fail(breaker, FAILURES - 1)
    breaker.demand()
    breaker.failed()

    with pytest.raises(OpenError) as refused:
        breaker.demand()
    assert refused.value.retry_after == OPEN == breaker.waits()


def test_one_success_between_failures_begins_anew(breaker: Breaker) -> None:
    _fail(breaker, FAILURES - 1)
    breaker.succeeded()
    _fail(breaker, FAILURES - 1)

    breaker.demand()
    assert breaker.waits() == 0


def test_failures_that_lie_far_apart_do_not_open_it(
    breaker: Breaker, clock_at: StandingClock
) -> None:
    for _ in range(3 * FAILURES):
        _fail(breaker, 1)
        clock_at.move(WITHIN / (FAILURES - 1) + 1)

    assert breaker.waits() == 0


def test_when_its_time_is_over_one_tries_and_the_others_wait(
    breaker: Breaker, clock_at: StandingClock
) -> None:
    _fail(breaker)
    clock_at.move(OPEN)

    waited = breaker.waits()
    breaker.demand()

    assert waited == 0
    with pytest.raises(OpenError):
        breaker.demand()


def test_a_trial_that_succeeds_closes_it(breaker: Breaker, clock_at: StandingClock) -> None:
    _fail(breaker)
    clock_at.move(OPEN)
    breaker.demand()
    breaker.succeeded()

    for _ in range(3):
        breaker.demand()


def test_a_trial_that_fails_opens_it_again(breaker: Breaker, clock_at: StandingClock) -> None:
    _fail(breaker)
    clock_at.move(OPEN)
    breaker.demand()
    clock_at.move(4)
    breaker.failed()

    clock_at.move(OPEN - 1)
    with pytest.raises(OpenError) as refused:
        breaker.demand()
    assert refused.value.retry_after == 1


def test_a_trial_that_never_ends_lets_another_try(
    breaker: Breaker, clock_at: StandingClock
) -> None:
    _fail(breaker)
    clock_at.move(OPEN)
    breaker.demand()
    clock_at.move(OPEN)

    breaker.demand()


def test_a_person_is_told_once_that_it_opened(
    breaker: Breaker, clock_at: StandingClock, capsys: pytest.CaptureFixture[str]
) -> None:
    _fail(breaker)
    for _ in range(3):
        clock_at.move(OPEN)
        _fail(breaker, 1)

    assert capsys.readouterr().out.count("does not answer") == 1


def test_a_new_outage_is_told_again(
    breaker: Breaker, clock_at: StandingClock, capsys: pytest.CaptureFixture[str]
) -> None:
    _fail(breaker)
    clock_at.move(OPEN)
    breaker.demand()
    breaker.succeeded()
    _fail(breaker)

    assert capsys.readouterr().out.count("does not answer") == 2


def test_a_clock_that_was_set_back_does_not_keep_it_open(
    breaker: Breaker, clock_at: StandingClock
) -> None:
    _fail(breaker)
    clock_at.move(-3600)

    breaker.demand()


def test_forgetting_closes_it(breaker: Breaker) -> None:
    _fail(breaker)

    breaker.forget()

    breaker.demand()
