"""What orders do to deliveries, in whatever order and however often the bells ring."""

import pytest

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import SYSTEM
from chalicelib.couriers import moving, opening
from chalicelib.couriers.errors import ImpossibleStepError
from tests import people
from tests.couriers.riders import FAR, Riders, stored


def test_a_confirmed_order_opens_one_delivery_however_often_its_bell_rings(riders: Riders) -> None:
    order_id = riders.waiting("confirm")

    opening.open(order_id)

    assert len([row for row in stored("DELIVERY#") if row["sk"] == "HEAD"]) == 1
    assert riders.news(order_id) == ["delivery.opened"]
    assert len(riders.seen().deliveries) == 1


def test_a_delivery_knows_where_from_where_to_and_what_it_pays(riders: Riders) -> None:
    delivery = riders.delivery(riders.waiting("confirm"))

    assert delivery.pickup["store_id"] == delivery.store_id == riders.store_id
    assert delivery.drop.keys() == {"location"}
    assert (delivery.zone, delivery.attempt) == ("seoul", 1)
    assert (delivery.gross, delivery.fee, delivery.tip) == (3000, 150, 0)


def test_readiness_is_expected_after_the_stores_preparation_time(riders: Riders) -> None:
    delivery = riders.delivery(riders.waiting("confirm"))

    late = (clock.after(15 * 60) - clock.parse(delivery.ready_at)).total_seconds()
    assert 0 <= late < 1, "asking Stripe at its pace takes a moment of its own"


def test_what_is_told_of_a_delivery_is_nobodys_secret(riders: Riders) -> None:
    riders.waiting("confirm")

    [told] = [row for row in stored("DELIVERY#") if row["sk"].startswith("EVT#")]
    assert "Yanghwa" not in str(told)


@pytest.mark.parametrize("changed", [{"fulfilment": "takeaway"}, {"fulfilment": "dine_in"}])
def test_what_nobody_brings_opens_no_delivery(riders: Riders, changed: dict[str, str]) -> None:
    order_id = riders.world.paid_order(riders.store_id, **changed)
    riders.world.command(order_id, "confirm", store_id=riders.store_id)

    riders.world.pump()

    assert opening.present(order_id) is None


def test_what_the_store_brings_itself_opens_no_delivery(riders: Riders) -> None:
    riders.store_id = riders.world.store(owner="another")

    order_id = riders.waiting("confirm")

    assert opening.present(order_id) is None


def test_an_unconfirmed_or_unknown_order_opens_no_delivery(riders: Riders) -> None:
    order_id = riders.order()

    opening.open(order_id)
    opening.open("ord_unknown")

    assert stored("DELIVERY#") == []


