"""What each payment method can do, each figure with its source.

Minimum charges: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
Cards: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
Korean methods: https://docs.stripe.com/payments/kr-card and its neighbours naver-pay, kakao-pay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

StripeMethod = Literal["card", "kr_card", "naver_pay", "kakao_pay"]
MethodName = StripeMethod | Literal["balance", "cash"]
Provider = Literal["stripe", "balance", "cash"]
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
}

CARD_AHEAD = timedelta(days=5)
"""A card's hold lasts 7 days: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method"""
WALLET_AHEAD = timedelta(hours=48)
"""No end of these holds is told: they are relied upon for 72 hours (`changing.HOLD_SECONDS`)."""


@dataclass(frozen=True, slots=True)
class Method:
    """One way to pay. All of these are held first and captured later."""

    name: MethodName
    confirmed: Literal["in place", "redirect", "at once"]
    currencies: frozenset[str] | None
    source: str
    provider: Provider = "stripe"

    @property
    def ahead(self) -> timedelta | None:
        """For how long before the moment of an order its money can be held, to outlast the order.

        None where nothing is held at a provider. Beyond it a method is saved and charged off
        session, which all of Stripe's here can be.
        """
        if self.provider != "stripe":
            return None
        return CARD_AHEAD if self.confirmed == "in place" else WALLET_AHEAD


MAXIMUM = 99_999_999
CASH_MAXIMUM: Mapping[str, int] = {"KRW": 100_000, "JPY": 10_000, "USD": 10_000, "EUR": 10_000}
"""The most that is taken in cash at a door: what a courier carries is what a courier can lose."""
KOREA = frozenset({"KRW"})

METHODS: Mapping[MethodName, Method] = {
    method.name: method
    for method in (
        Method("card", "in place", None, "https://docs.stripe.com/payments/cards"),
        Method("kr_card", "redirect", KOREA, "https://docs.stripe.com/payments/kr-card"),
        Method("naver_pay", "redirect", KOREA, "https://docs.stripe.com/payments/naver-pay"),
        Method("kakao_pay", "redirect", KOREA, "https://docs.stripe.com/payments/kakao-pay"),
        Method("balance", "at once", None, "payments/balances.py", "balance"),
        Method("cash", "at once", frozenset(CASH_MAXIMUM), "payments/methods.py", "cash"),
    )
}


def takes(method: MethodName, currency: str) -> bool:
    """Whether a method may be used for a currency."""
    only = METHODS[method].currencies
    return only is None or currency in only


def provider(method: MethodName) -> Provider:
    """Who holds the money of a method."""
    return METHODS[method].provider


def minimum(currency: str, method: MethodName = "card") -> int:
    """The smallest amount that may be paid by a method, in minor units."""
    return MINIMUM.get(currency, 100) if provider(method) == "stripe" else 1


def maximum(currency: str, method: MethodName = "card") -> int:
    """The largest amount that may be paid by a method at once, in minor units."""
    return CASH_MAXIMUM.get(currency, 0) if method == "cash" else MAXIMUM
