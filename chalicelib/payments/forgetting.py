"""Forgetting somebody: what they have saved to pay with, and who they are at Stripe.

What was paid stays as it is: refunds and disputes need it, and so does bookkeeping law. It names an
id at Stripe, of which Stripe has forgotten whose it was.
"""

from itertools import batched

from chalicelib.core import clock, dynamo, parts
from chalicelib.orders.order import Order
from chalicelib.payments import balances, customers, removing, wallet_gateway
from chalicelib.payments import payment as payments
from chalicelib.payments import wallet as wallets
from chalicelib.payments.gateway import RefusedError
from chalicelib.payments.payment import Subject
from chalicelib.payments.wallet import Wallet
from chalicelib.payments.wallet_models import (
    METHOD,
    MethodItem,
    MethodStatus,
    head_of,
    wallet_key,
)

TOGETHER = 50
UNKNOWN = "resource_missing"


def is_settled(order: Order) -> bool:
    """Whether what an ended order owes was taken, or given up by us (1 read)."""
    payment = payments.find(Subject("order", order.id)) if order.owed else None
    return payment is None or payment.taken + payment.written_off >= (order.owed or 0)


def left_over(person_id: str) -> list[str]:
    """The ids of somebody's balances in which there is something."""
    return [one.id for one in balances.owned_by(person_id) if one.amount]


def wallet(person_id: str) -> None:
    """Take every method from its customer at Stripe, and the customer away. Safe to repeat.

    Raises MethodNeededError (409) while something that is yet to be paid needs one, and
    gateway.GatewayError where Stripe does not answer: what is done stays done.
    """
    found = wallets.find(person_id)
    if found is None:
        return
    for method in found.methods:
        if method.is_held or method.status is MethodStatus.REMOVING:
            removing.remove(person_id, method.id)
    _leave_stripe(wallets.find(person_id) or found)
    items = dynamo.items(MethodItem, wallet_key(person_id), prefix=METHOD)
    for some in batched(items, TOGETHER, strict=False):
        parts.commit(*(parts.forget(one) for one in some))
    parts.commit(parts.forget(head_of(person_id)))


def _leave_stripe(found: Wallet) -> None:
    """Delete the customer, who may have been made though nobody noted it."""
    customer = found.customer or _unnoted(found)
    if customer is None:
        return
    try:
        wallet_gateway.delete_customer(customer)
    except RefusedError as error:
        if error.code != UNKNOWN:
            raise


def _unnoted(found: Wallet) -> str | None:
    age = (clock.now() - found.asked_at).total_seconds()
    return wallet_gateway.find_customer(found.person, customers.since(age))
