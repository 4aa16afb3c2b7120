"""Charges: one attempt to move money. https://docs.stripe.com/api/charges/object."""

from sandbox.stripe.account import Account
from sandbox.stripe.lists import page
from sandbox.stripe.methods import card_of
from sandbox.stripe.params import Params
from sandbox.stripe.store import Json

# Seven days for a payment that the customer made online; with Visa five for one without them, of
# which clearing keeps six hours.
# https://docs.stripe.com/payments/place-a-hold-on-a-payment-method#authorization-validity-windows
AUTHORIZATION_WINDOW = 7 * 86_400
VISA_OFF_SESSION_WINDOW = 5 * 86_400 - 6 * 3600

# What the network says of an approved and of a declined attempt.
# https://docs.stripe.com/api/charges/object#charge_object-outcome
_APPROVED = {
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "seller_message": "Payment complete.",
    "type": "authorized",
}
_DECLINED = {
    "network_status": "declined_by_network",
    "risk_level": "normal",
    "seller_message": "The bank did not return any further details with this decline.",
    "type": "issuer_declined",
}


def retrieve(account: Account, ident: str, _params: Params) -> Json:
    return account.named("charge", ident)


def list_all(account: Account, params: Params) -> Json:
    wanted = [
        charge
        for charge in account.store.all("charge")
        if params.get("payment_intent") in {None, charge["payment_intent"]}
        and params.get("customer") in {None, charge["customer"]}
    ]
    return page(wanted, params, "/v1/charges")


def window(account: Account, intent: Json, *, off_session: bool) -> int:
    """For how many seconds a bank holds the money."""
    method = account.find("payment_method", intent["payment_method"])
    by_visa = method["type"] == "card" and method["card"]["brand"] == "visa"
    return VISA_OFF_SESSION_WINDOW if off_session and by_visa else AUTHORIZATION_WINDOW


def approved(account: Account, intent: Json, *, held_for: int | None) -> Json:
    """An authorised charge; `held_for` some seconds unless it is not to wait for a capture."""
    charge = _charge(account, intent)
    details = charge["payment_method_details"]
    if held_for is not None and "card" in details:
        details["card"]["capture_before"] = account.now() + held_for
    return account.save({**charge, "paid": True, "status": "succeeded", "outcome": dict(_APPROVED)})


def failed(account: Account, intent: Json, code: str, reason: str, message: str) -> Json:
    charge = _charge(account, intent)
    told = {"failure_code": code, "failure_message": message}
    outcome = {**_DECLINED, "reason": reason}
    return account.save({**charge, **told, "status": "failed", "outcome": outcome})


def _charge(account: Account, intent: Json) -> Json:
    method = account.find("payment_method", intent["payment_method"])
    carried = ("amount", "currency", "customer", "description", "receipt_email", "shipping")
    more = ("statement_descriptor", "statement_descriptor_suffix", "transfer_group")
    return {
        "id": account.new_id("ch" if method["type"] == "card" else "py"),
        "object": "charge",
        **{name: intent[name] for name in (*carried, *more)},
        "amount_captured": 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "captured": False,
        "created": account.now(),
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "outcome": None,
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _details(account, method, intent["amount"]),
        "receipt_number": None,
        "refunded": False,
        "status": "pending",
    }


def _details(account: Account, method: Json, amount: int) -> Json:
    kind = method["type"]
    if card_of(account, method) is None:
        return {"type": kind, kind: {"buyer_id": None}}
    copied = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding")
    card = {name: method["card"][name] for name in (*copied, "last4")}
    unavailable = {"status": "unavailable"}
    card |= {
        "amount_authorized": amount,
        "authorization_code": None,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": unavailable,
        "multicapture": unavailable,
        "network": method["card"]["brand"],
        "overcapture": {"maximum_amount_capturable": amount, **unavailable},
        "three_d_secure": None,
        "wallet": None,
    }
    return {"type": "card", "card": card}
