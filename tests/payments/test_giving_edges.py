"""Refunds, credits and tips at their edges: every race lost, Stripe refusing, nothing left."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core import ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.payments import following, locally, repaying, returning, subjects
from chalicelib.payments import payment as payments
from chalicelib.payments.payment import Subject
from tests import people
from tests.couriers.riders import Riders
from tests.payments.stories import Said, alarms
from tests.world import SECRET_KEY, World

DONE = ("confirm", "ready", "picked-up")


def _collected(world: World, *payments_: dict[str, Any], store_id: str = "") -> str:
    store_id = store_id or world.store()
    order_id = world.paid_order(store_id, *payments_)
    world.command(order_id, *DONE, store_id=store_id)
    world.pump()
    return order_id


def _losing(*_: object) -> None:
    raise BusyError


def test_whoever_loses_every_race_for_a_refund_is_told_to_come_again(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = _collected(world_at)
    monkeypatch.setattr(parts, "commit", _losing)

    assert world_at.try_refund(order_id).status == 409


def test_whoever_loses_every_race_for_a_retry_is_told_to_come_again(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = _collected(world_at)
    refund = world_at.refund(order_id, amount=1000)
    world_at.stripe.fail_refund(world_at.refunds()[0]["id"])
    world_at.pump()
    monkeypatch.setattr(parts, "commit", _losing)

    path = f"/v1/orders/{order_id}/refunds/{refund['id']}/retry"
    assert world_at.post(path, {"reason": "Asked."}, token=world_at.operator()).status == 409


def test_a_portion_that_loses_every_race_waits_and_is_taken_up_again(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = _collected(world_at)
    subject = Subject("order", order_id)
    world_at.refund(order_id, amount=1000)
    world_at.stripe.fail_refund(world_at.refunds()[0]["id"])
    refund_id = world_at.get(f"/v1/orders/{order_id}/refunds", world_at.operator())["items"][0][
        "id"
    ]
    with monkeypatch.context() as lost:
        lost.setattr(parts, "commit", _losing)
        with pytest.raises(BusyError):
            repaying.settle(subject, refund_id, 0)

    assert repaying.settle(subject, refund_id, 0).status == "failed"


def test_whoever_loses_every_race_for_a_credit_or_a_tip_is_told_to_come_again(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = Riders(world_at).brought()
    monkeypatch.setattr(parts, "commit", _losing)
    body = {"owner": "mina", "amount": 1000, "currency": "KRW", "reason": "Goodwill."}

    credit = world_at.post("/v1/balances", body, token=world_at.operator(), key="k")
    tip = world_at.try_tip(order_id)

    assert (credit.status, tip.status) == (409, 409)


def test_a_balance_and_a_refund_that_nobody_has_are_not_there(world_at: World) -> None:
    order_id = _collected(world_at)
    path = f"/v1/orders/{order_id}/refunds/{ids.new('ref')}/retry"

    assert world_at.post(path, {"reason": "Asked."}, token=world_at.operator()).status == 404
    unknown = world_at.call("GET", f"/v1/balances/{ids.new('bal')}", token=world_at.operator())
    assert unknown.status == 404


def test_who_is_at_the_till_gives_nothing_back(world_at: World) -> None:
    store_id = world_at.store()
    order_id = _collected(world_at, store_id=store_id)
    owner = people.person("merchant", "owner")
    made = world_at.call("PUT", f"/v1/stores/{store_id}/staff/till", {"role": "till"}, token=owner)
    assert made.status == 200

    refund = world_at.try_refund(order_id, people.person("merchant", "till"), amount=1000)

    assert refund.status == 403
    assert world_at.try_refund(order_id, owner, amount=1000).status == 201


def test_a_refund_that_is_small_leaves_the_other_payments_alone(world_at: World) -> None:
    order_id = _collected(world_at, {"method": "card", "amount": 4000}, {"method": "card"})

    refund = world_at.refund(order_id, amount=1000)

    assert len(refund["portions"]) == 1


def test_a_refund_that_stripe_refuses_counts_as_failed(world_at: World, said: Said) -> None:
    order_id = _collected(world_at)
    intent = world_at.intents()[0]["id"]
    world_at.stripe.request("POST", "/v1/refunds", SECRET_KEY, f"payment_intent={intent}")
    said()

    refund = world_at.refund(order_id, amount=1000)

    assert refund["status"] == "failed"
    assert "Stripe refused a refund" in alarms(said)


def test_what_went_back_in_kind_asks_stripe_for_nothing(world_at: World) -> None:
    balance = world_at.grant(9000)
    order_id = _collected(world_at, {"method": "balance", "balance_id": balance})
    refund = world_at.refund(order_id, amount=1000)

    following.resume(Subject("order", order_id), f"REFUND#{refund['id']}#00")

    assert world_at.refunds() == []


def test_what_has_gone_back_already_goes_back_no_second_time(world_at: World) -> None:
    order_id = _collected(world_at)
    world_at.refund(order_id)
    subject = Subject("order", order_id)
    standing = subjects.stands(subject)
    assert standing is not None

    returning.give_back(payments.demand_all(subject), standing, 500)

    assert payments.demand_all(subject).returned == 500
    assert len(world_at.refunds()) == 1


def test_cash_that_nobody_took_is_let_go(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store(), {"method": "cash"})
    subject = Subject("order", order_id)
    payment, standing = payments.demand_all(subject), subjects.stands(subject)
    assert standing is not None

    parts.commit(*locally.captured(payment, payment.legs[0], 9000, replace(standing, cash=None)))

    assert payments.demand_all(subject).legs[0].status == "voided"


def test_a_kind_that_nobody_knows_has_nothing_to_end() -> None:
    subjects.end(Subject("tab", "one"))

    assert subjects.stands(Subject("tab", "one")) is None
