"""Paying with what was saved, saving what was paid with, and charging who is not there."""

from contextlib import suppress

import pytest

from chalicelib.payments import keeping, wallet_changing, wallet_gateway
from chalicelib.payments.gateway import DeclinedError, RefusedError, ThrottledError
from chalicelib.payments.wallet_gateway import AbsentError, Saved
from sandbox.stripe.faults import RATE_LIMITED, SAVED_500, Fault
from tests import faults
from tests.faults import Crash, Script
from tests.payments.stories import on
from tests.payments.wallets import (
    attached,
    confirm_at_stripe,
    kept,
    listed,
    news,
    open_method,
    remove,
    save,
    set_default,
)
from tests.world import SECRET_KEY, World


def place(world: World, **payment: object) -> dict[str, object]:
    """An order of Mina's that is to be paid so."""
    made: dict[str, object] = world.order(world.store(), payment)
    return made


def test_an_order_is_paid_with_a_saved_card_and_confirmed_by_its_person(world_at: World) -> None:
    method_id = save(world_at)
    placed = world_at.order(world_at.store(), {"method_id": method_id})
    (payment,) = placed["payments"]
    intent = world_at.intents()[0]

    world_at.pay(payment, "pm_card_visa")
    world_at.confirm(placed["order_id"])

    assert (intent["status"], intent["setup_future_usage"]) == ("requires_confirmation", None)
    assert intent["payment_method"] == kept(method_id)["instrument"]
    assert world_at.seen(placed["order_id"])["status"] == "CREATED"


def _taken_away(world: World, method_id: str) -> None:
    """Stripe has a saved method no more, and nobody has told us."""
    path = f"/v1/payment_methods/{kept(method_id)['instrument']}/detach"
    assert world.stripe.request("POST", path, SECRET_KEY, "")[0] == 200


def test_who_names_a_method_that_stripe_takes_no_longer_chooses_another_while_paying(
    world_at: World,
) -> None:
    method_id = save(world_at)
    _taken_away(world_at, method_id)

    placed = world_at.order(world_at.store(), {"method_id": method_id})
    (payment,) = placed["payments"]
    world_at.pay(payment, "pm_card_visa")
    world_at.confirm(placed["order_id"])

    assert payment["method_id"] is None
    assert world_at.seen(placed["order_id"])["status"] == "CREATED"
    assert len(world_at.intents()) == 1


def test_the_completer_of_a_placing_that_was_cut_off_asks_for_no_method_that_is_gone(
    world_at: World,
) -> None:
    method_id = save(world_at)
    world_at.stripe.set_fault(on("before", "/payment_intents", RATE_LIMITED))
    quote = world_at.quote(world_at.store(), world_at.customer())
    cut_off = world_at.try_place(world_at.customer(), quote["id"], {"method_id": method_id})
    world_at.stripe.set_fault(lambda *_: None)
    _taken_away(world_at, method_id)

    world_at.pass_time(1800)

    assert cut_off.status == 503
    (intent,) = world_at.intents()
    assert (intent["status"], intent["payment_method"]) == ("canceled", None)


@pytest.mark.parametrize("number", range(30))
def test_who_dies_while_beginning_without_a_method_that_is_gone_asks_for_one_intent(
    world_at: World, number: int
) -> None:
    method_id = save(world_at)
    quote, key = world_at.quote(world_at.store(), world_at.customer()), world_at.new_key()
    _taken_away(world_at, method_id)
    script = Script()
    script.crash_at(number, effect=True)
    with faults.following(script), suppress(Crash):
        world_at.try_place(world_at.customer(), quote["id"], {"method_id": method_id}, key=key)

    world_at.pass_time(90)
    again = world_at.try_place(world_at.customer(), quote["id"], {"method_id": method_id}, key=key)
    world_at.pay(again.json["payments"][0])
    world_at.confirm(again.json["order_id"])

    assert world_at.seen(again.json["order_id"])["status"] == "CREATED"
    assert len(world_at.intents()) == 1


