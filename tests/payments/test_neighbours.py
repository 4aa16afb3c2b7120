"""What lies beside a payment's legs, what its entries say for good, and who else is swept."""

import json

import pytest

from chalicelib.core import clock
from chalicelib.payments import events, following
from chalicelib.payments import payment as payments
from chalicelib.payments.models import LegItem, payment_key
from chalicelib.payments.payment import Subject
from tests import laws
from tests.payments.stories import Said
from tests.surroundings import SCHEDULE
from tests.world import World


def _beside(order_id: str, sort_key: str) -> None:
    """Another thing of a payment's that has a deadline, under a key of its own."""
    [leg] = LegItem.query(payment_key("order", order_id), LegItem.sk.startswith("LEG#"))
    leg.sk, leg.id = sort_key, "another"
    leg.due_at = clock.stamp(clock.after(-60))
    leg.save()


def test_what_is_no_leg_is_neither_read_nor_swept_as_one(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store())
    for sort_key in ("HOLD#another", "CLAIM#another"):
        _beside(order_id, sort_key)

    found = payments.demand_all(Subject("order", order_id))

    assert [leg.id.startswith("leg_") for leg in found.legs] == [True]
    assert list(following.overdue()) == []


def test_an_entry_of_a_capture_names_the_leg_and_stripes_intent(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    world_at.pump()

    [seen] = laws.orders(world_at)

    [taken] = [entry for entry in seen.entries if entry["account"] == "stripe:clearing"]
    assert json.loads(taken["context"]) == {
        "kind": "order",
        "subject": order_id,
        "leg": seen.legs[0]["id"],
        "intent": seen.intents[0]["id"],
    }


def test_a_mistake_of_ours_in_one_payment_holds_no_other_up_and_is_not_hidden(
    world_at: World, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = world_at.store()
    placed = [world_at.order(store_id) for _ in range(3)]
    for one in placed:
        world_at.pay(one["payments"][0])
    world_at.lose_webhooks()
    world_at.clock.move(200)
    broken = next(iter(following.overdue()))[0]
    resume = following.resume

    def mistaken(subject: Subject, what: str) -> None:
        if subject == broken:
            raise KeyError(what)
        resume(subject, what)

    monkeypatch.setattr(following, "resume", mistaken)
    said()

    with pytest.raises(KeyError):
        events.sweep_payments(SCHEDULE, None)

    told = [line for line in said() if line["said"] == "A payment could not be taken up"]
    statuses = {one["order_id"]: world_at.seen(one["order_id"])["status"] for one in placed}
    assert [(line["level"], line["order"]) for line in told] == [("ERROR", broken.id)]
    assert statuses.pop(broken.id) == "PENDING_PAYMENT"
    assert set(statuses.values()) == {"CREATED"}
