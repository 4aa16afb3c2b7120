"""How an order is paid, as the protocol says it: always beforehand, by one method or several."""

from typing import Any

from chalicelib.integrations.opendelivery.prices import value
from chalicelib.orders.order import Order
from chalicelib.payments import payment
from chalicelib.payments.payment import Leg, Subject

METHODS = {"card": "CREDIT_DEBIT", "kr_card": "CREDIT_DEBIT", "balance": "PREPAID_REDEEM"}
WALLETS = frozenset({"naver_pay", "kakao_pay", "samsung_pay", "payco"})


def shown(order: Order) -> dict[str, Any]:
    """Nothing is pending: a store's rider never takes money."""
    found = payment.find(Subject("order", order.id))
    legs = [leg for leg in found.legs if leg.purpose == "due"] if found else []
    counted = [_method(leg) for leg in legs if leg.amount]
    return {
        "prepaid": value(order.total, order.currency),
        "pending": 0,
        "methods": counted,
    }


def _method(leg: Leg) -> dict[str, Any]:
    method = "DIGITAL_WALLET" if leg.method in WALLETS else METHODS.get(leg.method, "OTHER")
    return {
        "value": value(leg.amount, leg.currency),
        "currency": leg.currency,
        "type": "PREPAID",
        "method": method,
        "methodInfo": leg.method,
    }
