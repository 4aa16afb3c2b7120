"""Who is asked, and when: pure."""

from datetime import timedelta

import pytest

from chalicelib.couriers import matching, travelling
from chalicelib.couriers.matching import Free, Wanting, ZoneState
from chalicelib.couriers.status import Vehicle
from tests.clocks import NOON

STORE = (126.9236, 37.5621)
KILOMETRE_EAST = (126.93494, 37.5621)


def courier(name: str, **changed: object) -> Free:
    known = {
        "vehicle": Vehicle.SCOOTER,
        "at": STORE,
        "located_at": NOON,
        "since": NOON,
        **changed,
    }
    return Free(courier_id=name, **known)  # type: ignore[arg-type] # the fields that a test changes


def delivery(name: str = "dlv", *, ready_in: float = 0, **changed: object) -> Wanting:
    known = {
        "store_id": "sto",
        "pickup": STORE,
        "drop": STORE,
        "ready_at": NOON + timedelta(seconds=ready_in),
        "promised_by": NOON + timedelta(minutes=45),
        "opened_at": NOON,
        **changed,
    }
    return Wanting(delivery_id=name, **known)  # type: ignore[arg-type] # the fields that a test changes


def asked(*couriers: Free, deliveries: tuple[Wanting, ...]) -> dict[str, str]:
    """Who is asked for what."""
    plan = matching.nearest(ZoneState(NOON, couriers, deliveries))
    return {decision.delivery_id: decision.courier_id for decision in plan.decisions}


def test_the_nearest_courier_is_asked() -> None:
    near, far = courier("near"), courier("far", at=KILOMETRE_EAST)

    assert asked(far, near, deliveries=(delivery(),)) == {"dlv": "near"}


def test_near_is_who_is_there_first_whatever_the_distance() -> None:
    half_way = ((STORE[0] + KILOMETRE_EAST[0]) / 2, STORE[1])
    on_foot = courier("walks", at=half_way, vehicle=Vehicle.FOOT)
    riding = courier("rides", at=KILOMETRE_EAST)

    assert asked(on_foot, riding, deliveries=(delivery(),)) == {"dlv": "rides"}


def test_of_two_who_are_equally_near_whoever_has_waited_longer_is_asked() -> None:
    late = courier("a", since=NOON)
    early = courier("b", since=NOON - timedelta(minutes=5))

    assert asked(late, early, deliveries=(delivery(),)) == {"dlv": "b"}


def test_nobody_is_asked_twice_in_one_plan() -> None:
    wanted = (delivery("one"), delivery("two"))

    assert asked(courier("only"), deliveries=wanted) == {"one": "only"}


def test_the_most_urgent_order_comes_first() -> None:
    later = delivery("later", promised_by=NOON + timedelta(minutes=50))
    sooner = delivery("sooner", promised_by=NOON + timedelta(minutes=20))

    assert asked(courier("only"), deliveries=(later, sooner)) == {"sooner": "only"}


def test_of_equally_urgent_orders_the_oldest_comes_first() -> None:
    young = delivery("a")
    old = delivery("b", opened_at=NOON - timedelta(minutes=3))

    assert asked(courier("only"), deliveries=(young, old)) == {"b": "only"}


def test_who_refused_a_delivery_is_not_asked_for_it_again_but_for_another() -> None:
    refused = delivery("one", refused=frozenset({"jun"}))

    assert asked(courier("jun"), deliveries=(refused,)) == {}
    assert asked(courier("jun"), deliveries=(refused, delivery("two"))) == {"two": "jun"}


def test_who_has_long_been_silent_is_not_asked_and_looked_at_again_in_a_minute() -> None:
    silent = courier("jun", located_at=NOON - timedelta(seconds=matching.SILENT_SECONDS))

    plan = matching.nearest(ZoneState(NOON, (silent,), (delivery(),)))

    assert plan.decisions == ()
    assert plan.next_wake == NOON + timedelta(seconds=matching.LOOK_AGAIN_SECONDS)


def test_nobody_is_asked_so_early_that_they_would_stand_waiting() -> None:
    wanted = delivery(ready_in=900)

    plan = matching.nearest(ZoneState(NOON, (courier("jun", at=KILOMETRE_EAST),), (wanted,)))

    way = travelling.seconds(Vehicle.SCOOTER, KILOMETRE_EAST, STORE)
    assert plan.decisions == ()
    assert plan.next_wake == NOON + timedelta(seconds=900 - way - matching.MARGIN_SECONDS)


def test_at_the_moment_to_set_off_the_courier_is_asked() -> None:
    way = travelling.seconds(Vehicle.SCOOTER, KILOMETRE_EAST, STORE)
    wanted = delivery(ready_in=way + matching.MARGIN_SECONDS)

    assert asked(courier("jun", at=KILOMETRE_EAST), deliveries=(wanted,)) == {"dlv": "jun"}


def test_a_courier_who_need_not_set_off_yet_may_be_asked_for_another_delivery() -> None:
    early = delivery("early", ready_in=1800, promised_by=NOON + timedelta(minutes=10))

    assert asked(courier("jun"), deliveries=(early, delivery("now"))) == {"now": "jun"}


def test_without_couriers_there_is_nothing_to_wait_for() -> None:
    plan = matching.nearest(ZoneState(NOON, (), (delivery(),)))

    assert plan == matching.Plan()


def test_a_decision_says_who_else_was_there_by_what_rule_and_why() -> None:
    near, far = courier("near"), courier("far", at=KILOMETRE_EAST)

    [decision] = matching.nearest(ZoneState(NOON, (near, far), (delivery(ready_in=60),))).decisions

    assert [one.courier_id for one in decision.candidates] == ["near", "far"]
    assert (decision.rule, decision.reason) == ("nearest-1", "nearest_in_time")
    assert decision.features == {
        "seconds_to_pickup": 0,
        "seconds_until_ready": 60,
        "seconds_until_promised": 2700,
        "seconds_open": 0,
        "refused_by": 0,
        "candidates": 2,
        "deliveries": 1,
    }


def test_who_comes_too_late_for_readiness_is_asked_all_the_same_and_the_reason_says_so() -> None:
    far = courier("far", at=KILOMETRE_EAST)

    [decision] = matching.nearest(ZoneState(NOON, (far,), (delivery(),))).decisions

    assert decision.reason == "nearest"


@pytest.mark.parametrize(
    ("vehicle", "seconds"),
    [
        (Vehicle.BICYCLE, 310),
        (Vehicle.SCOOTER, 189),
        (Vehicle.CAR, 189),
        (Vehicle.FOOT, 929),
    ],
)
def test_a_kilometre_takes_as_long_as_streets_and_vehicle_make_it(
    vehicle: Vehicle, seconds: int
) -> None:
    assert travelling.metres(STORE, KILOMETRE_EAST) == pytest.approx(1000, abs=2)
    assert travelling.seconds(vehicle, STORE, KILOMETRE_EAST) == pytest.approx(seconds, abs=1)
