"""What happens reaches phones: from the stream through the queue and SNS's own API."""

import pytest

from tests.e2e.http import Http
from tests.e2e.town import Town

pytestmark = pytest.mark.e2e


def test_an_order_is_told_to_the_phones_of_its_customer_and_of_its_store(town: Town) -> None:
    customer, store = town.customer(0), town.store()
    town.carry(customer, "e2e-customers-phone", "ko")
    town.carry(store.owner, "e2e-owners-phone")
    placed = town.paid_order(store, customer)
    [new] = town.pushed("e2e-owners-phone", placed["order_id"], "order.created")

    order_id = placed["order_id"]

    town.command(order_id, ("confirm", "ready"), store)
    told = town.pushed("e2e-customers-phone", order_id, "order.confirmed", "order.ready_for_pickup")

    assert (new["title"], new["data"]["order_id"]) == ("New order", placed["order_id"])
    assert {message["collapse_key"] for message in told} == {placed["order_id"]}
    assert any("주문" in message["title"] for message in told)


def test_a_phone_whose_app_was_removed_is_noticed_and_the_other_one_hears(town: Town) -> None:
    customer, store = town.customer(1), town.store()
    gone, kept = town.carry(customer, "e2e-gone-phone"), town.carry(customer, "e2e-kept-phone")
    Http(town.box.push).send("DELETE", "/push/e2e-gone-phone").expect(200)
    placed = town.paid_order(store, customer)

    town.command(placed["order_id"], ("confirm",), store)
    town.pushed("e2e-kept-phone", placed["order_id"], "order.confirmed")

    listed = town.api.get("/v1/devices", token=customer).expect(200)["items"]
    assert {one["id"]: one["alive"] for one in listed} == {gone: False, kept: True}
