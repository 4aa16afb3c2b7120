"""Everybody gets what is known of them, whole, and nobody else's."""

import json
from typing import Any

import pytest

from tests import people, pool, shopfront
from tests.couriers.riders import Riders
from tests.payments import wallets
from tests.world import World


@pytest.fixture(autouse=True)
def _settled(world_at: World) -> None:
    assert world_at
    pool.settle(mina="mina@example.com")


def export(world: World, token: str, query: str = "") -> Any:  # noqa: ANN401 - any JSON
    return world.get(f"/v1/export{query}", token)


def test_the_first_page_tells_of_every_domain(world_at: World) -> None:
    token = world_at.customer()
    said = {"name": "Mina", "language": "ko", "consents": {"marketing": True}}
    assert world_at.call("PUT", "/v1/profile", said, token=token).status == 200
    phone = {"platform": "fcm", "token": "canary-token-canary", "language": "ko"}
    path = "/v1/devices/dev_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
    assert world_at.call("PUT", path, phone, token=token).status == 200
    wallets.save(world_at, user="mina")
    world_at.grant(1000)
    about = {"name": "Mina's", "legal_name": "Mina Ltd.", "country": "KR"}
    world_at.post("/v1/applications", about, token=token, key="k")
    store_id = world_at.store(owner="mina")
    order_id = world_at.paid_order(
        store_id, fulfilment="delivery", drop_off=shopfront.DOOR, note="Ring twice"
    )

    found = export(world_at, token)

    account = found["account"]
    [order] = found["orders"]
    assert found["person_id"] == "mina"
    assert account["addresses"] == ["mina@example.com"]
    assert account["profile"]["name"] == "Mina"
    assert account["works_for"] == {store_id: "owner"}
    assert [one["legal_name"] for one in account["applications"]] == ["Mina Ltd."]
    assert [one["platform"] for one in account["devices"]] == ["fcm"]
    assert [one["last4"] for one in account["payment_methods"]] == ["4242"]
    assert [one["moves"][0]["amount"]["amount"] for one in account["balances"]] == [1000]
    assert (order["id"], order["note"]) == (order_id, "Ring twice")
    assert order["drop_off"]["address"] == shopfront.DOOR["address"]
    assert "canary-token" not in json.dumps(found)


def test_orders_come_page_by_page_and_the_account_once(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    placed = []
    for _ in range(3):
        world_at.clock.move(1)
        placed.append(world_at.paid_order(store_id))

    first = export(world_at, token, "?limit=2")
    second = export(world_at, token, f"?limit=2&cursor={first['next_cursor']}")

    found = [one["id"] for page in (first, second) for one in page["orders"]]
    assert found == placed[::-1]
    assert first["account"] is not None
    assert (second["account"], second["next_cursor"]) == (None, None)


def test_a_courier_gets_their_profile_and_what_they_earned(world_at: World) -> None:
    riders = Riders(world_at)
    riders.brought("jun")

    account = export(world_at, people.person("courier", "jun"))["account"]

    assert account["courier"]["given_name"] == "Jun"
    assert account["earnings"] != []


def test_who_has_done_nothing_gets_an_empty_page(world_at: World) -> None:
    found = export(world_at, world_at.customer("new"))

    assert (found["orders"], found["account"]["courier"]) == ([], None)
    assert found["account"]["addresses"] == []


def test_nobody_gets_anothers(world_at: World) -> None:
    world_at.paid_order(world_at.store())

    for token in (world_at.customer("jun"), people.person("merchant", "owner")):
        assert export(world_at, token)["orders"] == []
    assert world_at.call("GET", "/v1/export").status == 401
