"""A pace that all processes keep together: so many calls a second, however many come."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.core import clock, dynamo, pacing
from chalicelib.core.pacing import PacedError
from tests import dynamo_faults as f
from tests.clocks import NOON, StandingClock
from tests.dynamo_faults import Faults


def test_so_many_go_in_a_quarter_of_a_second_and_the_next_waits_for_the_next(
    clock_at: StandingClock,
) -> None:
    for _ in range(pacing.CALLS):
        pacing.take("create")
    begun = clock_at.seconds

    pacing.take("create")

    assert begun == NOON.timestamp()
    assert 0.25 <= clock_at.seconds - begun <= 0.5


def test_each_name_has_its_own_pace(clock_at: StandingClock) -> None:
    for name in ("create", "capture", "cancel"):
        for _ in range(pacing.CALLS):
            pacing.take(name)

    assert clock_at.seconds == NOON.timestamp()


@pytest.mark.usefixtures("clock_at")
def test_who_has_waited_for_a_second_is_refused_and_told_to_come_back() -> None:
    with clock.pausing_with(lambda _: None):
        for _ in range(pacing.CALLS):
            pacing.take("create")

        with pytest.raises(PacedError) as refused:
            pacing.take("create")

    assert refused.value.retry_after == 1


@pytest.mark.usefixtures("clock_at")
def test_what_was_refused_takes_nothing_from_others() -> None:
    with clock.pausing_with(lambda _: None):
        pacing.take("create", pacing.CALLS - 1)
        with pytest.raises(PacedError):
            pacing.take("create", 2)

        pacing.take("create", 1)


@pytest.mark.parametrize("fault", [f.unreachable, f.refused("ThrottlingException")])
def test_without_the_counter_nobody_goes(fault: f.Fault, faults: Faults) -> None:
    faults.always = fault

    with pytest.raises(PacedError):
        pacing.take("create")


@pytest.mark.usefixtures("clock_at")
def test_a_count_is_forgotten_soon() -> None:
    pacing.take("create")

    [item] = dynamo.client().scan(TableName="test-control")["Items"]
    assert item["pk"]["S"] == "LIMIT#pace#create"
    assert int(item["expires_at"]["N"]) - NOON.timestamp() <= 3600


def test_a_burst_of_ten_times_the_pace_never_has_more_than_twenty_in_a_second(
    clock_at: StandingClock,
) -> None:
    gone: list[float] = []
    with clock.pausing_with(lambda _: None):
        for _ in range(1000):  # five seconds of 200 calls each
            clock_at.move(0.005)
            try:
                pacing.take("create")
            except PacedError:
                continue
            gone.append(clock_at.seconds)

    seconds = Counter(int(at) for at in gone)
    sliding = max(sum(1 for other in gone if at <= other < at + 1) for at in gone)
    assert max(seconds.values()) == 20
    assert sliding <= 25  # Stripe's own limit, wherever its second begins
    assert len(gone) >= 4 * 20


def test_what_was_reserved_goes_without_being_counted_again(clock_at: StandingClock) -> None:
    with pacing.reserved("create", pacing.CALLS):
        for _ in range(pacing.CALLS):
            pacing.take("create")
        assert clock_at.seconds == NOON.timestamp()

        pacing.take("create")

    assert clock_at.seconds > NOON.timestamp()


def test_a_reservation_lapses_with_its_quarter_so_that_no_later_one_has_more(
    clock_at: StandingClock,
) -> None:
    with pacing.reserved("create", 2):
        clock_at.move(0.25)
        pacing.take("create")
    with clock.pausing_with(lambda _: None):
        pacing.take("create", pacing.CALLS - 1)

        with pytest.raises(PacedError):
            pacing.take("create")


def test_what_is_not_reserved_any_more_is_counted(clock_at: StandingClock) -> None:
    with pacing.reserved("create", 2):
        pass

    pacing.take("create", pacing.CALLS - 2)
    pacing.take("create")

    assert clock_at.seconds > NOON.timestamp()


def test_reserving_nothing_asks_for_nothing(faults: Faults) -> None:
    with pacing.reserved("create", 0):
        pass

    assert faults.sent == []


@pytest.mark.usefixtures("clock_at")
def test_more_than_a_quarter_holds_is_taken_bit_by_bit() -> None:
    with pacing.reserved("create", pacing.CALLS + 1):
        pacing.take("create")


def test_fifty_threads_at_once_keep_the_pace(clock_at: StandingClock) -> None:
    def go(_: int) -> bool:
        try:
            pacing.take("create")
        except PacedError:
            return False
        return True

    with clock.pausing_with(lambda _: None), ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(go, range(50)))

    assert sum(answers) == pacing.CALLS
    assert clock_at.seconds == NOON.timestamp()
