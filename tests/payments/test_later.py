"""Orders for later: saved at checkout, charged a day before, mended within half a day, let go."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.payments import deferral
from chalicelib.payments.methods import METHODS
from tests import laws
from tests.payments import later
from tests.payments.later import charged, mend, placed, promised, save, seen, to_pay
from tests.payments.wallets import attached
from tests.world import SECRET_KEY, World

HOUR = 3600
SPLIT: tuple[dict[str, Any], ...] = (
    {"method": "card", "amount": 4000},
    {"method": "kakao_pay"},
)


@pytest.mark.parametrize(
    ("method", "days", "intent"),
    [
        ("card", 5, "payment"),
        ("card", 5.1, "setup"),
        ("kakao_pay", 2, "payment"),
        ("kakao_pay", 2.1, "setup"),
    ],
)
def test_what_can_be_held_until_its_moment_is_held_now_and_else_is_saved(
    world_at: World, method: str, days: float, intent: str
) -> None:
    made = placed(world_at, {"method": method}, days=days)

    assert [one["intent"] for one in made["payments"]] == [intent]
    assert len(later.setups(world_at)) + len(world_at.intents()) == 1
    assert made["status"] == "PENDING_PAYMENT"


def test_every_method_that_stripe_holds_is_charged_within_its_hold() -> None:
    stripes = [one for one in METHODS.values() if one.provider == "stripe"]

    for method in stripes:
        assert method.ahead is not None
        assert method.ahead > deferral.CHARGE_BEFORE
        assert method.held_seconds.value is not None
        assert method.ahead.total_seconds() <= method.held_seconds.value - 24 * HOUR


def test_a_saved_means_is_charged_a_day_before_and_the_store_sees_the_order_then(
    world_at: World,
) -> None:
    order_id = promised(world_at)
    store_id = world_at.seen(order_id)["store_id"]
    charge_at, _ = later.of(order_id)
    before = (world_at.seen(order_id)["status"], world_at.board(store_id), world_at.intents())

    later.until(world_at, charge_at, -1)
    world_at.tick(0)
    asleep = world_at.intents()
    world_at.tick(2)

    found = seen(world_at, order_id)
    assert before == ("PENDING_PAYMENT", [], [])
    assert asleep == []
    assert (found.head["status"], found.legs[0]["status"]) == ("CREATED", "authorized")
    assert world_at.board(store_id) == [order_id]
    assert later.events(order_id) == ["order.placed", "order.scheduled", "order.created"]
    assert later.news(found) == [
        "payment.opened", "payment.method_saved", "payment.authorized",
    ]  # fmt: skip


def test_an_order_for_later_ends_in_settled_money_and_nothing_stays_saved(world_at: World) -> None:
    order_id = promised(world_at)
    charged(world_at, order_id)
    store_id = world_at.seen(order_id)["store_id"]

    world_at.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    world_at.pump()
    world_at.tick(86_401)

    found = seen(world_at, order_id)
    assert (found.head["status"], found.captured) == ("CONCLUDED", 9000)
    assert attached(world_at) == []
    laws.demand(world_at)


def test_a_later_order_stands_first_in_the_list_of_its_store_when_it_is_shown(
    world_at: World,
) -> None:
    store_id = world_at.store()
    made = world_at.order(store_id, scheduled_for=later.moment(days=10))
    save(world_at, made["payments"][0])
    world_at.confirm(made["order_id"])
    later.until(world_at, later.of(made["order_id"])[0], -HOUR)
    sooner = world_at.paid_order(store_id)

    charged(world_at, made["order_id"])

    assert world_at.board(store_id) == [made["order_id"], sooner]


def test_stripe_alone_tells_that_the_means_is_saved(world_at: World) -> None:
    made = placed(world_at)
    save(world_at, made["payments"][0])

    world_at.pump()

    assert later.events(made["order_id"]) == ["order.placed", "order.scheduled"]


def test_a_sweep_finds_what_was_saved_and_nobody_told(world_at: World) -> None:
    made = placed(world_at)
    save(world_at, made["payments"][0])
    world_at.lose_webhooks()

    world_at.tick(200)

    assert later.events(made["order_id"]) == ["order.placed", "order.scheduled"]


def test_what_nobody_saves_within_ten_minutes_lapses_and_is_cancelled_at_stripe(
    world_at: World,
) -> None:
    made = placed(world_at)

    world_at.tick(601)

    assert world_at.seen(made["order_id"])["cancellation"]["code"] == "payment_expired"
    assert [one["status"] for one in later.setups(world_at)] == ["canceled"]
    assert seen(world_at, made["order_id"]).legs[0]["status"] == "voided"
    laws.demand(world_at)


def test_what_is_saved_for_an_order_that_has_lapsed_is_let_go(world_at: World) -> None:
    made = placed(world_at)
    later.until(world_at, clock.now() + timedelta(seconds=601))
    world_at.seen(made["order_id"])  # its look lets it lapse, and no bell has rung

    save(world_at, made["payments"][0])
    world_at.pump()
    world_at.tick(200)

    found = seen(world_at, made["order_id"])
    assert (found.head["status"], found.legs[0]["status"]) == ("CANCELLED", "voided")
    assert attached(world_at) == []
    laws.demand(world_at)


@pytest.mark.parametrize("user_saved", [False, True])
def test_a_customer_cancels_before_the_day_for_free_and_nothing_is_left_at_stripe(
    world_at: World, *, user_saved: bool
) -> None:
    order_id = promised(world_at) if user_saved else placed(world_at)["order_id"]

    cancelled = world_at.cancel(order_id)
    world_at.pump()

    assert cancelled.json["cancellation"]["fee"] == 0
    assert world_at.intents() == []
    assert attached(world_at) == []
    assert [one["status"] for one in later.setups(world_at)] == [
        "succeeded" if user_saved else "canceled"
    ]
    world_at.tick(11 * later.DAY)
    assert world_at.intents() == []
    laws.demand(world_at)


def test_a_means_that_wants_authentication_at_saving_is_waited_for(world_at: World) -> None:
    made = placed(world_at)
    save(world_at, made["payments"][0], "pm_card_authenticationRequiredOnSetup")
    world_at.confirm(made["order_id"])
    before = to_pay(world_at, made["order_id"])

    world_at.stripe.answer_challenge(made["payments"][0]["intent_id"], approved=True)
    world_at.confirm(made["order_id"])

    after = to_pay(world_at, made["order_id"])
    assert (before["status"], before["intent"]) == ("requires_action", "setup")
    assert before["client_secret"] == made["payments"][0]["client_secret"]
    assert (after["status"], after["intent"]) == ("requires_payment", None)
    assert clock.parse(after["charge_at"]) == later.of(made["order_id"])[0]
    assert later.events(made["order_id"])[-1] == "order.scheduled"


def test_a_means_that_is_declined_at_saving_is_told_and_another_may_be_saved(
    world_at: World,
) -> None:
    made = placed(world_at)

    assert save(world_at, made["payments"][0], "pm_card_chargeDeclined") == 402
    world_at.confirm(made["order_id"])
    told = to_pay(world_at, made["order_id"])
    world_at.confirm(made["order_id"])
    save(world_at, made["payments"][0])
    world_at.confirm(made["order_id"])

    assert told["decline_code"] == "generic_decline"
    assert to_pay(world_at, made["order_id"])["decline_code"] is None
    assert later.news(seen(world_at, made["order_id"])) == [
        "payment.opened", "payment.declined", "payment.method_saved",
    ]  # fmt: skip
    assert "order.payment_due" not in later.events(made["order_id"])


def test_who_fails_to_authenticate_at_saving_may_try_again(world_at: World) -> None:
    made = placed(world_at)
    save(world_at, made["payments"][0], "pm_card_authenticationRequiredOnSetup")
    world_at.confirm(made["order_id"])

    world_at.stripe.answer_challenge(made["payments"][0]["intent_id"], approved=False)
    world_at.confirm(made["order_id"])

    told = to_pay(world_at, made["order_id"])
    assert told["status"] == "requires_payment"
    assert told["decline_code"] == "setup_intent_authentication_failure"


def test_a_setup_that_somebody_cancelled_at_stripe_is_a_payment_that_never_comes(
    world_at: World,
) -> None:
    from tests.world import SECRET_KEY

    made = placed(world_at)
    path = f"/v1/setup_intents/{made['payments'][0]['intent_id']}/cancel"
    world_at.stripe.request("POST", path, SECRET_KEY, "")

    world_at.confirm(made["order_id"])
    world_at.tick(601)

    assert seen(world_at, made["order_id"]).legs[0]["status"] == "voided"
    laws.demand(world_at)


# --- mending -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "news", "code"),
    [
        ("pm_card_chargeCustomerFail", "payment.declined", "declined"),
        ("pm_card_authenticationRequired", "payment.action_required", "action_required"),
    ],
)
def test_a_charge_that_fails_is_told_at_once_and_may_be_mended_for_half_a_day(
    world_at: World, card: str, news: str, code: str
) -> None:
    order_id = promised_by(world_at, card)

    found = charged(world_at, order_id)

    told = found.events[-1]
    shown = to_pay(world_at, order_id)
    assert later.news(found)[-1] == news
    assert (told["type"], _data(told)["code"]) == ("order.payment_due", code)
    assert clock.parse(_data(told)["until"]) == clock.parse(told["at"]) + timedelta(hours=12)
    assert world_at.seen(order_id)["due_at"] == _data(told)["until"]
    assert shown["client_secret"]
    assert shown["intent"] == "payment"


def promised_by(world: World, card: str, **more: Any) -> str:  # noqa: ANN401 - any JSON
    """An order for later by a card that may ask for authentication when it is saved."""
    made = placed(world, **more)
    [payment] = made["payments"]
    save(world, payment, card)
    if card == "pm_card_authenticationRequired":
        world.stripe.answer_challenge(payment["intent_id"], approved=True)
    world.confirm(made["order_id"])
    world.pump()
    order_id: str = made["order_id"]
    return order_id


def _data(event: laws.Row) -> Any:  # noqa: ANN401 - any JSON
    import json

    return json.loads(event["data"])


def test_another_card_on_session_mends_a_charge_and_the_order_goes_on(world_at: World) -> None:
    order_id = promised_by(world_at, "pm_card_chargeCustomerFail")
    charged(world_at, order_id)

    assert mend(world_at, order_id) == 200
    world_at.confirm(order_id)
    world_at.pump()

    found = seen(world_at, order_id)
    assert (found.head["status"], len(found.intents)) == ("CREATED", 1)
    world_at.cancel(order_id)
    world_at.pump()
    world_at.tick(86_401)
    assert attached(world_at) == []
    laws.demand(world_at)


def test_the_challenge_on_session_mends_a_charge_that_wants_authentication(
    world_at: World,
) -> None:
    order_id = promised_by(world_at, "pm_card_authenticationRequired")
    found = charged(world_at, order_id)

    mend(world_at, order_id, found.legs[0]["instrument"])
    world_at.confirm(order_id)
    waiting = to_pay(world_at, order_id)["status"]
    world_at.stripe.answer_challenge(found.intents[0]["id"], approved=True)
    world_at.pump()

    assert waiting == "requires_action"
    assert world_at.seen(order_id)["status"] == "CREATED"


def test_who_fails_while_mending_is_not_called_a_second_time_nor_given_more_time(
    world_at: World,
) -> None:
    order_id = promised_by(world_at, "pm_card_authenticationRequired")
    found = charged(world_at, order_id)
    due = world_at.seen(order_id)["due_at"]
    world_at.tick(HOUR)

    mend(world_at, order_id, found.legs[0]["instrument"])
    world_at.confirm(order_id)
    world_at.stripe.answer_challenge(found.intents[0]["id"], approved=False)
    world_at.pump()

    assert later.events(order_id).count("order.payment_due") == 1
    assert world_at.seen(order_id)["due_at"] == due
    assert to_pay(world_at, order_id)["status"] == "requires_payment"


def test_what_nobody_mends_within_half_a_day_is_cancelled_free_and_nothing_is_held(
    world_at: World,
) -> None:
    order_id = promised_by(world_at, "pm_card_chargeCustomerFail")
    charged(world_at, order_id)

    world_at.tick(12 * HOUR - 2)
    still = world_at.seen(order_id)["status"]
    world_at.tick(2)
    world_at.tick(1)

    cancelled = world_at.seen(order_id)
    assert still == "PENDING_PAYMENT"
    assert (cancelled["cancellation"]["code"], cancelled["owed"]["amount"]) == (
        "payment_expired", 0,
    )  # fmt: skip
    assert [one["status"] for one in world_at.intents()] == ["canceled"]
    assert attached(world_at) == []
    laws.demand(world_at)


def test_what_is_mended_too_late_is_let_go(world_at: World) -> None:
    order_id = promised_by(world_at, "pm_card_chargeCustomerFail")
    charged(world_at, order_id)
    shown = to_pay(world_at, order_id)
    later.until(world_at, clock.parse(world_at.seen(order_id)["due_at"]), 1)
    world_at.seen(order_id)
    intent_id = shown["client_secret"].partition("_secret")[0]

    world_at.pay({**shown, "intent_id": intent_id}, "pm_card_visa")
    world_at.pump()
    world_at.tick(200)

    assert [one["status"] for one in world_at.intents()] == ["canceled"]
    assert seen(world_at, order_id).head["status"] == "CANCELLED"
    laws.demand(world_at)


def test_a_charge_that_comes_late_leaves_time_to_mend_until_the_store_must_know(
    world_at: World,
) -> None:
    order_id = promised_by(world_at, "pm_card_chargeCustomerFail")
    charge_at, pay_by = later.of(order_id)
    later.until(world_at, charge_at, 20 * HOUR)

    world_at.tick(0)

    assert clock.parse(world_at.seen(order_id)["due_at"]) == pay_by


def test_while_its_payer_mends_it_stripe_is_asked_four_times_an_hour(world_at: World) -> None:
    from tests import faults
    from tests.faults import Script

    order_id = promised_by(world_at, "pm_card_chargeCustomerFail")
    charged(world_at, order_id)
    script = Script()

    with faults.following(script):
        world_at.pass_time(HOUR)

    asked = [call for call in script.calls if call.startswith("stripe.")]
    assert 3 <= len(asked) <= 5


# --- several payments, stored value, cash -------------------------------------------------------


def test_each_of_several_payments_is_saved_and_charged_for_itself(world_at: World) -> None:
    made = placed(world_at, *SPLIT)
    card, wallet = made["payments"]
    save(world_at, card)
    world_at.confirm(made["order_id"])
    half = later.events(made["order_id"])
    save(world_at, wallet, "kakao_pay")
    world_at.stripe.answer_challenge(wallet["intent_id"], approved=True)
    world_at.confirm(made["order_id"])
    world_at.pump()

    found = charged(world_at, made["order_id"])

    assert half == ["order.placed"]
    assert later.events(made["order_id"]) == ["order.placed", "order.scheduled", "order.created"]
    assert sorted(one["amount"] for one in found.intents) == [4000, 5000]
    assert {one["status"] for one in found.intents} == {"requires_capture"}


@pytest.mark.parametrize("first", ["card", "kakao_pay"])
def test_one_is_held_now_and_the_other_saved_where_their_holds_last_so(
    world_at: World, first: str
) -> None:
    made = placed(world_at, *SPLIT, days=4)
    card, wallet = made["payments"]

    def pay_card() -> None:
        world_at.pay(card)
        world_at.confirm(made["order_id"])

    def save_wallet() -> None:
        save(world_at, wallet, "kakao_pay")
        world_at.stripe.answer_challenge(wallet["intent_id"], approved=True)
        world_at.confirm(made["order_id"])

    steps = [pay_card, save_wallet] if first == "card" else [save_wallet, pay_card]
    steps[0]()
    half = later.events(made["order_id"])
    steps[1]()
    world_at.pump()

    found = charged(world_at, made["order_id"])
    assert [card["intent"], wallet["intent"]] == ["payment", "setup"]
    assert half == ["order.placed"]
    assert later.events(made["order_id"])[1:] == ["order.scheduled", "order.created"]
    assert found.head["status"] == "CREATED"


def test_stored_value_is_held_at_placing_and_comes_back_with_the_cancellation(
    world_at: World,
) -> None:
    balance_id = world_at.grant(5000)
    made = placed(world_at, {"method": "balance", "balance_id": balance_id, "amount": 5000}, {})
    held = _left(world_at, balance_id)
    save(world_at, made["payments"][0])
    world_at.confirm(made["order_id"])

    world_at.cancel(made["order_id"])
    world_at.pump()

    assert held == 0
    assert _left(world_at, balance_id) == 5000
    laws.demand(world_at)


def _left(world: World, balance_id: str) -> int:
    found: int = world.get(f"/v1/balances/{balance_id}", world.operator())["amount"]["amount"]
    return found


# --- what was saved before -----------------------------------------------------------------------


def test_what_was_saved_before_is_charged_and_nobody_confirms_anything(world_at: World) -> None:
    from tests.payments.wallets import save as save_method

    method_id = save_method(world_at)
    made = placed(world_at, {"method_id": method_id})
    charge_at, pay_by = later.of(made["order_id"])

    waiting = clock.parse(world_at.seen(made["order_id"])["due_at"])
    found = charged(world_at, made["order_id"])

    assert (made["payments"], made["pay_by"], made["status"]) == ([], None, "PENDING_PAYMENT")
    assert waiting == pay_by
    assert charge_at < clock.now()
    assert (found.head["status"], len(found.intents)) == ("CREATED", 1)


def test_a_saved_method_cannot_be_removed_while_a_later_order_needs_it_and_stays_afterwards(
    world_at: World,
) -> None:
    from tests.payments.wallets import remove
    from tests.payments.wallets import save as save_method

    method_id = save_method(world_at)
    made = placed(world_at, {"method_id": method_id})

    needed = remove(world_at, method_id).status
    world_at.cancel(made["order_id"])
    world_at.pump()
    kept = len(attached(world_at))

    assert needed == 409
    assert kept == 1
    assert remove(world_at, method_id).status in {200, 202, 204}
    laws.demand(world_at)


def test_a_saved_method_that_is_gone_between_reading_and_writing_takes_no_later_order(
    world_at: World,
) -> None:
    from tests.payments.wallets import remove
    from tests.payments.wallets import save as save_method

    method_id = save_method(world_at)
    quote = world_at.quote(
        world_at.store(), world_at.customer(), scheduled_for=later.moment(days=10)
    )
    remove(world_at, method_id)

    refused = world_at.try_place(world_at.customer(), quote["id"], {"method_id": method_id})

    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == "/payments/0/method_id"


def test_who_asks_for_it_keeps_what_a_later_order_was_charged_by(world_at: World) -> None:
    from tests.payments.wallets import listed

    made = placed(world_at, {"save": True})
    save(world_at, made["payments"][0])
    world_at.confirm(made["order_id"])
    charged(world_at, made["order_id"])

    world_at.cancel(made["order_id"])
    world_at.pump()

    assert len(listed(world_at)) == len(attached(world_at)) == 1
    laws.demand(world_at)


def test_what_was_to_be_kept_and_never_charged_is_not_kept(world_at: World) -> None:
    from tests.payments.wallets import listed

    made = placed(world_at, {"save": True})
    save(world_at, made["payments"][0])
    world_at.confirm(made["order_id"])

    world_at.cancel(made["order_id"])
    world_at.pump()

    assert (listed(world_at), attached(world_at)) == ([], [])


def test_news_of_a_setup_whose_order_was_given_up_ask_for_no_intent(world_at: World) -> None:
    made = placed(world_at)
    save(world_at, made["payments"][0])
    events = world_at.stripe.request("GET", "/v1/events?limit=100", SECRET_KEY, "")[2]["data"]
    late = next(one["id"] for one in events if one["type"] == "setup_intent.succeeded")
    world_at.lose_webhooks()
    world_at.cancel(made["order_id"])
    world_at.pump()

    world_at.stripe.resend_event(late)
    world_at.pass_time(1800)

    assert not any(queue.dead for queue in world_at.queues)
    assert seen(world_at, made["order_id"]).legs[0]["status"] == "voided"