def test_of_two_who_find_a_method_gone_at_once_both_get_the_one_intent(world_at: World) -> None:
    method_id = save(world_at)
    quote, key = world_at.quote(world_at.store(), world_at.customer()), world_at.new_key()
    _taken_away(world_at, method_id)
    script = Script()
    others: list[str] = []

    def repeat(call: str) -> None:
        if call == "stripe.POST /v1/payment_intents" and not others:
            others.append(call)
            world_at.pass_time(180)

    script.after = repeat
    with faults.following(script):
        placed = world_at.try_place(
            world_at.customer(), quote["id"], {"method_id": method_id}, key=key
        )

    assert placed.status == 201
    assert [one["id"] for one in world_at.intents()] == [placed.json["payments"][0]["intent_id"]]


def test_only_what_one_has_saved_oneself_is_taken(world_at: World) -> None:
    store_id = world_at.store()
    others = save(world_at, user="stranger")
    pending = open_method(world_at).json["id"]
    gone = save(world_at)
    remove(world_at, gone)
    card = save(world_at)
    quote = world_at.quote(store_id, world_at.customer())
    unknown = "pmt_01JB3XW5ZD3V9C6T8Q2R4S6T8V"

    answers = [
        world_at.try_place(world_at.customer(), quote["id"], payment)
        for payment in (
            {"method_id": others},
            {"method_id": pending},
            {"method_id": gone},
            {"method_id": unknown},
            {"method_id": card, "method": "kakao_pay"},
            {"method_id": card, "save": True},
            {"method_id": card, "method": "cash"},
            {"method": "cash", "save": True},
        )
    ]

    assert [one.status for one in answers] == [422] * 8
    assert [one.json["errors"][0]["pointer"] for one in answers] == [
        *["/payments/0/method_id"] * 5,
        "/payments/0/save",
        "/payments/0/method_id",
        "/payments/0/save",
    ]
    assert world_at.intents() == []


def test_a_saved_method_is_named_once_in_an_order(world_at: World) -> None:
    card, token = save(world_at), world_at.customer()
    quote = world_at.quote(world_at.store(), token)["id"]

    twice = world_at.try_place(
        token, quote, {"method_id": card, "amount": 4000}, {"method_id": card}
    )

    assert twice.status == 422
    assert [one["pointer"] for one in twice.json["errors"]] == ["/payments/1/method_id"]


def test_who_has_never_saved_anything_has_no_method_to_name(world_at: World) -> None:
    quote = world_at.quote(world_at.store(), world_at.customer())
    payment = {"method_id": "pmt_01JB3XW5ZD3V9C6T8Q2R4S6T8V"}

    refused = world_at.try_place(world_at.customer(), quote["id"], payment)

    assert refused.status == 422


def test_what_was_paid_with_is_saved_where_its_payer_asked_for_it(world_at: World) -> None:
    placed = world_at.order(world_at.store(), {"save": True})
    world_at.pay(placed["payments"][0], "pm_card_amex")

    world_at.confirm(placed["order_id"])
    world_at.pump()

    (shown,) = listed(world_at)
    assert (shown["brand"], shown["last4"], shown["default"]) == ("amex", "0005", True)
    assert shown["mandate"]["accepted_at"] == "2026-11-22T12:00:00.000Z"
    assert news() == ["payment_method.saved"]
    assert attached(world_at) == [kept(shown["id"])["instrument"]]


def test_what_nobody_asked_to_save_is_not_saved(world_at: World) -> None:
    save(world_at)
    world_at.paid_order(world_at.store())

    assert len(listed(world_at)) == len(attached(world_at)) == 1


def test_what_was_saved_by_a_payment_and_removed_stays_so(world_at: World) -> None:
    placed = world_at.order(world_at.store(), {"save": True})
    world_at.pay(placed["payments"][0])
    world_at.confirm(placed["order_id"])
    remove(world_at, listed(world_at)[0]["id"])

    world_at.confirm(placed["order_id"])
    world_at.pump()

    assert listed(world_at) == []


