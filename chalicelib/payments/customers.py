"""The customer at Stripe who stands for a person: made at the first need, once.

That we are about to ask is written first, with the attempt that names the key. An answer that was
lost is found again by the key, or in a list of those made since.
"""

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.payments import wallet_changing as changing
from chalicelib.payments import wallet_gateway
from chalicelib.payments.gateway import (
    CLOCKS_APART_SECONDS,
    KEYS_REMEMBERED_SECONDS,
    UnknownOutcomeError,
)
from chalicelib.payments.wallet import Wallet
from chalicelib.payments.wallet_changing import RACES
from chalicelib.payments.wallet_models import WalletHead

NEVER_ANSWERED_SECONDS = 60
"""After so long no request of ours is under way any more: a list at Stripe tells what it did."""


def customer_of(person: str) -> str:
    """The person's customer at Stripe, made at the first need. Raises gateway.GatewayError."""
    for _ in range(RACES):
        wallet = changing.ensure(person)
        if wallet.customer:
            return wallet.customer
        customer = _ask_for_customer(wallet)
        try:
            if customer:
                parts.commit(changing.bump(wallet, [WalletHead.customer.set(customer)]))
                return customer
            again = [
                WalletHead.attempt.set(wallet.attempt + 1),
                WalletHead.asked_at.set(clock.stamp(clock.now())),
            ]
            parts.commit(changing.bump(wallet, again))
        except BusyError:
            continue
    raise BusyError


def _ask_for_customer(wallet: Wallet) -> str | None:
    """The customer, made or found; None where it never was made and another key is due."""
    age = (clock.now() - wallet.asked_at).total_seconds()
    if age > KEYS_REMEMBERED_SECONDS:
        return wallet_gateway.find_customer(wallet.person, since(age))
    try:
        return wallet_gateway.create_customer(wallet.person, wallet.attempt)
    except UnknownOutcomeError:
        found = wallet_gateway.find_customer(wallet.person, since(age))
        if found is None and age < NEVER_ANSWERED_SECONDS:
            raise
        return found


def since(age: float) -> int:
    """A moment at Stripe that is surely before what was asked so many seconds ago."""
    return int(clock.wall_now() - age) - CLOCKS_APART_SECONDS
