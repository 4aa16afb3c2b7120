"""From an authorisation on: capture, cancel, expire. https://docs.stripe.com/payments/place-a-hold-on-a-payment-method."""

from sandbox.stripe.account import Account
from sandbox.stripe.balance import record_charge
from sandbox.stripe.charges import approved
from sandbox.stripe.errors import not_possible, refused
from sandbox.stripe.money import check_decimals
from sandbox.stripe.params import Params, merged_metadata
from sandbox.stripe.store import Json

CANCELABLE = frozenset(
    {"requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"}
)
# What an attempt may still be waiting for.
WAITS = ("expire", "abandon", "finish")


def authorise(account: Account, intent: Json, *, held_for: int | None) -> None:
    """The customer's bank has said yes: hold the amount for some seconds, or take it at once."""
    charge = approved(account, intent, held_for=held_for)
    intent |= {"latest_charge": charge["id"], "next_action": None, "last_payment_error": None}
    if held_for is not None:
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
        account.after(held_for, "expire", intent["id"])
        account.save(intent)
        account.emit("charge.succeeded", charge)
        account.emit("payment_intent.amount_capturable_updated", intent)
        return
    _take(account, intent, charge, intent["amount"])
    account.emit("charge.succeeded", charge)
    account.emit("payment_intent.succeeded", intent)


def capture(account: Account, ident: str, params: Params) -> Json:
    """Take at most what is held, once; the rest is released with it.

    https://docs.stripe.com/api/payment_intents/capture
    """
    intent = account.named("payment_intent", ident)
    if intent["status"] != "requires_capture":
        raise unexpected_state(intent, "captured", "requires_capture")
    held = intent["amount_capturable"]
    amount = params.get("amount_to_capture") or held
    if amount > held:
        message = f"The amount to capture ({amount}) is greater than the amount held ({held})."
        raise not_possible(message, code="amount_too_large", param="amount_to_capture")
    check_decimals(amount, intent["currency"], "amount_to_capture")
    if params.get("final_capture") is False:
        raise refused("final_capture: this account has no multicapture", param="final_capture")
    intent["metadata"] = merged_metadata(intent["metadata"], params.get("metadata"))
    charge = account.find("charge", intent["latest_charge"])
    _take(account, intent, charge, amount)
    account.emit("charge.captured", charge)
    account.emit("payment_intent.succeeded", intent)
    return intent


def _take(account: Account, intent: Json, charge: Json, amount: int) -> None:
    _stop_waiting(account, intent)
    charge |= {"captured": True, "amount_captured": amount}
    charge["balance_transaction"] = record_charge(account, charge, amount)
    intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
    account.save(charge)
    account.save(intent)


def cancel(account: Account, ident: str, params: Params) -> Json:
    """Give up the payment and release what is held. https://docs.stripe.com/api/payment_intents/cancel."""
    intent = account.named("payment_intent", ident)
    if intent["status"] not in CANCELABLE:
        raise unexpected_state(intent, "canceled", *sorted(CANCELABLE))
    release(account, intent, params.get("cancellation_reason"))
    return intent


def release(account: Account, intent: Json, reason: str | None) -> None:
    """No refund comes of it: `amount_refunded` stays 0 and `charge.expired` tells the release.

    https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow
    """
    held = intent["status"] == "requires_capture"
    _stop_waiting(account, intent)
    intent |= {"status": "canceled", "canceled_at": account.now(), "cancellation_reason": reason}
    intent |= {"amount_capturable": 0, "next_action": None}
    account.save(intent)
    if held:
        account.emit("charge.expired", account.find("charge", intent["latest_charge"]))
    account.emit("payment_intent.canceled", intent)


def expire(account: Account, ident: str) -> None:
    """An authorisation that nobody captured in time. Until 2025 the reason was `automatic`."""
    intent = account.find("payment_intent", ident)
    if intent["status"] == "requires_capture":
        release(account, intent, "expired")


def _stop_waiting(account: Account, intent: Json) -> None:
    for what in WAITS:
        account.never(what, intent["id"])


def unexpected_state(intent: Json, done: str, *allowed: str) -> Exception:
    message = (
        f"This PaymentIntent could not be {done} because it has a status of {intent['status']}. "
        f"Only a PaymentIntent with one of the following statuses may be {done}: "
        f"{', '.join(allowed)}."
    )
    code = "payment_intent_unexpected_state"
    return not_possible(message, code=code, details={"payment_intent": intent})
