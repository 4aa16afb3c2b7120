"""Confirming a PaymentIntent: held or taken, declined, or sent to the bank's or wallet's page.

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
    if not methods.KINDS[method["type"]].redirects:
        _try_card(account, intent, method, params)
    elif params.get("off_session"):
        _charge_wallet(account, intent, method)
    else:
        _send_away(account, intent, params)
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
    methods.check_owner(method, intent["customer"], "PaymentIntent")
    methods.check_unspent(account, method)


def check_return(intent: Json, method: Json, params: Params) -> None:
    """A redirect needs a way back, and so does an intent that might redirect."""
    if params.get("return_url"):
        return
    if methods.KINDS[method["type"]].redirects and not params.get("off_session"):
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


def _charge_wallet(account: Account, intent: Json, method: Json) -> None:
    """Nobody is there to approve it: a mandate from an earlier setup must do."""
    if not account.find("traits", method["id"])["saved"]:
        message = "This PaymentMethod has no mandate for payments without the customer."
        code = "payment_intent_mandate_invalid"
        raise not_possible(message, code=code, details={"payment_intent": intent})
    pay(account, intent, off_session=True)


def _try_card(account: Account, intent: Json, method: Json, params: Params) -> None:
    card = methods.card_of(account, method)
    if card is None:
        raise KeyError(method["id"])
    off_session = bool(params.get("off_session"))
    saved = account.find("traits", method["id"])["saved"]
    if not must_authenticate(card, intent, saved=saved, off_session=off_session):
        settle_card(account, intent, card, off_session=off_session)
    elif off_session:
        raise _decline(account, intent, "authentication_required")
    elif params.get("error_on_requires_action"):
        fail(account, intent, "authentication_required", "Authentication is required.", {})
        raise _as_error(intent)
    else:
        _require_action(account, intent, _three_d_secure(account, intent, params))


def must_authenticate(card: Card, intent: Json, *, saved: bool, off_session: bool) -> bool:
    """Whether the customer has to. One whose card knows no 3-D Secure is never prompted."""
    options = intent["payment_method_options"].get("card") or {}
    if card.authenticates == "never":
        return False
    return (
        card.authenticates == "always"
        or (card.authenticates == "until_saved" and not saved)
        or (card.authenticates == "on_session" and not off_session)
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


def settle_card(account: Account, intent: Json, card: Card, *, off_session: bool = False) -> None:
    method = account.find("payment_method", intent["payment_method"])
    reason = "expired_card" if methods.is_expired(account, method) else card.declines
    if reason:
        raise _decline(account, intent, reason)
    pay(account, intent, off_session=off_session)


def pay(account: Account, intent: Json, *, off_session: bool = False) -> None:
    """The bank or the wallet said yes. A method that is to be used again becomes the customer's."""
    method = account.find("payment_method", intent["payment_method"])
    kind = method["type"]
    traits = account.find("traits", method["id"])
    options = intent["payment_method_options"].get(kind) or {}
    future = options.get("setup_future_usage") or intent["setup_future_usage"]
    if future in {"off_session", "on_session"} and intent["customer"]:
        methods.join(account, method, intent["customer"])
        traits = {**traits, "saved": True}
    spent = method["customer"] is None
    account.store.put("traits", method["id"], {**traits, "spent": spent})
    manual = "manual" in {options.get("capture_method"), intent["capture_method"]}
    holds = manual and methods.KINDS[kind].manual_capture
    seconds = charges.window(account, intent, off_session=off_session)
    authorise(account, intent, held_for=seconds if holds else None)


def _decline(account: Account, intent: Json, decline_code: str) -> StripeError:
    """Record the declined attempt; the error carries the intent, ready for another method."""
    code, message = DECLINES[decline_code]
    charge = charges.failed(account, intent, code, decline_code, message)
    intent["latest_charge"] = charge["id"]
    account.emit("charge.failed", charge)
    fail(account, intent, code, message, {"decline_code": decline_code, "charge": charge["id"]})
    return _as_error(intent)


def fail(account: Account, intent: Json, code: str, message: str, more: Json) -> None:
    """The attempt is over; the intent waits for another method and remembers why."""
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
