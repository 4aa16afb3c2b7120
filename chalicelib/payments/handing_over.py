"""An order that a guest paid for is an account's now: its payment follows, and what came back.

The order's event names the guest. Their payments name the account from here on, so that what is
given back finds it; a wallet that was opened for the guest meanwhile changes its owner, and a
payment that failed meanwhile counts for the account.
"""

from chalicelib.core import parts
from chalicelib.core.errors import BusyError
from chalicelib.orders import reading as orders
from chalicelib.orders import tallies_claimed
from chalicelib.payments import balances, changing
from chalicelib.payments import payment as payments
from chalicelib.payments.models import PaymentHead
from chalicelib.payments.payment import Subject

RACES = 6


def follow(order_id: str, version: int) -> None:
    """Let what a guest paid, and was given, be the account's. Safe to repeat. BusyError (409)."""
    order = orders.find(order_id)
    told = orders.events_after(order_id, version - 1, 1)
    guest_id = str(told[0].data.get("guest_id", "")) if told else ""
    if order is None or not guest_id:
        return
    for _ in range(RACES):
        try:
            _hand_over(Subject("order", order_id), guest_id, order.customer_id)
        except BusyError:
            continue
        return
    raise BusyError


def _hand_over(subject: Subject, guest_id: str, account: str) -> None:
    """The payer first: then no payment of this order pays into the guest's wallet any more."""
    payment = payments.find(subject)
    if payment and payment.payer == guest_id:
        parts.commit(changing.bump(payment, [PaymentHead.payer.set(account)]))
    tallies_claimed.hand_over(guest_id, account)
    for balance in balances.owned_by(guest_id):
        parts.commit(*balances.passed_on(balance, account))
