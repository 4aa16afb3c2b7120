"""How customers pay: cards, other cards, 3-D Secure, wallets; in time, late, or not at all."""

import pytest

from tests import laws
from tests.world import World

DECLINED = "pm_card_visa_chargeDeclinedInsufficientFunds"
CHALLENGED = "pm_card_threeDSecure2Required"


def _leg(world: World, order_id: str) -> tuple[str, str | None]:
    (leg,) = world.confirm(order_id).json["payments"]
    return leg["status"], leg["decline_code"]


def _types(seen: laws.Seen) -> list[str]:
    return [event["type"] for event in seen.news]


def test_after_a_decline_another_card_pays_the_same_intent(world_at: World) -> None:
    placed = world_at.order(world_at.store())
    (payment,) = placed["payments"]

    world_at.pay(payment, DECLINED)
    declined = [_leg(world_at, placed["order_id"]) for _ in range(2)]
    world_at.pay(payment)
    paid = _leg(world_at, placed["order_id"])

    assert declined == [("requires_payment", "insufficient_funds")] * 2
    assert paid[0] == "authorized"
    (seen,) = laws.orders(world_at)
    assert _types(seen) == ["payment.opened", "payment.declined", "payment.authorized"]
    assert len(world_at.intents()) == 1


@pytest.mark.parametrize("approved", [True, False])
def test_a_bank_that_asks_its_customer_decides(world_at: World, *, approved: bool) -> None:
    placed = world_at.order(world_at.store())
    (payment,) = placed["payments"]

    world_at.pay(payment, CHALLENGED)
    asked = _leg(world_at, placed["order_id"])
    world_at.stripe.answer_challenge(payment["intent_id"], approved=approved)
    answered = _leg(world_at, placed["order_id"])

    assert asked == ("requires_action", None)
    failure = ("requires_payment", "payment_intent_authentication_failure")
    assert answered == (("authorized", None) if approved else failure)
    (seen,) = laws.orders(world_at)
    last = "payment.authorized" if approved else "payment.declined"
    assert _types(seen) == ["payment.opened", "payment.action_required", last]
    assert seen.head["status"] == ("CREATED" if approved else "PENDING_PAYMENT")


@pytest.mark.parametrize("method", ["kr_card", "naver_pay", "kakao_pay"])
@pytest.mark.parametrize(
    ("outcome", "status"),
    [("approve", "authorized"), ("decline", "requires_payment"), ("leave", "requires_action")],
)
def test_a_wallet_is_approved_declined_or_walked_away_from(
    world_at: World, method: str, outcome: str, status: str
) -> None:
    placed = world_at.order(world_at.store(), {"method": method})
    (payment,) = placed["payments"]

    world_at.pay(payment, method)
    world_at.stripe.answer_wallet(payment["intent_id"], outcome)

    assert _leg(world_at, placed["order_id"])[0] == status
    world_at.tick(700)
    laws.demand(world_at)


def test_a_wallet_that_takes_its_time_is_waited_for(world_at: World) -> None:
    placed = world_at.order(world_at.store(), {"method": "kakao_pay"})
    (payment,) = placed["payments"]
    world_at.pay(payment, "kakao_pay")
    world_at.stripe.answer_wallet(payment["intent_id"], "processing")

    meanwhile = _leg(world_at, placed["order_id"])
    world_at.tick(61)

    assert meanwhile[0] in {"requires_payment", "requires_action"}
    assert world_at.seen(placed["order_id"])["status"] == "CREATED"


def test_a_payment_that_was_still_processing_at_the_cancellation_is_let_go_soon_after(
    world_at: World,
) -> None:
    placed = world_at.order(world_at.store(), {"method": "kakao_pay"})
    (payment,) = placed["payments"]
    world_at.pay(payment, "kakao_pay")
    world_at.stripe.answer_wallet(payment["intent_id"], "processing")

    world_at.cancel(placed["order_id"])
    world_at.pump()
    world_at.pass_time(900)

    assert world_at.intents()[0]["status"] == "canceled"
    laws.demand(world_at)


def test_an_unpaid_order_lapses_after_ten_minutes_and_only_its_customer_is_told(
    world_at: World,
) -> None:
    store_id = world_at.store()
    placed = world_at.order(store_id)

    world_at.pass_time(540)
    waiting = world_at.seen(placed["order_id"])["status"]
    world_at.pass_time(120)

    (seen,) = laws.orders(world_at)
    last = seen.events[-1]
    assert waiting == "PENDING_PAYMENT"
    assert last["type"] == "order.cancelled"
    assert '"code": "payment_expired"' in last["data"]
    assert world_at.board(store_id) == []
    assert "board" not in seen.head
    laws.demand(world_at)


