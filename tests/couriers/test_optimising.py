"""The optimiser: what must hold of every decision, and what a city expects of it. Pure."""

from collections import Counter
from dataclasses import replace
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.couriers.optimising.assignment import FREE, assign
from chalicelib.couriers.optimising.city import Bring, City, Courier, Go, Order, Terms
from chalicelib.couriers.optimising.deciding import decide

TERMS = Terms(step=1, pickup=4, dropoff=4, latest=90, pay=10, guaranteed=15, grain=1, carries=3)
STORES = {"s1": (0.0, 0.0), "s2": (2000.0, 0.0), "s3": (0.0, 4000.0)}
NOON = 720.0


def order(name: str, **changed: object) -> Order:
    known = {
        "store_id": "s1",
        "door": (0.0, 1000.0),
        "placed_at": NOON - 15,
        "ready_at": NOON,
        **changed,
    }
    return Order(order_id=name, **known)  # type: ignore[arg-type] # the fields that a test changes


def courier(name: str, **changed: object) -> Courier:
    known = {
        "spot": (0.0, 0.0),
        "free_at": NOON,
        "on_at": NOON - 60,
        "off_at": NOON + 240,
        "metres_a_minute": 320.0,
        **changed,
    }
    return Courier(courier_id=name, **known)  # type: ignore[arg-type] # the same


def city(*couriers: Courier, orders: tuple[Order, ...], now: float = NOON) -> City:
    return City(now, TERMS, STORES, orders, couriers)


def waiting(name: str, **changed: object) -> Courier:
    """A courier who stands at the store."""
    return courier(name, **{"store_id": "s1", "there_at": NOON - 5, **changed})


SPOTS = st.tuples(st.integers(-5000, 5000), st.integers(-5000, 5000))
SOON = st.integers(int(NOON) - 20, int(NOON) + 30)
ORDERS = st.builds(
    order,
    st.uuids().map(str),
    store_id=st.sampled_from(sorted(STORES)),
    door=SPOTS,
    placed_at=st.integers(int(NOON) - 100, int(NOON)),
    ready_at=SOON,
)
COURIERS = st.builds(
    courier,
    st.uuids().map(str),
    spot=SPOTS,
    free_at=SOON,
    off_at=st.integers(int(NOON), int(NOON) + 200),
    done=st.integers(0, 20),
    store_id=st.sampled_from([None, "s1"]),
    there_at=st.just(NOON - 1),
)
CITIES = st.builds(
    lambda couriers, orders: city(*couriers, orders=tuple(orders)),
    st.lists(COURIERS, max_size=6, unique_by=lambda each: each.courier_id),
    st.lists(ORDERS, max_size=9, unique_by=lambda each: each.order_id),
)


@given(CITIES)
@settings(max_examples=150, deadline=None)
def test_what_holds_of_every_decision(there: City) -> None:
    told = decide(there)

    couriers = {each.courier_id: each for each in there.couriers}
    orders = {each.order_id: each for each in there.orders}
    brought = [name for each in told if isinstance(each, Bring) for name in each.order_ids]
    assert max(Counter(brought).values(), default=0) <= 1
    assert max(Counter(each.courier_id for each in told).values(), default=0) <= 1
    for each in told:
        one = couriers[each.courier_id]
        assert one.free_at <= NOON <= one.off_at
        if isinstance(each, Bring):
            assert 1 <= len(each.order_ids) <= TERMS.carries
            assert len({orders[name].store_id for name in each.order_ids}) == 1
            assert max(orders[name].ready_at for name in each.order_ids) <= one.off_at


