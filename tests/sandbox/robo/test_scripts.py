"""What may happen to an order: how often, and how it ends."""

import random
from collections import Counter

import pytest

from sandbox.robo import scripts
from sandbox.robo.scripts import CASTINGS, NOBODY, End, Script


def draw(seed: int = 1) -> random.Random:
    return random.Random(seed)  # noqa: S311 - which script, no secret


@pytest.mark.parametrize("orders", [0, 1, 7, 60, 1000])
def test_every_order_gets_a_script(orders: int) -> None:
    parts = scripts.cast(orders, scripts.evening(), draw())

    assert len(parts) == orders


def test_the_same_seed_casts_the_same_evening_and_another_seed_another() -> None:
    first, again, other = (scripts.cast(60, scripts.evening(), draw(seed)) for seed in (1, 1, 2))

    assert first == again
    assert first != other
    assert Counter(first) == Counter(other)


def test_a_large_evening_is_in_proportion_to_the_weights() -> None:
    weights = scripts.evening()

    counts = Counter(scripts.cast(10_000, weights, draw()))

    total = sum(weights.values())
    for script, weight in weights.items():
        assert abs(counts[script] - 10_000 * weight / total) <= 1


def test_a_small_evening_still_plays_every_script_once() -> None:
    parts = scripts.cast(60, scripts.evening(), draw(), each=True)

    assert set(parts) == set(CASTINGS)


def test_a_handful_of_orders_is_not_forced_to_play_everything() -> None:
    parts = scripts.cast(5, scripts.evening(), draw(), each=True)

    assert len(parts) == 5


def test_most_of_a_replay_is_delivered() -> None:
    parts = scripts.cast(60, scripts.replay(), draw())

    delivered = sum(CASTINGS[part].ends is End.DELIVERED for part in parts)
    assert delivered >= 55
    assert Counter(parts)[Script.HAPPY] >= 45


def test_without_couriers_nothing_is_scripted_that_needs_one() -> None:
    weights = scripts.evening(couriers=False)

    assert not NOBODY & weights.keys()
    assert Script.WRONG_PIN not in weights


def test_what_ends_cancelled_names_its_reason() -> None:
    cancelled = [casting for casting in CASTINGS.values() if casting.ends is End.CANCELLED]

    assert all(casting.code for casting in cancelled)
