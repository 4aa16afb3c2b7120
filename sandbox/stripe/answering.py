"""What the customer does on the bank's or the wallet's page, or does not do in time."""

from sandbox.stripe import methods
from sandbox.stripe.account import Account
from sandbox.stripe.confirming import PROCESSING_TIME, fail, pay, settle_card
from sandbox.stripe.errors import StripeError, not_possible, refused
from sandbox.stripe.settling import unexpected_state
from sandbox.stripe.store import Json

_FAILURES = {
    "authentication": (
        "payment_intent_authentication_failure",
        "The provided PaymentMethod has failed authentication. You can provide another one.",
    ),
    "wallet": (
        "payment_intent_payment_attempt_failed",
        "The payment failed: the customer's wallet declined it.",
    ),
    "time": (
        "payment_intent_payment_attempt_expired",
        "The latest payment attempt of the PaymentIntent has expired.",
    ),
}


def answer_challenge(account: Account, ident: str, *, approved: bool) -> Json:
    """The customer passed or failed 3-D Secure at the bank."""
    intent = _waiting(account, ident, redirects=False)
    if not approved:
        fail(account, intent, *_FAILURES["authentication"], {})
        return intent
    card = methods.card_of(account, account.find("payment_method", intent["payment_method"]))
    if card is None:
        raise KeyError(ident)
    try:
        settle_card(account, intent, card)
    except StripeError:  # declined after the challenge: the intent itself tells it
        return intent
    return intent


def answer_wallet(account: Account, ident: str, outcome: str) -> Json:
    """The customer's choice on the wallet's page: approve, decline, leave, or a slow yes."""
    intent = _waiting(account, ident, redirects=True)
    if outcome == "approve":
        pay(account, intent)
    elif outcome == "decline":
        fail(account, intent, *_FAILURES["wallet"], {})
    elif outcome == "processing":
        account.never("abandon", ident)
        intent |= {"status": "processing", "next_action": None}
        account.after(PROCESSING_TIME, "finish", ident)
        account.emit("payment_intent.processing", account.save(intent))
    elif outcome != "leave":
        raise refused("outcome: must be approve, decline, processing or leave", param="outcome")
    return intent


def abandon(account: Account, ident: str) -> None:
    """The wallet's page was left open too long."""
    intent = account.find("payment_intent", ident)
    if intent["status"] == "requires_action":
        fail(account, intent, *_FAILURES["time"], {})


def finish(account: Account, ident: str) -> None:
    intent = account.find("payment_intent", ident)
    if intent["status"] == "processing":
        pay(account, intent)


def _waiting(account: Account, ident: str, *, redirects: bool) -> Json:
    intent = account.named("payment_intent", ident)
    if intent["status"] != "requires_action":
        raise unexpected_state(intent, "answered", "requires_action")
    method = account.find("payment_method", intent["payment_method"])
    if methods.KINDS[method["type"]].redirects is not redirects:
        raise not_possible(f"This PaymentIntent waits for another page: {method['type']}.")
    return intent
