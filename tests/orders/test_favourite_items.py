"""The dishes that somebody likes."""

from chalicelib.orders.shelves import DISHES
from tests import shopfront
from tests.world import World


def test_dishes_are_liked_once_listed_newest_first_and_forgotten(world_at: World) -> None:
    store_id, mina = world_at.store(), world_at.customer()
    path = f"/v1/favourite-items/{store_id}"
    for dish in ("bibimbap", "mandu", "bibimbap"):
        world_at.clock.move(1)
        assert world_at.call("PUT", f"{path}/{dish}", token=mina).status == 200

    listed = world_at.get("/v1/favourite-items", mina)["items"]
    for _ in range(2):
        assert world_at.call("DELETE", f"{path}/mandu", token=mina).status == 204

    assert [one["item_id"] for one in listed] == ["mandu", "bibimbap"]
    assert listed[0]["names"] == {"en": "mandu"}
    left = world_at.get("/v1/favourite-items", mina)["items"]
    assert [one["item_id"] for one in left] == ["bibimbap"]
    assert world_at.get("/v1/favourite-items", world_at.customer("jun"))["items"] == []
    unknown = world_at.call("PUT", f"{path}/pizza", token=mina)
    assert (unknown.status, unknown.json["code"]) == (404, "not_found")
    assert world_at.call("DELETE", "/v1/favourite-items/sto/mandu", token=mina).status == 404


def test_a_hundred_dishes_are_enough(world_at: World) -> None:
    store_id, mina = world_at.store(), world_at.customer()
    items = [shopfront.item(f"dish-{number}", 1000) for number in range(101)]
    world_at.publish(
        store_id, {"categories": [{"id": "all", "names": {"en": "All"}, "items": items}]}
    )
    kept = {f"{store_id}/dish-{number}": {"since": "2026", "names": {}} for number in range(100)}
    DISHES.change("mina", lambda _: kept)

    refused = world_at.call("PUT", f"/v1/favourite-items/{store_id}/dish-100", token=mina)

    assert (refused.status, refused.json["code"]) == (409, "too_many_favourites")
