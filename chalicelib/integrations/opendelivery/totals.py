"""The price of an order in the protocol's parts: items, fees by who receives them, discounts."""

from typing import Any

from chalicelib.integrations.opendelivery.prices import price
from chalicelib.orders.price_schemas import Priced, PriceLine

FEES = {
    "delivery_fee": ("Delivery fee", "DELIVERY_FEE"),
    "small_order_fee": ("Small order fee", "MIN_ORDER_FEE"),
    "tip": ("Tip", "TIP"),
    "tax": ("Tax", "SERVICE_FEE"),
    "delivery_tax": ("Tax on delivery", "SERVICE_FEE"),
}
"""What is put on top of the items. The protocol has no kind for a tax that is not in the prices."""
RECEIVERS = {"merchant": "MERCHANT", "courier": "LOGISTIC_SERVICES"}
TARGETS = {"discount": "CART", "delivery_discount": "DELIVERY_FEE"}
SPONSORS = {"platform": "MARKETPLACE", "merchant": "MERCHANT"}


def fees(priced: Priced) -> list[dict[str, Any]]:
    """What is to be paid beside the items. A fee of nothing is left out."""
    return [
        {
            "name": FEES[one.kind][0],
            "type": FEES[one.kind][1],
            "receivedBy": RECEIVERS.get(one.recipient or "", "MARKETPLACE"),
            "price": price(one.amount, priced.currency),
        }
        for one in priced.price
        if one.kind in FEES and one.amount
    ]


def discounts(priced: Priced) -> list[dict[str, Any]]:
    """What is taken off, as amounts above zero, with who bears it."""
    return [_discount(one, priced.currency) for one in priced.price if one.kind in TARGETS]


def _discount(line: PriceLine, currency: str) -> dict[str, Any]:
    return {
        "amount": price(-line.amount, currency),
        "target": TARGETS[line.kind],
        "sponsorshipValues": [
            {"name": SPONSORS[one.by], "amount": price(one.amount, currency)}
            for one in line.sponsors or ()
        ],
    }


def totals(priced: Priced) -> dict[str, Any]:
    """The sums, which agree: items and fees without discounts are what the order costs."""
    of_items = sum(one.amount for one in priced.price if one.kind == "items")
    of_fees = sum(one.amount for one in priced.price if one.kind in FEES)
    off = -sum(one.amount for one in priced.price if one.kind in TARGETS)
    return {
        "itemsPrice": price(of_items, priced.currency),
        "otherFees": price(of_fees, priced.currency),
        "discount": price(off, priced.currency),
        "orderAmount": price(priced.total, priced.currency),
    }
