"""Paying with what was saved, and saving what was paid with."""

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.payments import customers, wallet_gateway
from chalicelib.payments import wallet as wallets
from chalicelib.payments import wallet_changing as changing
from chalicelib.payments.errors import PaymentsImpossibleError
from chalicelib.payments.gateway import Intent, RefusedError
from chalicelib.payments.payment import Leg
from chalicelib.payments.schemas import PaymentRequest
from chalicelib.payments.wallet_changing import RACES
from chalicelib.payments.wallet_gateway import FOR_LATER, Saved
from chalicelib.payments.wallet_models import MethodStatus, new_method

OVER = frozenset({"requires_capture", "succeeded", "canceled"})
"""An intent that was paid, or let go of, perhaps after it was: Stripe keeps the method then."""


def terms(payer: str, leg: Leg) -> dict[str, str]:
    """What an intent says of the payer: which saved method is offered, or that one is to be saved.

    Where the charge of one for later was refused the payer begins anew, with another. Raises
    gateway.GatewayError.
    """
    if leg.stage:
        return {}
    if leg.method_id:
        wallet, method = wallets.demand(payer, leg.method_id)
        return {"customer": wallet.customer or "", "payment_method": method.instrument or ""}
    if leg.saves:
        return {"customer": customers.customer_of(payer), **FOR_LATER}
    return {}


def chosen(payer: str, request: PaymentRequest, pointer: str) -> tuple[Part, ...]:
    """The parts that demand of a saved method, if one is named, that it still is.

    Raises PaymentsImpossibleError (422) for one that the payer does not have, or of another kind.
    """
    if request.method_id is None:
        return ()
    wallet = wallets.find(payer)
    method = wallet.method(request.method_id) if wallet else None
    detail = "You have not saved this payment method."
    if method is not None and method.method != request.method:
        detail = f"This payment method is of the kind {method.method}."
    refused = PaymentsImpossibleError(errors=[{"pointer": pointer, "detail": detail}])
    if method is None or method.instrument is None or method.method != request.method:
        raise refused
    return (changing.check(payer, method.id, refused),)


def needed(payer: str, method_id: str, pointer: str) -> tuple[Saved, tuple[Part, ...]]:
    """What is charged later by a saved method, and the parts that hold on to it until then.

    Raises PaymentsImpossibleError (422) where it is gone, which is the failure of the parts, too.
    """
    detail = "You have not saved this payment method."
    refused = PaymentsImpossibleError(errors=[{"pointer": pointer, "detail": detail}])
    saved = chargeable(payer, method_id)
    if saved is None:
        raise refused
    return saved, (changing.need(payer, method_id, refused),)


def released(payer: str, leg: Leg) -> tuple[Part, ...]:
    """The parts by which a leg lets go of the saved method that it held on to."""
    return (changing.need(payer, leg.method_id or "", BusyError(), times=-1),)


def is_kept(payer: str, leg: Leg) -> bool:
    """Whether its payer keeps what a leg for later was saved by: it was asked for, and charged."""
    wallet = wallets.find(payer) if leg.saves else None
    method = wallet.method(_named(leg)) if wallet else None
    return method is not None and method.instrument == leg.instrument


def _named(leg: Leg) -> str:
    """The id of the method that a payment leaves behind."""
    return f"pmt_{leg.id.partition('_')[2]}"


def adopt(payer: str, leg: Leg, intent: Intent) -> None:
    """Keep what a payment was paid with, whose payer asked for it, before the payment moves on.

    Safe to repeat: the method is named after its payment. One that was removed since stays so.
    Raises gateway.GatewayError where Stripe does not tell, but no refusal holds the money up.
    """
    if not (leg.saves and leg.is_open and intent.status in OVER and intent.instrument):
        return
    try:
        instrument = wallet_gateway.retrieve_instrument(intent.instrument)
    except RefusedError:
        return
    method_id = _named(leg)
    for _ in range(RACES):
        wallet = changing.ensure(payer)
        if wallet.method(method_id) or instrument.customer != wallet.customer:
            return
        item = new_method(payer, method_id, instrument.method, leg.opened_at)
        item.status, item.saved_at = MethodStatus.SAVED, clock.stamp(clock.now())
        item.instrument, item.brand, item.last4 = instrument.id, instrument.brand, instrument.last4
        item.exp_month, item.exp_year = instrument.exp_month, instrument.exp_year
        try:
            parts.commit(*changing.add(wallet, item, changing.first(wallet, method_id)))
        except BusyError:
            continue
        return
    raise BusyError


def chargeable(person: str, method_id: str | None = None) -> Saved | None:
    """What of a person's can be charged with them away: a method, or their default; or None."""
    wallet = wallets.find(person)
    found = [one for one in wallet.saved if method_id in {None, one.id}] if wallet else []
    if wallet is None or not found:
        return None
    return Saved(wallet.customer or "", found[0].instrument or "", found[0].method)