def test_an_order_that_is_cancelled_while_its_delivery_opens_opens_none(
    riders: Riders, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = riders.order("confirm")
    commit = parts.commit

    def late(*chosen: parts.Part) -> None:
        monkeypatch.setattr(parts, "commit", commit)
        riders.give_up(order_id)
        commit(*chosen)

    monkeypatch.setattr(parts, "commit", late)
    opening.open(order_id)

    assert opening.present(order_id) is None
    assert stored("ZONE#") == []


def test_the_bell_of_a_cancellation_may_come_before_that_of_the_confirmation(
    riders: Riders,
) -> None:
    order_id = riders.order("confirm")
    riders.give_up(order_id)

    riders.follow(order_id, "order.cancelled")
    riders.follow(order_id, "order.confirmed")

    assert opening.present(order_id) is None


# --- ready ---------------------------------------------------------------------------------------


def test_an_order_that_is_ready_early_is_offered_at_once(riders: Riders) -> None:
    riders.on_duty("jun")
    order_id = riders.waiting("confirm")
    assert riders.asked("jun") == []

    riders.world.command(order_id, "ready", store_id=riders.store_id)
    riders.world.pump()

    assert riders.delivery(order_id).ready_at == clock.stamp(clock.now())
    assert len(riders.asked("jun")) == 1


def test_readiness_is_known_to_a_courier_on_the_way_and_is_no_event(riders: Riders) -> None:
    riders.on_duty("jun")
    order_id = riders.waiting("confirm")
    riders.pass_without_sweeps(14 * 60)
    riders.at("jun")
    riders.world.tick(60)
    riders.answer("jun", "accept")
    before = riders.news(order_id)
    riders.world.clock.move(-120)

    riders.world.command(order_id, "ready", store_id=riders.store_id)
    riders.world.pump()

    assert riders.delivery(order_id).ready_at == clock.stamp(clock.now())
    assert riders.news(order_id) == before


def test_the_bell_of_readiness_may_come_twice_or_late(riders: Riders) -> None:
    order_id = riders.waiting("confirm", "ready")
    at = riders.delivery(order_id).ready_at

    riders.world.clock.move(60)
    riders.follow(order_id, "order.ready_for_pickup")

    assert riders.delivery(order_id).ready_at == at


# --- cancelled -----------------------------------------------------------------------------------


def test_a_cancelled_order_takes_its_offer_back_and_frees_who_was_asked(riders: Riders) -> None:
    riders.on_duty("jun")
    order_id = riders.waiting()
    [offer] = riders.asked("jun")

    riders.cancel(order_id)

    token = people.person("courier", "jun")
    late = riders.world.post(f"/v1/offers/{offer['id']}/accept", token=token)
    assert (late.status, late.json["code"]) == (410, "offer_gone")
    assert riders.delivery(order_id).status == "CANCELLED"
    assert riders.seen().couriers["jun"].offer_id is None
    assert riders.seen().deliveries == {}


def test_a_cancelled_order_frees_the_courier_who_had_not_fetched_it(riders: Riders) -> None:
    riders.on_duty("jun")
    order_id = riders.waiting()
    riders.answer("jun", "accept")

    riders.cancel(order_id)

    assert riders.delivery(order_id).status == "CANCELLED"
    assert riders.delivery(order_id).code == "other"
    assert riders.seen().couriers["jun"].jobs == []


def test_a_cancelled_order_that_is_carried_is_brought_back(riders: Riders) -> None:
    order_id = riders.carried("jun")

    riders.cancel(order_id)

    assert riders.delivery(order_id).status == "RETURNING_TO_MERCHANT"
    assert riders.seen().couriers["jun"].jobs == [riders.delivery(order_id).id]


def test_a_returned_order_ends_its_delivery(riders: Riders) -> None:
    order_id = riders.carried("jun")
    riders.cancel(order_id)

    assert riders.step("jun", order_id, "returned").status == 200
    riders.world.pump()

    assert riders.delivery(order_id).status == "DELIVERY_FINISHED"


def test_the_bell_of_a_cancellation_may_come_twice(riders: Riders) -> None:
    order_id = riders.waiting()
    riders.cancel(order_id)
    before = riders.news(order_id)

    riders.follow(order_id, "order.cancelled")

    assert riders.news(order_id) == before


def test_an_offer_that_is_answered_while_the_order_is_cancelled_is_read_again(
    riders: Riders, monkeypatch: pytest.MonkeyPatch
) -> None:
    riders.on_duty("jun")
    order_id = riders.waiting()
    riders.give_up(order_id)
    commit = parts.commit

    def late(*chosen: parts.Part) -> None:
        monkeypatch.setattr(parts, "commit", commit)
        riders.answer("jun", "decline")
        commit(*chosen)

    monkeypatch.setattr(parts, "commit", late)
    opening.cancel(order_id)

    assert riders.delivery(order_id).status == "CANCELLED"
    assert riders.seen().deliveries == {}


# --- concluded -----------------------------------------------------------------------------------


def test_a_concluded_order_finishes_its_delivery(riders: Riders) -> None:
    order_id = riders.carried("jun")
    pin = riders.world.get(f"/v1/orders/{order_id}/delivery", riders.world.customer())["pin"]
    riders.step("jun", order_id, "arrived-at-customer")
    path = f"/v1/deliveries/{riders.delivery(order_id).id}/delivered"
    riders.world.post(path, {"pin": pin}, token=riders.token("jun"))

    riders.world.tick(86_401)

    assert riders.delivery(order_id).status == "DELIVERY_FINISHED"
    assert riders.news(order_id)[-1] == "delivery.finished"


# --- again ---------------------------------------------------------------------------------------


def test_a_released_delivery_is_cancelled_and_another_attempt_goes_to_another(
    riders: Riders,
) -> None:
    riders.on_duty("jun")
    riders.on_duty("ari", at=FAR)
    order_id = riders.waiting()
    riders.answer("jun", "accept")
    first = riders.delivery(order_id)

    parts.commit(*opening.again(first, code="breakdown", actor="courier:jun"))
    riders.world.pump()

    second = riders.delivery(order_id)
    assert (moving.demand(first.id).status, moving.demand(first.id).code) == (
        "CANCELLED",
        "breakdown",
    )
    assert (second.status, second.attempt) == ("PENDING", 2)
    assert second.id != first.id
    assert riders.asked("jun") == []
    assert len(riders.asked("ari")) == 1


def test_of_two_who_take_a_delivery_away_at_once_one_opens_the_next(riders: Riders) -> None:
    riders.on_duty("jun")
    order_id = riders.waiting()
    riders.answer("jun", "accept")
    first = riders.delivery(order_id)
    one = opening.again(first, code="other", actor=SYSTEM)
    other = opening.again(first, code="other", actor=SYSTEM)

    parts.commit(*one)
    with pytest.raises(BusyError):
        parts.commit(*other)

    assert riders.delivery(order_id).attempt == 2


def test_what_is_fetched_is_not_taken_away(riders: Riders) -> None:
    order_id = riders.carried("jun")

    with pytest.raises(ImpossibleStepError):
        opening.again(riders.delivery(order_id), code="other", actor=SYSTEM)


def test_no_further_attempt_is_opened_for_an_order_that_was_given_up(riders: Riders) -> None:
    riders.on_duty("jun")
    order_id = riders.waiting()
    riders.answer("jun", "accept")
    delivery = riders.delivery(order_id)
    riders.give_up(order_id)

    with pytest.raises(ImpossibleStepError):
        parts.commit(*opening.again(delivery, code="other", actor=SYSTEM))

    assert riders.delivery(order_id).id == delivery.id
