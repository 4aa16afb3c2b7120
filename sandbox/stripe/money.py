"""Amounts: smallest charges, decimals, and what Stripe keeps of a payment."""

from sandbox.stripe.errors import refused
from sandbox.stripe.params import integer

# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts; KRW from
# https://docs.stripe.com/payments/kakao-pay/accept-a-payment. The three-decimal ones are not
# published and stand at about half a US dollar.
MINIMUM = {
    "aed": 200,
    "aud": 50,
    "bgn": 100,
    "brl": 50,
    "cad": 50,
    "chf": 50,
    "czk": 1500,
    "dkk": 250,
    "eur": 50,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "inr": 50,
    "jpy": 50,
    "krw": 100,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "nzd": 50,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "sgd": 50,
    "thb": 1000,
    "twd": 2000,
    "usd": 50,
    "bhd": 200,
    "jod": 360,
    "kwd": 160,
    "omr": 200,
    "tnd": 1600,
}
MAXIMUM = 99_999_999
# https://docs.stripe.com/currencies#three-decimal: such an amount ends in 0.
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
ZERO_DECIMAL = frozenset({"jpy", "krw"})

# Stripe's fee depends on country and contract (https://stripe.com/pricing). This account pays
# 2.9 % and a fixed part, so that reconciliation has a fee to find.
FEE_PER_MILLE = 29
FIXED_FEE = {"krw": 400, "jpy": 45}
FIXED_FEE_ELSEWHERE = 30


def currency(value: object, name: str) -> str:
    if not isinstance(value, str) or value not in MINIMUM:
        known = ", ".join(MINIMUM)
        raise refused(
            f"Invalid currency: {value}. Stripe currently supports these currencies: {known}",
            param=name,
        )
    return value


def positive(value: object, name: str) -> int:
    amount = integer(value, name)
    if amount < 1:
        message = "This value must be greater than or equal to 1."
        raise refused(message, code="parameter_invalid_integer", param=name)
    return amount


def check_charge(amount: int, coin: str) -> None:
    """Refuse an amount that no card network would take."""
    if amount < MINIMUM[coin]:
        message = f"Amount must be at least {shown(MINIMUM[coin], coin)}"
        raise refused(message, code="amount_too_small", param="amount")
    if amount > MAXIMUM:
        message = f"Amount must be no more than {shown(MAXIMUM, coin)}"
        raise refused(message, code="amount_too_large", param="amount")
    check_decimals(amount, coin, "amount")


def check_decimals(amount: int, coin: str, param: str) -> None:
    if coin in THREE_DECIMAL and amount % 10:
        message = f"Invalid {param}: three-decimal amounts in {coin} must end in 0."
        raise refused(message, param=param)


def fee_of(amount: int, coin: str) -> int:
    """What Stripe keeps of a captured amount, rounded half up, in minor units."""
    share = (amount * FEE_PER_MILLE + 500) // 1000
    return min(amount, share + FIXED_FEE.get(coin, FIXED_FEE_ELSEWHERE))


def shown(amount: int, coin: str) -> str:
    places = 0 if coin in ZERO_DECIMAL else 3 if coin in THREE_DECIMAL else 2
    return f"{amount / 10**places:,.{places}f} {coin}"
