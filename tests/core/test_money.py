from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.core import money
from chalicelib.core.money import Money

AMOUNTS = st.integers(-money.LARGEST, money.LARGEST)
BASIS_POINTS = st.integers(0, 20_000)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=50).filter(any)


@given(AMOUNTS, WEIGHTS)
def test_what_is_allocated_sums_to_the_whole(amount: int, weights: list[int]) -> None:
    assert sum(money.allocate(amount, weights)) == amount


@given(AMOUNTS, WEIGHTS)
def test_no_part_is_a_whole_unit_from_its_exact_share(amount: int, weights: list[int]) -> None:
    parts = money.allocate(amount, weights)

    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(amount * weight, sum(weights))) < 1


@given(AMOUNTS, WEIGHTS)
def test_no_weight_gets_nothing(amount: int, weights: list[int]) -> None:
    assert money.allocate(amount, [*weights, 0])[-1] == 0


def test_the_largest_remainders_are_served_first() -> None:
    assert money.allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert money.allocate(10, [1, 2, 2]) == [2, 4, 4]
    assert money.allocate(11, [3, 5, 2]) == [3, 6, 2]


def test_nothing_can_be_allocated_by_any_weights() -> None:
    assert money.allocate(0, [0, 0]) == [0, 0]
    assert money.allocate(0, []) == []


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1], [-1]])
def test_something_needs_weights_to_be_allocated(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        money.allocate(1, weights)


@given(AMOUNTS, BASIS_POINTS)
def test_a_portion_is_within_half_a_unit_of_the_exact_one(amount: int, points: int) -> None:
    exact = Fraction(amount * points, 10_000)

    assert abs(money.portion(amount, points) - exact) <= Fraction(1, 2)


@given(AMOUNTS, BASIS_POINTS)
def test_a_refund_mirrors_its_sale(amount: int, points: int) -> None:
    assert money.portion(-amount, points) == -money.portion(amount, points)
    assert money.included(-amount, points) == -money.included(amount, points)


@given(AMOUNTS, BASIS_POINTS)
def test_included_tax_is_within_half_a_unit_of_the_exact_one(amount: int, points: int) -> None:
    exact = Fraction(amount * points, 10_000 + points)

    assert abs(money.included(amount, points) - exact) <= Fraction(1, 2)


def test_halves_are_rounded_away_from_zero() -> None:
    assert money.portion(5, 1000) == 1
    assert money.portion(-5, 1000) == -1
    assert money.included(11_000, 1000) == 1000
    assert money.portion(0, 1000) == 0


def test_money_of_one_currency_adds_up() -> None:
    won = Money(amount=1500, currency="KRW")

    assert (won + won).amount == 3000
    assert (won - won - won).amount == -1500


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="KRW and USD"):
        Money(amount=1, currency="KRW") + Money(amount=1, currency="USD")


@pytest.mark.parametrize("amount", [1.0, "1", True, None, 10**12 + 1, -(10**12) - 1])
def test_an_amount_is_a_whole_number_within_bounds(amount: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": amount, "currency": "KRW"})


@pytest.mark.parametrize("currency", ["krw", "KR", "KRWX", "K1W", "", "KRW\n"])
def test_a_currency_has_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValidationError):
        Money(amount=1, currency=currency)


@pytest.mark.parametrize(("currency", "decimals"), [("KRW", 0), ("USD", 2), ("KWD", 3)])
def test_a_currency_has_its_decimals(currency: str, decimals: int) -> None:
    assert money.exponent(currency) == decimals


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown currency XYZ"):
        money.exponent("XYZ")


def test_a_total_of_nothing_is_nothing() -> None:
    assert money.total([]) == 0
    assert money.total([1, 2, -4]) == -1
