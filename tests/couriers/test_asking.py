"""The optimiser as a policy of runs of dispatch. Pure."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.couriers.matching import (
    LOOK_AGAIN_SECONDS,
    Busy,
    Free,
    Plan,
    Wanting,
    ZoneState,
    nearest,
)
from chalicelib.couriers.optimising.asking import RULE, least_waiting
from chalicelib.couriers.optimising.weights import WEIGHTS
from chalicelib.couriers.status import Vehicle
from tests.clocks import NOON
from tests.couriers.test_matching import KILOMETRE_EAST, STORE, courier, delivery

WEST = (STORE[0] - 0.0057, STORE[1])
"""Half a kilometre."""


def plan(*couriers: Free, deliveries: tuple[Wanting, ...]) -> Plan:
    return least_waiting(ZoneState(NOON, couriers, deliveries))


def asked(*couriers: Free, deliveries: tuple[Wanting, ...]) -> dict[str, str]:
    made = plan(*couriers, deliveries=deliveries)
    return {decision.delivery_id: decision.courier_id for decision in made.decisions}


@pytest.mark.parametrize(
    "wanted",
    [
        delivery(),
        delivery(promised_by=NOON - timedelta(minutes=3)),
        delivery(refused=frozenset({"near"})),
        delivery(ready_in=180),
        delivery(ready_in=600),
    ],
)
def test_one_delivery_is_asked_for_as_the_first_policy_does(wanted: Wanting) -> None:
    couriers = (courier("far", at=KILOMETRE_EAST), courier("near", at=WEST))
    state = ZoneState(NOON, couriers, (wanted,))

    then, now = nearest(state), least_waiting(state)

    assert [each.courier_id for each in now.decisions] == [
        each.courier_id for each in then.decisions
    ]
    assert [each.candidates for each in now.decisions] == [
        each.candidates for each in then.decisions
    ]
    assert now.later.keys() == then.later.keys()
    assert abs((now.next_wake or NOON) - (then.next_wake or NOON)) <= timedelta(seconds=2)


def test_who_is_nearest_to_both_goes_where_that_spares_most() -> None:
    between, east = courier("between", at=STORE), courier("east", at=KILOMETRE_EAST)
    first = delivery("first", pickup=KILOMETRE_EAST, promised_by=NOON + timedelta(minutes=44))
    second = delivery("second", pickup=WEST)

    assert asked(between, east, deliveries=(first, second)) == {
        "first": "east",
        "second": "between",
    }


def test_nobody_is_asked_who_is_silent_and_it_is_looked_again() -> None:
    silent = courier("quiet", located_at=NOON - timedelta(minutes=10))

    made = plan(silent, deliveries=(delivery(),))

    assert (made.decisions, made.next_wake) == ((), NOON + timedelta(seconds=LOOK_AGAIN_SECONDS))


def test_what_is_ready_beyond_the_horizon_waits_and_is_not_told_to_have_nobody() -> None:
    made = plan(courier("c"), deliveries=(delivery(ready_in=3600),))

    assert made.decisions == ()
    assert made.next_wake == made.later["dlv"] == NOON + timedelta(minutes=35)


def test_all_refused_or_nobody_there_asks_for_no_look() -> None:
    assert plan(deliveries=(delivery(),)) == Plan()
    assert plan(courier("c"), deliveries=(delivery(refused=frozenset({"c"})),)) == Plan()


def test_why_somebody_was_asked_is_kept() -> None:
    walker = courier("walks", vehicle=Vehicle.FOOT)

    [decision] = plan(walker, deliveries=(delivery(),)).decisions

    assert (decision.rule, decision.reason) == (RULE, "nearest")
    assert decision.features["seconds_until_promised"] == 45 * 60
    assert decision.weights["late"] == WEIGHTS.late


def test_of_two_who_are_equally_near_whoever_has_waited_longer_is_asked() -> None:
    late = courier("a", since=NOON)
    early = courier("b", since=NOON - timedelta(minutes=5))

    assert asked(late, early, deliveries=(delivery(),)) == {"dlv": "b"}


HOUR_EAST = (STORE[0] + 0.2, STORE[1])
"""Some seventeen kilometres: nearly an hour."""


def test_nobody_stands_idle_while_something_waits_that_nobody_is_meant_to_bring() -> None:
    """On the whole it is cheaper to wait for who is near; but who knows when they are free?"""
    near, far = courier("near"), courier("far", at=HOUR_EAST)
    past = NOON - timedelta(hours=2)
    wanted = tuple(delivery(one, promised_by=past, store_id=one) for one in ("first", "second"))

    made = plan(near, far, deliveries=wanted)

    assert {each.courier_id for each in made.decisions} == {"near", "far"}
    assert {each.rule for each in made.decisions} == {RULE}
    assert all(each.weights for each in made.decisions)


# --- several at once -----------------------------------------------------------------------------

FIRST, SECOND = delivery("a", drop=WEST), delivery("b", drop=WEST)


def test_what_goes_the_same_way_is_asked_for_together_where_couriers_are_few() -> None:
    [decision] = plan(courier("c"), deliveries=(FIRST, SECOND)).decisions

    assert {decision.delivery_id, *decision.along} == {"a", "b"}
    assert (decision.reason, decision.features["deliveries"]) == ("together", 2)


def test_orders_of_two_stores_are_never_asked_for_together() -> None:
    [decision] = plan(
        courier("c"), deliveries=(FIRST, replace(SECOND, store_id="another"))
    ).decisions

    assert decision.along == ()


def test_who_has_refused_one_of_them_is_not_asked_for_both() -> None:
    refused = replace(FIRST, refused=frozenset({"c"}))

    [decision] = plan(courier("c"), deliveries=(refused, SECOND)).decisions

    assert (decision.delivery_id, decision.along) == ("b", ())


def test_nothing_that_is_ready_waits_for_what_is_not() -> None:
    soon = replace(SECOND, ready_at=NOON + timedelta(minutes=8))

    [decision] = plan(courier("c"), deliveries=(FIRST, soon)).decisions

    assert (decision.delivery_id, decision.along) == ("a", ())


def test_who_is_about_to_finish_is_waited_for_rather_than_joining_what_lies_apart() -> None:
    east = replace(SECOND, drop=KILOMETRE_EAST)
    free = courier("c")
    soon = Busy("d", Vehicle.SCOOTER, STORE, NOON + timedelta(minutes=1), NOON)

    alone = least_waiting(ZoneState(NOON, (free,), (FIRST, east)))
    with_another = least_waiting(ZoneState(NOON, (free,), (FIRST, east), (soon,)))

    assert [len(each.along) for each in alone.decisions] == [1]
    assert [len(each.along) for each in with_another.decisions] == [0]
    assert {each.courier_id for each in with_another.decisions} == {"c"}


def test_whose_job_should_be_over_is_expected_any_moment() -> None:
    overdue = Busy("d", Vehicle.SCOOTER, STORE, NOON - timedelta(hours=1), NOON)

    made = least_waiting(ZoneState(NOON, (), (FIRST,), (overdue,)))

    assert (made.decisions, made.next_wake) == ((), None)


def test_the_api_never_imports_the_optimiser() -> None:
    program = "import app, sys; print([each for each in sys.modules if 'optimising' in each])"

    told = subprocess.run(  # noqa: S603 - our own interpreter, our own modules
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "[]"
