"""What dispatch notices though nobody says it, each once."""

from datetime import timedelta

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import BusyError
from chalicelib.couriers import moving, opening, watching
from tests.conftest import Said
from tests.couriers.riders import FAR, Riders

TEN_MINUTES = opening.NOBODY_SECONDS


def test_a_courier_with_a_job_who_is_silent_for_90_seconds_is_nudged_once(riders: Riders) -> None:
    riders.carried("jun")

    for _ in range(4):
        riders.pass_without_sweeps(45)

    assert riders.heard("jun").count("courier.silent") == 1


def test_a_position_ends_a_silence_and_the_next_silence_is_another(riders: Riders) -> None:
    riders.carried("jun")
    riders.world.tick(90)
    riders.at("jun")

    riders.world.tick(60)
    between = riders.heard("jun").count("courier.silent")
    riders.world.tick(60)

    assert between == 1
    assert riders.heard("jun").count("courier.silent") == 2


def test_who_sends_positions_is_never_nudged(riders: Riders) -> None:
    riders.carried("jun")

    for _ in range(20):
        riders.pass_without_sweeps(30)
        riders.at("jun")

    assert "courier.silent" not in riders.heard("jun")


def test_a_courier_without_a_job_may_be_silent(riders: Riders) -> None:
    riders.on_duty("jun")

    riders.world.pass_time(600)

    assert "courier.silent" not in riders.heard("jun")


def test_after_five_silent_minutes_before_pick_up_another_courier_is_asked(
    riders: Riders,
) -> None:
    riders.on_duty("jun")
    riders.on_duty("ari", at=FAR)
    order_id = riders.waiting()
    riders.answer("jun", "accept")
    first = riders.delivery(order_id)

    riders.world.pass_time(240)
    kept = riders.delivery(order_id).id
    riders.at("ari", FAR)
    riders.world.tick(60)

    assert kept == first.id
    assert moving.demand(first.id).code == watching.SILENT_CODE
    assert riders.delivery(order_id).attempt == 2
    assert riders.seen().couriers["jun"].jobs == []
    assert len(riders.asked("ari")) == 1


def test_after_pick_up_a_silent_courier_keeps_the_order_and_a_person_is_told_once(
    riders: Riders, said: Said
) -> None:
    order_id = riders.carried("jun")
    said()

    riders.world.pass_time(1200)

    lines = [line for line in said() if line["level"] == "ERROR"]
    assert [(line["said"], line["order"]) for line in lines] == [
        ("A courier who carries an order was lost", order_id)
    ]
    assert riders.news(order_id).count("delivery.courier_lost") == 1
    assert riders.delivery(order_id).status == "ORDER_PICKED"
    assert riders.seen().couriers["jun"].jobs == [riders.delivery(order_id).id]


def test_a_position_that_comes_in_between_prevents_the_nudge(riders: Riders) -> None:
    riders.carried("jun")
    riders.world.clock.move(90)
    read = riders.seen().couriers["jun"]
    riders.at("jun")

    with pytest.raises(BusyError):
        watching.look(read)

    assert "courier.silent" not in riders.heard("jun")


# --- nobody is found -----------------------------------------------------------------------------


def test_after_ten_minutes_without_a_courier_the_customer_is_told_once(riders: Riders) -> None:
    order_id = riders.waiting()

    riders.pass_without_sweeps(TEN_MINUTES - 1)
    early = riders.news(order_id)
    for _ in range(30):
        riders.world.tick(60)

    assert early == ["delivery.opened"]
    assert riders.news(order_id) == ["delivery.opened", "delivery.no_courier"]
    assert riders.delivery(order_id).no_courier_at is not None


def test_a_customer_who_waits_is_told_again_ten_minutes_later(riders: Riders) -> None:
    order_id = riders.waiting()
    riders.pass_without_sweeps(TEN_MINUTES)
    path, mina = f"/v1/orders/{order_id}/no-courier", riders.world.customer()

    waits = riders.world.post(path, {"choice": "wait"}, token=mina)
    riders.world.pump()
    riders.pass_without_sweeps(TEN_MINUTES - 1)
    before = riders.news(order_id).count("delivery.no_courier")
    riders.pass_without_sweeps(1)

    assert waits.status == 200
    assert (before, riders.news(order_id).count("delivery.no_courier")) == (1, 2)


def test_who_collects_or_gives_up_is_looked_for_no_longer(riders: Riders) -> None:
    for choice in ("collect", "cancel"):
        order_id = riders.waiting()
        riders.world.tick(TEN_MINUTES)
        path, mina = f"/v1/orders/{order_id}/no-courier", riders.world.customer()

        assert riders.world.post(path, {"choice": choice}, token=mina).status == 200
        riders.world.pump()

        assert riders.delivery(order_id).status == "CANCELLED"
        assert riders.seen().deliveries == {}


def test_nobody_is_told_while_it_is_too_early_to_ask_anybody(riders: Riders) -> None:
    """The ten minutes count from when a courier would have to set off."""
    riders.store_id = riders.world.store(
        owner="slow", delivered_by="platform", preparation_minutes=25
    )
    riders.on_duty("jun")
    order_id = riders.waiting("confirm")
    for _ in range(11):
        riders.at("jun")
        riders.world.tick(60)

    [opened] = riders.seen().deliveries.values()
    asked_at = clock.parse(opened.ready_at) - timedelta(seconds=90 + 7)
    assert "delivery.no_courier" not in riders.news(order_id)
    assert opened.tell_at == clock.stamp(asked_at + timedelta(seconds=TEN_MINUTES))


def test_while_somebody_is_asked_the_customer_is_not_told(riders: Riders) -> None:
    order_id = riders.waiting()
    riders.pass_without_sweeps(TEN_MINUTES - 10)
    riders.on_duty("jun")
    riders.world.pump()

    riders.pass_without_sweeps(20)
    during = riders.news(order_id)
    riders.answer("jun", "decline")
    riders.world.pump()

    assert "delivery.no_courier" not in during
    assert riders.news(order_id)[-1] == "delivery.no_courier"