@pytest.mark.parametrize("number", range(12))
def test_who_dies_while_saving_what_was_paid_with_saves_it_in_the_end(
    world_at: World, number: int
) -> None:
    placed = world_at.order(world_at.store(), {"save": True})
    world_at.pay(placed["payments"][0])
    script = Script()
    script.crash_at(number, effect=True)
    with faults.following(script), pytest.raises(Crash):
        _confirm_forever(world_at, placed["order_id"])

    world_at.pass_time(240)

    assert len(listed(world_at)) == 1
    assert world_at.seen(placed["order_id"])["status"] == "CREATED"


def _confirm_forever(world: World, order_id: str) -> None:
    while True:
        world.confirm(order_id)


def test_what_was_paid_with_is_saved_though_the_order_had_lapsed_unheard(world_at: World) -> None:
    placed = world_at.order(world_at.store(), {"save": True})
    world_at.pay(placed["payments"][0])
    world_at.lose_webhooks()

    world_at.tick(700)
    world_at.tick(700)

    assert world_at.intents()[0]["status"] == "canceled"
    assert [kept(one["id"])["instrument"] for one in listed(world_at)] == attached(world_at)
    assert len(attached(world_at)) == 1


def test_what_was_never_paid_with_is_not_saved_when_its_order_lapses(world_at: World) -> None:
    placed = world_at.order(world_at.store(), {"save": True})
    world_at.pay(placed["payments"][0], "pm_card_threeDSecure2Required")

    world_at.tick(700)
    world_at.tick(700)

    assert world_at.intents()[0]["status"] == "canceled"
    assert (listed(world_at), attached(world_at)) == ([], [])


def test_a_method_that_cannot_be_read_holds_no_money_up(world_at: World) -> None:
    placed = world_at.order(world_at.store(), {"save": True})
    world_at.pay(placed["payments"][0])
    gone = Fault(404, "invalid_request_error", "resource_missing")

    def refuse(_stage: str, call: object) -> Fault | None:
        return gone if "/payment_methods/" in str(call) else None

    world_at.stripe.set_fault(refuse)
    world_at.confirm(placed["order_id"])
    world_at.stripe.set_fault(lambda *_: None)

    assert world_at.seen(placed["order_id"])["status"] == "CREATED"
    assert listed(world_at) == []


