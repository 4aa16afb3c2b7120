"""Money as the protocol has it: a decimal in major units, with its currency."""

from decimal import Decimal

from chalicelib.core import money

type Price = dict[str, float | int | str]


def value(amount: int, currency: str) -> float | int:
    """Minor units as the number that is written: 1250 is 12.5 in USD, and 1250 in KRW."""
    digits = money.exponent(currency)
    return amount / 10**digits if digits else amount


def price(amount: int, currency: str) -> Price:
    return {"value": value(amount, currency), "currency": currency}


def minor(said: Decimal, said_in: str, currency: str) -> int | None:
    """Minor units of a price; None in another currency, or with a part of a minor unit."""
    units = said.scaleb(money.exponent(currency))
    return int(units) if said_in == currency and units == units.to_integral_value() else None
