import pytest

from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Port
from tests.sandbox.stripe.stories import DAY, World, charge_of, create, do, hold, look, pay


@rests_on("https://docs.stripe.com/api/payment_intents/capture")
def test_a_capture_takes_what_is_held(port: Port) -> None:
    intent = do(port, hold(port), "capture")

    assert intent["status"] == "succeeded"
    assert (intent["amount_received"], intent["amount_capturable"]) == (2000, 0)
    assert charge_of(port, intent)["captured"] is True


@rests_on(
    "https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow"
)
def test_less_can_be_captured_and_the_rest_is_released(port: Port) -> None:
    intent = do(port, hold(port), "capture", amount_to_capture=1500)

    charge = charge_of(port, intent)
    assert (intent["amount"], intent["amount_received"]) == (2000, 1500)
    assert (charge["amount_captured"], charge["amount_refunded"]) == (1500, 0)
    assert charge["refunded"] is False


@rests_on(
    "https://docs.stripe.com/api/payment_intents/capture#capture_payment_intent-amount_to_capture"
)
def test_more_than_is_held_cannot_be_captured(port: Port) -> None:
    intent = hold(port)

    reply = do(port, intent, "capture", amount_to_capture=2001)

    assert reply.status == 400
    assert look(port, intent)["status"] == "requires_capture"


@rests_on("https://docs.stripe.com/error-codes#payment-intent-unexpected-state")
def test_a_second_capture_is_refused(port: Port) -> None:
    intent = do(port, hold(port), "capture", amount_to_capture=1500)

    again = do(port, intent, "capture")

    assert again.status == 400
    assert again.error["code"] == "payment_intent_unexpected_state"
    assert look(port, intent)["amount_received"] == 1500


@rests_on("https://docs.stripe.com/error-codes#payment-intent-unexpected-state")
def test_nothing_is_captured_that_is_not_held(port: Port) -> None:
    replies = [do(port, create(port), "capture"), do(port, pay(port), "capture")]

    assert [reply.error["code"] for reply in replies] == ["payment_intent_unexpected_state"] * 2


@rests_on("https://docs.stripe.com/api/payment_intents/cancel")
@pytest.mark.parametrize("reason", ["requested_by_customer", "abandoned", "duplicate"])
def test_a_cancel_releases_what_is_held(port: Port, reason: str) -> None:
    intent = do(port, hold(port), "cancel", cancellation_reason=reason)

    assert (intent["status"], intent["cancellation_reason"]) == ("canceled", reason)
    assert intent["amount_capturable"] == 0
    assert isinstance(intent["canceled_at"], int)
    charge = charge_of(port, intent)
    assert (charge["captured"], charge["amount_refunded"]) == (False, 0)


@rests_on(
    "https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow"
)
def test_cancelling_makes_no_refund(port: Port) -> None:
    intent = do(port, hold(port), "cancel")

    refunds = port.call("GET", "refunds", {"payment_intent": intent["id"]})

    assert refunds["data"] == []


@rests_on("https://docs.stripe.com/api/payment_intents/cancel")
def test_whatever_is_not_paid_can_be_cancelled(port: Port) -> None:
    intents = [
        create(port),
        create(port, payment_method="pm_card_visa"),
        pay(port, "pm_card_threeDSecure2Required"),
        hold(port),
    ]

    canceled = [do(port, intent, "cancel")["status"] for intent in intents]

    assert canceled == ["canceled"] * 4


@rests_on("https://docs.stripe.com/api/payment_intents/cancel", "refund it instead")
def test_what_is_paid_cannot_be_cancelled(port: Port) -> None:
    reply = do(port, pay(port), "cancel")

    assert reply.status == 400
    assert reply.error["code"] == "payment_intent_unexpected_state"


