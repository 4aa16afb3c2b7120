"""Tips: given after the order was brought, taken whole, posted once to whoever brought it."""

from typing import Any

import pytest

from chalicelib.payments import payment as payments
from chalicelib.payments.payment import Subject
from chalicelib.payments.tipping import MOST_TIPS
from sandbox.stripe.faults import Fault
from tests import faults, laws
from tests.couriers.riders import Riders
from tests.payments.stories import meanwhile, on
from tests.shopfront import DOOR
from tests.world import Reply, World

COURIER = "payable:courier:jun"


@pytest.fixture
def riders(world_at: World) -> Riders:
    return Riders(world_at)


def _leg(world: World, order_id: str, number: int = 0) -> Any:  # noqa: ANN401 - any JSON
    """One tip of an order, as its customer sees it."""
    found = world.get(f"/v1/orders/{order_id}/payments", world.customer())["payments"]
    return sorted(found, key=lambda leg: str(leg["id"]))[number + 1]


def _posted(account: str = COURIER) -> list[int]:
    """What was posted to the courier as tips."""
    rows = [row for row in laws.rows("ledger") if row["transaction"].startswith("tip:")]
    return [int(row["amount"]) for row in rows if row["account"] == account]


def _earned(riders: Riders, user: str = "jun") -> list[tuple[str, int]]:
    found = riders.world.get("/v1/earnings", riders.token(user))["items"]
    return [(one["why"], one["money"]["amount"]) for one in found if one["money"]["amount"]]


def test_what_happened_to_a_payment_is_read_after_a_version(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store())
    subject = Subject.of(f"order#{order_id}")

    first, *later = payments.events_after(subject, 0)

    assert subject == Subject("order", order_id)
    assert [one.id for one in payments.events_after(subject, int(first.version))] == [
        one.id for one in later
    ]
    assert later


def _given(world: World, order_id: str, card: str = "pm_card_visa", **more: Any) -> Any:  # noqa: ANN401 - any JSON
    """A tip that its customer has paid; nobody here has heard of it."""
    opened = world.try_tip(order_id, **more)
    assert opened.status == 201, opened.text
    world.pay(opened.json, card)
    return opened.json


def _refused(reply: Reply, code: str = "tip_impossible") -> Any:  # noqa: ANN401 - any JSON
    assert (reply.status, reply.json["code"]) == (409, code), reply.text
    return reply.json


def test_a_tip_is_taken_whole_and_posted_once_to_who_brought_the_order(
    world_at: World, riders: Riders
) -> None:
    order_id = riders.brought()
    before = world_at.get(f"/v1/orders/{order_id}/payments", world_at.customer())

    _given(world_at, order_id)
    confirmed = world_at.confirm(order_id)
    world_at.pump()

    assert confirmed.status == 200
    leg = _leg(world_at, order_id)
    assert (leg["status"], leg["captured"]["amount"]) == ("captured", 2000)
    assert _posted() == [-2000]
    assert ("tip", 2000) in _earned(riders)
    after = world_at.get(f"/v1/orders/{order_id}/payments", world_at.customer())
    assert after["due"] == before["due"]
    assert after["captured"]["amount"] == before["captured"]["amount"] + 2000
    world_at.tick(90_000)
    laws.demand(world_at)


def test_the_webhook_alone_is_enough(world_at: World, riders: Riders) -> None:
    order_id = riders.brought()

    _given(world_at, order_id)
    world_at.pump()

    assert _posted() == [-2000]


def test_neither_webhook_nor_browser_is_needed_the_sweep_hears_of_it(
    world_at: World, riders: Riders
) -> None:
    order_id = riders.brought()
    _given(world_at, order_id)
    world_at.lose_webhooks()

    world_at.pass_time(240)

    assert _posted() == [-2000]


def test_repeating_the_request_gives_the_same_answer_and_one_tip(
    world_at: World, riders: Riders
) -> None:
    order_id = riders.brought()

    first, second = (world_at.try_tip(order_id, key="one") for _ in range(2))

    assert (first.status, second.status) == (201, 201)
    assert first.json == second.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert [one["amount"] for one in world_at.intents()].count(2000) == 1


