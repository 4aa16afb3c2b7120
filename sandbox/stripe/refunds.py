"""Refunds. https://docs.stripe.com/api/refunds."""

from sandbox.stripe import methods
from sandbox.stripe.account import Account
from sandbox.stripe.balance import record_refund, record_refund_failure
from sandbox.stripe.errors import missing, not_possible, refused
from sandbox.stripe.lists import page
from sandbox.stripe.money import check_decimals, shown
from sandbox.stripe.params import Params, merged_metadata
from sandbox.stripe.store import Json

# When a bank answers a refund that did not settle at once. https://docs.stripe.com/testing#refunds
# promises only "some time later".
LATER = 3600


def create(account: Account, params: Params) -> Json:
    """Give back at most what was captured and is not given back yet."""
    charge = _charge(account, params)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise not_possible(message, code="charge_already_refunded")
    amount = params.get("amount") or left
    if amount > left:
        coin = charge["currency"]
        message = (
            f"Refund amount ({shown(amount, coin)}) is greater than unrefunded amount on charge "
            f"({shown(left, coin)})"
        )
        raise not_possible(message, code="amount_too_large", param="amount")
    check_decimals(amount, charge["currency"], "amount")
    refund = _new(account, charge, amount, params)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    account.save(charge)
    account.emit("refund.created", refund)
    account.emit("charge.refunded", charge)
    return refund


def _charge(account: Account, params: Params) -> Json:
    """The captured charge that is meant, or why there is none."""
    ident = params.get("charge")
    if params.get("payment_intent"):
        intent = account.named("payment_intent", params["payment_intent"], "payment_intent")
        if ident not in {None, intent["latest_charge"]}:
            raise refused("The charge does not belong to the payment_intent.", param="charge")
        if intent["status"] != "succeeded":
            message = (
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            )
            raise not_possible(message, code="payment_intent_unexpected_state")
        ident = intent["latest_charge"]
    if ident is None:
        raise missing("charge")
    charge = account.named("charge", ident, "charge")
    if not charge["captured"]:
        message = f"Charge {ident} has not been captured: cancel its PaymentIntent instead."
        raise not_possible(message, code="charge_not_refundable", param="charge")
    return charge


def _new(account: Account, charge: Json, amount: int, params: Params) -> Json:
    card = methods.card_of(account, account.find("payment_method", charge["payment_method"]))
    way = card.refunds if card else "at_once"
    refund = {
        "id": account.new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": account.now(),
        "currency": charge["currency"],
        "destination_details": None,
        "metadata": merged_metadata({}, params.get("metadata")),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "pending_reason": "processing" if way == "pends" else None,
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending" if way == "pends" else "succeeded",
        "transfer_reversal": None,
    }
    refund["balance_transaction"] = record_refund(account, refund)
    if way != "at_once":
        what = "settle_refund" if way == "pends" else "fail_refund"
        account.after(LATER, what, refund["id"])
    return account.save(refund)


def settle(account: Account, ident: str) -> None:
    """A pending refund has arrived."""
    refund = account.find("refund", ident)
    if refund["status"] == "pending":
        refund |= {"status": "succeeded", "pending_reason": None}
        account.emit("refund.updated", account.save(refund))


def fail(account: Account, ident: str, reason: str = "expired_or_canceled_card") -> None:
    """The bank sent the money back: the balance has it again and the charge may be refunded anew.

    https://docs.stripe.com/refunds#failed-refunds
    """
    refund = account.find("refund", ident)
    if refund["status"] not in {"pending", "succeeded"}:
        return
    returned = record_refund_failure(account, refund)
    refund |= {"status": "failed", "failure_reason": reason, "pending_reason": None}
    refund["failure_balance_transaction"] = returned
    charge = account.find("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    account.save(charge)
    account.emit("refund.updated", account.save(refund))
    account.emit("refund.failed", refund)
    account.emit("charge.refund.updated", refund)


def retrieve(account: Account, ident: str, _params: Params) -> Json:
    return account.named("refund", ident)


def update(account: Account, ident: str, params: Params) -> Json:
    refund = account.named("refund", ident)
    refund["metadata"] = merged_metadata(refund["metadata"], params.get("metadata"))
    account.emit("refund.updated", account.save(refund))
    return refund


def list_all(account: Account, params: Params) -> Json:
    wanted = [
        refund
        for refund in account.store.all("refund")
        if params.get("charge") in {None, refund["charge"]}
        and params.get("payment_intent") in {None, refund["payment_intent"]}
    ]
    return page(wanted, params, "/v1/refunds")
