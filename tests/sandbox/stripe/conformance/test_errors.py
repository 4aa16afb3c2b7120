"""The shape of an error: what a program may rely on in it."""

from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Port
from tests.sandbox.stripe.stories import create, do, look, pay


@rests_on("https://docs.stripe.com/api/errors")
def test_an_error_tells_its_type_code_and_parameter(port: Port) -> None:
    error = create(port, amount=1).error

    assert error["type"] == "invalid_request_error"
    assert (error["code"], error["param"]) == ("amount_too_small", "amount")
    assert error["doc_url"].endswith("amount-too-small")
    assert error["message"]


@rests_on("https://docs.stripe.com/api/errors#errors-payment_intent")
def test_a_card_error_carries_charge_method_and_intent(port: Port) -> None:
    error = pay(port, "pm_card_visa_chargeDeclinedInsufficientFunds").error

    assert (error["type"], error["code"]) == ("card_error", "card_declined")
    assert error["decline_code"] == "insufficient_funds"
    assert error["charge"].startswith("ch_")
    assert error["payment_method"]["card"]["last4"] == "9995"
    assert error["payment_intent"]["status"] == "requires_payment_method"


@rests_on("https://docs.stripe.com/api/errors#errors-payment_intent")
def test_an_error_of_state_carries_the_intent_as_it_is(port: Port) -> None:
    intent = pay(port)

    error = do(port, intent, "capture").error

    assert error["payment_intent"]["id"] == intent["id"]
    assert error["payment_intent"]["status"] == look(port, intent)["status"] == "succeeded"


@rests_on("https://docs.stripe.com/error-codes#resource-missing")
def test_what_a_path_names_is_404_and_what_a_parameter_names_400(port: Port) -> None:
    in_path = port.call("GET", "customers/cus_nobody")
    as_parameter = create(port, customer="cus_nobody")

    assert (in_path.status, as_parameter.status) == (404, 400)
    assert in_path.error["code"] == as_parameter.error["code"] == "resource_missing"


@rests_on("https://docs.stripe.com/api/authentication")
def test_an_error_without_a_key_has_no_code(port: Port) -> None:
    reply = port.call("GET", "balance", bearer="none")

    assert reply.status == 401
    assert reply.error["type"] == "invalid_request_error"
    assert "API key" in reply.error["message"]
