"""Two who do the same thing, or opposite things, between each other's looking and writing."""

from typing import Any

import pytest

from chalicelib.core.errors import BusyError
from chalicelib.payments import finishing, opening, settling
from chalicelib.payments.payment import Subject
from tests import faults, laws, surroundings
from tests.faults import Script
from tests.payments.stories import collected, cut_off, meanwhile
from tests.world import World


def test_whoever_loses_a_race_to_settle_reads_again_and_agrees(world_at: World) -> None:
    placed = world_at.order(world_at.store())
    (payment,) = placed["payments"]
    subject = Subject("order", placed["order_id"])
    world_at.pay(payment)

    with faults.following(meanwhile(lambda: settling.settle(subject, payment["id"]))):
        leg = settling.settle(subject, payment["id"])

    assert leg.status == "authorized"
    (seen,) = laws.orders(world_at)
    assert [event["type"] for event in seen.news] == ["payment.opened", "payment.authorized"]


def test_a_cancellation_between_looking_and_noting_wins_and_the_hold_is_let_go(
    world_at: World,
) -> None:
    placed = world_at.order(world_at.store())
    world_at.pay(placed["payments"][0])

    with faults.following(meanwhile(lambda: world_at.cancel(placed["order_id"]))):
        world_at.confirm(placed["order_id"])

    world_at.tick(60)
    assert world_at.seen(placed["order_id"])["status"] == "CANCELLED"
    laws.demand(world_at)


def test_whoever_loses_a_race_to_finish_reads_again_and_finds_it_done(world_at: World) -> None:
    order_id, _ = collected(world_at)
    subject = Subject("order", order_id)

    with faults.following(meanwhile(lambda: finishing.settle_up(subject))):
        finishing.settle_up(subject)

    world_at.tick(86_401)
    laws.demand(world_at)


def test_two_who_make_the_same_intent_note_it_once(world_at: World) -> None:
    order_id = cut_off(world_at, "before")
    subject = Subject("order", order_id)
    (seen,) = laws.orders(world_at)
    leg_id = seen.legs[0]["id"]

    with faults.following(meanwhile(lambda: opening.ensure(subject, leg_id))):
        opening.ensure(subject, leg_id)

    assert len(world_at.intents()) == 1


@pytest.mark.parametrize("payments", [(), ({"amount": 4000}, {"method": "kakao_pay"})])
def test_the_placing_and_the_sweep_may_note_an_intent_at_once(
    world_at: World, payments: tuple[dict[str, Any], ...]
) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)
    script, seen_posts = Script(), list[str]()

    def sweep_first(call: str) -> None:
        if call.startswith("stripe.POST") and not seen_posts:
            seen_posts.append(call)
            (order,) = laws.orders(world_at)
            subject = Subject("order", order.head["id"])
            opening.ensure(subject, order.legs[0]["id"])

    script.after = sweep_first
    with faults.following(script):
        placed = world_at.try_place(token, quote["id"], *payments, key="one")

    assert placed.status == 201
    assert len(world_at.intents()) == max(1, len(payments))
    assert world_at.try_place(token, quote["id"], *payments, key="one").text == placed.text


@pytest.mark.parametrize(("module", "name"), [(settling, "settle"), (opening, "ensure")])
def test_too_many_races_are_told_as_busy(
    world_at: World,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,  # noqa: ANN401 - a module
    name: str,
) -> None:
    placed = world_at.order(world_at.store())
    monkeypatch.setattr(module, "RACES", 0)

    with pytest.raises(BusyError):
        getattr(module, name)(Subject("order", placed["order_id"]), placed["payments"][0]["id"])


def test_too_many_steps_are_told_as_busy_and_go_on_later(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id, _ = collected(world_at)
    monkeypatch.setattr(finishing, "STEPS", 1)

    with pytest.raises(BusyError):
        finishing.settle_up(Subject("order", order_id))

    monkeypatch.undo()
    world_at.tick(86_401)
    laws.demand(world_at)


def test_a_placing_that_is_too_busy_gives_its_key_back(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)

    def busy(*_: object) -> None:
        raise BusyError

    monkeypatch.setattr(opening, "open_leg", busy)
    first = world_at.try_place(token, quote["id"], key="one")
    monkeypatch.undo()
    again = world_at.try_place(token, quote["id"], key="one")

    assert (first.status, first.json["code"], again.status) == (409, "busy", 201)


def test_of_two_keys_for_one_quote_the_second_is_told_which_order_it_became(
    world_at: World,
) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)
    first: list[str] = []

    def other() -> None:
        first.append(world_at.try_place(token, quote["id"]).json["order_id"])

    with faults.following(meanwhile(other)):
        second = world_at.try_place(token, quote["id"])

    assert (second.status, second.json["order_id"]) == (409, first[0])


def test_money_for_a_dead_order_is_let_go_though_who_noted_it_died(world_at: World) -> None:
    placed = world_at.order(world_at.store())
    world_at.cancel(placed["order_id"])
    world_at.pay(placed["payments"][0])
    world_at.lose_webhooks()
    world_at.streams.ring()
    world_at.bells.lose()
    script = Script()

    def die(call: str) -> None:
        if call.endswith("TransactWriteItems"):
            raise faults.Crash

    script.after = die
    with faults.following(script), pytest.raises(faults.Crash):
        world_at.confirm(placed["order_id"])
    world_at.tick(61)

    assert world_at.intents()[0]["status"] == "canceled"
    laws.demand(world_at)


def test_a_placing_that_died_is_let_go_though_its_lapse_rings_no_bell(world_at: World) -> None:
    cut_off(world_at, "after")
    world_at.lose_webhooks()
    world_at.clock.move(601)
    surroundings.sweep()
    world_at.streams.ring()
    world_at.bells.lose()

    world_at.tick(60)

    assert [intent["status"] for intent in world_at.intents()] == ["canceled"]
    laws.demand(world_at)
