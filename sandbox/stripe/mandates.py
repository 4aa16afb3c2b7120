"""Mandates: that a customer permits later payments. https://docs.stripe.com/api/mandates/object."""

from sandbox.stripe.account import Account
from sandbox.stripe.params import Params
from sandbox.stripe.store import Json


def create(account: Account, method: Json, data: Params | None) -> str | None:
    """The mandate of a method that was set up. A card has one only if it was given."""
    if data is None and method["type"] == "card":
        return None
    accepted = (data or {}).get("customer_acceptance") or {"type": "online"}
    mandate = {
        "id": account.new_id("mandate"),
        "object": "mandate",
        "customer_acceptance": {
            "accepted_at": accepted.get("accepted_at") or account.now(),
            "offline": accepted.get("offline"),
            "online": accepted.get("online"),
            "type": accepted["type"],
        },
        "livemode": False,
        "multi_use": {},
        "on_behalf_of": None,
        "payment_method": method["id"],
        "payment_method_details": {"type": method["type"], method["type"]: {}},
        "status": "active",
        "type": "multi_use",
    }
    return str(account.save(mandate)["id"])


def retrieve(account: Account, ident: str, _params: Params) -> Json:
    return account.named("mandate", ident)
