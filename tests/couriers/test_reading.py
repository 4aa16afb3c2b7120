"""Who sees what of a delivery, in which of its states."""

from collections.abc import Mapping

import pytest

from chalicelib.core import clock
from chalicelib.couriers.delivery_models import DeliveryHead
from tests import people
from tests.authorisation.reviewed import rows
from tests.couriers.street import TO_THE_DOOR, Rider, Street
from tests.shopfront import DOOR

THERE = [126.9301, 37.5655]
STATES = (
    "PENDING", "ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT", "ORDER_PICKED",
    "DELIVERY_ONGOING", "ARRIVED_AT_CUSTOMER", "ORDER_DELIVERED", "RETURNING_TO_MERCHANT",
    "RETURNED_TO_MERCHANT", "CANCELLED",
)  # fmt: skip

# n: the courier's given name, p: the PIN, @: where they are. As a person has reviewed it.
SEEN = """
viewer   PENDING ACCEPTED PICKUP_ONGOING ARRIVED_AT_MERCHANT ORDER_PICKED DELIVERY_ONGOING ARRIVED_AT_CUSTOMER ORDER_DELIVERED RETURNING_TO_MERCHANT RETURNED_TO_MERCHANT CANCELLED
customer -       n        n              n                   np@          np@              np@                 -               n                     -                    -
owner    -       n@       n@             n@                  n            n                n                   -               n                     -                    -
machine  -       n@       n@             n@                  n            n                n                   -               n                     -                    -
operator -       n@       n@             n@                  n@           n@               n@                  -               n@                    -                    -
"""  # noqa: E501 - a table is read in columns


def _viewers(street: Street) -> Mapping[str, str]:
    return {
        "customer": street.world.customer(),
        "owner": people.person("merchant", "owner"),
        "machine": people.machine(street.store_id),
        "operator": street.world.operator(),
    }


def _put(delivery: DeliveryHead, state: str) -> None:
    DeliveryHead.at(delivery.id).update([DeliveryHead.status.set(state)])


@pytest.mark.parametrize("viewer", ["customer", "owner", "machine", "operator"])
def test_each_sees_of_the_courier_what_was_reviewed(
    viewer: str, street: Street, jun: Rider
) -> None:
    order_id = street.order()
    delivery = street.job(jun, order_id=order_id)
    jun.locate(1, THERE)
    token = _viewers(street)[viewer]
    seen = {}

    for state in STATES:
        _put(delivery, state)
        shown = street.world.get(f"/v1/orders/{order_id}/delivery", token)
        tracked = street.world.get(f"/v1/orders/{order_id}/tracking", token)
        marks = ["n" if shown["courier"] else "", "p" if shown["pin"] else ""]
        marks.append("@" if tracked["position"] else "")
        seen[state] = "".join(marks) or "-"

    assert seen == rows(SEEN)[viewer,]


def test_the_courier_is_shown_by_given_name_and_vehicle_alone(street: Street, jun: Rider) -> None:
    order_id = street.order()
    street.job(jun, order_id=order_id)

    shown = street.world.get(f"/v1/orders/{order_id}/delivery", street.world.customer())

    assert shown["courier"] == {"given_name": "Jun", "vehicle": "scooter"}
    assert (shown["attempt"], shown["status"]) == (1, "ACCEPTED")


def test_a_customer_follows_the_courier_on_the_way(street: Street, jun: Rider) -> None:
    order_id = street.order()
    street.job(jun, *TO_THE_DOOR[:4], order_id=order_id)
    jun.locate(1, THERE)
    path = f"/v1/orders/{order_id}/tracking"

    shown = street.world.get(path, street.world.customer())

    assert shown == {
        "status": "DELIVERY_ONGOING",
        "position": {
            "location": {"type": "Point", "coordinates": THERE},
            "at": "2026-11-22T12:00:00.000Z",
        },
        "arrives_at": "2026-11-22T12:02:00.000Z",
    }


