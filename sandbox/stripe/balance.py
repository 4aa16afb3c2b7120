"""The account's balance and the transactions that it is the sum of.

https://docs.stripe.com/api/balance_transactions
"""

from sandbox.stripe.account import Account
from sandbox.stripe.lists import page
from sandbox.stripe.money import fee_of
from sandbox.stripe.params import Params
from sandbox.stripe.store import Json

# Two days until a payment is available, as for a US account. https://docs.stripe.com/payouts
AVAILABLE_AFTER = 2 * 86_400


def record_charge(account: Account, charge: Json, amount: int) -> str:
    """A captured amount comes in, less Stripe's fee, and is pending at first."""
    fee = fee_of(amount, charge["currency"])
    return _record(account, charge, "charge", amount, fee, AVAILABLE_AFTER)


def record_refund(account: Account, refund: Json) -> str:
    """A refund goes out at once; the fee of the payment is not given back."""
    return _record(account, refund, "refund", -refund["amount"], 0, 0)


def record_refund_failure(account: Account, refund: Json) -> str:
    return _record(account, refund, "refund_failure", refund["amount"], 0, 0)


def _record(account: Account, source: Json, kind: str, amount: int, fee: int, wait: int) -> str:
    coin = source["currency"]
    detail = {"amount": fee, "currency": coin, "type": "stripe_fee", "application": None}
    transaction = {
        "id": account.new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": account.now() + wait,
        "balance_type": "payments",
        "created": account.now(),
        "currency": coin,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [{**detail, "description": "Stripe processing fees"}] if fee else [],
        "net": amount - fee,
        "reporting_category": kind,
        "source": source["id"],
        "status": "pending" if wait else "available",
        "type": kind,
    }
    return str(account.save(transaction)["id"])


def _today(account: Account, transaction: Json) -> Json:
    if transaction["status"] == "pending" and transaction["available_on"] <= account.now():
        account.save({**transaction, "status": "available"})
    return account.find("balance_transaction", transaction["id"])


def retrieve_transaction(account: Account, ident: str, _params: Params) -> Json:
    return _today(account, account.named("balance_transaction", ident))


def list_transactions(account: Account, params: Params) -> Json:
    wanted = [
        _today(account, transaction)
        for transaction in account.store.all("balance_transaction")
        if params.get("type") in {None, transaction["type"]}
        and params.get("source") in {None, transaction["source"]}
        and params.get("currency") in {None, transaction["currency"]}
    ]
    return page(wanted, params, "/v1/balance_transactions")


def retrieve(account: Account, _params: Params) -> Json:
    """What is available and what is still pending, per currency."""
    sums: dict[str, dict[str, int]] = {"available": {"usd": 0}, "pending": {"usd": 0}}
    for transaction in account.store.all("balance_transaction"):
        row = _today(account, transaction)
        column = sums[row["status"]]
        column[row["currency"]] = column.get(row["currency"], 0) + row["net"]
    lines = {
        name: [
            {"amount": amount, "currency": coin, "source_types": {"card": amount}}
            for coin, amount in sorted(column.items())
        ]
        for name, column in sums.items()
    }
    return {"object": "balance", "livemode": False, **lines}
