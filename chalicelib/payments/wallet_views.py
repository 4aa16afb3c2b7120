"""What a person does with their own wallet, and how it is shown to them. Nobody else's is there."""

from chalicelib.core import clock, idempotency, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.rights import Caller, Right
from chalicelib.core.telemetry import alarm
from chalicelib.payments import gateway, removing, rights, saving
from chalicelib.payments import wallet as wallets
from chalicelib.payments import wallet_changing as changing
from chalicelib.payments.errors import (
    MethodLimitError,
    MethodNotSavedError,
    ProviderUnavailableError,
)
from chalicelib.payments.wallet import SavedMethod, Wallet
from chalicelib.payments.wallet_changing import FINISH_SECONDS, RACES
from chalicelib.payments.wallet_models import MethodStatus, WalletHead, due_shard, new_method
from chalicelib.payments.wallet_schemas import (
    Expiry,
    MandateView,
    MethodList,
    MethodView,
    NewMethod,
    OpenedMethod,
    SavableName,
)

MOST_METHODS = 20


def open_method(caller: Caller, key: Key, new: NewMethod) -> tuple[OpenedMethod, bool]:
    """Begin to save a method. The answer, and whether it repeats an earlier one.

    Raises KeyReusedError (422) and KeyInFlightError (409) for the key, MethodLimitError (409),
    ProviderUnavailableError (503), after which repeating the request goes on where it stopped.
    """
    method_id = ids.new("pmt")
    for _ in range(RACES):
        wallet = changing.ensure(caller.id)
        item = new_method(caller.id, method_id, new.method, clock.now())
        item.due_shard = due_shard(caller.id)
        item.due_at = clock.stamp(clock.after(FINISH_SECONDS))
        claim = idempotency.claim(key, method_id)
        try:
            _demand_room(wallet, key)
            parts.commit(claim, *changing.add(wallet, item))
        except RepeatedError as repeated:
            idempotency.resume(key, repeated.record)
            done = bool(repeated.record.done)
            return _open(caller, key, repeated.record.subject, new.method, done=done), True
        except BusyError:
            continue
        return _open(caller, key, method_id, new.method, done=False), False
    raise BusyError


def _demand_room(wallet: Wallet, key: Key) -> None:
    if sum(one.is_held for one in wallet.methods) < MOST_METHODS:
        return
    record = idempotency.find(key)
    if record is None:
        raise MethodLimitError
    raise RepeatedError(record)


def _open(
    caller: Caller, key: Key, method_id: str, method: SavableName, *, done: bool
) -> OpenedMethod:
    try:
        setup = saving.open_setup(caller.id, method_id)
    except gateway.GatewayError as error:
        alarm("Stripe did not open a setup", code=error.code)
        if not done:
            idempotency.release(key)
        raise ProviderUnavailableError(retry_after=1) from error
    if not done:
        parts.commit(idempotency.finish(key))
    return OpenedMethod(
        id=method_id, method=method, setup_id=setup.id, client_secret=setup.client_secret
    )


def listing(caller: Caller) -> MethodList:
    """What the caller can pay with, the default first."""
    wallet = wallets.find(caller.id)
    saved = [view(wallet, one) for one in wallet.saved] if wallet else []
    return MethodList(items=saved)


def confirm(caller: Caller, method_id: str) -> MethodView:
    """What Stripe says of a setup by now, noted. Raises ProviderUnavailableError (503)."""
    _demand(caller, method_id, rights.METHOD_CONFIRM)
    try:
        saving.settle(caller.id, method_id)
    except gateway.GatewayError as error:
        raise ProviderUnavailableError(retry_after=1) from error
    return view(*_demand(caller, method_id, rights.METHOD_CONFIRM))


def set_default(caller: Caller, method_id: str) -> MethodView:
    """Let a method be the first to be offered, and charged. Raises MethodNotSavedError (409)."""
    for _ in range(RACES):
        wallet, method = _demand(caller, method_id, rights.METHOD_SET_DEFAULT)
        if method.status is not MethodStatus.SAVED:
            raise MethodNotSavedError
        if wallet.default == method_id:
            return view(wallet, method)
        try:
            parts.commit(changing.bump(wallet, [WalletHead.default.set(method_id)]))
        except BusyError:
            continue
    raise BusyError


def remove(caller: Caller, method_id: str) -> None:
    """Remove a method. Safe to repeat. Raises MethodNeededError (409), ProviderUnavailableError."""
    wallet = wallets.find(caller.id)
    rights.METHOD_REMOVE.demand(caller, own=bool(wallet and wallet.method(method_id)))
    try:
        removing.remove(caller.id, method_id)
    except gateway.GatewayError as error:
        raise ProviderUnavailableError(retry_after=1) from error


def _demand(caller: Caller, method_id: str, right: Right) -> tuple[Wallet, SavedMethod]:
    """The caller's own method. Somebody else's, and one that is gone, is not there (404)."""
    wallet, method = wallets.demand(caller.id, method_id)
    right.demand(caller, own=method.is_held)
    return wallet, method


def view(wallet: Wallet, method: SavedMethod) -> MethodView:
    month, year = method.exp_month, method.exp_year
    return MethodView(
        id=method.id,
        method=method.method,
        status="saved" if method.status is MethodStatus.SAVED else "pending",
        default=wallet.default == method.id,
        brand=method.brand,
        last4=method.last4,
        expires=Expiry(month=month, year=year) if month and year else None,
        mandate=MandateView(
            id=method.mandate_id, accepted_at=method.accepted_at, how=method.accepted_how
        ),
        saved_at=method.saved_at,
        decline_code=method.decline_code,
    )
