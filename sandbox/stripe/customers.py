"""Customers. https://docs.stripe.com/api/customers."""

from sandbox.stripe import methods
from sandbox.stripe.account import Account
from sandbox.stripe.lists import page
from sandbox.stripe.params import Params, merged_metadata
from sandbox.stripe.store import Json

_GIVEN = ("address", "description", "email", "name", "phone", "shipping")


def create(account: Account, params: Params) -> Json:
    customer: Json = {
        "id": account.new_id("cus"),
        "object": "customer",
        "balance": 0,
        "created": account.now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        **{name: params.get(name) for name in _GIVEN},
        "invoice_settings": {"default_payment_method": None},
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata")),
        "preferred_locales": [],
        "tax_exempt": "none",
        "test_clock": None,
    }
    account.emit("customer.created", account.save(customer))
    return customer


def retrieve(account: Account, ident: str, _params: Params) -> Json:
    """One that was deleted is still known, by its id alone."""
    gone = account.store.get("deleted_customer", ident)
    return dict(gone) if gone else account.named("customer", ident)


def update(account: Account, ident: str, params: Params) -> Json:
    customer = account.named("customer", ident)
    customer |= {name: params[name] for name in _GIVEN if name in params}
    customer["metadata"] = merged_metadata(customer["metadata"], params.get("metadata"))
    account.emit("customer.updated", account.save(customer))
    return customer


def delete(account: Account, ident: str, _params: Params) -> Json:
    """For good; its methods can be used no more. https://docs.stripe.com/api/customers/delete."""
    customer = account.named("customer", ident)
    for method in account.store.all("payment_method"):
        if method["customer"] == ident:
            methods.detach(account, method["id"], {})
    account.store.delete("customer", ident)
    told = {"id": ident, "object": "customer", "deleted": True}
    account.store.put("deleted_customer", ident, told)
    account.emit("customer.deleted", customer)
    return told


def list_all(account: Account, params: Params) -> Json:
    wanted = [
        customer
        for customer in account.store.all("customer")
        if params.get("email") in {None, customer["email"]}
    ]
    return page(wanted, params, "/v1/customers")
