"""Saving what one pays with: once, found again after any end, nobody else's, no card data."""

import json
import threading

import pytest

from chalicelib.payments import customers, wallet_gateway
from sandbox.stripe.client import lost_connection
from sandbox.stripe.faults import SAVED_500, Call, Fault
from tests import faults, laws
from tests.faults import Crash, Script
from tests.payments import wallets
from tests.payments.stories import Said, alarms, on
from tests.payments.wallets import (
    AGREED,
    PATH,
    at_stripe,
    confirm,
    confirm_at_stripe,
    kept,
    listed,
    news,
    open_method,
    remove,
    save,
    set_default,
    setups,
)
from tests.world import World


def test_a_card_that_was_saved_is_listed_by_what_is_printed_on_it(world_at: World) -> None:
    method_id = save(world_at)

    (shown,) = listed(world_at)
    assert shown["id"] == method_id
    assert (shown["method"], shown["brand"], shown["last4"]) == ("card", "visa", "4242")
    assert shown["expires"]["month"] == 12
    assert (shown["status"], shown["default"]) == ("saved", True)
    assert shown["saved_at"] == "2026-11-22T12:00:00.000Z"
    assert news() == ["payment_method.saved"]


def test_the_permission_is_kept_and_shown(world_at: World) -> None:
    save(world_at)

    (shown,) = listed(world_at)
    assert shown["mandate"] == {
        "id": None,
        "accepted_at": "2026-11-22T12:00:00.000Z",
        "how": "online",
    }


@pytest.mark.parametrize("kind", ["kr_card", "naver_pay", "kakao_pay"])
def test_a_wallet_has_a_mandate_and_no_digits(world_at: World, kind: str) -> None:
    opened = open_method(world_at, method=kind).json
    confirm_at_stripe(world_at, opened, kind)
    waiting = confirm(world_at, opened["id"]).json["status"]
    world_at.clock.move(60)
    world_at.stripe.answer_wallet(opened["setup_id"], "approve")

    shown = confirm(world_at, opened["id"]).json

    assert (waiting, shown["status"], shown["method"]) == ("pending", "saved", kind)
    assert (shown["brand"], shown["last4"], shown["expires"]) == (None, None, None)
    assert shown["mandate"]["id"].startswith("mandate_")
    assert shown["mandate"]["accepted_at"] == "2026-11-22T12:01:00.000Z"


def test_without_the_persons_consent_nothing_is_saved(world_at: World) -> None:
    token = world_at.customer()

    answers = [
        world_at.post(PATH, body, token=token, key=world_at.new_key())
        for body in ({}, {"agreed": False}, {"agreed": "yes"}, {"method": "card"})
    ]

    assert [one.status for one in answers] == [400] * 4
    assert setups(world_at) == []


def test_stripes_event_saves_without_the_browser_and_is_never_believed(world_at: World) -> None:
    opened = open_method(world_at).json
    confirm_at_stripe(world_at, opened)

    world_at.pump()

    assert [one["id"] for one in listed(world_at)] == [opened["id"]]
    assert news() == ["payment_method.saved"]


def test_however_often_it_is_confirmed_it_is_saved_once(world_at: World) -> None:
    method_id = save(world_at)

    answers = [confirm(world_at, method_id) for _ in range(3)]
    world_at.pump()

    assert [one.json["status"] for one in answers] == ["saved"] * 3
    assert news() == ["payment_method.saved"]


def test_the_same_key_opens_one_setup_and_gets_one_answer(world_at: World) -> None:
    answers = [open_method(world_at, key="one") for _ in range(3)]
    other = open_method(world_at, key="one", method="kakao_pay")

    assert [one.status for one in answers] == [201] * 3
    assert len({one.text for one in answers}) == 1
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
    assert len(setups(world_at)) == 1


