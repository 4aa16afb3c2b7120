"""What the hand-over needs: a PIN, or none where it is left at the door; proof of an age."""

import json
from typing import Any

import pytest

from chalicelib.couriers.delivery_models import DeliveryHead
from tests import database, shopfront
from tests.couriers.street import TO_THE_DOOR, Rider, Street
from tests.world import World

LEAVE = {**shopfront.DOOR, "leave_at_door": True}
SOJU = shopfront.item("soju", 9000, age_restricted=True)


def _bar(street: Street) -> None:
    category = {"id": "bar", "names": {"en": "Bar"}, "items": [SOJU]}
    street.world.publish(street.store_id, {"categories": [category]})


def _soju(street: Street, **changed: object) -> str:
    """An order that only grown-ups may have. Its id."""
    world, mina = street.world, street.world.customer()
    quote = world.quote(
        street.store_id, mina, items=[{"item_id": "soju"}], fulfilment="delivery",
        **{"drop_off": shopfront.DOOR, **changed},
    )  # fmt: skip
    body = {"quote_id": quote["id"], "age_told": 19}
    placed = world.post("/v1/orders", body, token=mina, key=world.new_key()).json
    world.pay(placed["payments"][0])
    order_id: str = placed["order_id"]
    world.confirm(order_id)
    world.command(order_id, "confirm", "ready", store_id=street.store_id)
    world.pump()
    return order_id


def _at_the_door(street: Street, jun: Rider, order_id: str) -> Any:  # noqa: ANN401 - any JSON
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)
    return jun.get(f"/v1/deliveries/{delivery.id}")


def test_what_is_left_at_the_door_needs_no_pin_where_its_customer_asked_for_it(
    street: Street, jun: Rider
) -> None:
    order_id = street.order(drop_off=LEAVE)
    seen = _at_the_door(street, jun, order_id)

    done = jun.step(seen["id"], "delivered", body={})

    assert (seen["proof"], seen["minimum_age"]) == ("none", None)
    assert done.status == 200, done.text
    assert street.world.seen(order_id)["status"] == "DELIVERED"
    events = [row for row in database.rows("test-couriers") if row.get("type", "").endswith("ered")]
    assert ['"proof": "none"' in json.dumps(one, default=str).replace("\\", "") for one in events]


def test_the_next_attempt_is_left_at_the_door_too(street: Street, jun: Rider) -> None:
    order_id = street.order(drop_off=LEAVE)
    first = street.job(jun, order_id=order_id)
    jun.step(first.id, "release", body={"code": "breakdown"})

    assert street.delivery(order_id).leave_at_door


@pytest.mark.parametrize("drop_off", [shopfront.DOOR, LEAVE])
def test_whoever_did_not_ask_for_it_or_pays_in_cash_is_handed_it_for_the_pin(
    drop_off: dict[str, object], world_at: World
) -> None:
    street = Street(world_at, world_at.store(delivered_by="platform"))
    jun = street.rider("jun")
    payments = [{"method": "cash"}] if drop_off is LEAVE else []
    order_id = world_at.paid_order(
        street.store_id, *payments, fulfilment="delivery", drop_off=drop_off
    )
    world_at.command(order_id, "confirm", "ready", store_id=street.store_id)
    world_at.pump()
    seen = _at_the_door(street, jun, order_id)

    refused = jun.step(seen["id"], "delivered", body={})

    assert seen["proof"] == "pin"
    assert (refused.status, refused.json["code"]) == (422, "pin_needed")
    assert seen["pin_tries_left"] == jun.get(f"/v1/deliveries/{seen['id']}")["pin_tries_left"]
    pin = street.pin(order_id)
    assert jun.step(seen["id"], "delivered", body={"pin": pin}).status == 200


def test_what_is_not_for_everybody_needs_the_couriers_word_and_the_pin_even_at_the_door(
    street: Street, jun: Rider
) -> None:
    _bar(street)
    order_id = _soju(street, drop_off=LEAVE)
    seen = _at_the_door(street, jun, order_id)
    pin = street.pin(order_id)

    unsaid = jun.step(seen["id"], "delivered", body={"pin": pin})
    unproven = jun.step(seen["id"], "delivered", body={"age_checked": True})
    done = jun.step(seen["id"], "delivered", body={"pin": pin, "age_checked": True})

    assert (seen["proof"], seen["minimum_age"]) == ("pin", 19)
    assert (unsaid.status, unsaid.json["code"]) == (422, "age_not_checked")
    assert unsaid.json["minimum_age"] == 19
    assert unproven.json["code"] == "pin_needed"
    assert done.status == 200
    assert DeliveryHead.get(f"DELIVERY#{seen['id']}", "HEAD").pin_tries == 1


def test_who_cannot_show_an_age_gets_nothing_and_it_goes_back(street: Street, jun: Rider) -> None:
    _bar(street)
    order_id = _soju(street)
    seen = _at_the_door(street, jun, order_id)

    answer = jun.step(seen["id"], "undeliverable", body={"code": "age_not_proven"})

    assert (answer.json["status"], answer.json["code"]) == (
        "RETURNING_TO_MERCHANT", "age_not_proven",
    )  # fmt: skip
    assert street.world.seen(order_id)["cancellation"]["liable_party"] == "customer"
