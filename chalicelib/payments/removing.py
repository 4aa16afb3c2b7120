"""A saved method goes: written down first, then taken from its customer at Stripe, then forgotten.

What a person began to save and never finished goes the same way, most of a day later.
"""

from pynamodb.expressions.update import Action

from chalicelib.core import parts
from chalicelib.core.errors import BusyError
from chalicelib.core.telemetry import log
from chalicelib.payments import saving, wallet_gateway
from chalicelib.payments import wallet as wallets
from chalicelib.payments import wallet_changing as changing
from chalicelib.payments.errors import MethodNeededError
from chalicelib.payments.gateway import KEYS_REMEMBERED_SECONDS, RefusedError, UnknownOutcomeError
from chalicelib.payments.wallet import SavedMethod, Wallet
from chalicelib.payments.wallet_changing import RACES
from chalicelib.payments.wallet_models import MethodItem, MethodStatus, WalletHead

ABANDONED_SECONDS = KEYS_REMEMBERED_SECONDS
LONGEST_PAUSE_SECONDS = 3600


def remove(person: str, method_id: str) -> None:
    """Remove a method: from now on nobody pays with it. Safe to repeat.

    Raises NotFoundError for an unknown method, MethodNeededError (409) while something that is yet
    to be paid needs it, gateway.GatewayError where Stripe does not answer: it is taken up again.
    """
    for _ in range(RACES):
        wallet, method = wallets.demand(person, method_id)
        if method.needed:
            raise MethodNeededError
        if not method.is_held:
            break
        actions = changing.look_again(person, changing.FINISH_SECONDS)
        head = _next_default(wallet, method)
        gone = changing.change(wallet, method, actions, to=MethodStatus.REMOVING, head=head)
        try:
            parts.commit(*gone)
        except BusyError:
            continue
        break
    else:
        raise BusyError
    let_go(person, method_id)


def _next_default(wallet: Wallet, method: SavedMethod) -> list[Action]:
    """What is used first once this is gone: what was saved last."""
    if wallet.default != method.id:
        return []
    others = [one for one in wallet.saved if one.id != method.id]
    if not others:
        return [WalletHead.default.remove()]
    latest = max(others, key=lambda one: one.saved_at or one.opened_at)
    return [WalletHead.default.set(latest.id)]


def let_go(person: str, method_id: str) -> None:
    """Finish a removal that was written down. Nothing of the method's looks is kept."""
    for _ in range(RACES):
        wallet, method = wallets.demand(person, method_id)
        if method.status is not MethodStatus.REMOVING:
            return
        _detach(wallet, method)
        wallet = changing.ensure(person)  # Stripe may have been asked for the customer
        looks = (
            MethodItem.brand, MethodItem.last4, MethodItem.exp_month, MethodItem.exp_year,
            MethodItem.instrument, MethodItem.decline_code,
        )  # fmt: skip
        actions = [*(one.remove() for one in looks), *changing.leave_alone()]
        told = "removed" if method.saved_at else None
        try:
            parts.commit(
                *changing.change(wallet, method, actions, to=MethodStatus.REMOVED, told=told)
            )
        except BusyError:
            continue
        log("A payment method was removed", method=method.method)
        return
    raise BusyError


def _detach(wallet: Wallet, method: SavedMethod) -> None:
    """Nobody can save by the setup, and nothing that it saved is the customer's any more."""
    instrument_id = method.instrument or _unsaved(wallet, method)
    if instrument_id is None:
        return
    try:
        wallet_gateway.detach(instrument_id)
    except (RefusedError, UnknownOutcomeError):
        if wallet_gateway.retrieve_instrument(instrument_id).customer is not None:
            raise


def _unsaved(wallet: Wallet, method: SavedMethod) -> str | None:
    """End the setup of a method. What it has saved though nobody had noted it, by its id."""
    try:
        setup = saving.setup_of(wallet, method)
    except RefusedError:
        return None
    if setup.status not in {"succeeded", "canceled"}:
        try:
            wallet_gateway.cancel_setup(setup.id)
        except RefusedError:
            setup = wallet_gateway.retrieve_setup(setup.id)
    return setup.instrument.id if setup.status == "succeeded" and setup.instrument else None


def resume(person: str, method_id: str) -> None:
    """Take up a method that is due: finish what was cut off, see what came of a setup, end it.

    Raises gateway.GatewayError where Stripe does not answer: it stays due.
    """
    _, method = wallets.demand(person, method_id)
    if method.status is MethodStatus.REMOVING:
        let_go(person, method_id)
        return
    if method.age > ABANDONED_SECONDS:
        _give_up(person, method_id)
        return
    wallet, method = _settled(person, method_id)
    if method.status is MethodStatus.OPEN:
        pause = min(max(method.age, changing.LOOK_AGAIN_SECONDS), LONGEST_PAUSE_SECONDS)
        parts.commit(*changing.change(wallet, method, changing.look_again(person, pause)))


def _settled(person: str, method_id: str) -> tuple[Wallet, SavedMethod]:
    saving.settle(person, method_id)
    return wallets.demand(person, method_id)


def _give_up(person: str, method_id: str) -> None:
    """So long is enough to confirm a setup. One that was confirmed at the last moment is kept."""
    try:
        _, method = _settled(person, method_id)
    except RefusedError:  # it never was made
        _, method = wallets.demand(person, method_id)
    if method.is_held and method.status is not MethodStatus.SAVED:
        remove(person, method_id)
