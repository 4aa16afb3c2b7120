"""Customers, and the methods that belong to them."""

from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Port
from tests.sandbox.stripe.stories import customer_of, pay, set_up


def attached(port: Port, customer: str, method: str = "pm_card_visa") -> str:
    reply = port.call("POST", f"payment_methods/{method}/attach", {"customer": customer})
    ident: str = reply["id"]
    return ident


@rests_on("https://docs.stripe.com/api/idempotent_requests")
def test_the_same_key_makes_one_customer(port: Port) -> None:
    key, wanted = port.fresh_key(), {"metadata": {"person": "usr_1"}}

    made = [port.call("POST", "customers", wanted, key=key)["id"] for _ in range(3)]

    assert len(set(made)) == 1


@rests_on("https://docs.stripe.com/api/customers/list")
def test_a_customer_is_found_among_those_made_since(port: Port) -> None:
    made = port.call("POST", "customers", {"metadata": {"person": "usr_1"}})

    since = port.call("GET", "customers", {"created": {"gte": made["created"]}, "limit": 100})
    later = port.call("GET", "customers", {"created": {"gt": made["created"] + 3600}})

    assert made["id"] in [customer["id"] for customer in since["data"]]
    assert later["data"] == []


@rests_on("https://docs.stripe.com/api/customers/update")
def test_a_customer_changes_and_forgets_by_empty_values(port: Port) -> None:
    made = port.call("POST", "customers", {"name": "Kim", "metadata": {"a": "1", "b": "2"}})

    path = f"customers/{made['id']}"
    changed = port.call("POST", path, {"name": "", "metadata": {"a": ""}})

    assert changed["name"] is None
    assert changed["metadata"] == {"b": "2"}


@rests_on("https://docs.stripe.com/api/customers/delete", "Permanently deletes a customer")
def test_a_deleted_customer_pays_no_more(port: Port) -> None:
    customer = customer_of(port)
    method = attached(port, customer)

    gone = port.call("DELETE", f"customers/{customer}")
    reply = pay(port, method, customer=customer)

    assert gone["deleted"] is True
    assert port.call("GET", f"customers/{customer}")["deleted"] is True
    assert reply.status == 400


@rests_on("https://docs.stripe.com/api/payment_methods/customer_list")
def test_methods_of_a_customer_are_listed_by_type(port: Port) -> None:
    customer = customer_of(port)
    card = attached(port, customer)

    path = f"customers/{customer}/payment_methods"
    cards = port.call("GET", path, {"type": "card"})
    wallets = port.call("GET", path, {"type": "kakao_pay"})

    assert [method["id"] for method in cards["data"]] == [card]
    assert wallets["data"] == []


@rests_on("https://docs.stripe.com/api/payment_methods/object#payment_method_object-card")
def test_a_card_shows_what_is_printed_on_it_and_no_number(port: Port) -> None:
    method = port.call("GET", f"payment_methods/{attached(port, customer_of(port))}")

    card = method["card"]
    assert (card["brand"], card["last4"]) == ("visa", "4242")
    assert 1 <= card["exp_month"] <= 12
    assert card["exp_year"] > 2022
    assert not {"number", "cvc"} & card.keys()


@rests_on(
    "https://docs.stripe.com/api/payment_methods/detach",
    "it can no longer be used for a payment or re-attached to a Customer",
)
def test_what_was_detached_is_neither_paid_with_nor_attached_again(port: Port) -> None:
    customer = customer_of(port)
    method = attached(port, customer)
    port.call("POST", f"payment_methods/{method}/detach")

    paid = pay(port, method, customer=customer)
    again = port.call("POST", f"payment_methods/{method}/attach", {"customer": customer})
    set_up_again = set_up(port, customer, method)

    assert [paid.status, again.status, set_up_again.status] == [400, 400, 400]
    assert paid.error["type"] == again.error["type"] == "invalid_request_error"


@rests_on("https://docs.stripe.com/api/payment_methods/detach")
def test_a_method_is_detached_once(port: Port) -> None:
    method = attached(port, customer_of(port))
    first = port.call("POST", f"payment_methods/{method}/detach")

    second = port.call("POST", f"payment_methods/{method}/detach")

    assert (first["customer"], second.status) == (None, 400)
    assert port.call("GET", f"payment_methods/{method}")["customer"] is None


@rests_on("https://docs.stripe.com/api/payment_methods/attach")
def test_a_method_belongs_to_one_customer(port: Port) -> None:
    method = attached(port, customer_of(port))

    path = f"payment_methods/{method}/attach"
    reply = port.call("POST", path, {"customer": customer_of(port)})

    assert (reply.status, reply.error["type"]) == (400, "invalid_request_error")


@rests_on(
    "https://docs.stripe.com/api/payment_methods/update",
    "A PaymentMethod must be attached to a customer to be updated",
)
def test_only_a_method_of_a_customer_is_updated(port: Port) -> None:
    kept, wanted = attached(port, customer_of(port)), {"metadata": {"person": "usr_1"}}
    loose = pay(port)["payment_method"]

    updated = port.call("POST", f"payment_methods/{kept}", wanted)
    refused = port.call("POST", f"payment_methods/{loose}", wanted)

    assert updated["metadata"] == {"person": "usr_1"}
    assert refused.status == 400


@rests_on("https://docs.stripe.com/api/payment_intents/create#create_payment_intent-customer")
def test_a_saved_method_needs_its_customer_named(port: Port) -> None:
    method = attached(port, customer_of(port))

    reply = pay(port, method)

    assert (reply.status, reply.error["type"]) == (400, "invalid_request_error")
