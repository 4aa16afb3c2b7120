"""Legs that need no provider: stored value and cash. What Stripe does by calls is a commit here."""

from chalicelib.core.parts import Part
from chalicelib.payments import balances, changing, ledger
from chalicelib.payments.models import LegItem, PaymentHead
from chalicelib.payments.payment import Leg, Payment
from chalicelib.payments.status import LegStatus
from chalicelib.payments.subjects import Standing


def captured(payment: Payment, leg: Leg, amount: int, standing: Standing) -> tuple[Part, ...]:
    """The parts that take an amount of what a leg holds; the rest goes back with them.

    Cash that nobody took is let go: the order was never handed over.
    """
    account = _account(leg, standing)
    if account is None:
        return released(payment, leg)
    changed = changing.change(
        payment,
        leg,
        [LegItem.captured.set(amount), *changing.done()],
        to=LegStatus.CAPTURED,
        head=[PaymentHead.captured.set(payment.captured + amount)],
        data={"captured": amount},
    )
    posted = ledger.post(
        payment.subject,
        f"capture:{leg.id}:{leg.attempt}",
        leg.currency,
        ledger.captured(amount, leg.id, account),
        about={"leg": leg.id},
    )
    return (*changed, *posted, *_given_back(leg, leg.amount - amount))


def released(payment: Payment, leg: Leg) -> tuple[Part, ...]:
    """The parts that let go of a leg, and bring back what it holds."""
    head = [PaymentHead.authorized.set(payment.authorized - leg.amount)]
    changed = changing.change(payment, leg, changing.done(), to=LegStatus.VOIDED, head=head)
    return (*changed, *_given_back(leg, leg.amount))


def _account(leg: Leg, standing: Standing) -> str | None:
    return standing.cash if leg.provider == "cash" else balances.account(str(leg.balance_kind))


def _given_back(leg: Leg, amount: int) -> tuple[Part, ...]:
    if leg.provider == "cash" or amount == 0:
        return ()
    return balances.given_back(leg, amount)
