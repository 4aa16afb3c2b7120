import pytest

from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Port
from tests.sandbox.stripe.stories import World, charge_of, create, do, look, wallet

HOLDING = ["kr_card", "naver_pay", "kakao_pay"]
AT_ONCE = ["samsung_pay", "payco"]


@rests_on("https://docs.stripe.com/payments/kakao-pay/accept-a-payment", "and the page of each")
@pytest.mark.parametrize("kind", HOLDING + AT_ONCE)
def test_a_korean_wallet_sends_the_customer_to_its_page(port: Port, kind: str) -> None:
    intent = wallet(port, kind)

    assert intent["status"] == "requires_action"
    redirect = intent["next_action"]["redirect_to_url"]
    assert redirect["return_url"] == "https://shop.example/back?order=1"
    assert redirect["url"].startswith("http")


@rests_on("https://docs.stripe.com/api/payment_intents/confirm#confirm_payment_intent-return_url")
def test_a_wallet_needs_a_way_back(port: Port) -> None:
    reply = create(
        port,
        amount=15_000,
        currency="krw",
        allowed_payment_method_types=["kakao_pay"],
        payment_method_data={"type": "kakao_pay"},
        confirm=True,
    )

    assert reply.status == 400


@rests_on(
    "https://docs.stripe.com/payments/kakao-pay/accept-a-payment", "Supported currencies: krw"
)
def test_a_korean_wallet_takes_won_only(port: Port) -> None:
    reply = create(port, allowed_payment_method_types=["kakao_pay"])

    assert reply.status == 400


@rests_on(
    "https://docs.stripe.com/api/payment_intents/create#create_payment_intent-allowed_payment_method_types"
)
def test_a_type_nobody_knows_is_refused(port: Port) -> None:
    reply = create(port, allowed_payment_method_types=["shells"])

    assert reply.status == 400


@rests_on(
    "https://docs.stripe.com/payments/kakao-pay",
    fake_only="needs the customer on a page of another",
)
@pytest.mark.parametrize("kind", HOLDING)
def test_an_approved_wallet_holds_the_money_until_capture(world: World, kind: str) -> None:
    intent = wallet(world.port, kind, capture_method="manual")

    world.fake.answer_wallet(intent["id"], "approve")

    held = look(world.port, intent)
    assert (held["status"], held["amount_capturable"]) == ("requires_capture", 15_000)
    assert do(world.port, intent, "capture", amount_to_capture=9_000)["status"] == "succeeded"


@rests_on(
    "https://docs.stripe.com/api/charges/object",
    "capture_before is a card's",
    fake_only="needs the customer on a page of another",
)
def test_a_wallets_charge_does_not_say_until_when_it_holds(world: World) -> None:
    intent = wallet(world.port, "kakao_pay", capture_method="manual")

    world.fake.answer_wallet(intent["id"], "approve")

    charge = charge_of(world.port, intent)
    assert charge["id"].startswith("py_")
    assert "capture_before" not in charge["payment_method_details"]["kakao_pay"]


@rests_on(
    "https://docs.stripe.com/payments/payco/accept-a-payment",
    fake_only="needs an account that offers Korean wallets",
)
@pytest.mark.parametrize("kind", AT_ONCE)
def test_some_wallets_cannot_hold_money(world: World, kind: str) -> None:
    alone = wallet(world.port, kind, capture_method="manual")
    options = {kind: {"capture_method": "manual"}}
    asked = wallet(world.port, kind, payment_method_options=options)

    assert (alone.status, asked.status) == (400, 400)
    assert asked.error["param"] == "capture_method"


@rests_on(
    "https://docs.stripe.com/payments/payco/accept-a-payment",
    fake_only="needs the customer on a page of another",
)
@pytest.mark.parametrize("kind", AT_ONCE)
def test_they_take_it_at_once(world: World, kind: str) -> None:
    intent = wallet(world.port, kind)

    world.fake.answer_wallet(intent["id"], "approve")

    assert look(world.port, intent)["amount_received"] == 15_000


@rests_on(
    "https://docs.stripe.com/payments/payment-methods/payment-method-support#additional-api-supportability",
    fake_only="needs an account that offers Korean wallets",
)
def test_holding_offers_only_wallets_that_can_hold(world: World) -> None:
    intent = create(
        world.port,
        amount=15_000,
        currency="krw",
        allowed_payment_method_types=None,
        capture_method="manual",
    )

    assert intent["payment_method_types"] == ["card", *HOLDING]


@rests_on(
    "https://docs.stripe.com/error-codes#payment-intent-payment-attempt-failed",
    fake_only="needs the customer on a page of another",
)
def test_a_declined_wallet_asks_for_another_method(world: World) -> None:
    intent = wallet(world.port)

    world.fake.answer_wallet(intent["id"], "decline")

    after = look(world.port, intent)
    assert after["status"] == "requires_payment_method"
    assert after["last_payment_error"]["code"] == "payment_intent_payment_attempt_failed"


@rests_on(
    "https://docs.stripe.com/payments/paymentintents/lifecycle",
    fake_only="needs the customer on a page of another",
)
def test_who_walks_away_may_come_back_within_the_hour(world: World) -> None:
    intent = wallet(world.port)
    world.fake.answer_wallet(intent["id"], "leave")
    world.clock.forward(3599)

    world.fake.answer_wallet(intent["id"], "approve")

    assert look(world.port, intent)["status"] == "succeeded"


@rests_on(
    "https://docs.stripe.com/error-codes#payment-intent-payment-attempt-expired",
    fake_only="needs the customer on a page of another",
)
def test_who_walks_away_for_good_leaves_the_intent_open_for_another_method(world: World) -> None:
    intent = wallet(world.port)
    world.fake.answer_wallet(intent["id"], "leave")

    world.clock.forward(3600)

    after = look(world.port, intent)
    assert after["status"] == "requires_payment_method"
    assert after["last_payment_error"]["code"] == "payment_intent_payment_attempt_expired"


@rests_on(
    "https://docs.stripe.com/payments/paymentintents/lifecycle#processing",
    fake_only="needs the customer on a page of another",
)
def test_a_slow_wallet_is_processing_first(world: World) -> None:
    intent = wallet(world.port)
    world.fake.answer_wallet(intent["id"], "processing")
    before = look(world.port, intent)["status"]
    refused = do(world.port, intent, "cancel")

    world.clock.forward(60)

    assert (before, look(world.port, intent)["status"]) == ("processing", "succeeded")
    assert refused.error["code"] == "payment_intent_unexpected_state"


@rests_on(
    "https://docs.stripe.com/payments/paymentintents/lifecycle", fake_only="needs time to pass"
)
def test_an_abandoned_wallet_can_be_replaced_by_a_card(world: World) -> None:
    intent = wallet(world.port, allowed_payment_method_types=["kakao_pay", "card"])

    paid = do(world.port, intent, "confirm", payment_method="pm_card_visa")
    world.clock.forward(3600)

    assert paid["status"] == "succeeded"
    assert look(world.port, intent)["status"] == "succeeded"
