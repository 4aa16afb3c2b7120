"""Saving what one pays with: a setup for each method, and its outcome.

Intent first: the method is written before Stripe is asked, under keys that any repetition shares.
The browser, Stripe's event and the sweep run the same `settle`; what an event says is never
believed.
"""

from datetime import UTC, datetime

from pynamodb.expressions.update import Action

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.settings import settings
from chalicelib.core.telemetry import log
from chalicelib.payments import customers, wallet_gateway
from chalicelib.payments import wallet as wallets
from chalicelib.payments import wallet_changing as changing
from chalicelib.payments.gateway import KEYS_REMEMBERED_SECONDS, RefusedError, UnknownOutcomeError
from chalicelib.payments.wallet import SavedMethod, Wallet
from chalicelib.payments.wallet_changing import LOOK_AGAIN_SECONDS, RACES
from chalicelib.payments.wallet_gateway import Instrument, Setup
from chalicelib.payments.wallet_models import MethodItem, MethodStatus


def open_setup(person: str, method_id: str) -> Setup:
    """The setup of a method, made and noted if it was not yet.

    Raises NotFoundError for an unknown method, gateway.GatewayError.
    """
    for _ in range(RACES):
        wallet, method = wallets.demand(person, method_id)
        setup = setup_of(wallet, method)
        if method.setup_id or method.status is not MethodStatus.OPENING:
            return setup
        wallet = changing.ensure(person)  # making the customer has moved it on
        noted = [
            MethodItem.setup_id.set(setup.id),
            *changing.look_again(person, LOOK_AGAIN_SECONDS),
        ]
        try:
            parts.commit(*changing.change(wallet, method, noted, to=MethodStatus.OPEN))
        except BusyError:
            continue
        return setup
    raise BusyError


def setup_of(wallet: Wallet, method: SavedMethod) -> Setup:
    """The setup of a method at Stripe: retrieved, or made, or found if its making was cut off.

    Raises gateway.GatewayError: RefusedError where it never was made and never will be.
    """
    if method.setup_id:
        return wallet_gateway.retrieve_setup(method.setup_id)
    customer = customers.customer_of(wallet.person)
    if method.age > KEYS_REMEMBERED_SECONDS:
        found = wallet_gateway.find_setup(customer, method.id, customers.since(method.age))
        if found is None:
            raise RefusedError("never_made")
        return found
    try:
        return wallet_gateway.create_setup(
            wallet.person, method.id, customer, method.method, method.attempt
        )
    except UnknownOutcomeError:
        found = wallet_gateway.find_setup(customer, method.id, customers.since(method.age))
        if found is None:
            _try_anew(wallet.person, method)
            raise
        return found


def _try_anew(person: str, method: SavedMethod) -> None:
    """Stripe repeats a 500 under its key: what surely was not made is asked for under another."""
    if method.age >= customers.NEVER_ANSWERED_SECONDS:
        anew = [MethodItem.attempt.set(method.attempt + 1)]
        parts.commit(*changing.change(changing.ensure(person), method, anew))


def settle(person: str, method_id: str) -> SavedMethod:
    """Bring a method to what Stripe says of its setup. Safe to repeat, to race, and to die in.

    Raises NotFoundError for an unknown method, gateway.GatewayError where Stripe does not tell.
    """
    for _ in range(RACES):
        wallet, method = wallets.demand(person, method_id)
        if method.status is MethodStatus.OPENING:
            open_setup(person, method_id)
            continue
        if method.status is not MethodStatus.OPEN:
            return method
        learnt = _learn(wallet, method, setup_of(wallet, method))
        if not learnt:
            return method
        try:
            parts.commit(*learnt)
        except BusyError:
            continue
    raise BusyError


def _learn(wallet: Wallet, method: SavedMethod, setup: Setup) -> tuple[Part, ...]:
    """The parts that say what is new. None where nothing is."""
    if setup.status == "succeeded" and setup.instrument:
        accepted = datetime.fromtimestamp(setup.accepted_at, UTC) if setup.accepted_at else None
        actions = [
            *_shown(setup.instrument),
            MethodItem.saved_at.set(clock.stamp(clock.now())),
            MethodItem.accepted_at.set(clock.stamp(accepted or method.accepted_at)),
            *([MethodItem.mandate_id.set(setup.mandate_id)] if setup.mandate_id else []),
            MethodItem.decline_code.remove(),
            *changing.leave_alone(),
        ]
        log("A payment method was saved", method=method.method)
        return changing.change(
            wallet, method, actions,
            to=MethodStatus.SAVED, head=changing.first(wallet, method.id), told="saved",
        )  # fmt: skip
    if setup.status == "canceled":
        return changing.change(wallet, method, changing.leave_alone(), to=MethodStatus.REMOVED)
    if setup.decline_code and setup.decline_code != method.decline_code:
        return changing.change(wallet, method, [MethodItem.decline_code.set(setup.decline_code)])
    return ()


def _shown(instrument: Instrument) -> list[Action]:
    """What is kept of a method: its id at Stripe, and what is printed on a receipt."""
    kept = [
        MethodItem.instrument.set(instrument.id),
        MethodItem.brand.set(instrument.brand) if instrument.brand else None,
        MethodItem.last4.set(instrument.last4) if instrument.last4 else None,
        MethodItem.exp_month.set(instrument.exp_month) if instrument.exp_month else None,
        MethodItem.exp_year.set(instrument.exp_year) if instrument.exp_year else None,
    ]
    return [action for action in kept if action is not None]


def hear(setup_id: str) -> bool:
    """What Stripe's event of a setup asks for. Whether it was ours."""
    setup = wallet_gateway.retrieve_setup(setup_id)
    if setup.env != settings().tables or not setup.method_id:
        return False
    settle(setup.person, setup.method_id)
    return True
