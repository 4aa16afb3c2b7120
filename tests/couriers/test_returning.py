"""What cannot be handed over goes back, the order is given up, and the way is paid."""

import pytest

from chalicelib.core import parts
from chalicelib.couriers import giving_up, moving
from tests import laws, people
from tests.couriers.street import ON_THE_WAY, TO_THE_DOOR, Rider, Street, events
from tests.world import World

COSTS_THE_CUSTOMER = (
    "customer_absent", "customer_refused", "age_not_proven", "wrong_address",
)  # fmt: skip
COSTS_THE_PLATFORM = ("damaged", "unsafe", "other")


@pytest.mark.parametrize("code", [*COSTS_THE_CUSTOMER, *COSTS_THE_PLATFORM])
def test_what_cannot_be_handed_over_is_given_up_at_the_expense_of_who_is_liable(
    code: str, street: Street, jun: Rider
) -> None:
    order_id = street.order()
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)

    answer = jun.step(delivery.id, "undeliverable", body={"code": code})

    assert answer.status == 200
    assert (answer.json["status"], answer.json["code"]) == ("RETURNING_TO_MERCHANT", code)
    order = street.world.seen(order_id)
    liable = "customer" if code in COSTS_THE_CUSTOMER else "platform"
    owed = 12_000 if liable == "customer" else 0
    assert order["status"] == "CANCELLED"
    assert order["cancellation"] == {
        "code": "undeliverable", "initiated_by": "courier", "liable_party": liable, "fee": owed,
        "refund": 12_000 - owed,
    }  # fmt: skip
    assert order["owed"]["amount"] == owed
    for token in (street.world.customer(), people.person("merchant", "owner")):
        told = street.world.get(f"/v1/orders/{order_id}/delivery", token)
        assert (told["status"], told["return_code"]) == ("RETURNING_TO_MERCHANT", code)


def test_what_was_brought_back_gives_back_what_it_held(world_at: World) -> None:
    kitchen = {"orders": 3, "minutes": 60}
    street = Street(world_at, world_at.store(delivered_by="platform", kitchen=kitchen))
    jun = street.rider("jun")
    delivery = street.job(jun, *TO_THE_DOOR, order_id=street.order())
    held = [row["taken"] for row in laws.rows("catalog") if "taken" in row]

    jun.step(delivery.id, "undeliverable", body={"code": "other"})

    assert held == [1]
    assert [row["taken"] for row in laws.rows("catalog") if "taken" in row] == [0]


@pytest.mark.parametrize("steps", [ON_THE_WAY, TO_THE_DOOR[:4], TO_THE_DOOR])
def test_it_may_turn_out_anywhere_on_the_way(
    steps: tuple[str, ...], street: Street, jun: Rider
) -> None:
    delivery = street.job(jun, *steps)

    answer = jun.step(delivery.id, "undeliverable", body={"code": "unsafe"})

    assert answer.json["status"] == "RETURNING_TO_MERCHANT"


def test_who_brings_it_back_has_the_job_until_the_store_has_it(street: Street, jun: Rider) -> None:
    delivery = street.job(jun, *TO_THE_DOOR)

    back = [jun.step(delivery.id, "undeliverable", body={"code": "other"}) for _ in range(2)]
    busy = jun.get("/v1/duty")["jobs"]
    returned = [jun.step(delivery.id, "returned") for _ in range(2)]

    assert [one.status for one in (*back, *returned)] == [200] * 4
    assert busy == [delivery.id]
    assert returned[-1].json["status"] == "RETURNED_TO_MERCHANT"
    assert jun.get("/v1/duty")["jobs"] == []
    assert events(delivery.id)[-2:] == ["delivery.returning", "delivery.returned"]


def test_on_the_way_back_the_customers_address_is_shown_no_more(street: Street, jun: Rider) -> None:
    delivery = street.job(jun, *TO_THE_DOOR)
    before = jun.get(f"/v1/deliveries/{delivery.id}")["drop_off"]

    after = jun.step(delivery.id, "undeliverable", body={"code": "other"})

    assert before is not None
    assert after.json["drop_off"] is None


def test_what_is_brought_back_is_not_delivered_any_more(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)
    pin = street.pin(order_id)
    jun.step(delivery.id, "undeliverable", body={"code": "other"})

    late = jun.step(delivery.id, "delivered", body={"pin": pin})

    assert (late.status, late.json["code"]) == (409, "impossible_step")


def test_what_was_delivered_is_not_brought_back(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)
    jun.step(delivery.id, "delivered", body={"pin": street.pin(order_id)})

    late = jun.step(delivery.id, "undeliverable", body={"code": "other"})

    assert late.status == 409
    assert street.world.seen(order_id)["status"] == "DELIVERED"


def test_an_order_cancelled_on_its_way_can_be_brought_back_too(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, *ON_THE_WAY, order_id=order_id)
    street.world.cancel(order_id, street.world.operator())

    answer = jun.step(delivery.id, "undeliverable", body={"code": "other"})

    assert answer.json["status"] == "RETURNING_TO_MERCHANT"
    assert street.world.seen(order_id)["cancellation"]["code"] == "changed_mind"
    assert jun.step(delivery.id, "returned").status == 200


def test_what_an_operators_cancellation_has_turned_round_is_returned_as_any_other(
    street: Street, jun: Rider
) -> None:
    order_id = street.order()
    delivery = street.job(jun, *ON_THE_WAY, order_id=order_id)
    street.world.cancel(order_id, street.world.operator())
    parts.commit(*giving_up.parts_of(moving.demand(delivery.id), "changed_mind"))

    answer = jun.step(delivery.id, "returned")

    assert answer.json["status"] == "RETURNED_TO_MERCHANT"
    assert jun.get("/v1/duty")["jobs"] == []
