"""Goods that are not for everybody: who orders was told, and the order says so at the door."""

import pytest

from tests import people, shopfront
from tests.world import World

SOJU = shopfront.item("soju", 5000, age_restricted=True)
CIDER = shopfront.item("cider", 4000, minimum_age=16)
TEA = shopfront.item("tea", 3000)


def _bar(world: World) -> str:
    store_id = world.store()
    category = {"id": "bar", "names": {"en": "Bar"}, "items": [SOJU, CIDER, TEA]}
    world.publish(store_id, {"categories": [category]})
    return store_id


def _quote(world: World, *items: str) -> dict[str, object]:
    wanted = [{"item_id": one} for one in items]
    found: dict[str, object] = world.quote(_bar(world), world.customer(), items=wanted)
    return found


@pytest.mark.parametrize(
    ("items", "age"),
    [(("tea",), None), (("tea", "cider"), 16), (("cider", "soju", "tea"), 19)],
)
def test_a_quote_says_the_highest_age_of_all_that_is_in_it(
    world_at: World, items: tuple[str, ...], age: int | None
) -> None:
    assert _quote(world_at, *items)["minimum_age"] == age


@pytest.mark.parametrize(("told", "status"), [(None, 422), (16, 422), (19, 201), (21, 201)])
def test_nothing_is_ordered_unless_the_customer_was_told(
    world_at: World, told: int | None, status: int
) -> None:
    body = {"quote_id": _quote(world_at, "soju")["id"], "age_told": told}

    answer = world_at.post("/v1/orders", body, token=world_at.customer(), key="soju")

    assert answer.status == status
    if status == 422:
        assert (answer.json["code"], answer.json["minimum_age"]) == ("age_not_told", 19)
        assert world_at.intents() == []


def test_the_order_says_it_to_its_store(world_at: World) -> None:
    quote = _quote(world_at, "soju")
    body = {"quote_id": quote["id"], "age_told": 19}
    placed = world_at.post("/v1/orders", body, token=world_at.customer(), key="soju").json
    world_at.pay(placed["payments"][0])
    world_at.confirm(placed["order_id"])

    store = people.machine(str(quote["store_id"]))
    seen = world_at.get(f"/v1/orders/{placed['order_id']}", store)
    [listed] = world_at.get(f"/v1/stores/{quote['store_id']}/orders", store)["items"]

    assert (seen["minimum_age"], listed["minimum_age"]) == (19, 19)
