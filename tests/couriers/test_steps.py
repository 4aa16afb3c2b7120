"""From the offer to the door: what a courier does, and what it does to the order."""

import pytest

from tests.couriers.street import ON_THE_WAY, TO_THE_DOOR, Rider, Street, events, wrong


def test_a_delivery_goes_from_the_offer_to_the_door(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)

    answer = jun.step(delivery.id, "delivered", body={"pin": street.pin(order_id)})

    assert answer.status == 200
    assert answer.json["status"] == "ORDER_DELIVERED"
    assert answer.json["next_commands"] == ["finish"]
    assert street.world.seen(order_id)["status"] == "DELIVERED"
    assert events(delivery.id) == [
        "delivery.opened",
        "delivery.offered",
        "delivery.accepted",
        "delivery.pickup_ongoing",
        "delivery.arrived_at_merchant",
        "delivery.order_picked",
        "delivery.ongoing",
        "delivery.arrived_at_customer",
        "delivery.order_delivered",
    ]


def test_a_courier_who_has_delivered_is_free_for_the_next(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)
    jun.step(delivery.id, "delivered", body={"pin": street.pin(order_id)})

    following = street.job(jun)

    assert jun.get("/v1/duty")["jobs"] == [following.id]


def test_the_order_is_dispatched_by_the_pick_up_and_by_nothing_else(
    street: Street, jun: Rider
) -> None:
    order_id = street.order()
    delivery = street.job(jun, "heading-to-store", "arrived-at-store", order_id=order_id)
    by_store = street.world.command(order_id, "dispatch", store_id=street.store_id)
    before = street.world.seen(order_id)["status"]

    jun.step(delivery.id, "picked-up")

    assert by_store.status == 409
    assert before == "READY_FOR_PICKUP"
    assert street.world.seen(order_id)["status"] == "DISPATCHED"


def test_what_is_not_ready_cannot_be_picked_up_and_the_courier_is_told_so(
    street: Street, jun: Rider
) -> None:
    order_id = street.order("confirm", "preparing")
    delivery = street.job(jun, "arrived-at-store", order_id=order_id)

    early = jun.step(delivery.id, "picked-up")
    street.world.command(order_id, "ready", store_id=street.store_id)
    late = jun.step(delivery.id, "picked-up")

    assert (early.status, early.json["code"]) == (409, "not_ready")
    assert "not said yet that this order is ready" in early.json["detail"]
    assert early.json["current_status"] == "PREPARING"
    assert late.status == 200


def test_what_was_given_up_cannot_be_picked_up(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, "arrived-at-store", order_id=order_id)
    street.world.cancel(order_id, street.world.operator())

    answer = jun.step(delivery.id, "picked-up")

    assert (answer.status, answer.json["code"]) == (409, "impossible_move")
    assert answer.json["current_status"] == "CANCELLED"


@pytest.mark.parametrize("step", [*TO_THE_DOOR])
def test_repeating_a_step_changes_nothing(step: str, street: Street, jun: Rider) -> None:
    done = TO_THE_DOOR[: TO_THE_DOOR.index(step) + 1]
    delivery = street.job(jun, *done)
    before = events(delivery.id)

    again = jun.step(delivery.id, step)

    assert again.status == 200
    assert again.json["version"] == delivery.version
    assert events(delivery.id) == before


def test_a_step_that_lies_behind_changes_nothing(street: Street, jun: Rider) -> None:
    delivery = street.job(jun, *TO_THE_DOOR)

    answer = jun.step(delivery.id, "heading-to-store")

    assert answer.status == 200
    assert answer.json["status"] == "ARRIVED_AT_CUSTOMER"


@pytest.mark.parametrize(
    ("done", "step"),
    [
        ((), "picked-up"),
        ((), "arrived-at-customer"),
        (("arrived-at-store",), "heading-to-customer"),
        ((), "undeliverable"),
        (ON_THE_WAY, "returned"),
    ],
)
def test_a_step_that_is_not_its_turn_is_a_conflict_that_says_what_is(
    done: tuple[str, ...], step: str, street: Street, jun: Rider
) -> None:
    delivery = street.job(jun, *done)
    body = {"code": "customer_absent"} if step == "undeliverable" else None

    answer = jun.step(delivery.id, step, body=body)

    assert (answer.status, answer.json["code"]) == (409, "impossible_step")
    assert answer.json["current_status"] == delivery.status
    assert answer.json["allowed_commands"]


def test_a_courier_does_nothing_to_what_another_brings(street: Street, jun: Rider) -> None:
    delivery = street.job(jun)
    mia = street.rider("mia")

    answers = [mia.step(delivery.id, step) for step in TO_THE_DOOR]

    assert {answer.status for answer in answers} == {404}
    assert events(delivery.id)[-1] == "delivery.accepted"


def test_an_operator_completes_what_the_pin_does_not(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)
    for _ in range(5):
        jun.step(delivery.id, "delivered", body={"pin": wrong(street.pin(order_id))})
    path = f"/v1/deliveries/{delivery.id}/complete"

    answers = [
        street.world.post(path, {"reason": "pin_locked"}, token=street.world.operator())
        for _ in range(2)
    ]

    assert [answer.status for answer in answers] == [200, 200]
    assert {answer.json["status"] for answer in answers} == {"ORDER_DELIVERED"}
    assert street.world.seen(order_id)["status"] == "DELIVERED"
    assert jun.get("/v1/duty")["jobs"] == []


def test_an_operator_completes_nothing_that_is_not_at_its_door(street: Street, jun: Rider) -> None:
    delivery = street.job(jun, *ON_THE_WAY)

    answer = street.world.post(
        f"/v1/deliveries/{delivery.id}/complete",
        {"reason": "other"},
        token=street.world.operator(),
    )

    assert answer.status == 409
