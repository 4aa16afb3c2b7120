import pytest

from chalicelib.core import dynamo, limits
from chalicelib.core.errors import TooManyError, UnavailableError
from chalicelib.core.limits import Limit
from tests import dynamo_faults as f
from tests.clocks import NOON, StandingClock
from tests.dynamo_faults import Faults

THREE = Limit("quotes", calls=3, seconds=60)


def test_so_many_calls_are_let_through_and_no_more(clock_at: StandingClock) -> None:
    clock_at.move(15)

    left = [limits.spend(THREE, "usr_1").left for _ in range(3)]

    assert left == [2, 1, 0]
    with pytest.raises(TooManyError) as refused:
        limits.spend(THREE, "usr_1")
    assert refused.value.retry_after == 45


def test_a_new_window_begins_whole(clock_at: StandingClock) -> None:
    for _ in range(3):
        limits.spend(THREE, "usr_1")
    clock_at.move(60)

    assert limits.spend(THREE, "usr_1").left == 2


@pytest.mark.usefixtures("clock_at")
def test_limits_and_principals_are_counted_apart() -> None:
    for _ in range(3):
        limits.spend(THREE, "usr_1")

    assert limits.spend(THREE, "usr_2").left == 2
    assert limits.spend(Limit("orders", 3, 60), "usr_1").left == 2


@pytest.mark.parametrize("fault", [f.unreachable, f.refused("ThrottlingException")])
def test_without_its_counter_a_route_that_costs_money_is_closed(
    fault: f.Fault, faults: Faults
) -> None:
    faults.always = fault

    with pytest.raises(UnavailableError):
        limits.spend(THREE, "usr_1")


@pytest.mark.usefixtures("clock_at")
def test_a_counter_is_forgotten_after_its_window() -> None:
    limits.spend(THREE, "usr_1")

    [item] = dynamo.client().scan(TableName="test-control")["Items"]
    assert int(item["expires_at"]["N"]) == NOON.timestamp() + 120
