"""Charging what was saved while nobody is there to answer the bank."""

import pytest

from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Port, Reply
from tests.sandbox.stripe.stories import (
    DAY,
    World,
    charge_of,
    create,
    customer_of,
    do,
    hold,
    pay,
    set_up,
    wallet,
)


def saved_wallet(world: World, kind: str = "kakao_pay") -> tuple[str, str]:
    """A customer, and their wallet that may be charged without them."""
    customer = customer_of(world.port)
    setup = set_up(world.port, customer, kind)
    world.fake.answer_wallet(setup["id"], "approve")
    return customer, setup["payment_method"]


def charge_wallet(port: Port, customer: str, method: str) -> Reply:
    return create(
        port,
        amount=15_000,
        currency="krw",
        allowed_payment_method_types=["kakao_pay"],
        capture_method="manual",
        customer=customer,
        payment_method=method,
        confirm=True,
        off_session=True,
    )


@rests_on("https://docs.stripe.com/payments/save-and-reuse#charge-saved-payment-method")
def test_a_saved_card_is_held_with_nobody_there(port: Port) -> None:
    customer = customer_of(port)
    method = set_up(port, customer, "pm_card_visa")["payment_method"]

    held = hold(port, method, customer=customer, off_session=True)

    assert held["status"] == "requires_capture"
    assert do(port, held, "capture", amount_to_capture=1500)["amount_received"] == 1500


@rests_on(
    "https://docs.stripe.com/api/payment_intents/create#create_payment_intent-off_session",
    "This parameter can only be used with confirm=true",
)
def test_off_session_means_at_once(port: Port) -> None:
    reply = create(port, payment_method="pm_card_visa", off_session=True)

    assert (reply.status, reply.error["param"]) == (400, "off_session")


@rests_on("https://docs.stripe.com/testing#authentication-and-setup")
def test_a_card_that_was_set_up_elsewhere_asks_only_whoever_is_there(port: Port) -> None:
    card = "pm_card_authenticationRequiredSetupForOffSession"
    customer = customer_of(port)

    away = pay(port, card, customer=customer, off_session=True)
    there = pay(port, card, customer=customer)

    assert (away["status"], there["status"]) == ("succeeded", "requires_action")


@rests_on(
    "https://docs.stripe.com/testing#authentication-and-setup",
    "regardless of how the card is set up",
    fake_only="needs the customer on a page of another",
)
def test_some_cards_want_the_customer_every_time(world: World) -> None:
    customer = customer_of(world.port)
    setup = set_up(world.port, customer, "pm_card_authenticationRequired")
    world.fake.answer_challenge(setup["id"], approved=True)

    reply = hold(world.port, setup["payment_method"], customer=customer, off_session=True)

    assert (reply.status, reply.error["code"]) == (402, "authentication_required")


@rests_on("https://docs.stripe.com/declines/codes#authentication_required")
def test_who_was_not_there_may_come_back_and_answer(port: Port) -> None:
    customer = customer_of(port)
    card = "pm_card_authenticationRequired"
    error = hold(port, card, customer=customer, off_session=True).error
    declined = error["payment_intent"]

    again = do(port, declined["id"], "confirm", payment_method=card)

    assert declined["status"] == "requires_payment_method"
    assert declined["last_payment_error"]["code"] == "authentication_required"
    assert declined["client_secret"]
    assert again["status"] == "requires_action"


@rests_on("https://docs.stripe.com/testing#declined-payments", "attempts to charge fail")
def test_a_card_may_be_saved_and_declined_when_it_is_charged(port: Port) -> None:
    customer = customer_of(port)
    setup = set_up(port, customer, "pm_card_chargeCustomerFail")

    reply = hold(port, setup["payment_method"], customer=customer, off_session=True)

    assert setup["status"] == "succeeded"
    assert (reply.status, reply.error["code"]) == (402, "card_declined")


@rests_on(
    "https://docs.stripe.com/testing#authentication-and-setup",
    "declined with an insufficient_funds failure code",
    fake_only="needs the customer on a page of another",
)
def test_a_card_that_was_set_up_may_have_no_funds(world: World) -> None:
    customer = customer_of(world.port)
    card = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"
    setup = set_up(world.port, customer, card)
    world.fake.answer_challenge(setup["id"], approved=True)

    reply = hold(world.port, setup["payment_method"], customer=customer, off_session=True)

    assert (reply.status, reply.error["decline_code"]) == (402, "insufficient_funds")


@rests_on(
    "https://docs.stripe.com/declines/codes#expired_card",
    fake_only="needs time to pass",
)
def test_a_saved_card_expires(world: World) -> None:
    customer = customer_of(world.port)
    method = set_up(world.port, customer, "pm_card_visa")["payment_method"]
    world.clock.forward(3 * 365 * DAY)

    reply = hold(world.port, method, customer=customer, off_session=True)

    assert (reply.status, reply.error["code"]) == (402, "expired_card")


@rests_on(
    "https://docs.stripe.com/changelog/acacia/2024-11-20/south-korea-payment-methods",
    fake_only="needs the customer on a page of another",
)
def test_a_saved_wallet_is_charged_without_its_page(world: World) -> None:
    held = charge_wallet(world.port, *saved_wallet(world))

    assert held["status"] == "requires_capture"


@rests_on(
    "https://docs.stripe.com/error-codes#payment-intent-mandate-invalid",
    fake_only="needs an account that offers Korean wallets",
)
def test_a_wallet_without_a_mandate_is_not(world: World) -> None:
    customer = customer_of(world.port)
    method = wallet(world.port, customer=customer)["payment_method"]

    reply = charge_wallet(world.port, customer, method)

    assert (reply.status, reply.error["code"]) == (400, "payment_intent_mandate_invalid")


@rests_on(
    "https://docs.stripe.com/payments/place-a-hold-on-a-payment-method"
    "#authorization-validity-windows",
    "4 days and 18 hours",
)
def test_with_nobody_there_visa_holds_for_less_than_five_days(port: Port) -> None:
    customer = customer_of(port)
    method = set_up(port, customer, "pm_card_visa")["payment_method"]

    charge = charge_of(port, hold(port, method, customer=customer, off_session=True))

    window = charge["payment_method_details"]["card"]["capture_before"] - charge["created"]
    assert window == pytest.approx(4 * DAY + 18 * 3600, abs=3600)


@rests_on("https://docs.stripe.com/api/idempotent_requests", "regardless of whether it succeeds")
def test_a_decline_is_replayed_and_another_key_tries_anew(port: Port) -> None:
    customer = customer_of(port)
    card = set_up(port, customer, "pm_card_chargeCustomerFail")["payment_method"]
    keys = [first := port.fresh_key(), first, port.fresh_key()]

    errors = [hold(port, card, key, customer=customer, off_session=True).error for key in keys]

    intents = [error["payment_intent"]["id"] for error in errors]
    assert intents[0] == intents[1]
    assert intents[2] != intents[0]
