import pytest

from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Port
from tests.sandbox.stripe.stories import World, charge_of, create, do, hold, look, pay

# method, error code, decline code
DECLINED = [
    ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
    ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
    ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
    (
        "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
        "card_declined",
        "card_velocity_exceeded",
    ),
    ("pm_card_radarBlock", "card_declined", "fraudulent"),
    ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
    ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
    ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"),
]


@rests_on("https://docs.stripe.com/payments/paymentintents/lifecycle")
def test_automatic_capture_takes_the_money_at_once(port: Port) -> None:
    intent = pay(port)

    assert intent["status"] == "succeeded"
    assert (intent["amount_received"], intent["amount_capturable"]) == (2000, 0)
    charge = charge_of(port, intent)
    assert (charge["captured"], charge["amount_captured"]) == (True, 2000)


@rests_on("https://docs.stripe.com/payments/place-a-hold-on-a-payment-method")
def test_manual_capture_holds_it(port: Port) -> None:
    intent = hold(port)

    assert intent["status"] == "requires_capture"
    assert (intent["amount_received"], intent["amount_capturable"]) == (0, 2000)
    charge = charge_of(port, intent)
    assert (charge["captured"], charge["amount_captured"], charge["paid"]) == (False, 0, True)


@rests_on("https://docs.stripe.com/payments/place-a-hold-on-a-payment-method#capture-before")
def test_a_held_card_says_until_when(port: Port) -> None:
    charge = charge_of(port, hold(port))

    deadline = charge["payment_method_details"]["card"]["capture_before"]
    assert 4 * 86_400 < deadline - charge["created"] <= 7 * 86_400


@rests_on(
    "https://docs.stripe.com/testing#declined-payments", "https://docs.stripe.com/declines/codes"
)
@pytest.mark.parametrize(("method", "code", "decline_code"), DECLINED)
def test_a_declined_card_is_a_402(port: Port, method: str, code: str, decline_code: str) -> None:
    reply = pay(port, method)

    assert reply.status == 402
    assert reply.error["type"] == "card_error"
    assert reply.error["code"] == code
    assert reply.error.get("decline_code", decline_code) == decline_code


@rests_on("https://docs.stripe.com/payments/paymentintents/lifecycle#requires-payment-method")
def test_a_decline_leaves_the_intent_ready_for_another_card(port: Port) -> None:
    declined = pay(port, "pm_card_visa_chargeDeclined").error["payment_intent"]

    assert declined["status"] == "requires_payment_method"
    assert declined["last_payment_error"]["decline_code"] == "generic_decline"
    again = do(port, declined["id"], "confirm", payment_method="pm_card_visa")
    assert again["status"] == "succeeded"
    assert again["last_payment_error"] is None


@rests_on("https://docs.stripe.com/error-codes#payment-intent-unexpected-state")
def test_there_is_nothing_to_confirm_without_a_method(port: Port) -> None:
    reply = do(port, create(port), "confirm")

    assert reply.status == 400
    assert reply.error["code"] == "payment_intent_unexpected_state"


@rests_on("https://docs.stripe.com/error-codes#payment-intent-unexpected-state")
def test_what_has_succeeded_is_not_confirmed_again(port: Port) -> None:
    reply = do(port, pay(port), "confirm", payment_method="pm_card_visa")

    assert reply.status == 400
    assert reply.error["code"] == "payment_intent_unexpected_state"
    assert reply.error["payment_intent"]["status"] == "succeeded"


# https://docs.stripe.com/testing#cards: numbers reach Stripe from the customer's device only.
NUMBERS = [
    ("4242424242424242", 200, None),
    ("4242 4242 4242 4242", 200, None),
    ("4000000000000002", 402, "card_declined"),
    ("4000000000009995", 402, "card_declined"),
    ("4242424242424241", 402, "incorrect_number"),
    ("4111111111111111", 402, "card_declined"),
]


@rests_on("https://docs.stripe.com/testing#cards", fake_only="needs a publishable key")
@pytest.mark.parametrize(("number", "status", "code"), NUMBERS)
def test_a_number_from_the_browser_pays(
    world: World, number: str, status: int, code: str | None
) -> None:
    intent = create(world.port)
    card = {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}
    params = {
        "client_secret": intent["client_secret"],
        "payment_method_data": {"type": "card", "card": card},
    }

    path = f"payment_intents/{intent['id']}/confirm"
    reply = world.port.call("POST", path, params, bearer="pk_test_x")

    assert reply.status == status
    assert reply.body.get("error", {}).get("code") == code


@rests_on("https://docs.stripe.com/security/guide", fake_only="needs a publishable key")
def test_no_number_is_kept(world: World) -> None:
    intent = create(world.port)
    number = "4000002500003155"
    data = {"type": "card", "card": {"number": number}}
    params = {"client_secret": intent["client_secret"], "payment_method_data": data}

    path = f"payment_intents/{intent['id']}/confirm"
    reply = world.port.call("POST", path, params, key="k", bearer="pk_test_x")

    assert reply["status"] == "requires_action"
    assert number not in str(world.fake.snapshot())


@rests_on("https://docs.stripe.com/security/guide#validating-pci-compliance")
def test_a_server_may_not_send_a_number(port: Port) -> None:
    data = {"type": "card", "card": {"number": "4242424242424242", "exp_month": 12}}
    reply = create(port, payment_method_data=data, confirm=True)

    assert reply.status in {400, 402}


@rests_on(
    "https://docs.stripe.com/api/payment_intents/object#payment_intent_object-client_secret",
    fake_only="needs a publishable key",
)
def test_a_browser_needs_the_client_secret(world: World) -> None:
    intent = create(world.port, metadata={"order": "ord_1"})
    path = f"payment_intents/{intent['id']}"
    right = {"client_secret": intent["client_secret"]}
    wrong = {"client_secret": f"{intent['id']}_secret_guess"}

    seen = world.port.call("GET", path, right, bearer="pk_test_x")
    refused = world.port.call("GET", path, wrong, bearer="pk_test_x")

    assert seen["id"] == intent["id"]
    assert "metadata" not in seen.body
    assert refused.status == 400


@rests_on("https://docs.stripe.com/keys#obtain-api-keys", fake_only="needs a publishable key")
@pytest.mark.parametrize("verb", ["capture", "cancel"])
def test_a_browser_may_not_move_money(world: World, verb: str) -> None:
    intent = hold(world.port)
    params = {"client_secret": intent["client_secret"]}

    path = f"payment_intents/{intent['id']}/{verb}"
    reply = world.port.call("POST", path, params, bearer="pk_test_x")

    assert reply.status == 403
    assert look(world.port, intent)["status"] == "requires_capture"
