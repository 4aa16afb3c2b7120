"""By what a payment can be made, and within which bounds: known before it hurts."""

from chalicelib.core.money import Money
from chalicelib.payments.methods import METHODS, Method, maximum, minimum, step, takes
from chalicelib.payments.schemas import PaymentOption, PaymentOptions


def of_currency(currency: str) -> PaymentOptions:
    """Every method that takes a currency, in the order in which we name them."""
    found = [_shown(row, currency) for row in METHODS.values() if takes(row.name, currency)]
    return PaymentOptions(currency=currency, options=found)


def _shown(row: Method, currency: str) -> PaymentOption:
    return PaymentOption(
        method=row.name,
        confirmed=row.confirmed.value,
        minimum=Money(amount=minimum(currency, row.name), currency=currency),
        maximum=Money(amount=maximum(currency, row.name), currency=currency),
        step=step(currency, row.name),
        may_be_saved=row.saved.value,
    )
