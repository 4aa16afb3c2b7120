"""Confirming a PaymentIntent, and what the customer does on the bank's or the wallet's page.

https://docs.stripe.com/payments/paymentintents/lifecycle
"""

from sandbox.stripe import charges, methods
from sandbox.stripe.account import Account
from sandbox.stripe.cards import DECLINES, Card
from sandbox.stripe.errors import CARD, StripeError, missing, not_possible, refused
from sandbox.stripe.params import Params
from sandbox.stripe.settling import WAITS, authorise, unexpected_state
from sandbox.stripe.store import Json

CONFIRMABLE = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
# A wallet's page is open for an hour, then the attempt is over and another may begin. Stripe does
# not publish the figure.
WALLET_WINDOW = 3600
# How long a wallet that says "processing" takes to say yes.
PROCESSING_TIME = 60

_CHALLENGES = frozenset({"any", "challenge"})
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


def confirm(account: Account, ident: str, params: Params) -> Json:
    """Try to pay. Raises 402 with the intent inside when the card is declined."""
    intent = account.named("payment_intent", ident)
    if intent["status"] not in CONFIRMABLE:
        raise unexpected_state(intent, "confirmed", *sorted(CONFIRMABLE))
    method = _method(account, intent, params)
    _check_method(account, intent, method)
    check_return(intent, method, params)
    _remember(intent, method, params)
    for what in WAITS:
        account.never(what, intent["id"])
    if methods.KINDS[method["type"]].redirects:
        _send_away(account, intent, params)
    else:
        _try_card(account, intent, method, params)
    return intent


def choose_method(account: Account, intent: Json, params: Params) -> Json | None:
    """The method that the parameters name, checked; None when they name none."""
    if params.get("payment_method_data"):
        method = methods.make(account, params["payment_method_data"])
    elif params.get("payment_method"):
        method = methods.resolve(account, params["payment_method"])
    else:
        return None
    _check_method(account, intent, method)
    return method


def _method(account: Account, intent: Json, params: Params) -> Json:
    method = choose_method(account, intent, params)
    if method is not None:
        return method
    if intent["payment_method"] is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. "
            "Update the PaymentIntent with a payment method and then confirm it again."
        )
        code = "payment_intent_unexpected_state"
        raise not_possible(message, code=code, details={"payment_intent": intent})
    return account.find("payment_method", intent["payment_method"])


def _check_method(account: Account, intent: Json, method: Json) -> None:
    kind = method["type"]
    if kind not in intent["payment_method_types"]:
        message = f"The PaymentMethod provided ({kind}) is not allowed for this PaymentIntent."
        code = "payment_intent_incompatible_payment_method"
        raise refused(message, code=code, param="payment_method")
    if method["customer"] not in {None, intent["customer"]}:
        message = "The provided PaymentMethod belongs to another Customer than the PaymentIntent."
        raise refused(message, param="payment_method")
    if account.find("traits", method["id"])["spent"]:
        message = (
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
            "attachment, or was detached from a Customer, and may not be used again."
        )
        raise refused(message, param="payment_method")


def check_return(intent: Json, method: Json, params: Params) -> None:
    """A redirect needs a way back, and so does an intent that might redirect."""
    if params.get("return_url"):
        return
    if methods.KINDS[method["type"]].redirects:
        raise missing("return_url")
    automatic = intent["automatic_payment_methods"]
    from_server = "client_secret" not in params and not params.get("use_stripe_sdk")
    if automatic and automatic["allow_redirects"] == "always" and from_server:
        message = (
            "This PaymentIntent is configured to accept payment methods that might redirect your "
            "customer, so you must provide a `return_url`, or set "
            "`automatic_payment_methods[allow_redirects]` to `never`."
        )
        raise refused(message, param="return_url")


def _remember(intent: Json, method: Json, params: Params) -> None:
    intent |= {"payment_method": method["id"], "next_action": None}
    for name in ("setup_future_usage", "receipt_email", "shipping"):
        if name in params:
            intent[name] = params[name]
    options = params.get("payment_method_options") or {}
    intent["payment_method_options"] = intent["payment_method_options"] | options


def _send_away(account: Account, intent: Json, params: Params) -> None:
    back = params["return_url"]
    page = f"{account.pages}/pages/wallet/{intent['id']}"
    redirect = {"type": "redirect_to_url", "redirect_to_url": {"url": page, "return_url": back}}
    account.after(WALLET_WINDOW, "abandon", intent["id"])
    _require_action(account, intent, redirect)


