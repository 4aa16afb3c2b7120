"""How much a refund is, where it goes, and at whose expense: pure rules, integers."""

from collections.abc import Mapping, Sequence

from chalicelib.core import money
from chalicelib.orders.components import COMMISSION, DISCOUNT, ITEMS
from chalicelib.orders.order import TIP, Order
from chalicelib.orders.price_schemas import Line, PriceLine
from chalicelib.orders.schemas import LiableParty
from chalicelib.payments import ledger
from chalicelib.payments.errors import RefundImpossibleError
from chalicelib.payments.ledger import Entry
from chalicelib.payments.payment import Leg, Payment

BACK_FIRST = ("stripe", "balance", "cash")
"""In which order money goes back: to cards and wallets of Stripe's first, for cash last."""
EXPENSE = "expense:refunds"


def kept(order: Order) -> int:
    """What of an order's price is not ours to give back: the tip that its courier has."""
    return sum(one.amount for one in order.owed_shares if one.why == TIP)


def refundable(payment: Payment, untouched: int = 0) -> int:
    """What was taken of what is due and not given back, but so much that stays `untouched`.

    A tip is not ours to give back, whenever it was given.
    """
    taken = sum(leg.refundable for leg in payment.legs if not leg.is_tip)
    return max(0, taken - untouched)


def plan(payment: Payment, amount: int, untouched: int = 0) -> list[tuple[Leg, int]]:
    """How much goes back to which payment, in the published order.

    Raises RefundImpossibleError (422) for more than is left to give back.
    """
    legs = [leg for leg in payment.legs if not leg.is_tip and leg.refundable]
    left, chosen = amount, []
    for leg in sorted(legs, key=lambda one: BACK_FIRST.index(one.provider)):
        part = min(left, leg.refundable)
        if part:
            chosen.append((leg, part))
        left -= part
    most = refundable(payment, untouched)
    if not 0 < amount <= most:
        detail = f"At most {most} can be given back."
        raise RefundImpossibleError(errors=[{"pointer": "/amount", "detail": detail}])
    return chosen


def of_lines(
    lines: Sequence[Line],
    price: Sequence[PriceLine],
    wanted: Mapping[int, int],
    before: Mapping[int, int],
) -> tuple[int, int]:
    """What so many units of these lines cost, and the tax upon them; `before` went back already.

    It is what was paid: less what promotions took off the line.
    Unit by unit the parts of a line sum to the line, however it is divided. Raises
    RefundImpossibleError (422) with every line that is unknown or was given back before.
    """
    problems = [
        {"pointer": f"/lines/{number}", "detail": "There are not as many left of this line."}
        for number, units in wanted.items()
        if number >= len(lines) or units + before.get(number, 0) > lines[number].quantity
    ]
    if problems:
        raise RefundImpossibleError(errors=problems)
    items = sum(line.net for line in lines)
    taxed = sum(part.amount for part in price if part.kind == "tax")
    of_lines = money.allocate(taxed, [line.net for line in lines]) if items else []
    amount = tax = 0
    for number, units in wanted.items():
        line, done = lines[number], before.get(number, 0)
        amount += _share(line.net, line.quantity, done, units)
        tax += _share(of_lines[number], line.quantity, done, units) if of_lines else 0
    return amount + tax, tax


def _share(whole: int, quantity: int, done: int, units: int) -> int:
    return whole * (done + units) // quantity - whole * done // quantity


def entries(order: Order, amount: int, tax: int, liable: LiableParty) -> list[Entry]:
    """At whose expense an amount goes back, of which so much is tax that was put on top.

    A store that bears it gets back the commission on it, and gives back what the platform had paid
    in its customer's place: there is neither on what was not sold.
    """
    items = amount - tax
    chosen = [Entry("payable:tax", tax, "refund"), Entry(ledger.PAYABLE, -amount, "refund")]
    if liable != "store":
        return [*chosen, Entry(EXPENSE, items, "refund")]
    merchant = f"payable:merchant:{order.merchant_id}"
    commission = _part_of(order, items, COMMISSION)
    sponsored = -_part_of(order, items, DISCOUNT)
    return [
        *chosen,
        Entry(merchant, items + sponsored - commission, "refund"),
        Entry("revenue:commission", commission, "refund"),
        Entry(f"expense:{DISCOUNT}", -sponsored, "refund"),
    ]


def _part_of(order: Order, items: int, why: str) -> int:
    """The platform's share for a reason, as far as it is of so much that was paid for items."""
    shares = order.owed_shares
    whole = sum(one.amount for one in shares if (one.to, one.why) == ("platform", why))
    paid = sum(one.amount for one in shares if one.why in {ITEMS, DISCOUNT})
    if not paid:
        return 0
    part = abs(whole) * min(items, paid) // paid
    return part if whole > 0 else -part


def excess_entries(order: Order, amount: int, unsold: int, liable: LiableParty) -> list[Entry]:
    """The same for what was taken beyond what is owed; `unsold` of it was never posted as owed."""
    bearer = f"payable:merchant:{order.merchant_id}" if liable == "store" else EXPENSE
    return [
        Entry(ledger.RECEIVABLE, unsold, "returned"),
        Entry(bearer, amount - unsold, "returned"),
        Entry(ledger.PAYABLE, -amount, "returned"),
    ]
