"""Holds that are lost, refused, forgotten or misread: a person is told; money is not guessed."""

from typing import Any

import pytest

from chalicelib.core import parts
from chalicelib.core.errors import NotFoundError
from chalicelib.orders import carrying
from chalicelib.orders import reading as orders
from chalicelib.payments import finishing, following, gateway, opening, settling
from chalicelib.payments import payment as payments
from chalicelib.payments.gateway import Intent
from chalicelib.payments.payment import Subject
from sandbox.stripe.faults import SAVED_500, Call, Fault
from tests import faults, laws, shopfront
from tests.payments.stories import Said, alarms, collected, cut_off, on
from tests.world import SECRET_KEY, World


def test_a_hold_that_was_lost_before_the_capture_is_an_alarm_and_a_failed_capture(
    world_at: World, said: Said
) -> None:
    _, intent_id = collected(world_at)
    world_at.stripe.lose_authorization(intent_id)
    world_at.lose_webhooks()
    said()

    world_at.pump()

    (seen,) = laws.orders(world_at)
    assert "A capture failed: the hold is gone" in alarms(said)
    assert seen.legs[0]["status"] == "capture_failed"
    assert seen.news[-1]["type"] == "payment.capture_failed"
    assert seen.balance("receivable:customer") == 0
    assert seen.balance("expense:uncollected") == 9000
    assert (int(seen.payment["authorized"]), int(seen.payment["captured"])) == (0, 0)


@pytest.mark.parametrize("intended", [False, True])
def test_stripe_tells_of_a_lost_hold_and_a_person_is_told(
    world_at: World, said: Said, *, intended: bool
) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.pump()
    if intended:
        world_at.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
        world_at.stripe.set_fault(on("before", "/capture", Fault()))
        world_at.pump()
        world_at.stripe.set_fault(faults.on_stripe)
    world_at.stripe.lose_authorization(world_at.intents()[0]["id"])
    said()

    world_at.deliver()
    world_at.pump()

    (seen,) = laws.orders(world_at)
    assert "A hold was lost" in alarms(said)
    assert seen.legs[0]["status"] == ("capture_failed" if intended else "expired")


@pytest.mark.parametrize("status", [400, 402])
def test_a_capture_that_is_refused_once_is_asked_for_again_with_another_key(
    world_at: World, said: Said, status: int
) -> None:
    collected(world_at)
    refused = Fault(status, "card_error", "card_declined", saved=True, should_retry=False)
    world_at.stripe.set_fault(on("before", "/capture", refused, times=1))
    said()

    world_at.pump()
    told = alarms(said)
    world_at.pass_time(240)
    world_at.tick(86_401)

    (seen,) = laws.orders(world_at)
    assert "Stripe refused an operation" in told
    assert int(seen.legs[0]["attempt"]) == 2
    laws.demand(world_at)


def test_a_capture_whose_answer_is_lost_for_good_is_looked_up(world_at: World) -> None:
    collected(world_at)
    world_at.stripe.set_fault(on("after", "/capture", SAVED_500))

    world_at.pump()
    world_at.tick(86_401)

    laws.demand(world_at)


