"""Functions that die at any call: the courier's phone asks again, and it has happened once."""

from collections.abc import Callable

import pytest

from chalicelib.couriers import moving
from tests import faults, laws
from tests.couriers.street import TO_THE_DOOR, Rider, Street, events
from tests.faults import Script
from tests.world import Reply

type Ask = Callable[[], Reply]


def _calls(ask: Ask) -> int:
    """How many calls a request makes that nothing interrupts."""
    with faults.following(Script()) as script:
        assert ask().status == 200
    return len(script.calls)


def _killed(ask: Ask, number: int, *, effect: bool) -> None:
    script = Script()
    script.crash_at(number, effect=effect)
    with faults.following(script), pytest.raises(faults.Crash):
        ask()


def _earned(delivery_id: str) -> int:
    mine = [row for row in laws.rows("ledger") if row["pk"] == f"delivery#{delivery_id}"]
    assert sum(int(row["amount"]) for row in mine) == 0
    return -sum(int(row["amount"]) for row in mine if row["account"] == "payable:courier:jun")


@pytest.mark.parametrize("effect", [True, False])
def test_wherever_an_acceptance_dies_asking_again_finds_it_done_once(
    street: Street, jun: Rider, *, effect: bool
) -> None:
    (first,) = street.offer_to(jun)
    calls = _calls(lambda: jun.answer(first))
    _give_back(jun)

    for number in range(calls):
        (offer_id,) = street.offer_to(jun)
        _killed(lambda: jun.answer(offer_id), number, effect=effect)  # noqa: B023 - used at once

        again = jun.answer(offer_id)

        assert again.status == 200
        assert events(again.json["id"]).count("delivery.accepted") == 1
        assert jun.get("/v1/duty")["jobs"] == [again.json["id"]]
        _give_back(jun)


@pytest.mark.parametrize("effect", [True, False])
def test_wherever_a_hand_over_dies_asking_again_finds_it_done_and_paid_once(
    street: Street, jun: Rider, *, effect: bool
) -> None:
    delivery_id, order_id, pin = _at_the_door(street, jun)
    calls = _calls(lambda: _hand_over(jun, delivery_id, pin))

    for number in range(calls):
        delivery_id, order_id, pin = _at_the_door(street, jun)
        _killed(lambda: _hand_over(jun, delivery_id, pin), number, effect=effect)  # noqa: B023 - used at once

        again = _hand_over(jun, delivery_id, pin)

        assert again.status == 200
        assert events(delivery_id).count("delivery.order_delivered") == 1
        assert street.world.seen(order_id)["status"] == "DELIVERED"
        assert _earned(delivery_id) == 2850
        assert moving.demand(delivery_id).pin_tries <= 2
        assert jun.get("/v1/duty")["jobs"] == []


@pytest.mark.parametrize("effect", [True, False])
def test_wherever_the_end_of_a_duty_dies_asking_again_leaves_nothing(
    street: Street, jun: Rider, *, effect: bool
) -> None:
    order_id = street.order()
    street.offer_to(jun, order_id=order_id)
    calls = _calls(jun.end)

    for number in range(calls):
        jun.start()
        order_id = street.order()
        street.offer_to(jun, order_id=order_id)
        _killed(jun.end, number, effect=effect)

        again = jun.end()

        assert again.json["status"] == "off"
        assert jun.duty() is None
        assert events(street.delivery(order_id).id).count("delivery.offer_declined") == 1
        assert jun.events()[-2:] == ["courier.on_duty", "courier.off_duty"]


def _at_the_door(street: Street, rider: Rider) -> tuple[str, str, str]:
    order_id = street.order()
    delivery = street.job(rider, *TO_THE_DOOR, order_id=order_id)
    return delivery.id, order_id, street.pin(order_id)


def _hand_over(rider: Rider, delivery_id: str, pin: str) -> Reply:
    return rider.step(delivery_id, "delivered", body={"pin": pin})


def _give_back(rider: Rider) -> None:
    for delivery_id in rider.get("/v1/duty")["jobs"]:
        assert rider.step(delivery_id, "release", body={"code": "other"}).status == 200