def test_all_methods_of_a_person_belong_to_one_customer_who_knows_no_name(world_at: World) -> None:
    save(world_at)
    save(world_at, "pm_card_mastercard")

    (customer,) = wallets.customers(world_at)
    assert customer["metadata"] == {"env": "test", "person": "mina"}
    assert [customer[name] for name in ("name", "email", "phone", "address")] == [None] * 4
    assert {one["customer"] for one in setups(world_at)} == {customer["id"]}


def test_two_at_once_get_one_customer(world_at: World) -> None:
    threads = [threading.Thread(target=open_method, args=(world_at,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    open_method(world_at)

    assert len(wallets.customers(world_at)) == 1


def test_each_person_has_their_own(world_at: World) -> None:
    method_id = save(world_at)

    answers = [
        confirm(world_at, method_id, "stranger"),
        set_default(world_at, method_id, "stranger"),
        remove(world_at, method_id, "stranger"),
    ]
    save(world_at, user="stranger")

    assert [one.status for one in answers] == [404] * 3
    assert len(listed(world_at)) == len(listed(world_at, "stranger")) == 1
    assert len(wallets.customers(world_at)) == 2


def test_who_has_never_saved_anything_has_an_empty_list(world_at: World) -> None:
    assert listed(world_at) == []


def test_a_declined_card_says_why_and_another_may_be_tried(world_at: World) -> None:
    opened = open_method(world_at).json
    refused = confirm_at_stripe(world_at, opened, "pm_card_visa_chargeDeclinedInsufficientFunds")
    shown = [confirm(world_at, opened["id"]).json for _ in range(2)]

    confirm_at_stripe(world_at, opened)
    saved = confirm(world_at, opened["id"]).json

    assert refused == 402
    assert [(one["status"], one["decline_code"]) for one in shown] == [
        ("pending", "insufficient_funds")
    ] * 2
    assert (saved["status"], saved["decline_code"]) == ("saved", None)


def test_what_is_not_confirmed_is_not_listed_and_no_default(world_at: World) -> None:
    opened = open_method(world_at).json

    refused = set_default(world_at, opened["id"])

    assert listed(world_at) == []
    assert (refused.status, refused.json["code"]) == (409, "payment_method_not_saved")


def test_what_was_saved_first_comes_first_until_another_is_chosen(world_at: World) -> None:
    first, second = save(world_at), save(world_at, "pm_card_amex")
    before = [one["id"] for one in listed(world_at)]

    answers = [set_default(world_at, second).json["default"] for _ in range(2)]

    after = listed(world_at)
    assert before == [first, second]
    assert answers == [True, True]
    assert [one["id"] for one in after] == [second, first]
    assert [one["default"] for one in after] == [True, False]


def test_a_person_has_twenty_at_the_most(world_at: World) -> None:
    made = []
    for number in range(20):
        made.append(open_method(world_at, key=f"key-{number}"))
        world_at.clock.move(7)

    one_more = open_method(world_at, key="another")
    again = open_method(world_at, key="key-19")
    remove(world_at, made[0].json["id"])
    world_at.clock.move(60)
    then = open_method(world_at)

    assert (one_more.status, one_more.json["code"]) == (409, "payment_method_limit")
    assert again.json == made[19].json
    assert then.status == 201


def test_stripe_away_is_503_and_the_same_request_goes_on(world_at: World) -> None:
    world_at.stripe.set_fault(on("before", "setup_intents", Fault(503)))
    refused = open_method(world_at, key="one")
    world_at.stripe.set_fault(lambda *_: None)

    answered = open_method(world_at, key="one")

    assert (refused.status, refused.json["code"]) == (503, "payment_provider_unavailable")
    assert (answered.status, len(setups(world_at))) == (201, 1)


def test_stripe_away_while_repeating_what_was_done_is_503_too(world_at: World) -> None:
    opened = open_method(world_at, key="one").json
    world_at.stripe.set_fault(lambda *_: Fault(503))

    refused = [open_method(world_at, key="one"), confirm(world_at, opened["id"])]

    assert [one.status for one in refused] == [503, 503]


def test_a_customer_whose_making_was_answered_by_a_500_is_found(world_at: World) -> None:
    world_at.stripe.set_fault(on("after", "customers", SAVED_500, times=1))

    opened = open_method(world_at)

    assert opened.status == 201
    assert len(wallets.customers(world_at)) == 1


def test_a_customer_that_was_never_made_is_asked_for_under_another_key(world_at: World) -> None:
    world_at.stripe.set_fault(on("before", "customers", SAVED_500, times=1))
    first = open_method(world_at, key="one")
    world_at.clock.move(61)

    second = open_method(world_at, key="one")

    assert (first.status, second.status) == (503, 201)
    assert len(wallets.customers(world_at)) == 1


def test_a_setup_whose_making_was_answered_by_a_500_is_found(world_at: World) -> None:
    world_at.stripe.set_fault(on("after", "setup_intents", SAVED_500, times=1))

    opened = open_method(world_at)

    assert opened.status == 201
    assert len(setups(world_at)) == 1


def test_a_setup_that_was_never_made_is_asked_for_under_another_key(world_at: World) -> None:
    save(world_at, user="stranger")
    world_at.stripe.set_fault(on("before", "setup_intents", SAVED_500, times=1))
    first = open_method(world_at, key="one")

    world_at.pass_time(180)
    second = open_method(world_at, key="one")

    assert (first.status, second.status) == (503, 201)
    assert len(setups(world_at)) == 2


@pytest.mark.parametrize("effect", [True, False])
def test_a_customer_of_more_than_a_day_ago_is_looked_for_first(
    world_at: World, *, effect: bool
) -> None:
    def lose(stage: str, call: Call) -> Fault | None:
        if call.path.endswith("customers") and stage == ("after" if effect else "before"):
            raise lost_connection()
        return None

    world_at.stripe.set_fault(lose)
    refused = open_method(world_at)
    world_at.stripe.set_fault(lambda *_: None)
    world_at.clock.move(86_401)

    opened = open_method(world_at)

    assert (refused.status, opened.status) == (503, 201)
    assert len(wallets.customers(world_at)) == 1


def test_what_is_looked_for_in_a_list_is_told_from_what_others_have(world_at: World) -> None:
    method_id = save(world_at)
    save(world_at, user="stranger")
    save(world_at)

    customer = wallet_gateway.find_customer("mina", 0)

    assert customer == wallets.customers(world_at)[-1]["id"]
    assert wallet_gateway.find_customer("nobody", 0) is None
    setup = wallet_gateway.find_setup(str(customer), method_id, 0)
    assert setup is not None
    assert (setup.method_id, setup.person) == (method_id, "mina")
    assert wallet_gateway.find_setup(str(customer), "pmt_other", 0) is None


def test_who_loses_every_race_for_a_wallet_is_told_so(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "RACES", 0)

    refused = open_method(world_at)

    assert (refused.status, refused.json["code"]) == (409, "busy")


@pytest.mark.parametrize("stage", ["before", "after"])
def test_who_dies_at_stripe_is_finished_by_the_sweep(world_at: World, stage: str) -> None:
    script = Script()

    def die(call: str) -> None:
        if call == "stripe.POST /v1/setup_intents":
            raise Crash

    setattr(script, stage, die)
    with faults.following(script), pytest.raises(Crash):
        open_method(world_at, key="one")

    world_at.pass_time(120)
    answered = open_method(world_at, key="one")

    assert answered.status == 201
    assert len(setups(world_at)) == len(wallets.customers(world_at)) == 1


def test_a_setup_that_nobody_told_of_is_found_by_the_sweep(world_at: World) -> None:
    opened = open_method(world_at).json
    confirm_at_stripe(world_at, opened)
    world_at.lose_webhooks()

    world_at.pass_time(240)

    assert [one["id"] for one in listed(world_at)] == [opened["id"]]


def test_a_setup_that_nobody_confirms_is_given_up(world_at: World) -> None:
    opened = open_method(world_at).json
    world_at.pass_time(600)
    waiting = kept(opened["id"])["status"]

    world_at.clock.move(86_401)
    world_at.pass_time(120)

    assert (waiting, kept(opened["id"])["status"]) == ("open", "removed")
    assert setups(world_at)[0]["status"] == "canceled"
    assert confirm(world_at, opened["id"]).status == 404
    assert news() == []


def test_a_setup_that_was_confirmed_at_the_last_moment_is_kept(world_at: World) -> None:
    opened = open_method(world_at).json
    world_at.clock.move(86_401)
    confirm_at_stripe(world_at, opened)
    world_at.lose_webhooks()

    world_at.pass_time(120)

    assert [one["id"] for one in listed(world_at)] == [opened["id"]]


@pytest.mark.parametrize("stage", ["before", "after"])
def test_a_setup_that_was_cut_off_a_day_ago_is_looked_for_and_ended(
    world_at: World, stage: str
) -> None:
    script = Script()

    def die(call: str) -> None:
        if call == "stripe.POST /v1/setup_intents":
            raise Crash

    setattr(script, stage, die)
    save(world_at)
    with faults.following(script), pytest.raises(Crash):
        open_method(world_at, key="one")
    (begun,) = [row for row in laws.rows("payments") if row.get("status") == "opening"]

    world_at.clock.move(86_401)
    world_at.pass_time(240)

    assert kept(str(begun["id"]))["status"] == "removed"
    assert [one["status"] for one in setups(world_at) if one["status"] != "succeeded"] == (
        ["canceled"] if stage == "after" else []
    )


def test_a_setup_that_somebody_cancelled_at_stripe_is_gone(world_at: World) -> None:
    from tests.world import SECRET_KEY

    opened = open_method(world_at).json
    path = f"/v1/setup_intents/{opened['setup_id']}/cancel"
    world_at.stripe.request("POST", path, SECRET_KEY, "")

    world_at.pump()

    assert confirm(world_at, opened["id"]).status == 404


@pytest.mark.parametrize("metadata", [{"env": "other", "method": "pmt_1"}, {"env": "test"}, {}])
def test_a_setup_of_another_stack_is_left_alone(world_at: World, metadata: dict[str, str]) -> None:
    from tests.world import SECRET_KEY

    form = "&".join(f"metadata[{name}]={value}" for name, value in metadata.items())
    world_at.stripe.request("POST", "/v1/setup_intents", SECRET_KEY, form)

    world_at.pump()

    assert world_at.bells.hidden == world_at.bells.dead == []


def test_a_sweep_that_finds_stripe_away_comes_again(world_at: World, said: Said) -> None:
    opened = open_method(world_at).json
    confirm_at_stripe(world_at, opened)
    world_at.lose_webhooks()
    world_at.stripe.set_fault(lambda *_: Fault(503))
    world_at.pass_time(180)
    told = alarms(said)
    world_at.stripe.set_fault(lambda *_: None)

    world_at.pass_time(120)

    assert "A payment could not be taken up" in told
    assert len(listed(world_at)) == 1


def test_no_number_expiry_or_secret_leaves_the_methods_own_item(
    world_at: World, said: Said
) -> None:
    method_id = save(world_at)
    world_at.pump()
    lines = json.dumps(said())

    rows = [row for row in laws.rows("payments") if row["sk"] != f"METHOD#{method_id}"]

    for text in (lines, json.dumps(rows, default=str)):
        assert [one for one in ("4242", "visa", "_secret_") if one in text] == []
    assert "4242424242424242" not in json.dumps(laws.rows("payments"), default=str)


def test_a_body_with_a_card_number_is_refused(world_at: World) -> None:
    body = {**AGREED, "number": "4242424242424242"}

    refused = world_at.post(PATH, body, token=world_at.customer(), key="one")

    assert (refused.status, refused.json["code"]) == (400, "card_number_refused")
    assert at_stripe(world_at, "customers")["data"] == []