def test_a_repetition_is_answered_though_no_tip_could_be_given_any_more(
    world_at: World, riders: Riders
) -> None:
    order_id = riders.brought()
    world_at.clock.move(86_300)
    first = world_at.try_tip(order_id, key="one")
    world_at.tick(120)
    assert world_at.seen(order_id)["status"] == "CONCLUDED"

    second = world_at.try_tip(order_id, key="one")

    assert (second.status, second.json) == (201, first.json)


def test_the_same_key_for_another_tip_is_refused(world_at: World, riders: Riders) -> None:
    order_id = riders.brought()
    world_at.try_tip(order_id, key="one")

    other = world_at.try_tip(order_id, 3000, key="one")

    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")


def test_a_tip_that_nobody_pays_is_let_go_after_half_an_hour(
    world_at: World, riders: Riders
) -> None:
    order_id = riders.brought()
    world_at.try_tip(order_id)

    world_at.pass_time(1740)
    waiting = _leg(world_at, order_id)["status"]
    world_at.pass_time(300)

    assert (waiting, _leg(world_at, order_id)["status"]) == ("requires_payment", "voided")
    assert [one["status"] for one in world_at.intents()].count("canceled") == 1
    assert _posted() == []
    world_at.tick(90_000)
    laws.demand(world_at)


def test_a_tip_whose_making_was_cut_off_is_let_go_after_half_an_hour(
    world_at: World, riders: Riders
) -> None:
    order_id = riders.brought()
    world_at.stripe.set_fault(on("after", "/payment_intents", Fault()))
    assert world_at.try_tip(order_id).status == 503
    world_at.stripe.set_fault(lambda *_: None)

    world_at.pass_time(2100)

    assert _leg(world_at, order_id)["status"] == "voided"
    assert [one["status"] for one in world_at.intents()].count("canceled") == 1


def test_a_declined_card_can_be_followed_by_another(world_at: World, riders: Riders) -> None:
    order_id = riders.brought()
    opened = _given(world_at, order_id, "pm_card_visa_chargeDeclined")
    world_at.pump()
    declined = _leg(world_at, order_id)

    world_at.pay(opened)
    world_at.confirm(order_id)
    world_at.pump()

    assert (declined["status"], declined["decline_code"]) == ("requires_payment", "generic_decline")
    assert _leg(world_at, order_id)["status"] == "captured"
    assert _posted() == [-2000]


def test_a_wallet_that_sends_its_customer_to_a_page_may_take_its_time(
    world_at: World, riders: Riders
) -> None:
    order_id = riders.brought()
    opened = _given(world_at, order_id, "kakao_pay", method="kakao_pay")
    world_at.pass_time(1500)
    acting = _leg(world_at, order_id)["status"]

    world_at.stripe.answer_wallet(opened["intent_id"], "approve")
    world_at.pump()

    assert acting == "requires_action"
    assert _posted() == [-2000]


def test_whoever_approves_a_tip_after_half_an_hour_is_charged_nothing(
    world_at: World, riders: Riders
) -> None:
    order_id = riders.brought()
    opened = _given(world_at, order_id, "kakao_pay", method="kakao_pay")
    world_at.pass_time(1980)

    (intent,) = (one for one in world_at.intents() if one["id"] == opened["intent_id"])

    assert (intent["status"], intent["amount_received"]) == ("canceled", 0)
    assert _leg(world_at, order_id)["status"] == "voided"
    world_at.tick(90_000)
    laws.demand(world_at)


def test_a_tip_paid_at_the_very_moment_in_which_it_is_let_go_is_settled_either_way(
    world_at: World, riders: Riders
) -> None:
    order_id = riders.brought()
    opened = world_at.try_tip(order_id).json
    world_at.clock.move(1801)

    with faults.following(meanwhile(lambda: world_at.pay(opened), "/cancel")):
        world_at.tick(1)

    world_at.tick(700)
    assert _leg(world_at, order_id)["status"] == "voided"
    world_at.tick(90_000)
    laws.demand(world_at)


def test_a_tip_is_at_most_what_the_order_came_to(world_at: World, riders: Riders) -> None:
    order_id = riders.brought()
    total = world_at.seen(order_id)["total"]["amount"]

    over = world_at.try_tip(order_id, total + 1)
    most = world_at.try_tip(order_id, total)
    more = world_at.try_tip(order_id, 1000)

    assert _refused(over)["most"] == total
    assert most.status == 201
    _refused(more)


