"""Nobody was found: the customer waits on, collects the order, or gives it up for nothing."""

import pytest

from chalicelib.core import clock
from chalicelib.couriers import offering, watching
from tests.couriers.street import ZONE, Rider, Street, at_once, events
from tests.world import Reply


def _told(street: Street, *commands: str) -> str:
    """An order whose customer was told that nobody was found."""
    order_id = street.order(*commands)
    street.world.clock.move(600)
    _tell(street, order_id)
    return order_id


def _tell(street: Street, order_id: str) -> None:
    opened = offering.opened(ZONE, street.delivery(order_id).id)
    assert opened
    watching.tell_nobody(opened)


def _choose(street: Street, order_id: str, choice: str, user: str = "mina") -> Reply:
    path = f"/v1/orders/{order_id}/no-courier"
    return street.world.post(path, {"choice": choice}, token=street.world.customer(user))


def test_only_who_was_told_has_a_choice(street: Street) -> None:
    order_id = street.order()

    answers = [_choose(street, order_id, choice) for choice in ("wait", "collect", "cancel")]

    assert {(one.status, one.json["code"]) for one in answers} == {(409, "no_choice")}
    assert street.world.seen(order_id)["status"] == "READY_FOR_PICKUP"


def test_the_choice_is_shown_to_the_customer_alone(street: Street) -> None:
    order_id = _told(street)
    path = f"/v1/orders/{order_id}/delivery"

    customers = street.world.get(path, street.world.customer())
    operators = street.world.get(path, street.world.operator())

    assert customers["choices"] == ["wait", "collect", "cancel"]
    assert operators["choices"] == []


def test_who_waits_is_told_again_after_as_long_as_the_first_time(street: Street) -> None:
    order_id = _told(street)

    answers = [_choose(street, order_id, "wait") for _ in range(2)]

    assert [one.status for one in answers] == [200, 200]
    assert answers[0].json["choices"] == []
    delivery = street.delivery(order_id)
    opened = offering.opened(ZONE, delivery.id)
    assert opened
    assert opened.tell_at == clock.stamp(clock.after(600))
    assert opened.version == delivery.version
    assert events(delivery.id)[-2:] == ["delivery.no_courier", "delivery.waited_for"]
    street.world.clock.move(600)
    _tell(street, order_id)
    assert _choose(street, order_id, "wait").status == 200
    assert events(delivery.id).count("delivery.waited_for") == 2


def test_who_waits_may_be_found_a_courier_after_all(street: Street, jun: Rider) -> None:
    order_id = _told(street)
    _choose(street, order_id, "wait")

    assert street.job(jun, order_id=order_id).status == "ACCEPTED"


def test_who_collects_pays_no_delivery(street: Street) -> None:
    order_id = _told(street)

    answers = [_choose(street, order_id, "collect") for _ in range(2)]

    assert [one.status for one in answers] == [200, 200]
    assert answers[0].json["status"] == "CANCELLED"
    order = street.world.seen(order_id)
    assert (order["fulfilment"], order["status"]) == ("takeaway", "READY_FOR_PICKUP")
    assert order["total"]["amount"] == 9_000
    assert offering.opened(ZONE, street.delivery(order_id).id) is None
    assert street.world.command(order_id, "picked-up", store_id=street.store_id).status == 200


def test_who_gives_up_pays_nothing(street: Street) -> None:
    order_id = _told(street, "confirm")

    answers = [_choose(street, order_id, "cancel") for _ in range(2)]

    assert [one.status for one in answers] == [200, 200]
    order = street.world.seen(order_id)
    assert order["cancellation"] == {
        "code": "no_courier", "initiated_by": "customer", "liable_party": "platform", "fee": 0,
        "refund": 12_000,
    }  # fmt: skip
    assert order["owed"]["amount"] == 0
    delivery = street.delivery(order_id)
    assert (delivery.status, delivery.code) == ("CANCELLED", "no_courier")


def test_who_is_being_asked_meanwhile_is_asked_no_longer(street: Street, jun: Rider) -> None:
    order_id = _told(street)
    (offer_id,) = street.offer_to(jun, order_id=order_id)

    _choose(street, order_id, "cancel")

    assert jun.answer(offer_id).status == 410
    assert jun.get("/v1/duty")["offer_id"] is None


def test_a_choice_that_was_made_is_made(street: Street) -> None:
    order_id = _told(street)
    _choose(street, order_id, "collect")

    other = _choose(street, order_id, "cancel")

    assert (other.status, other.json["code"]) == (409, "no_choice")
    assert street.world.seen(order_id)["status"] == "READY_FOR_PICKUP"


@pytest.mark.parametrize("choice", ["wait", "collect", "cancel"])
def test_once_a_courier_was_found_there_is_nothing_to_choose(
    choice: str, street: Street, jun: Rider
) -> None:
    order_id = _told(street)
    street.job(jun, order_id=order_id)

    answer = _choose(street, order_id, choice)

    assert (answer.status, answer.json["code"]) == (409, "no_choice")


def test_of_a_choice_and_an_acceptance_at_once_one_counts(street: Street, jun: Rider) -> None:
    for _ in range(4):
        order_id = _told(street)
        jun.locate(int(clock.wall_now()))
        (offer_id,) = street.offer_to(jun, order_id=order_id)

        accepted, chosen = at_once(
            lambda: jun.answer(offer_id),  # noqa: B023 - used at once
            lambda: _choose(street, order_id, "cancel"),  # noqa: B023 - used at once
        )

        assert sorted([accepted.status == 200, chosen.status == 200]) == [False, True]
        status = street.world.seen(order_id)["status"]
        assert status == ("CANCELLED" if chosen.status == 200 else "READY_FOR_PICKUP")
        if accepted.status == 200:
            jun.step(accepted.json["id"], "release", body={"code": "other"})


def test_only_the_orders_own_customer_chooses(street: Street) -> None:
    order_id = _told(street)

    assert _choose(street, order_id, "cancel", user="noah").status == 404
    assert street.world.seen(order_id)["status"] == "READY_FOR_PICKUP"


def test_an_order_that_nobody_brings_has_no_choice(street: Street) -> None:
    order_id = street.world.paid_order(street.store_id)

    assert _choose(street, order_id, "wait").status == 404
