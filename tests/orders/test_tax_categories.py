"""Named categories of tax: a store's table says their rates, a menu says which item is in which."""

from typing import Any

from tests import people, shopfront
from tests.world import World

TAX = {"included": False, "basis_points": 1000, "categories": {"staple": 0, "luxury": 2000}}


def _menu(**changes: object) -> dict[str, Any]:
    items = [shopfront.item("rice", 1000, tax_category="staple"), shopfront.item("tea", 1000)]
    items.append(shopfront.item("caviar", 1000, tax_category="luxury", **changes))
    return {"categories": [{"id": "all", "names": {"en": "All"}, "items": items}]}


def test_each_item_is_taxed_by_its_category(world_at: World) -> None:
    store_id = world_at.store(tax=TAX)
    world_at.publish(store_id, _menu())
    wanted = [{"item_id": one} for one in ("rice", "tea", "caviar")]

    quote = world_at.quote(store_id, world_at.customer(), items=wanted)

    parts = {one["kind"]: one["amount"] for one in quote["priced"]["price"]}
    assert parts == {"items": 3000, "tax": 0 + 100 + 200}


def test_a_category_that_the_store_has_not_is_told_by_pointer(world_at: World) -> None:
    store_id = world_at.store()
    owner = people.person("merchant", "owner")

    answer = world_at.call("PUT", f"/v1/stores/{store_id}/menu", _menu(), token=owner)

    assert (answer.status, answer.json["code"]) == (400, "tax_category_unknown")
    assert [one["pointer"] for one in answer.json["errors"]] == [
        "/categories/0/items/0/tax_category",
        "/categories/0/items/2/tax_category",
    ]


def test_a_rate_and_a_category_at_once_are_refused(world_at: World) -> None:
    store_id = world_at.store(tax=TAX)
    owner = people.person("merchant", "owner")
    menu = _menu(tax_basis_points=500)

    answer = world_at.call("PUT", f"/v1/stores/{store_id}/menu", menu, token=owner)

    assert (answer.status, answer.json["code"]) == (400, "invalid")


def test_nothing_is_sold_of_which_nobody_knows_the_tax(world_at: World) -> None:
    store_id = world_at.store(tax=TAX)
    world_at.publish(store_id, _menu())
    owner, plain = people.person("merchant", "owner"), {"included": False, "basis_points": 1000}
    world_at.call("PATCH", f"/v1/stores/{store_id}", {"tax": plain}, token=owner)

    refused = world_at.try_quote(
        store_id, world_at.customer(), items=[{"item_id": "tea"}, {"item_id": "rice"}]
    )

    assert refused.status == 422
    assert [(one["code"], one["pointer"]) for one in refused.json["errors"]] == [
        ("tax_category_unknown", "/items/1")
    ]