def _try_card(account: Account, intent: Json, method: Json, params: Params) -> None:
    card = methods.card_of(account, method)
    if card is None:
        raise KeyError(method["id"])
    saved = account.find("traits", method["id"])["saved"]
    if not must_authenticate(card, intent, saved=saved):
        settle_card(account, intent, card)
    elif params.get("off_session"):
        raise _decline(account, intent, "authentication_required")
    elif params.get("error_on_requires_action"):
        _fail(account, intent, "authentication_required", "Authentication is required.", {})
        raise _as_error(intent)
    else:
        _require_action(account, intent, _three_d_secure(account, intent, params))


def must_authenticate(card: Card, intent: Json, *, saved: bool) -> bool:
    options = intent["payment_method_options"].get("card") or {}
    return (
        card.authenticates == "always"
        or (card.authenticates == "until_saved" and not saved)
        or options.get("request_three_d_secure") in _CHALLENGES
    )


def _three_d_secure(account: Account, intent: Json, params: Params) -> Json:
    page = f"{account.pages}/pages/3ds/{intent['id']}"
    if params.get("return_url") and not params.get("use_stripe_sdk"):
        inner = {"url": page, "return_url": params["return_url"]}
        return {"type": "redirect_to_url", "redirect_to_url": inner}
    sdk = {"type": "three_d_secure_redirect", "stripe_js": page}
    return {"type": "use_stripe_sdk", "use_stripe_sdk": sdk}


def _require_action(account: Account, intent: Json, action: Json) -> None:
    intent |= {"status": "requires_action", "next_action": action}
    account.emit("payment_intent.requires_action", account.save(intent))


def settle_card(account: Account, intent: Json, card: Card) -> None:
    if card.declines:
        raise _decline(account, intent, card.declines)
    _pay(account, intent)


def _pay(account: Account, intent: Json) -> None:
    method = account.find("payment_method", intent["payment_method"])
    kind = method["type"]
    traits = account.find("traits", method["id"])
    options = intent["payment_method_options"].get(kind) or {}
    future = options.get("setup_future_usage") or intent["setup_future_usage"]
    if future in {"off_session", "on_session"} and intent["customer"]:
        method["customer"] = intent["customer"]
        traits = {**traits, "saved": True}
    spent = method["customer"] is None
    account.store.put("traits", method["id"], {**traits, "spent": spent})
    account.save(method)
    manual = "manual" in {options.get("capture_method"), intent["capture_method"]}
    authorise(account, intent, manual=manual and methods.KINDS[kind].manual_capture)


def _decline(account: Account, intent: Json, decline_code: str) -> StripeError:
    """Record the declined attempt; the error carries the intent, ready for another method."""
    code, message = DECLINES[decline_code]
    charge = charges.failed(account, intent, code, decline_code, message)
    intent["latest_charge"] = charge["id"]
    account.emit("charge.failed", charge)
    _fail(account, intent, code, message, {"decline_code": decline_code, "charge": charge["id"]})
    return _as_error(intent)


def _fail(account: Account, intent: Json, code: str, message: str, more: Json) -> None:
    method = account.find("payment_method", intent["payment_method"])
    kind = CARD if method["type"] == "card" else "invalid_request_error"
    error = {"type": kind, "code": code, "message": message, "payment_method": method, **more}
    intent |= {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    intent["last_payment_error"] = error
    for what in WAITS:
        account.never(what, intent["id"])
    account.emit("payment_intent.payment_failed", account.save(intent))


def _as_error(intent: Json) -> StripeError:
    told = intent["last_payment_error"]
    details = {**told, "payment_intent": intent}
    return StripeError(402, told["type"], told["message"], code=told["code"], details=details)


def answer_challenge(account: Account, ident: str, *, approved: bool) -> Json:
    """The customer passed or failed 3-D Secure at the bank."""
    intent = _waiting(account, ident, redirects=False)
    if not approved:
        _fail(account, intent, *_FAILURES["authentication"], {})
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
        _pay(account, intent)
    elif outcome == "decline":
        _fail(account, intent, *_FAILURES["wallet"], {})
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
        _fail(account, intent, *_FAILURES["time"], {})


def finish(account: Account, ident: str) -> None:
    intent = account.find("payment_intent", ident)
    if intent["status"] == "processing":
        _pay(account, intent)


def _waiting(account: Account, ident: str, *, redirects: bool) -> Json:
    intent = account.named("payment_intent", ident)
    if intent["status"] != "requires_action":
        raise unexpected_state(intent, "answered", "requires_action")
    method = account.find("payment_method", intent["payment_method"])
    if methods.KINDS[method["type"]].redirects is not redirects:
        raise not_possible(f"This PaymentIntent waits for another page: {method['type']}.")
    return intent