def test_there_are_only_so_many_tips_for_an_order(world_at: World, riders: Riders) -> None:
    order_id = riders.brought()
    for _ in range(MOST_TIPS):
        assert world_at.try_tip(order_id, 200).status == 201

    _refused(world_at.try_tip(order_id, 200))


def test_one_that_was_let_go_counts_no_more(world_at: World, riders: Riders) -> None:
    order_id = riders.brought()
    total = world_at.seen(order_id)["total"]["amount"]
    world_at.try_tip(order_id, total)
    world_at.pass_time(2100)

    assert world_at.try_tip(order_id, total).status == 201


def test_too_little_is_told_with_its_place(world_at: World, riders: Riders) -> None:
    order_id = riders.brought()

    refused = world_at.try_tip(order_id, 99)

    assert refused.status == 422
    assert [(one["code"], one["pointer"]) for one in refused.json["errors"]] == [
        ("amount_too_small", "/amount")
    ]


def test_a_tip_comes_within_a_day_of_the_delivery(world_at: World, riders: Riders) -> None:
    order_id = riders.brought()
    world_at.tick(86_401)

    refused = _refused(world_at.try_tip(order_id), "conflict")

    assert refused["current_status"] == "CONCLUDED"


def test_nobody_is_tipped_who_has_not_brought_it_yet(world_at: World, riders: Riders) -> None:
    order_id = riders.carried()

    refused = _refused(world_at.try_tip(order_id), "conflict")

    assert (refused["current_status"], refused["allowed_in"]) == ("DISPATCHED", ["DELIVERED"])


def test_what_its_store_has_brought_takes_no_tip(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id, fulfilment="delivery", drop_off=DOOR)
    commands = ("confirm", "ready", "dispatch", "delivered")
    assert world_at.command(order_id, *commands, store_id=store_id).status == 200

    _refused(world_at.try_tip(order_id))


def test_what_was_collected_takes_no_tip(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)

    _refused(world_at.try_tip(order_id), "conflict")


def test_a_tip_can_follow_a_refund_and_no_refund_reaches_it(
    world_at: World, riders: Riders
) -> None:
    order_id = riders.brought()
    world_at.refund(order_id)
    _given(world_at, order_id)
    world_at.pump()

    again = world_at.try_refund(order_id, amount=1)

    assert again.status == 422
    assert _posted() == [-2000]
    found = world_at.get(f"/v1/orders/{order_id}/refunds", world_at.customer())
    assert found["refundable"]["amount"] == 0
    world_at.tick(90_000)
    laws.demand(world_at)


def test_a_tips_bell_that_is_lost_is_rung_again_by_the_sweep(
    world_at: World, riders: Riders
) -> None:
    order_id = riders.brought()
    _given(world_at, order_id)
    world_at.confirm(order_id)
    world_at.streams.skip()
    world_at.pump()
    lost = _posted()

    world_at.pass_time(180)

    assert (lost, _posted()) == ([], [-2000])


def test_two_tips_of_one_order_are_posted_each_once(world_at: World, riders: Riders) -> None:
    order_id = riders.brought()
    for amount in (1000, 1500):
        _given(world_at, order_id, amount=amount)
        world_at.clock.move(1)

    world_at.confirm(order_id)
    world_at.pump()

    assert sorted(_posted()) == [-1500, -1000]
    world_at.tick(90_000)
    laws.demand(world_at)


def test_stripe_being_away_is_told_and_the_repetition_finishes(
    world_at: World, riders: Riders
) -> None:
    order_id = riders.brought()
    world_at.stripe.set_fault(on("before", "/payment_intents", Fault()))
    away = world_at.try_tip(order_id, key="one")
    world_at.stripe.set_fault(lambda *_: None)

    again = world_at.try_tip(order_id, key="one")

    assert (away.status, away.json["code"]) == (503, "payment_provider_unavailable")
    assert again.status == 201
    world_at.pay(again.json)
    world_at.pump()
    assert _posted() == [-2000]


def test_of_two_tips_begun_at_once_both_are_there(world_at: World, riders: Riders) -> None:
    order_id = riders.brought()

    with faults.following(meanwhile(lambda: world_at.try_tip(order_id, 1000))):
        second = world_at.try_tip(order_id, 1500)

    assert second.status == 201
    amounts = [_leg(world_at, order_id, number)["amount"]["amount"] for number in (0, 1)]
    assert sorted(amounts) == [1000, 1500]