def test_who_looks_again_is_told_that_nothing_has_changed(street: Street, jun: Rider) -> None:
    order_id = street.order()
    street.job(jun, *TO_THE_DOOR[:4], order_id=order_id)
    path, token = f"/v1/orders/{order_id}/tracking", street.world.customer()
    etag = street.world.call("GET", path, token=token).headers["ETag"]
    street.world.clock.move(5)

    same = street.world.call("GET", path, token=token, headers={"if-none-match": etag})
    jun.locate(1, THERE)
    moved = street.world.call("GET", path, token=token, headers={"if-none-match": etag})

    assert (same.status, moved.status) == (304, 200)


@pytest.mark.parametrize(("age", "shown_as"), [(59, THERE), (60, THERE), (61, None), (3600, None)])
def test_an_old_position_is_not_shown_as_if_it_were_now(
    age: float,
    shown_as: list[float] | None,
    street: Street,
    jun: Rider,
) -> None:
    order_id = street.order()
    street.job(jun, *TO_THE_DOOR[:4], order_id=order_id)
    jun.locate(1, THERE)
    street.world.clock.move(age)

    shown = street.world.get(f"/v1/orders/{order_id}/tracking", street.world.customer())

    seen = shown["position"] and shown["position"]["location"]["coordinates"]
    assert seen == shown_as
    assert shown["arrives_at"] is not None


def test_before_somebody_comes_the_promise_is_what_is_known(street: Street) -> None:
    order_id = street.order()

    shown = street.world.get(f"/v1/orders/{order_id}/tracking", street.world.customer())

    assert shown["position"] is None
    assert shown["arrives_at"] == street.delivery(order_id).promised_by


def test_before_pick_up_the_estimate_waits_for_the_kitchen(street: Street, jun: Rider) -> None:
    order_id = street.order("confirm")
    street.job(jun, order_id=order_id)
    ready_at = clock.parse(street.delivery(order_id).ready_at)

    shown = street.world.get(f"/v1/orders/{order_id}/tracking", street.world.customer())

    assert clock.parse(shown["arrives_at"]) > ready_at > clock.now()


def test_once_it_is_over_nobody_arrives(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)
    jun.step(delivery.id, "delivered", body={"pin": street.pin(order_id)})

    shown = street.world.get(f"/v1/orders/{order_id}/tracking", street.world.customer())

    assert shown == {"status": "ORDER_DELIVERED", "position": None, "arrives_at": None}


def test_an_operator_sees_a_delivery_and_not_where_it_goes(street: Street, jun: Rider) -> None:
    delivery = street.job(jun)

    shown = street.world.get(f"/v1/deliveries/{delivery.id}", street.world.operator())

    assert shown["status"] == "ACCEPTED"
    assert (shown["drop_off"], shown["note"]) == (None, None)


def test_the_address_is_the_couriers_from_the_acceptance_to_the_hand_over(
    street: Street, jun: Rider
) -> None:
    order_id = street.order(note="Ring twice")
    delivery = street.job(jun, order_id=order_id)
    seen = [jun.get(f"/v1/deliveries/{delivery.id}")]
    seen += [jun.step(delivery.id, step).json for step in TO_THE_DOOR]
    after = jun.step(delivery.id, "delivered", body={"pin": street.pin(order_id)}).json

    assert {one["drop_off"]["address"] for one in seen} == {DOOR["address"]}
    assert {one["note"] for one in seen} == {"Ring twice"}
    assert (after["drop_off"], after["note"]) == (None, None)


def test_an_order_that_its_store_brings_has_no_delivery_of_ours(street: Street) -> None:
    order_id = street.world.paid_order(street.world.store(owner="other"))
    path = f"/v1/orders/{order_id}"

    for what in ("delivery", "tracking"):
        answer = street.world.call("GET", f"{path}/{what}", token=street.world.customer())
        assert answer.status == 404
