"""A delivery is given back, or taken away: another attempt looks for another courier."""

import pytest

from chalicelib.couriers import offering, opening
from tests.couriers.street import ON_THE_WAY, ZONE, Rider, Street, at_once, events


@pytest.mark.parametrize("steps", [(), ("heading-to-store",), ("arrived-at-store",)])
def test_what_is_given_back_before_pick_up_looks_for_another(
    steps: tuple[str, ...], street: Street, jun: Rider
) -> None:
    order_id = street.order()
    delivery = street.job(jun, *steps, order_id=order_id)

    answers = [jun.step(delivery.id, "release", body={"code": "breakdown"}) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert (answers[0].json["status"], answers[0].json["code"]) == ("CANCELLED", "breakdown")
    assert answers[0].json["drop_off"] is None
    following = street.delivery(order_id)
    assert following.id != delivery.id
    assert (following.attempt, following.status) == (2, "PENDING")
    opened = offering.opened(ZONE, following.id)
    assert opened
    assert opened.refused == ["jun"]
    assert jun.get("/v1/duty")["jobs"] == []
    assert events(delivery.id)[-1] == "delivery.cancelled"
    assert street.world.seen(order_id)["status"] == "READY_FOR_PICKUP"


def test_the_next_courier_brings_it_with_another_pin(street: Street, jun: Rider) -> None:
    order_id = street.order()
    first = street.job(jun, order_id=order_id)
    jun.step(first.id, "release", body={"code": "accident"})

    mia = street.rider("mia")
    second = street.job(mia, *ON_THE_WAY, order_id=order_id)

    assert second.attempt == 2
    late = jun.step(first.id, "arrived-at-store")
    assert (late.status, late.json["current_status"]) == (409, "CANCELLED")
    assert len(street.pin(order_id)) == 4


def test_every_attempt_is_found_from_its_order(street: Street, jun: Rider) -> None:
    order_id = street.order()
    first = street.job(jun, order_id=order_id)
    jun.step(first.id, "release", body={"code": "accident"})

    found = list(opening.attempts(order_id))

    assert [int(one.attempt) for one in found] == [2, 1]
    assert found[1].id == first.id


def test_after_pick_up_nothing_is_given_back(street: Street, jun: Rider) -> None:
    delivery = street.job(jun, *ON_THE_WAY)

    answer = jun.step(delivery.id, "release", body={"code": "other"})

    assert (answer.status, answer.json["code"]) == (409, "impossible_step")
    assert answer.json["current_status"] == "ORDER_PICKED"


def test_who_was_leaving_is_off_duty_when_they_give_it_back(street: Street, jun: Rider) -> None:
    delivery = street.job(jun)
    jun.end()

    jun.step(delivery.id, "release", body={"code": "other"})

    assert jun.get("/v1/duty")["status"] == "off"


def test_an_operator_takes_a_delivery_away_once(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, order_id=order_id)
    path = f"/v1/deliveries/{delivery.id}/reassign"

    answers = [
        street.world.post(path, {"code": "accident"}, token=street.world.operator())
        for _ in range(2)
    ]

    assert [answer.status for answer in answers] == [200, 200]
    assert street.delivery(order_id).attempt == 2
    assert jun.get("/v1/duty")["jobs"] == []


def test_an_operator_takes_nothing_away_that_nobody_has(street: Street) -> None:
    delivery = street.delivery(street.order())

    answer = street.world.post(
        f"/v1/deliveries/{delivery.id}/reassign", {}, token=street.world.operator()
    )

    assert (answer.status, answer.json["current_status"]) == (409, "PENDING")


def test_of_a_release_and_a_reassignment_at_once_there_is_one_new_attempt(
    street: Street, jun: Rider
) -> None:
    order_id = street.order()
    delivery = street.job(jun, order_id=order_id)
    operator, path = street.world.operator(), f"/v1/deliveries/{delivery.id}/reassign"

    answers = at_once(
        lambda: jun.step(delivery.id, "release", body={"code": "other"}),
        lambda: street.world.post(path, {}, token=operator),
    )

    assert {answer.status for answer in answers} == {200}
    assert street.delivery(order_id).attempt == 2


def test_an_order_that_was_given_up_is_not_opened_again(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, order_id=order_id)
    street.world.cancel(order_id, street.world.operator())

    answer = jun.step(delivery.id, "release", body={"code": "other"})

    assert answer.status == 409
    assert street.delivery(order_id).attempt == 1