@given(CITIES, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_in_which_a_city_is_told_changes_nothing(there: City, chance: object) -> None:
    def shuffled[T](these: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(chance.sample(these, len(these)))  # type: ignore[attr-defined] # a Random

    again = replace(there, orders=shuffled(there.orders), couriers=shuffled(there.couriers))

    assert decide(again) == decide(there)


def test_without_orders_or_couriers_there_is_nothing_to_decide() -> None:
    assert decide(city(orders=())) == ()
    assert decide(city(courier("c"), orders=())) == ()
    assert decide(city(orders=(order("o"),))) == ()


def test_one_order_in_a_small_town_is_decided_at_once() -> None:
    far = courier("far", spot=(4000.0, 0.0))
    there = city(far, waiting("near"), orders=(order("o"),))

    assert decide(there) == (Bring("near", ("o",)),)


def test_nobody_sets_off_earlier_than_is_needed_to_be_there_in_time() -> None:
    cook = order("o", ready_at=NOON + 20)
    away = courier("c", spot=(3200.0, 0.0))

    assert decide(city(away, orders=(cook,))) == ()
    assert decide(city(replace(away, free_at=NOON + 8), orders=(cook,), now=NOON + 8)) == (
        Go("c", "s1"),
    )


def test_who_waits_at_the_store_is_promised_nothing_until_it_is_ready() -> None:
    cook = order("o", ready_at=NOON + 5)

    assert decide(city(waiting("c"), orders=(cook,))) == ()
    assert decide(city(waiting("c"), orders=(cook,), now=NOON + 5)) == (Bring("c", ("o",)),)


def test_who_goes_home_soon_is_told_while_they_may_be_told() -> None:
    cook = order("o", ready_at=NOON + 5)
    leaving = courier("c", off_at=NOON + 5)

    assert decide(city(leaving, orders=(cook,))) == (Bring("c", ("o",)),)
    assert decide(city(replace(leaving, off_at=NOON + 4), orders=(cook,))) == ()


def test_with_too_few_couriers_neighbours_are_brought_together_the_nearest_first() -> None:
    far, near = order("a", door=(0.0, 1600.0)), order("b", door=(0.0, 1000.0))

    told = decide(city(waiting("x"), orders=(far, near)))

    assert told == (Bring("x", ("b", "a")),)


def test_with_enough_couriers_nobody_waits_for_anothers_door() -> None:
    orders = (order("a", door=(0.0, 2000.0)), order("b", door=(2000.0, 0.0)))

    told = decide(city(waiting("x"), waiting("y"), orders=orders))

    assert sorted(each.order_ids for each in told if isinstance(each, Bring)) == [("a",), ("b",)]


def test_an_order_about_to_be_late_is_brought_before_one_that_can_wait() -> None:
    pressed = order("a", door=(0.0, 2000.0), placed_at=NOON - 75, ready_at=NOON - 2)
    shorter = order("b", store_id="s2", door=(2000.0, 900.0), ready_at=NOON - 2)

    assert decide(city(waiting("x"), orders=(pressed, shorter))) == (Bring("x", ("a",)),)


def test_what_is_too_late_stands_back_and_is_not_forgotten() -> None:
    lost = order("a", placed_at=NOON - 89, ready_at=NOON)
    fine = order("b", store_id="s2")

    now = decide(city(waiting("x"), orders=(lost, fine)))
    later = decide(
        city(
            waiting("x", free_at=NOON),
            orders=(lost, replace(fine, placed_at=NOON + 50)),
            now=NOON + 60,
        )
    )

    assert now == (Go("x", "s2"),)
    assert later == (Bring("x", ("a",)),)


def test_a_remote_store_is_not_left_to_nobody() -> None:
    remote = courier("c", spot=(320.0 * 50, 0.0))

    assert decide(city(remote, orders=(order("o"),))) == (Go("c", "s1"),)


def test_of_two_who_are_equally_near_it_is_whose_guarantee_is_not_yet_earned() -> None:
    couriers = (waiting("a", done=9), waiting("b", done=2))

    assert decide(city(*couriers, orders=(order("o"),))) == (Bring("b", ("o",)),)


COST = st.integers(0, 12)


@given(st.lists(st.tuples(st.lists(COST | st.none(), min_size=4, max_size=4), COST), max_size=4))
@settings(max_examples=150, deadline=None)
def test_an_assignment_costs_the_least(table: list[tuple[list[int | None], int]]) -> None:
    costs = [
        sorted(
            [(column, float(cost)) for column, cost in enumerate(row) if cost is not None],
            key=lambda each: each[1],
        )
        for row, _ in table
    ]
    without = [float(alone) for _, alone in table]
    columns = [0, 1, 2, 3, *[FREE] * len(table)]

    least = min(
        sum(
            without[row] if column == FREE else dict(costs[row]).get(column, 1e9)
            for row, column in enumerate(chosen)
        )
        for chosen in permutations(columns, len(table))
    )

    assert assign(costs, without, 4).total == least
