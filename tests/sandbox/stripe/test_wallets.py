import pytest

from tests.sandbox.stripe.port import Port
from tests.sandbox.stripe.stories import World, charge_of, create, do, look, wallet

HOLDING = ["kr_card", "naver_pay", "kakao_pay"]
AT_ONCE = ["samsung_pay", "payco"]


@pytest.mark.parametrize("kind", HOLDING + AT_ONCE)
def test_a_korean_wallet_sends_the_customer_to_its_page(port: Port, kind: str) -> None:
    # https://docs.stripe.com/payments/kakao-pay/accept-a-payment and the page of each
    intent = wallet(port, kind)

    assert intent["status"] == "requires_action"
    redirect = intent["next_action"]["redirect_to_url"]
    assert redirect["return_url"] == "https://shop.example/back?order=1"
    assert redirect["url"].startswith("http")


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


def test_a_korean_wallet_takes_won_only(port: Port) -> None:
    # https://docs.stripe.com/payments/kakao-pay/accept-a-payment: "Supported currencies: krw"
    reply = create(port, allowed_payment_method_types=["kakao_pay"])

    assert reply.status == 400


def test_a_type_nobody_knows_is_refused(port: Port) -> None:
    reply = create(port, allowed_payment_method_types=["shells"])

    assert reply.status == 400


@pytest.mark.parametrize("kind", HOLDING)
def test_an_approved_wallet_holds_the_money_until_capture(world: World, kind: str) -> None:
    intent = wallet(world.port, kind, capture_method="manual")

    world.fake.answer_wallet(intent["id"], "approve")

    held = look(world.port, intent)
    assert (held["status"], held["amount_capturable"]) == ("requires_capture", 15_000)
    assert do(world.port, intent, "capture", amount_to_capture=9_000)["status"] == "succeeded"


def test_a_wallets_charge_does_not_say_until_when_it_holds(world: World) -> None:
    # https://docs.stripe.com/api/charges/object: capture_before is a card's
    intent = wallet(world.port, "kakao_pay", capture_method="manual")

    world.fake.answer_wallet(intent["id"], "approve")

    charge = charge_of(world.port, intent)
    assert charge["id"].startswith("py_")
    assert "capture_before" not in charge["payment_method_details"]["kakao_pay"]


@pytest.mark.parametrize("kind", AT_ONCE)
def test_some_wallets_cannot_hold_money(world: World, kind: str) -> None:
    alone = wallet(world.port, kind, capture_method="manual")
    options = {kind: {"capture_method": "manual"}}
    asked = wallet(world.port, kind, payment_method_options=options)

    assert (alone.status, asked.status) == (400, 400)
    assert asked.error["param"] == "capture_method"


@pytest.mark.parametrize("kind", AT_ONCE)
def test_they_take_it_at_once(world: World, kind: str) -> None:
    intent = wallet(world.port, kind)

    world.fake.answer_wallet(intent["id"], "approve")

    assert look(world.port, intent)["amount_received"] == 15_000


def test_holding_offers_only_wallets_that_can_hold(world: World) -> None:
    intent = create(
        world.port,
        amount=15_000,
        currency="krw",
        allowed_payment_method_types=None,
        capture_method="manual",
    )

    assert intent["payment_method_types"] == ["card", *HOLDING]


def test_a_declined_wallet_asks_for_another_method(world: World) -> None:
    intent = wallet(world.port)

    world.fake.answer_wallet(intent["id"], "decline")

    after = look(world.port, intent)
    assert after["status"] == "requires_payment_method"
    assert after["last_payment_error"]["code"] == "payment_intent_payment_attempt_failed"


def test_who_walks_away_may_come_back_within_the_hour(world: World) -> None:
    intent = wallet(world.port)
    world.fake.answer_wallet(intent["id"], "leave")
    world.clock.forward(3599)

    world.fake.answer_wallet(intent["id"], "approve")

    assert look(world.port, intent)["status"] == "succeeded"


def test_who_walks_away_for_good_leaves_the_intent_open_for_another_method(world: World) -> None:
    # https://docs.stripe.com/error-codes#payment-intent-payment-attempt-expired
    intent = wallet(world.port)
    world.fake.answer_wallet(intent["id"], "leave")

    world.clock.forward(3600)

    after = look(world.port, intent)
    assert after["status"] == "requires_payment_method"
    assert after["last_payment_error"]["code"] == "payment_intent_payment_attempt_expired"


def test_a_slow_wallet_is_processing_first(world: World) -> None:
    # https://docs.stripe.com/payments/paymentintents/lifecycle#processing
    intent = wallet(world.port)
    world.fake.answer_wallet(intent["id"], "processing")
    before = look(world.port, intent)["status"]
    refused = do(world.port, intent, "cancel")

    world.clock.forward(60)

    assert (before, look(world.port, intent)["status"]) == ("processing", "succeeded")
    assert refused.error["code"] == "payment_intent_unexpected_state"


def test_an_abandoned_wallet_can_be_replaced_by_a_card(world: World) -> None:
    # https://docs.stripe.com/payments/paymentintents/lifecycle
    intent = wallet(world.port, allowed_payment_method_types=["kakao_pay", "card"])

    paid = do(world.port, intent, "confirm", payment_method="pm_card_visa")
    world.clock.forward(3600)

    assert paid["status"] == "succeeded"
    assert look(world.port, intent)["status"] == "succeeded"
