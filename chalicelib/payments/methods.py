"""What each payment method can do, each figure with its source.

Minimum charges: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
Cards: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
Korean methods: https://docs.stripe.com/payments/kr-card and its neighbours naver-pay, kakao-pay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MethodName = Literal["card", "kr_card", "naver_pay", "kakao_pay"]
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


@dataclass(frozen=True, slots=True)
class Method:
    """One way to pay through the provider. All of these are held first and captured later."""

    name: MethodName
    confirmed: Literal["in place", "redirect"]
    currencies: frozenset[str] | None
    source: str


MAXIMUM = 99_999_999
KOREA = frozenset({"KRW"})

METHODS: Mapping[MethodName, Method] = {
    method.name: method
    for method in (
        Method("card", "in place", None, "https://docs.stripe.com/payments/cards"),
        Method("kr_card", "redirect", KOREA, "https://docs.stripe.com/payments/kr-card"),
        Method("naver_pay", "redirect", KOREA, "https://docs.stripe.com/payments/naver-pay"),
        Method("kakao_pay", "redirect", KOREA, "https://docs.stripe.com/payments/kakao-pay"),
    )
}


def takes(method: MethodName, currency: str) -> bool:
    """Whether a method may be used for a currency."""
    only = METHODS[method].currencies
    return only is None or currency in only


def minimum(currency: str) -> int:
    """The smallest amount that may be charged, in minor units."""
    return MINIMUM.get(currency, 100)
