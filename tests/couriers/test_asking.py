"""The optimiser as a policy of runs of dispatch. Pure."""

from datetime import timedelta

import pytest

from chalicelib.couriers.matching import LOOK_AGAIN_SECONDS, Free, Plan, Wanting, ZoneState, nearest
from chalicelib.couriers.optimising.asking import least_waiting
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

    assert (decision.rule, decision.reason) == ("least-waiting-1", "nearest")
    assert decision.features["seconds_until_promised"] == 45 * 60
