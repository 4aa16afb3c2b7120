import pytest

from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Port
from tests.sandbox.stripe.stories import World, create, customer_of, pay, set_up


@rests_on("https://docs.stripe.com/api/customers/object")
def test_a_customer_is_kept(port: Port) -> None:
    ident = customer_of(port)

    kept = port.call("GET", f"customers/{ident}")

    assert (kept["object"], kept["email"]) == ("customer", "kim@example.com")


@rests_on("https://docs.stripe.com/api/payment_methods/attach")
def test_a_method_is_attached_listed_and_detached(port: Port) -> None:
    customer = customer_of(port)

    method = port.call("POST", "payment_methods/pm_card_visa/attach", {"customer": customer})
    listed = port.call("GET", f"customers/{customer}/payment_methods")
    port.call("POST", f"payment_methods/{method['id']}/detach")

    assert method["card"]["last4"] == "4242"
    assert [entry["id"] for entry in listed["data"]] == [method["id"]]
    assert port.call("GET", f"customers/{customer}/payment_methods")["data"] == []


@rests_on("https://docs.stripe.com/testing#declined-payments")
def test_a_card_that_would_be_declined_is_not_attached(port: Port) -> None:
    customer = customer_of(port)

    path = "payment_methods/pm_card_visa_chargeDeclined/attach"
    reply = port.call("POST", path, {"customer": customer})

    assert (reply.status, reply.error["code"]) == (402, "card_declined")


@rests_on("https://docs.stripe.com/testing#declined-payments", "pm_card_chargeCustomerFail")
def test_some_cards_are_attached_and_declined_later(port: Port) -> None:
    customer = customer_of(port)
    path = "payment_methods/pm_card_chargeCustomerFail/attach"
    method = port.call("POST", path, {"customer": customer})

    reply = pay(port, method["id"], customer=customer)

    assert reply.status == 402


@rests_on("https://docs.stripe.com/payments/save-and-reuse")
def test_a_setup_saves_a_method_without_a_payment(port: Port) -> None:
    customer = customer_of(port)

    setup = set_up(port, customer, "pm_card_visa")

    assert setup["status"] == "succeeded"
    paid = pay(port, setup["payment_method"], customer=customer, off_session=True)
    assert paid["status"] == "succeeded"


@rests_on(
    "https://docs.stripe.com/testing#regulatory-cards",
    "pm_card_authenticationRequiredOnSetup",
    fake_only="needs the customer on a page of another",
)
def test_a_saved_card_wants_no_second_authentication(world: World) -> None:
    customer = customer_of(world.port)
    setup = set_up(world.port, customer, "pm_card_authenticationRequiredOnSetup")
    waiting = setup["status"]

    world.fake.answer_challenge(setup["id"], approved=True)

    saved = world.port.call("GET", f"setup_intents/{setup['id']}")
    paid = pay(world.port, saved["payment_method"], customer=customer, off_session=True)
    assert (waiting, saved["status"], paid["status"]) == (
        "requires_action",
        "succeeded",
        "succeeded",
    )


@rests_on(
    "https://docs.stripe.com/payments/setup-intents",
    fake_only="needs the customer on a page of another",
)
def test_a_failed_setup_can_be_tried_with_another_method(world: World) -> None:
    setup = set_up(world.port, customer_of(world.port), "pm_card_threeDSecure2Required")

    world.fake.answer_challenge(setup["id"], approved=False)

    after = world.port.call("GET", f"setup_intents/{setup['id']}")
    assert after["status"] == "requires_payment_method"
    assert after["last_setup_error"]["code"] == "setup_intent_authentication_failure"


@rests_on(
    "https://docs.stripe.com/payments/payco/accept-a-payment",
    "Setup mode: No",
    fake_only="needs an account that offers Korean wallets",
)
@pytest.mark.parametrize("kind", ["samsung_pay", "payco"])
def test_some_wallets_are_for_single_payments(world: World, kind: str) -> None:
    reply = world.port.call("POST", "setup_intents", {"allowed_payment_method_types": [kind]})

    assert reply.status == 400


@rests_on("https://docs.stripe.com/payments/save-during-payment")
def test_paying_can_save_the_card(port: Port) -> None:
    customer = customer_of(port)
    pay(port, customer=customer, setup_future_usage="off_session")

    listed = port.call("GET", f"customers/{customer}/payment_methods")

    assert len(listed["data"]) == 1


@rests_on("https://docs.stripe.com/api/payment_methods/attach")
def test_a_card_of_another_customer_is_refused(port: Port) -> None:
    owner = customer_of(port)
    method = port.call("POST", "payment_methods/pm_card_visa/attach", {"customer": owner})

    reply = pay(port, method["id"], customer=customer_of(port))

    assert reply.status == 400


@rests_on("https://docs.stripe.com/payments/payment-methods#reuse")
def test_a_card_that_was_not_saved_is_used_once(port: Port) -> None:
    used = pay(port)["payment_method"]

    reply = pay(port, used)

    assert reply.status == 400


@rests_on(
    "https://docs.stripe.com/search#search-query-language",
    fake_only="needs a search that lags not at all",
)
def test_payments_are_found_by_their_metadata(world: World) -> None:
    create(world.port, metadata={"order": "ord_1"})
    wanted = pay(world.port, metadata={"order": "ord_2"})
    query = "metadata['order']:'ord_2' AND status:'succeeded'"

    found = world.port.call("GET", "payment_intents/search", {"query": query})

    assert found["object"] == "search_result"
    assert [intent["id"] for intent in found["data"]] == [wanted["id"]]


@rests_on("https://docs.stripe.com/search#search-query-language")
def test_a_query_that_cannot_be_read_is_refused(port: Port) -> None:
    reply = port.call("GET", "payment_intents/search", {"query": "order = 5"})

    assert reply.status == 400
