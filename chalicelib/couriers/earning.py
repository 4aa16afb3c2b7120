"""What a job pays its courier, by a published rule, and how it comes into the ledger.

The gross is what the order sets aside for its bringing, at least the minimum of the currency. The
platform's fee is 5 % of it. Tips are the courier's whole, and no fee is taken of them.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from chalicelib.core import money
from chalicelib.core.money import Money
from chalicelib.core.parts import Part
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.schemas import Earning, EarningEntry, EarningPage
from chalicelib.orders.order import Order
from chalicelib.payments import ledger
from chalicelib.payments.ledger import Entry
from chalicelib.payments.payment import Subject

FEE_BASIS_POINTS = 500
MINIMUM: Mapping[str, int] = MappingProxyType(
    {
        "AUD": 700,
        "BRL": 750,
        "CAD": 600,
        "CHF": 600,
        "EUR": 450,
        "GBP": 400,
        "JPY": 450,
        "KRW": 3000,
        "NZD": 700,
        "SEK": 4500,
        "SGD": 500,
        "USD": 500,
    }
)
"""The least that a job pays, in minor units. In another currency it is what the order gives."""

PAY = "expense:courier_pay"
FEE = "revenue:courier_fee"
DELIVERED, RETURNED, TIP = "delivered", "returned", "tip"
"""Why something was posted to a courier's account."""


def rule(currency: str, share: int, tip: int = 0) -> Earning:
    """What a job pays for which an order gives so much. Amounts in minor units."""
    gross = max(share, MINIMUM.get(currency, 0))
    fee = money.portion(gross, FEE_BASIS_POINTS)
    return Earning(currency=currency, gross=gross, fee=fee, net=gross - fee, tip=tip)


def of(delivery: DeliveryHead) -> Earning:
    """What a delivery pays, as it was shown before it was accepted."""
    gross, fee = int(delivery.gross), int(delivery.fee)
    return Earning(
        currency=delivery.currency, gross=gross, fee=fee, net=gross - fee, tip=int(delivery.tip)
    )


def together(earnings: Iterable[Earning]) -> Earning:
    """What several jobs of one currency pay in all."""
    first, *others = earnings
    for one in others:
        first = Earning(
            currency=first.currency,
            gross=first.gross + one.gross,
            fee=first.fee + one.fee,
            net=first.net + one.net,
            tip=first.tip + one.tip,
        )
    return first


def account(courier_id: str) -> str:
    """The account of the ledger that says what we owe a courier."""
    return f"payable:courier:{courier_id}"


def owed_by(order: Order) -> int:
    """What an order pays for its bringing: its share, or nothing where nothing is owed for it."""
    shares = order.owed_shares if order.owed is not None else order.shares
    return sum(share.amount for share in shares if share.to == "courier")


def entries(earning: Earning, courier_id: str, owed: int, why: str) -> list[Entry]:
    """The double entry of a job's pay, where its order owes so much for its bringing.

    What the order does not give is the platform's expense. A tip is paid where the order owes it.
    """
    tip = min(earning.tip, owed)
    given = owed - tip
    own = account(courier_id)
    return [
        Entry(ledger.COURIERS, given, why),
        Entry(PAY, earning.gross - given, why),
        Entry(own, -earning.net, why),
        Entry(FEE, -earning.fee, why),
        Entry(ledger.COURIERS, tip, TIP),
        Entry(own, -tip, TIP),
    ]


def post(delivery: DeliveryHead, order: Order, why: str) -> tuple[Part, ...]:
    """The parts that post what a delivery has earned its courier, once and for all."""
    courier_id = str(delivery.courier_id)
    chosen = entries(of(delivery), courier_id, owed_by(order), why)
    return ledger.post(Subject("delivery", delivery.id), "earnings", delivery.currency, chosen)


def listing(courier_id: str, *, limit: int, cursor: str | None) -> EarningPage:
    """What was posted to a courier's account, newest first. Read from an index: it may lag."""
    found = ledger.of_account(account(courier_id), limit=limit, cursor=cursor)
    return EarningPage(
        items=[
            EarningEntry(
                delivery_id=entry.context["subject"],
                why=entry.why,
                money=Money(amount=-int(entry.amount), currency=entry.currency),
                posted_at=entry.posted_at,
            )
            for entry in found.items
        ],
        next_cursor=found.next_cursor,
    )