def test_money_that_comes_for_a_dead_order_is_let_go(world_at: World) -> None:
    placed = world_at.order(world_at.store())
    world_at.clock.move(600)
    assert world_at.get(f"/v1/orders/{placed['order_id']}", world_at.customer())["status"] == (
        "CANCELLED"
    )

    world_at.pay(placed["payments"][0])
    late = world_at.confirm(placed["order_id"])

    assert late.json["payments"][0]["status"] == "voided"
    assert world_at.seen(placed["order_id"])["status"] == "CANCELLED"
    assert world_at.intents()[0]["status"] == "canceled"
    world_at.tick(60)
    laws.demand(world_at)


def test_one_payment_held_of_two_is_let_go_when_the_other_does_not_come(world_at: World) -> None:
    placed = world_at.order(world_at.store(), {"amount": 4000}, {"method": "card"})
    world_at.pay(placed["payments"][0])
    world_at.confirm(placed["order_id"])

    world_at.pass_time(660)

    assert {intent["status"] for intent in world_at.intents()} == {"canceled"}
    laws.demand(world_at)


def test_without_any_webhook_the_sweeper_finds_what_was_paid(world_at: World) -> None:
    store_id = world_at.store()
    placed = world_at.order(store_id)
    world_at.pay(placed["payments"][0])
    world_at.lose_webhooks()

    world_at.pass_time(180)

    assert world_at.board(store_id) == [placed["order_id"]]


def test_the_secret_is_shown_to_the_payer_while_there_is_to_be_paid_and_to_nobody_else(
    world_at: World,
) -> None:
    placed = world_at.order(world_at.store())
    path = f"/v1/orders/{placed['order_id']}/payments"
    secret = placed["payments"][0]["client_secret"]

    mine = world_at.get(path, world_at.customer())["payments"][0]["client_secret"]
    operators = world_at.get(path, world_at.operator())["payments"][0]["client_secret"]
    world_at.cancel(placed["order_id"])
    after = world_at.confirm(placed["order_id"]).json["payments"][0]["client_secret"]

    assert (mine, operators, after) == (secret, None, None)
    strange = world_at.call("GET", path, token=world_at.customer("other"))
    assert strange.status == 404


def test_while_stripe_is_down_a_confirmation_and_a_secret_wait(world_at: World) -> None:
    from sandbox.stripe.faults import Fault

    placed = world_at.order(world_at.store())
    world_at.pay(placed["payments"][0])
    path = f"/v1/orders/{placed['order_id']}/payments"
    world_at.stripe.set_fault(lambda _stage, _call: Fault())

    answers = [
        world_at.confirm(placed["order_id"]),
        world_at.call("GET", path, token=world_at.customer()),
    ]

    assert [(one.status, one.json["code"]) for one in answers] == [
        (503, "payment_provider_unavailable")
    ] * 2
    assert answers[0].headers["Retry-After"] == "1"


def test_an_order_without_a_payment_has_none_to_read(world_at: World) -> None:
    path = "/v1/orders/ord_01JD9Z6M7Q3W8K5N2R4T6V8X0Y/payments"

    assert world_at.call("GET", path, token=world_at.customer()).status == 404


def test_an_operator_reads_the_books_of_an_order_and_nobody_else_does(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    world_at.pump()
    path = f"/v1/orders/{order_id}/ledger"

    books = world_at.get(path, world_at.operator())

    entries = {
        (entry["transaction"].split(":")[0], entry["account"].split(":mer_")[0], entry["why"][:4]):
            entry["money"]["amount"]
        for entry in books["entries"]
    }  # fmt: skip
    assert books["balance"] == 0
    assert entries == {
        ("sale", "receivable:customer", "orde"): 9000,
        ("sale", "payable:merchant", "item"): -9000,
        ("sale", "revenue:commission", "comm"): -900,
        ("sale", "payable:merchant", "comm"): 900,
        ("capture", "stripe:clearing", "leg_"): 9000,
        ("capture", "receivable:customer", "leg_"): -9000,
    }
    assert world_at.call("GET", path, token=world_at.customer()).status == 403


def test_a_fee_is_owed_to_the_merchant_and_the_rest_is_let_go(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id, {"amount": 2000}, {"amount": 7000})
    world_at.command(order_id, "confirm", store_id=store_id)

    world_at.cancel(order_id)
    world_at.pump()

    (seen,) = laws.orders(world_at)
    assert sorted(intent["amount_received"] for intent in seen.intents) == [700, 2000]
    merchant = seen.balance(f"payable:merchant:{seen.head['merchant_id']}")
    assert merchant == -2700
    laws.demand(world_at)
