"""PaymentIntents: create, retrieve, update, list, search. https://docs.stripe.com/api/payment_intents."""

import re

from sandbox.stripe.account import Account
from sandbox.stripe.confirming import check_return, choose_method, confirm
from sandbox.stripe.errors import refused
from sandbox.stripe.lists import page
from sandbox.stripe.money import check_charge
from sandbox.stripe.offering import offered
from sandbox.stripe.params import Params, merged_metadata
from sandbox.stripe.settling import unexpected_state
from sandbox.stripe.store import Json

UPDATABLE = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
# What a caller with a publishable key may see.
CLIENT_FIELDS = (
    *("id", "object", "amount", "automatic_payment_methods", "canceled_at", "cancellation_reason"),
    *("capture_method", "client_secret", "confirmation_method", "created", "currency"),
    *("description", "last_payment_error", "livemode", "next_action", "payment_method"),
    *("payment_method_types", "processing", "receipt_email", "setup_future_usage", "shipping"),
    *("source", "status"),
)
_OF_NEW = {
    "object": "payment_intent",
    "amount_capturable": 0,
    "amount_received": 0,
    "application": None,
    "application_fee_amount": None,
    "canceled_at": None,
    "cancellation_reason": None,
    "last_payment_error": None,
    "latest_charge": None,
    "livemode": False,
    "next_action": None,
    "on_behalf_of": None,
    "payment_method": None,
    "processing": None,
    "review": None,
    "source": None,
    "transfer_data": None,
}
_GIVEN = (
    *("amount", "currency", "customer", "description", "receipt_email", "setup_future_usage"),
    *("shipping", "statement_descriptor", "statement_descriptor_suffix", "transfer_group"),
)
_TERM = re.compile(
    r"""(?:metadata\[['"](?P<key>[^'"]+)['"]\]|(?P<field>status|currency|customer|amount))"""
    r"""\s*:\s*(?:['"](?P<value>[^'"]*)['"]|(?P<number>\d+))"""
)


def create(account: Account, params: Params) -> Json:
    """A new intent, confirmed at once with `confirm=true`."""
    check_charge(params["amount"], params["currency"])
    if params.get("customer"):
        account.named("customer", params["customer"], "customer")
    if params.get("off_session") and not params.get("confirm"):
        raise refused("off_session may only be set with confirm=true", param="off_session")
    intent = _new(account, params)
    method = choose_method(account, intent, params)
    if method is not None:
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
    if params.get("confirm"):
        _check_confirmable(intent, method, params)
    account.emit("payment_intent.created", account.save(intent))
    if params.get("confirm"):
        return confirm(account, intent["id"], _without_method(params))
    return intent


def _check_confirmable(intent: Json, method: Json | None, params: Params) -> None:
    """What makes a confirmation invalid must be found before anything is created."""
    if method is None:
        message = "You must provide a payment method with confirm=true."
        raise refused(message, code="parameter_missing", param="payment_method")
    check_return(intent, method, params)


def _without_method(params: Params) -> Params:
    return {name: value for name, value in params.items() if not name.startswith("payment_method")}


def _new(account: Account, params: Params) -> Json:
    capture = params.get("capture_method") or "automatic_async"
    types = offered(account, params, manual=capture == "manual")
    ident = account.new_id("pi")
    secret = account.new_id("secret").removeprefix("secret_")
    return {
        **_OF_NEW,
        "id": ident,
        "amount_details": params.get("amount_details") or {"tip": {}},
        **{name: params.get(name) for name in _GIVEN},
        "capture_method": capture,
        "client_secret": f"{ident}_secret_{secret}",
        "confirmation_method": "automatic",
        "created": account.now(),
        "metadata": merged_metadata({}, params.get("metadata")),
        "payment_method_options": params.get("payment_method_options") or {},
        **types,
        "status": "requires_payment_method",
    }


def retrieve(account: Account, ident: str, _params: Params) -> Json:
    return account.named("payment_intent", ident)


def for_client(intent: Json) -> Json:
    return {name: intent.get(name) for name in CLIENT_FIELDS}


def update(account: Account, ident: str, params: Params) -> Json:
    """Change what is not yet paid; metadata and description at any time."""
    intent = account.named("payment_intent", ident)
    fixed = params.keys() - {"metadata", "description", "receipt_email", "transfer_group"}
    if fixed and intent["status"] not in UPDATABLE:
        raise unexpected_state(intent, "updated", *sorted(UPDATABLE))
    if "amount" in params or "currency" in params:
        amount = params.get("amount") or intent["amount"]
        check_charge(amount, params.get("currency") or intent["currency"])
    if params.get("customer"):
        account.named("customer", params["customer"], "customer")
    changed = {name: value for name, value in params.items() if name in {*_GIVEN, "capture_method"}}
    method = choose_method(account, {**intent, **changed}, params)
    if method is not None:
        changed |= {"payment_method": method["id"], "status": "requires_confirmation"}
    options = params.get("payment_method_options") or {}
    intent["payment_method_options"] = intent["payment_method_options"] | options
    metadata = merged_metadata(intent["metadata"], params.get("metadata"))
    intent |= {**changed, "metadata": metadata}
    return account.save(intent)


def list_all(account: Account, params: Params) -> Json:
    wanted = [
        intent
        for intent in account.store.all("payment_intent")
        if params.get("customer") in {None, intent["customer"]}
    ]
    return page(wanted, params, "/v1/payment_intents")


def search(account: Account, params: Params) -> Json:
    """`metadata['order']:'ord_1' AND status:'succeeded'`, newest first.

    What was created in the last minute may be missing at Stripe; `search_lag` of the fake says how
    long here. https://docs.stripe.com/search
    """
    terms = _terms(params["query"])
    known = account.time() - account.search_lag
    found = [
        intent
        for intent in account.store.all("payment_intent")
        if intent["created"] <= known and all(_value(intent, key) == want for key, want in terms)
    ]
    cursor = {"limit": params.get("limit"), "starting_after": params.get("page")}
    listed = page(found, cursor, "/v1/payment_intents/search")
    following = listed["data"][-1]["id"] if listed["has_more"] else None
    return {**listed, "object": "search_result", "next_page": following}


def _terms(query: str) -> list[tuple[str, str]]:
    terms = []
    for part in re.split(r"\s+AND\s+", query.strip(), flags=re.IGNORECASE):
        match = _TERM.fullmatch(part)
        if match is None:
            raise refused(f"We were unable to parse your search query: {part}", param="query")
        name = match["field"] or f"metadata.{match['key']}"
        terms.append((name, match["value"] if match["number"] is None else match["number"]))
    return terms


def _value(intent: Json, name: str) -> str:
    if name.startswith("metadata."):
        return str(intent["metadata"].get(name.removeprefix("metadata.")))
    return str(intent[name])
