"""What each payment method can do: one row each, and with every figure where it is written.

A row is a fact about a provider, or a limit of ours; which of the two its source says. Where Stripe
publishes nothing the value is None, and what we do then is said beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from chalicelib.core import money

StripeMethod = Literal["card", "kr_card", "naver_pay", "kakao_pay", "samsung_pay", "payco"]
MethodName = StripeMethod | Literal["balance", "cash"]
Provider = Literal["stripe", "balance", "cash"]
Confirmed = Literal["in place", "redirect", "at once"]

DOCS: Final = "https://docs.stripe.com"
AMOUNTS: Final = f"{DOCS}/currencies#minimum-and-maximum-charge-amounts"
HOLDS: Final = f"{DOCS}/payments/place-a-hold-on-a-payment-method"
CAPTURE: Final = f"{DOCS}/api/payment_intents/capture"
KOREAN: Final = f"{DOCS}/changelog/acacia/2024-11-20/south-korea-payment-methods"
REFUNDS: Final = f"{DOCS}/refunds"
OURS: Final = "docs/decisions/payment-methods.md"

DAY: Final = 86_400
KRW: Final = frozenset({"KRW"})
LARGEST: Final = 99_999_999
CARD_AHEAD: Final = timedelta(days=5)
"""So long before the moment of an order a card is held: two days less than its hold lasts."""
WALLET_AHEAD: Final = timedelta(days=2)
"""The same of what is held for three days at least."""
CASH_MAXIMUM: Mapping[str, int] = {"KRW": 100_000, "JPY": 10_000, "USD": 10_000, "EUR": 10_000}
"""The most that is taken in cash at a door: what a courier carries is what a courier can lose."""
MINIMUM: Mapping[str, int] = {
    "AUD": 50,
    "BRL": 50,
    "CAD": 50,
    "CHF": 50,
    "EUR": 50,
    "GBP": 30,
    "HKD": 400,
    "JPY": 50,
    "KRW": 100,
    "MXN": 1000,
    "NZD": 50,
    "SEK": 300,
    "SGD": 50,
    "USD": 50,
    # Not published: about half a US dollar, which is the least that Stripe takes of a US account.
    "BHD": 200,
    "JOD": 360,
    "KWD": 160,
    "OMR": 200,
    "TND": 1600,
}
"""The least that may be charged, by currency. One that is not here is not charged by Stripe."""


@dataclass(frozen=True, slots=True)
class Known[T]:
    """Something that we rely upon, and where it is written."""

    value: T
    source: str


@dataclass(frozen=True, slots=True)
class Method:
    """One way to pay.

    `holds`: it may be held first and taken later; `takes_part`: less than was held may be taken;
    `saved`: it may be kept and charged while its customer is away. `least` and `most` in minor
    units, None where only the currency's own bounds count. `held_seconds`: how long a hold stands
    where the charge itself does not say (`capture_before`); `held_seconds_away` the same for what
    was charged while the customer was away. `refund_days` None: no end is published. `why_not`:
    why no order may be paid by it, None for those by which one may.
    """

    name: MethodName
    provider: Provider
    confirmed: Known[Confirmed]
    currencies: Known[frozenset[str]]
    holds: Known[bool]
    takes_part: Known[bool]
    saved: Known[bool]
    held_seconds: Known[int | None]
    held_seconds_away: Known[int | None]
    least: Known[int | None]
    most: Known[int | None]
    refund_days: Known[int | None]
    why_not: str | None = None

    @property
    def ahead(self) -> timedelta | None:
        """For how long before the moment of an order its money can be held, to outlast the order.

        None where nothing is held at a provider. Beyond it a method is saved, and charged while
        its customer is away.
        """
        if self.provider != "stripe":
            return None
        return CARD_AHEAD if self.confirmed.value == "in place" else WALLET_AHEAD


def _korean(name: StripeMethod, page: str, *, saved: bool, most: int | None = None) -> Method:
    """A method of South Korea's, which a partner of Stripe's processes."""
    about = f"{DOCS}/payments/{page}/accept-a-payment"
    return Method(
        name=name,
        provider="stripe",
        confirmed=Known("redirect", about),
        currencies=Known(KRW, about),
        holds=Known(value=True, source=KOREAN),
        takes_part=Known(value=True, source=CAPTURE),
        saved=Known(saved, KOREAN if saved else about),
        held_seconds=Known(3 * DAY, OURS),
        held_seconds_away=Known(3 * DAY if saved else None, OURS),
        least=Known(100, about),
        most=Known(most, about),
        refund_days=Known(None, REFUNDS),
        why_not=None if saved else "It is not offered here yet.",
    )


def _own(name: Literal["balance", "cash"], most: frozenset[str]) -> Method:
    """What never leaves our own books."""
    return Method(
        name=name,
        provider=name,
        confirmed=Known("at once", OURS),
        currencies=Known(most, OURS),
        holds=Known(value=True, source=OURS),
        takes_part=Known(value=True, source=OURS),
        saved=Known(value=False, source=OURS),
        held_seconds=Known(None, OURS),
        held_seconds_away=Known(None, OURS),
        least=Known(1, OURS),
        most=Known(None, OURS),
        refund_days=Known(None, OURS),
    )


METHODS: Mapping[MethodName, Method] = {
    method.name: method
    for method in (
        Method(
            name="card",
            provider="stripe",
            confirmed=Known("in place", f"{DOCS}/payments/cards"),
            currencies=Known(frozenset(MINIMUM), AMOUNTS),
            holds=Known(value=True, source=HOLDS),
            takes_part=Known(value=True, source=HOLDS),
            saved=Known(value=True, source=f"{DOCS}/payments/save-and-reuse"),
            held_seconds=Known(7 * DAY, HOLDS),
            # Visa's, the shortest of all networks: 4 days and 18 hours.
            held_seconds_away=Known(4 * DAY + 18 * 3600, HOLDS),
            least=Known(None, AMOUNTS),
            most=Known(None, AMOUNTS),
            refund_days=Known(None, REFUNDS),
        ),
        _korean("kr_card", "kr-card", saved=True),
        _korean("naver_pay", "naver-pay", saved=True),
        _korean("kakao_pay", "kakao-pay", saved=True),
        _korean("samsung_pay", "samsung-pay", saved=False, most=2_000_000),
        _korean("payco", "payco", saved=False),
        _own("balance", frozenset(money.EXPONENTS)),
        _own("cash", frozenset(CASH_MAXIMUM)),
    )
}


def takes(method: MethodName, currency: str) -> bool:
    """Whether an order in a currency may be paid by a method."""
    row = METHODS[method]
    return row.why_not is None and currency in row.currencies.value


def provider(method: MethodName) -> Provider:
    """Who holds the money of a method."""
    return METHODS[method].provider


def minimum(currency: str, method: MethodName = "card") -> int:
    """The smallest amount that may be paid by a method, in minor units."""
    least = METHODS[method].least.value
    return MINIMUM.get(currency, 100) if least is None else least


def maximum(currency: str, method: MethodName = "card") -> int:
    """The largest amount that may be paid by a method at once, in minor units."""
    if method == "cash":
        return CASH_MAXIMUM.get(currency, 0)
    return METHODS[method].most.value or LARGEST


def step(currency: str, method: MethodName = "card") -> int:
    """What an amount must be a multiple of: Stripe takes three decimals that end in 0."""
    return money.step(currency) if provider(method) == "stripe" else 1