def test_a_capture_that_is_still_in_between_is_left_until_it_is_due_again(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id, intent_id = collected(world_at)
    still_held = gateway.retrieve(intent_id)
    monkeypatch.setattr(gateway, "capture", lambda *_, **__: still_held)

    with pytest.raises(gateway.UnknownOutcomeError):
        finishing.settle_up(Subject("order", order_id))

    monkeypatch.undo()
    world_at.tick(86_401)
    laws.demand(world_at)


def test_money_that_somebody_took_by_hand_is_booked_and_told(world_at: World, said: Said) -> None:
    store_id = world_at.store()
    placed = world_at.order(store_id)
    world_at.pay(placed["payments"][0])
    path = f"/v1/payment_intents/{placed['payments'][0]['intent_id']}/capture"
    world_at.stripe.request("POST", path, SECRET_KEY, "amount_to_capture=9000")
    said()

    world_at.pump()

    assert "Money was taken otherwise than we asked" in alarms(said)
    assert world_at.board(store_id) == [placed["order_id"]]
    world_at.command(placed["order_id"], "confirm", "ready", "picked-up", store_id=store_id)
    world_at.pump()
    world_at.tick(86_401)
    laws.demand(world_at)


def test_a_hold_that_nears_its_end_is_told_to_a_person_again_and_again(
    world_at: World, said: Said
) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", store_id=store_id)
    world_at.pump()
    warning = "A hold ends soon, and its order is open"

    told = []
    for hours in (120, 25, 1, 6):
        said()
        world_at.tick(hours * 3600)
        told.append(alarms(said).count(warning))

    assert told == [0, 1, 0, 1]
    assert world_at.intents()[0]["status"] == "requires_capture"


def test_an_order_that_never_left_is_given_up_in_the_last_hour_of_its_hold(
    world_at: World,
) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", store_id=store_id)
    world_at.pump()

    _until_the_last_hour(world_at)

    seen = world_at.seen(order_id)
    assert (seen["status"], seen["cancellation"]["code"]) == ("CANCELLED", "capture_deadline")
    assert world_at.intents()[0]["status"] == "canceled"
    laws.demand(world_at)


def _carried_until_the_last_hour(world: World) -> str:
    store_id = world.store()
    order_id = world.paid_order(store_id, fulfilment="delivery", drop_off=shopfront.DOOR)
    world.command(order_id, "confirm", "ready", "dispatch", store_id=store_id)
    world.pump()
    _until_the_last_hour(world)
    return order_id


def _until_the_last_hour(world: World) -> None:
    for _ in range(7 * 24 - 1):
        world.tick(3600)
    world.tick(60)


def test_what_is_still_carried_in_the_last_hour_of_its_hold_is_captured(world_at: World) -> None:
    order_id = _carried_until_the_last_hour(world_at)

    assert world_at.seen(order_id)["status"] == "DISPATCHED"
    assert world_at.intents()[0]["amount_received"] == 12_000
    order = orders.find(order_id)
    assert order is not None
    assert world_at.command(order_id, "delivered", store_id=order.store_id).status == 200
    world_at.tick(86_401)
    laws.demand(world_at)


def test_what_comes_back_after_it_was_captured_is_told_to_a_person(
    world_at: World, said: Said
) -> None:
    order_id = _carried_until_the_last_hour(world_at)
    order = orders.find(order_id)
    assert order is not None
    said()

    parts.commit(*carrying.bring_back(order, "platform", "courier:woo"))
    world_at.pump()

    assert "More was taken than is owed" in alarms(said)


def test_a_hold_that_was_lost_unheard_is_found_at_its_last_day(world_at: World, said: Said) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", store_id=store_id)
    world_at.pump()
    world_at.stripe.lose_authorization(world_at.intents()[0]["id"])
    world_at.lose_webhooks()
    said()

    world_at.tick(6 * 86_400 + 60)

    (seen,) = laws.orders(world_at)
    assert alarms(said) == ["A hold was lost"]
    assert (seen.legs[0]["status"], "due_at" in seen.legs[0]) == ("expired", False)


def test_a_wallet_that_names_no_end_of_its_hold_is_watched_after_two_days(
    world_at: World, said: Said
) -> None:
    store_id = world_at.store()
    placed = world_at.order(store_id, {"method": "kakao_pay"})
    (payment,) = placed["payments"]
    world_at.pay(payment, "kakao_pay")
    world_at.stripe.answer_wallet(payment["intent_id"], "approve")
    world_at.confirm(placed["order_id"])
    world_at.command(placed["order_id"], "confirm", store_id=store_id)
    world_at.pump()

    told = []
    for hours in (47, 2):
        said()
        world_at.tick(hours * 3600)
        told.append("A hold ends soon, and its order is open" in alarms(said))

    assert told == [False, True]


@pytest.mark.parametrize(
    "wrong", [{"amount": 1}, {"currency": "USD"}, {"leg": "leg_other"}], ids=str
)
def test_an_intent_that_does_not_fit_its_leg_is_never_trusted_and_holds_nobody_up(
    world_at: World, said: Said, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    from dataclasses import replace

    store_id = world_at.store()
    wrong_one, right_one = world_at.order(store_id), world_at.order(store_id)
    for placed in (wrong_one, right_one):
        world_at.pay(placed["payments"][0])
    world_at.lose_webhooks()
    genuine = gateway.retrieve

    def retrieve(intent_id: str) -> Intent:
        found = genuine(intent_id)
        bad = intent_id == wrong_one["payments"][0]["intent_id"]
        return replace(found, **wrong) if bad else found

    monkeypatch.setattr(gateway, "retrieve", retrieve)
    said()
    world_at.pass_time(180)

    assert "An intent does not fit its leg" in alarms(said)
    assert world_at.board(store_id) == [right_one["order_id"]]
    assert world_at.confirm(wrong_one["order_id"]).status == 503


@pytest.mark.parametrize(("stage", "made"), [("before", 0), ("after", 1)])
def test_an_outcome_of_yesterday_is_looked_for_and_never_posted_again(
    world_at: World, stage: str, made: int
) -> None:
    cut_off(world_at, stage)
    posted: list[str] = []

    def watch(at: str, call: Call) -> Fault | None:
        if at == "before" and call.method == "POST":
            posted.append(call.path)
        return None

    world_at.clock.move(23 * 3600 + 1)
    world_at.stripe.set_fault(watch)
    world_at.tick(60)

    assert "/v1/payment_intents" not in posted
    assert [intent["status"] for intent in world_at.intents()] == ["canceled"] * made
    laws.demand(world_at)


def test_a_leg_that_is_over_never_gets_another_intent(world_at: World) -> None:
    order_id = cut_off(world_at, "before")
    world_at.clock.move(23 * 3600 + 1)
    world_at.tick(60)
    (seen,) = laws.orders(world_at)

    with pytest.raises(gateway.RefusedError):
        opening.ensure(Subject("order", order_id), seen.legs[0]["id"])

    assert world_at.intents() == []


def test_an_intent_that_stripe_will_not_make_holds_nothing(world_at: World) -> None:
    refusing = on("before", "/v1/payment_intents", Fault(400, "invalid_request_error", "no"))
    world_at.stripe.set_fault(refusing)
    quote = world_at.quote(world_at.store(), world_at.customer())
    refused = world_at.try_place(world_at.customer(), quote["id"])

    world_at.tick(700)

    world_at.stripe.set_fault(faults.on_stripe)
    assert refused.status == 503
    laws.demand(world_at)


def test_what_is_unknown_is_not_found(world_at: World) -> None:
    placed = world_at.order(world_at.store())
    known, unknown = Subject("order", placed["order_id"]), Subject("order", "ord_x")

    for subject in (known, unknown):
        with pytest.raises(NotFoundError):
            settling.settle(subject, "leg_x")


def test_a_leg_that_fails_in_the_sweep_stays_due_and_holds_nobody_up(world_at: World) -> None:
    store_id = world_at.store()
    first, second = world_at.order(store_id), world_at.order(store_id)
    for placed in (first, second):
        world_at.pay(placed["payments"][0])
    world_at.lose_webhooks()
    broken = first["payments"][0]["intent_id"]
    world_at.stripe.set_fault(on("before", broken, Fault()))

    world_at.pass_time(180)
    meanwhile = world_at.board(store_id)
    world_at.stripe.set_fault(faults.on_stripe)
    world_at.pass_time(60)

    assert meanwhile == [second["order_id"]]
    assert sorted(world_at.board(store_id)) == sorted([first["order_id"], second["order_id"]])


def test_a_leg_that_was_settled_since_the_index_was_read_is_left_alone(world_at: World) -> None:
    order_id, _ = collected(world_at)
    world_at.pump()
    (seen,) = laws.orders(world_at)
    subject = Subject("order", order_id)

    following.resume(subject, seen.legs[0]["sk"])

    assert payments.demand_all(subject).captured == 9000


def test_an_order_that_ended_without_a_bell_is_settled_within_a_quarter_of_an_hour(
    world_at: World,
) -> None:
    store_id = world_at.store()
    cancelled = world_at.paid_order(store_id)
    collected = world_at.paid_order(store_id)
    world_at.pump()
    world_at.cancel(cancelled)
    world_at.command(collected, "confirm", "ready", "picked-up", store_id=store_id)
    world_at.streams.ring()
    world_at.bells.lose()

    world_at.pass_time(960)

    states = {one["metadata"]["subject"]: one["status"] for one in world_at.intents()}
    assert states == {cancelled: "canceled", collected: "succeeded"}
