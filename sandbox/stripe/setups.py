"""SetupIntents: save a method for later, without a payment. https://docs.stripe.com/api/setup_intents."""

from sandbox.stripe import mandates, methods
from sandbox.stripe.account import Account
from sandbox.stripe.cards import DECLINES
from sandbox.stripe.errors import CARD, StripeError, missing, not_possible, refused
from sandbox.stripe.lists import page
from sandbox.stripe.offering import check_words
from sandbox.stripe.params import Params, merged_metadata
from sandbox.stripe.store import Json

CONFIRMABLE = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
CLIENT_FIELDS = (
    *("id", "object", "automatic_payment_methods", "cancellation_reason", "client_secret"),
    *("created", "description", "last_setup_error", "livemode", "next_action", "payment_method"),
    *("payment_method_types", "status", "usage"),
)
_OF_NEW = {
    "object": "setup_intent",
    "cancellation_reason": None,
    "last_setup_error": None,
    "latest_attempt": None,
    "livemode": False,
    "mandate": None,
    "next_action": None,
    "payment_method": None,
    "status": "requires_payment_method",
}
_GIVEN = ("allowed_payment_method_types", "automatic_payment_methods", "customer", "description")


def create(account: Account, params: Params) -> Json:
    if params.get("customer"):
        account.named("customer", params["customer"], "customer")
    check_words(account, params)
    types = _types(params)
    ident = account.new_id("seti")
    secret = account.new_id("secret").removeprefix("secret_")
    setup = {
        **_OF_NEW,
        "id": ident,
        **{name: params.get(name) for name in _GIVEN},
        "client_secret": f"{ident}_secret_{secret}",
        "created": account.now(),
        "metadata": merged_metadata({}, params.get("metadata")),
        "payment_method_options": {},
        "payment_method_types": types,
        "usage": params.get("usage") or "off_session",
    }
    _take_method(account, setup, params)
    account.emit("setup_intent.created", account.save(setup))
    return confirm(account, ident, params) if params.get("confirm") else setup


def _types(params: Params) -> list[str]:
    """Those of the wanted types that can be saved; cards unless others are named."""
    named = params.get("payment_method_types")
    wanted = named or params.get("allowed_payment_method_types") or []
    types = [name for name, kind in methods.KINDS.items() if kind.saved and name in wanted]
    if wanted and not types:
        message = "None of the payment method types can be saved."
        raise refused(message, param="allowed_payment_method_types")
    return types or ["card"]


def _take_method(account: Account, setup: Json, params: Params) -> None:
    if params.get("payment_method_data"):
        method = methods.make(account, params["payment_method_data"])
    elif params.get("payment_method"):
        method = methods.resolve(account, params["payment_method"])
    else:
        return
    if method["type"] not in setup["payment_method_types"]:
        message = "The PaymentMethod provided is not allowed for this SetupIntent."
        raise refused(message, param="payment_method")
    methods.check_owner(method, setup["customer"], "SetupIntent")
    methods.check_unspent(account, method)
    setup |= {"payment_method": method["id"], "status": "requires_confirmation"}


def list_all(account: Account, params: Params) -> Json:
    wanted = [
        setup
        for setup in account.store.all("setup_intent")
        if params.get("customer") in {None, setup["customer"]}
        and params.get("payment_method") in {None, setup["payment_method"]}
    ]
    return page(wanted, params, "/v1/setup_intents")


def retrieve(account: Account, ident: str, _params: Params) -> Json:
    return account.named("setup_intent", ident)


def for_client(setup: Json) -> Json:
    return {name: setup.get(name) for name in CLIENT_FIELDS}


def confirm(account: Account, ident: str, params: Params) -> Json:
    """Save the method; a card that wants authentication, or a wallet, asks the customer first."""
    setup = account.named("setup_intent", ident)
    _demand_open(setup, "confirm")
    typed = params.get("payment_method_data") if "client_secret" in params else None
    if setup["payment_method"] is None or params.get("payment_method") or typed:
        _take_method(account, setup, params)
    if setup["payment_method"] is None:
        raise missing("payment_method")
    method = account.find("payment_method", setup["payment_method"])
    if params.get("mandate_data"):
        account.store.put("acceptance", ident, params["mandate_data"])
    card = methods.card_of(account, method)
    if card is None and not params.get("return_url"):
        raise missing("return_url")
    if card and card.declines and not card.attaches:
        told = {"decline_code": card.declines}
        raise _fail(account, setup, *DECLINES[card.declines], told)
    if card is None or card.authenticates != "never":
        _ask(account, setup, params, page="wallet" if card is None else "3ds")
    else:
        _succeed(account, setup)
    return setup


def cancel(account: Account, ident: str, params: Params) -> Json:
    """https://docs.stripe.com/api/setup_intents/cancel: what is not yet saved never will be."""
    setup = account.named("setup_intent", ident)
    _demand_open(setup, "cancel")
    setup |= {"status": "canceled", "next_action": None}
    setup["cancellation_reason"] = params.get("cancellation_reason")
    account.emit("setup_intent.canceled", account.save(setup))
    return setup


def _demand_open(setup: Json, verb: str) -> None:
    if setup["status"] not in CONFIRMABLE:
        message = f"You cannot {verb} a SetupIntent with a status of {setup['status']}."
        code = "setup_intent_unexpected_state"
        raise not_possible(message, code=code, details={"setup_intent": setup})


def _ask(account: Account, setup: Json, params: Params, *, page: str) -> None:
    url = f"{account.pages}/pages/{page}/{setup['id']}"
    back = params.get("return_url")
    action: Json = {"type": "use_stripe_sdk", "use_stripe_sdk": {"stripe_js": url}}
    if back and not params.get("use_stripe_sdk"):
        redirect = {"url": url, "return_url": back}
        action = {"type": "redirect_to_url", "redirect_to_url": redirect}
    setup |= {"status": "requires_action", "next_action": action}
    account.emit("setup_intent.requires_action", account.save(setup))


def answer(account: Account, ident: str, *, approved: bool) -> Json:
    setup = account.named("setup_intent", ident)
    if setup["status"] != "requires_action":
        raise not_possible("This SetupIntent waits for nobody.")
    if approved:
        _succeed(account, setup)
    else:
        message = "The provided PaymentMethod has failed authentication."
        _fail(account, setup, "setup_intent_authentication_failure", message)
    return setup


def _succeed(account: Account, setup: Json) -> None:
    method = account.find("payment_method", setup["payment_method"])
    traits = account.find("traits", method["id"])
    account.store.put("traits", method["id"], {**traits, "saved": True})
    if setup["customer"]:
        methods.join(account, method, setup["customer"])
    acceptance = account.store.get("acceptance", setup["id"])
    setup |= {"status": "succeeded", "next_action": None, "last_setup_error": None}
    setup["mandate"] = mandates.create(account, method, acceptance)
    account.emit("setup_intent.succeeded", account.save(setup))


def _fail(
    account: Account, setup: Json, code: str, message: str, more: Json | None = None
) -> StripeError:
    told = {"type": CARD, "code": code, "message": message, **(more or {})}
    told["payment_method"] = account.find("payment_method", setup["payment_method"])
    setup |= {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    setup["last_setup_error"] = told
    account.emit("setup_intent.setup_failed", account.save(setup))
    details = {**told, "setup_intent": setup}
    return StripeError(402, CARD, message, code=code, details=details)
