"""Money as the protocol has it: a decimal in major units, with its currency."""

from chalicelib.core import money

type Price = dict[str, float | int | str]


def value(amount: int, currency: str) -> float | int:
    """Minor units as the number that is written: 1250 is 12.5 in USD, and 1250 in KRW."""
    digits = money.exponent(currency)
    return amount / 10**digits if digits else amount


def price(amount: int, currency: str) -> Price:
    return {"value": value(amount, currency), "currency": currency}
