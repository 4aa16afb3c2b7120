"""Money: whole minor units of one currency. No floats, anywhere, ever.

Exponents: ISO 4217, list one. Stripe's own rule for three-decimal currencies (amounts end in 0):
https://docs.stripe.com/currencies#three-decimal
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

EXPONENTS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "JPY",
            "KMF",
            "KRW",
            "MGA",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
    **dict.fromkeys(("AUD", "BRL", "CAD", "CHF", "EUR", "GBP", "HKD", "MXN", "NZD", "SEK"), 2),
    **dict.fromkeys(("SGD", "USD"), 2),
}
BASIS_POINTS = 10_000
LARGEST = 10**12
THREE_DECIMALS = 3

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["KRW"])]
Amount = Annotated[int, Field(ge=-LARGEST, le=LARGEST, strict=True, examples=[9000])]
Price = Annotated[int, Field(ge=0, le=LARGEST, strict=True, examples=[9000])]


class Money(BaseModel):
    """An amount in minor units (1500 is KRW 1,500 and USD 15.00), and its currency."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Amount
    currency: Currency

    def __add__(self, other: Self) -> Self:
        return self.model_copy(update={"amount": self.amount + self._same(other)})

    def __sub__(self, other: Self) -> Self:
        return self.model_copy(update={"amount": self.amount - self._same(other)})

    def _same(self, other: Self) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.amount


def exponent(currency: str) -> int:
    """How many decimals a currency has. Raises ValueError for one that we do not know."""
    if currency not in EXPONENTS:
        raise ValueError(f"unknown currency {currency}")
    return EXPONENTS[currency]


def step(currency: str) -> int:
    """What an amount must be a multiple of to be charged: 10 where there are three decimals.

    https://docs.stripe.com/currencies#three-decimal
    """
    return 10 if EXPONENTS.get(currency) == THREE_DECIMALS else 1


def nearest(amount: int, currency: str) -> int:
    """The nearest amount that can be charged, halves rounded up."""
    unit = step(currency)
    return (amount + unit // 2) // unit * unit


def portion(amount: int, basis_points: int) -> int:
    """So many hundredths of a per cent of an amount, halves rounded away from zero."""
    sign = -1 if amount * basis_points < 0 else 1
    doubled = 2 * abs(amount * basis_points) + BASIS_POINTS
    return sign * (doubled // (2 * BASIS_POINTS))


def included(amount: int, basis_points: int) -> int:
    """The tax that an amount already contains, at so many basis points on the net.

    Halves are rounded away from zero, so that a refund takes back what the sale contained.
    """
    whole = BASIS_POINTS + basis_points
    sign = -1 if amount < 0 else 1
    return sign * ((2 * abs(amount) * basis_points + whole) // (2 * whole))


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by weights so that the parts sum to it exactly (largest remainder first).

    Raises ValueError where there is nothing to weigh by, unless the amount is zero.
    """
    total = sum(weights)
    if amount == 0:
        return [0 for _ in weights]
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative, nor all zero")
    parts = [amount * weight // total for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for index in remainders[: amount - sum(parts)]:
        parts[index] += 1
    return parts


def total(amounts: Iterable[int]) -> int:
    return sum(amounts)