def test_who_loses_every_race_while_saving_a_payments_method_is_told_so(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = world_at.order(world_at.store(), {"save": True})
    world_at.pay(placed["payments"][0])
    monkeypatch.setattr(keeping, "RACES", 0)

    assert world_at.confirm(placed["order_id"]).status == 409


def test_of_two_that_change_a_wallet_at_once_both_succeed(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = world_at.order(world_at.store(), {"save": True})
    world_at.pay(placed["payments"][0])
    first = wallet_changing.first

    def late(*given: object) -> object:
        monkeypatch.setattr(wallet_changing, "first", first)
        save(world_at, "pm_card_amex")
        return first(*given)  # type: ignore[arg-type] # handed through

    monkeypatch.setattr(wallet_changing, "first", late)

    world_at.confirm(placed["order_id"])

    assert {one["brand"] for one in listed(world_at)} == {"visa", "amex"}


# --- with nobody there ---------------------------------------------------------------------------


def charge(saved: Saved, leg: str = "leg_1", attempt: int = 1) -> object:
    return wallet_gateway.charge_off_session(
        kind="order",
        subject="ord_1",
        leg=leg,
        saved=saved,
        amount=9000,
        currency="KRW",
        attempt=attempt,
    )


def chargeable(method_id: str | None = None) -> Saved:
    saved = keeping.chargeable("mina", method_id)
    assert saved is not None
    return saved


def test_a_saved_card_is_held_with_its_person_away_once_however_often_it_is_asked(
    world_at: World,
) -> None:
    save(world_at)

    held = [charge(chargeable()) for _ in range(3)]

    assert held[0] == held[1] == held[2]
    (intent,) = world_at.intents()
    assert (intent["status"], intent["amount_capturable"]) == ("requires_capture", 9000)
    assert intent["metadata"] == {
        "env": "test",
        "kind": "order",
        "subject": "ord_1",
        "leg": "leg_1",
    }


def test_a_saved_wallet_is_held_with_its_person_away(world_at: World) -> None:
    opened = open_method(world_at, method="kakao_pay").json
    confirm_at_stripe(world_at, opened, "kakao_pay")
    world_at.stripe.answer_wallet(opened["setup_id"], "approve")
    world_at.pump()

    charge(chargeable())

    assert world_at.intents()[0]["status"] == "requires_capture"


@pytest.mark.parametrize(
    ("card", "code", "reason"),
    [
        ("pm_card_chargeCustomerFail", "card_declined", "generic_decline"),
        ("pm_card_authenticationRequired", "authentication_required", "authentication_required"),
        (
            "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
            "card_declined",
            "insufficient_funds",
        ),
    ],
)
def test_a_decline_says_what_the_bank_wants_and_leaves_the_intent_to_be_paid(
    world_at: World, card: str, code: str, reason: str
) -> None:
    opened = open_method(world_at).json
    confirm_at_stripe(world_at, opened, card)
    if card != "pm_card_chargeCustomerFail":
        world_at.stripe.answer_challenge(opened["setup_id"], approved=True)
    world_at.pump()

    with pytest.raises(DeclinedError) as declined:
        charge(chargeable())

    assert isinstance(declined.value, AbsentError)
    assert (declined.value.code, declined.value.decline_code) == (code, reason)
    (intent,) = world_at.intents()
    assert declined.value.intent_id == intent["id"]
    assert intent["status"] == "requires_payment_method"


def test_a_decline_is_repeated_until_the_attempt_moves(world_at: World) -> None:
    save(world_at, "pm_card_chargeCustomerFail")
    told = []

    for attempt in (1, 1, 2):
        with pytest.raises(AbsentError) as declined:
            charge(chargeable(), attempt=attempt)
        told.append(declined.value.intent_id)

    assert told[0] == told[1]
    assert told[2] != told[0]


def test_what_is_no_decline_is_told_as_ever(world_at: World) -> None:
    save(world_at)
    saved = chargeable()
    world_at.stripe.set_fault(on("before", "payment_intents", RATE_LIMITED, times=2))
    with pytest.raises(ThrottledError):
        charge(saved)
    world_at.stripe.set_fault(lambda *_: None)
    remove(world_at, listed(world_at)[0]["id"])

    with pytest.raises(RefusedError):
        charge(saved, attempt=2)


def test_a_decline_without_an_intent_is_told_all_the_same(world_at: World) -> None:
    save(world_at)
    world_at.stripe.set_fault(lambda *_: Fault(402, "card_error", "card_declined"))

    with pytest.raises(AbsentError) as declined:
        charge(chargeable())

    assert (declined.value.decline_code, declined.value.intent_id) == ("card_declined", "")


def test_the_default_is_charged_unless_another_is_named(world_at: World) -> None:
    first, second = save(world_at), save(world_at, "pm_card_amex")

    by_default, named = chargeable(), chargeable(second)
    set_default(world_at, second)

    assert by_default.instrument == kept(first)["instrument"]
    assert named.instrument == chargeable().instrument == kept(second)["instrument"]


def test_nothing_is_chargeable_of_who_has_saved_nothing(world_at: World) -> None:
    nobody = keeping.chargeable("mina")
    opened = open_method(world_at).json["id"]

    assert [nobody, keeping.chargeable("mina"), keeping.chargeable("mina", opened)] == [None] * 3


def test_a_500_that_hides_a_hold_is_found_by_the_legs_metadata(world_at: World) -> None:
    from chalicelib.payments import gateway

    save(world_at)
    world_at.stripe.set_fault(on("after", "payment_intents", SAVED_500, times=1))
    with pytest.raises(gateway.UnknownOutcomeError):
        charge(chargeable())

    found = gateway.find("ord_1", "leg_1", int(world_at.clock()) - 60)

    assert found is not None
    assert found.status == "requires_capture"
