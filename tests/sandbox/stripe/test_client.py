import pytest
import stripe

from sandbox.stripe.client import SimHttpClient, lost_connection
from sandbox.stripe.faults import Call, Stage
from tests.sandbox.stripe.stories import World


def client_of(world: World, retries: int = 0) -> stripe.StripeClient:
    http = SimHttpClient(world.fake)
    return stripe.StripeClient("sk_test_x", http_client=http, max_network_retries=retries)


def test_the_official_library_holds_captures_and_refunds(world: World) -> None:
    client = client_of(world)

    intent = client.v1.payment_intents.create(
        {
            "amount": 15_000,
            "currency": "krw",
            "capture_method": "manual",
            "payment_method": "pm_card_visa",
            "allowed_payment_method_types": ["card"],
            "confirm": True,
            "metadata": {"order": "ord_1"},
            "expand": ["latest_charge"],
        },
        {"idempotency_key": "ord_1:auth:1"},
    )
    client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 12_000})
    refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 2_000})

    assert isinstance(intent.latest_charge, stripe.Charge)
    after = client.v1.payment_intents.retrieve(intent.id)
    assert (after.status, after.amount_received, refund.status) == (
        "succeeded",
        12_000,
        "succeeded",
    )


def test_a_decline_is_the_librarys_card_error(world: World) -> None:
    with pytest.raises(stripe.CardError) as declined:
        client_of(world).v1.payment_intents.create(
            {
                "amount": 2000,
                "currency": "usd",
                "payment_method": "pm_card_visa_chargeDeclinedInsufficientFunds",
                "allowed_payment_method_types": ["card"],
                "confirm": True,
            }
        )

    assert declined.value.code == "card_declined"
    assert declined.value.error is not None
    assert declined.value.error.decline_code == "insufficient_funds"


def test_the_library_repeats_a_lost_request_with_its_own_key(world: World) -> None:
    # https://docs.stripe.com/error-low-level#connection-errors
    keys: list[str | None] = []

    def lose_twice(stage: Stage, call: Call) -> None:
        if stage == "after" and len(keys) < 2:
            keys.append(call.idempotency_key)
            raise lost_connection()

    world.fake.set_fault(lose_twice)
    client = client_of(world, retries=2)

    intent = client.v1.payment_intents.create({"amount": 2000, "currency": "usd"})

    listed = client.v1.payment_intents.list()
    assert [entry.id for entry in listed.data] == [intent.id]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_errors_are_the_librarys_own(world: World) -> None:
    client = client_of(world)

    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.v1.payment_intents.retrieve("pi_nothing")
    with pytest.raises(stripe.AuthenticationError):
        stripe.StripeClient("nonsense", http_client=SimHttpClient(world.fake)).v1.balance.retrieve()

    assert unknown.value.http_status == 404
    assert unknown.value.code == "resource_missing"


def test_a_list_pages_by_itself(world: World) -> None:
    # https://docs.stripe.com/api/pagination/auto
    client = client_of(world)
    for _ in range(5):
        client.v1.payment_intents.create({"amount": 2000, "currency": "usd"})

    listed = client.v1.payment_intents.list({"limit": 2})

    assert len(list(listed.auto_paging_iter())) == 5