@rests_on("https://docs.stripe.com/api/payment_intents/cancel", "any operations on it fail")
@pytest.mark.parametrize("verb", ["capture", "confirm", "cancel"])
def test_after_a_cancel_every_operation_fails(port: Port, verb: str) -> None:
    intent = do(port, hold(port), "cancel")

    reply = do(port, intent, verb)

    assert reply.status == 400
    assert reply.error["code"] == "payment_intent_unexpected_state"
    assert look(port, intent)["status"] == "canceled"


@rests_on(
    "https://docs.stripe.com/api/payment_intents/cancel#cancel_payment_intent-cancellation_reason"
)
def test_an_unknown_cancellation_reason_is_refused(port: Port) -> None:
    reply = do(port, hold(port), "cancel", cancellation_reason="bored")

    assert reply.error["param"] == "cancellation_reason"


@rests_on("https://docs.stripe.com/api/payment_intents/update")
def test_the_amount_of_a_held_intent_is_fixed(port: Port) -> None:
    intent = hold(port)

    reply = port.call("POST", f"payment_intents/{intent['id']}", {"amount": 2500})

    assert reply.error["code"] == "payment_intent_unexpected_state"


@rests_on(
    "https://docs.stripe.com/payments/place-a-hold-on-a-payment-method",
    "7 days online",
    fake_only="needs time to pass",
)
def test_after_seven_days_an_authorisation_expires(world: World) -> None:
    intent = hold(world.port)
    world.clock.forward(7 * DAY - 1)
    before = look(world.port, intent)["status"]

    world.clock.forward(1)
    late = do(world.port, intent, "capture")

    after = look(world.port, intent)
    assert before == "requires_capture"
    assert (after["status"], after["cancellation_reason"]) == ("canceled", "expired")
    assert after["canceled_at"] == intent["created"] + 7 * DAY
    assert late.error["code"] == "payment_intent_unexpected_state"


@rests_on(
    "https://docs.stripe.com/payments/place-a-hold-on-a-payment-method",
    fake_only="needs time to pass",
)
def test_a_captured_payment_does_not_expire(world: World) -> None:
    intent = do(world.port, hold(world.port), "capture")

    world.clock.forward(30 * DAY)

    assert look(world.port, intent)["status"] == "succeeded"


@rests_on(
    "https://docs.stripe.com/payments/place-a-hold-on-a-payment-method",
    fake_only="needs the bank to act",
)
def test_a_bank_may_drop_its_hold_early(world: World) -> None:
    intent = hold(world.port)

    world.fake.lose_authorization(intent["id"])

    assert look(world.port, intent)["status"] == "canceled"


# https://docs.stripe.com/api/events/types
STORIES = [
    (
        "held and captured",
        ["capture"],
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.amount_capturable_updated",
            "charge.captured",
            "payment_intent.succeeded",
        ],
    ),
    (
        "held and cancelled",
        ["cancel"],
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.amount_capturable_updated",
            "charge.expired",
            "payment_intent.canceled",
        ],
    ),
]


@rests_on(
    "https://docs.stripe.com/api/events/types", fake_only="needs an account with no other events"
)
@pytest.mark.parametrize(
    ("verbs", "events"), [row[1:] for row in STORIES], ids=[row[0] for row in STORIES]
)
def test_each_step_is_an_event(world: World, verbs: list[str], events: list[str]) -> None:
    intent = hold(world.port)

    for verb in verbs:
        do(world.port, intent, verb)

    assert world.events() == events


@rests_on(
    "https://docs.stripe.com/api/events/types#event_types-payment_intent.payment_failed",
    fake_only="needs an account with no other events",
)
def test_a_decline_is_an_event(world: World) -> None:
    pay(world.port, "pm_card_visa_chargeDeclined")

    expected = ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]
    assert world.events() == expected


@rests_on(
    "https://docs.stripe.com/api/events/object#event_object-request",
    fake_only="needs an account with no other events",
)
def test_an_event_names_the_request_that_caused_it(world: World) -> None:
    pay(world.port, key="ord_1:auth:1")
    listed = world.port.call("GET", "events", {"type": "payment_intent.succeeded"})

    assert listed["data"][0]["request"]["idempotency_key"] == "ord_1:auth:1"
