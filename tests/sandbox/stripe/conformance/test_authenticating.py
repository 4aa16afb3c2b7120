"""3-D Secure: who is asked, and what follows from the answer."""

import pytest

from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Port
from tests.sandbox.stripe.stories import World, hold, look, pay


@rests_on("https://docs.stripe.com/testing#regulatory-cards")
@pytest.mark.parametrize(
    "method", ["pm_card_threeDSecure2Required", "pm_card_authenticationRequired"]
)
def test_a_card_may_want_the_customer_first(port: Port, method: str) -> None:
    intent = hold(port, method, return_url="https://shop.example/back")

    assert intent["status"] == "requires_action"
    assert intent["next_action"]["type"] == "redirect_to_url"
    assert intent["next_action"]["redirect_to_url"]["return_url"] == "https://shop.example/back"


@rests_on("https://docs.stripe.com/api/payment_intents/object#payment_intent_object-next_action")
def test_without_a_way_back_the_script_asks_the_customer(port: Port) -> None:
    intent = hold(port, "pm_card_threeDSecure2Required")

    assert intent["next_action"]["type"] == "use_stripe_sdk"


@rests_on("https://docs.stripe.com/testing#regulatory-cards", "error code authentication_required")
def test_off_session_a_card_that_wants_the_customer_is_declined(port: Port) -> None:
    customer = port.call("POST", "customers")["id"]
    reply = pay(port, "pm_card_authenticationRequired", customer=customer, off_session=True)

    assert reply.status == 402
    assert reply.error["code"] == "authentication_required"


@rests_on(
    "https://docs.stripe.com/api/payment_intents/create#create_payment_intent-error_on_requires_action"
)
def test_error_on_requires_action_refuses_instead_of_waiting(port: Port) -> None:
    reply = pay(port, "pm_card_authenticationRequired", error_on_requires_action=True)

    assert reply.status == 402
    assert reply.error["code"] == "authentication_required"


@rests_on("https://docs.stripe.com/payments/3d-secure/authentication-flow#manual-three-ds")
def test_three_d_secure_can_be_asked_for(port: Port) -> None:
    options = {"card": {"request_three_d_secure": "any"}}
    intent = pay(port, "pm_card_threeDSecure2Required", payment_method_options=options)

    assert intent["status"] == "requires_action"


@rests_on(
    "https://docs.stripe.com/payments/3d-secure/authentication-flow",
    fake_only="needs the customer on a page of another",
)
def test_a_challenge_that_is_passed_authorises(world: World) -> None:
    intent = hold(world.port, "pm_card_threeDSecure2Required")

    world.fake.answer_challenge(intent["id"], approved=True)

    after = look(world.port, intent)
    assert (after["status"], after["next_action"]) == ("requires_capture", None)


@rests_on(
    "https://docs.stripe.com/error-codes#payment-intent-authentication-failure",
    fake_only="needs the customer on a page of another",
)
def test_a_challenge_that_is_failed_asks_for_another_method(world: World) -> None:
    intent = hold(world.port, "pm_card_threeDSecure2Required")

    world.fake.answer_challenge(intent["id"], approved=False)

    after = look(world.port, intent)
    assert after["status"] == "requires_payment_method"
    assert after["last_payment_error"]["code"] == "payment_intent_authentication_failure"


@rests_on(
    "https://docs.stripe.com/testing#three-d-secure-mobile-challenge-flows",
    fake_only="needs the customer on a page of another",
)
def test_a_card_may_be_declined_after_its_challenge(world: World) -> None:
    intent = hold(world.port, "pm_card_threeDSecureRequiredChargeDeclined")

    world.fake.answer_challenge(intent["id"], approved=True)

    assert look(world.port, intent)["last_payment_error"]["code"] == "card_declined"


@rests_on("https://docs.stripe.com/testing#three-ds-cards", "the customer won't be prompted")
@pytest.mark.parametrize(
    ("card", "status"),
    [("pm_card_visa", "succeeded"), ("pm_card_threeDSecureOptional", "requires_action")],
)
def test_asking_for_authentication_prompts_who_can_give_it(
    port: Port, card: str, status: str
) -> None:
    options = {"card": {"request_three_d_secure": "any"}}

    intent = pay(port, card, payment_method_options=options)

    assert intent["status"] == status
    assert pay(port, card)["status"] == "succeeded"
