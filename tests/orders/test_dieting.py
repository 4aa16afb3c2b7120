"""What customers eat: kept if they agree, theirs alone, and what of an order conflicts with it."""

import json
from typing import Any

import pytest

from chalicelib.core import clock, dynamo
from chalicelib.orders.diet_models import DietItem, diet_key
from tests import laws, shopfront
from tests.world import World

VEGAN = {"diets": ["VEGAN"], "avoids": []}
EGGS = {
    "id": "egg", "names": {"en": "Egg"}, "price": 500, "allergens": ["EGGS"],
    "unfit_for": ["VEGAN"],
}  # fmt: skip
RICE = {"id": "plain", "names": {"en": "Plain"}, "price": 0}
TOPPING = {
    "id": "topping", "names": {"en": "Topping"}, "min": 0, "max": 2, "options": [EGGS, RICE],
}  # fmt: skip
MENU = {
    "categories": [
        {
            "id": "all",
            "names": {"en": "All"},
            "items": [
                shopfront.item(
                    "tofu", 9000, diets=["VEGAN"], allergens=["SOYBEANS"], option_groups=[TOPPING]
                ),
                shopfront.item("cake", 5000, allergens=["WHEAT", "ALMONDS", "MILK"]),
                shopfront.item("stew", 7000, allergens=["CEREALS_CONTAINING_GLUTEN", "TREE_NUTS"]),
            ],
        }
    ]
}


@pytest.fixture
def store_id(world_at: World) -> str:
    made = world_at.store()
    world_at.publish(made, MENU)
    return made


def _keep(world: World, user: str = "mina", **eats: object) -> Any:  # noqa: ANN401 - any JSON
    body = {"agreed": True, **eats}
    answer = world.call("PUT", "/v1/diet", body, token=world.customer(user))
    assert answer.status == 200, answer.text
    return answer.json


def _told(world: World, store_id: str, *items: object, **more: object) -> list[tuple[Any, ...]]:
    wanted = [one if isinstance(one, dict) else {"item_id": one} for one in items]
    quote = world.quote(store_id, world.customer(), items=wanted, **more)
    return [
        (one["code"], one["pointer"], one["allergens"] or one["diets"]) for one in quote["warnings"]
    ]


def test_what_a_customer_agrees_to_is_kept_until_they_say_otherwise(world_at: World) -> None:
    token = world_at.customer()

    before = world_at.get("/v1/diet", token)
    kept = _keep(world_at, diets=["VEGAN"], avoids=["PEANUTS"])
    read = world_at.get("/v1/diet", token)
    removed = [world_at.call("DELETE", "/v1/diet", token=token).status for _ in range(2)]

    assert before == {"diets": [], "avoids": [], "agreed_at": None}
    assert kept == read
    assert read["agreed_at"] == clock.stamp(clock.now())
    assert removed == [204, 204]
    assert world_at.get("/v1/diet", token) == before


@pytest.mark.parametrize("agreed", [{}, {"agreed": False}])
def test_nothing_is_kept_of_who_has_not_agreed(world_at: World, agreed: dict[str, bool]) -> None:
    refused = world_at.call("PUT", "/v1/diet", {**VEGAN, **agreed}, token=world_at.customer())

    assert refused.status == 400
    assert [row for row in laws.rows("quotes") if row["pk"].startswith("DIET#")] == []


def test_an_item_with_what_is_avoided_is_a_warning_and_can_be_ordered(
    world_at: World, store_id: str
) -> None:
    _keep(world_at, avoids=["SOYBEANS", "MILK"])

    told = _told(world_at, store_id, "tofu", "cake")

    assert told == [
        ("contains_allergen", "/items/0", ["SOYBEANS"]),
        ("contains_allergen", "/items/1", ["MILK"]),
    ]
    world_at.order(store_id, items=[{"item_id": "cake"}])


@pytest.mark.parametrize(
    ("avoided", "item", "contained"),
    [
        ("GLUTEN", "cake", ["WHEAT"]),
        ("WHEAT", "stew", ["CEREALS_CONTAINING_GLUTEN"]),
        ("TREE_NUTS", "cake", ["ALMONDS"]),
        ("ALMONDS", "stew", ["TREE_NUTS"]),
        ("LACTOSE", "cake", ["MILK"]),
        ("PEANUTS", "stew", []),
    ],
)
def test_a_kind_stands_for_all_of_it_and_one_of_it_for_its_kind(
    world_at: World, store_id: str, avoided: str, item: str, contained: list[str]
) -> None:
    told = _told(world_at, store_id, item, diet={"avoids": [avoided]})

    assert [one for _, _, found in told for one in found] == contained


def test_an_option_may_be_what_conflicts(world_at: World, store_id: str) -> None:
    _keep(world_at, diets=["VEGAN"], avoids=["EGGS"])
    with_egg = {"item_id": "tofu", "options": {"topping": ["egg", "plain"]}}

    told = _told(world_at, store_id, "tofu", with_egg, "cake")

    assert told == [
        ("contains_allergen", "/items/1/options/topping", ["EGGS"]),
        ("not_for_diet", "/items/1/options/topping", ["VEGAN"]),
        ("not_for_diet", "/items/2", ["VEGAN"]),
    ]


def test_what_suits_vegans_suits_vegetarians(world_at: World, store_id: str) -> None:
    assert _told(world_at, store_id, "tofu", diet={"diets": ["VEGETARIAN"]}) == []
    assert len(_told(world_at, store_id, "cake", diet={"diets": ["VEGETARIAN"]})) == 1


def test_what_the_request_says_counts_instead_and_is_not_kept(
    world_at: World, store_id: str
) -> None:
    _keep(world_at, avoids=["MILK"])

    told = _told(world_at, store_id, "cake", diet={})

    assert told == []
    assert world_at.get("/v1/diet", world_at.customer())["avoids"] == ["MILK"]


def test_one_customer_is_not_warned_of_what_another_avoids(world_at: World, store_id: str) -> None:
    _keep(world_at, user="jun", avoids=["MILK"])

    assert _told(world_at, store_id, "cake") == []


def test_neither_quote_nor_order_nor_log_nor_event_repeats_it(
    world_at: World, store_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _keep(world_at, diets=["HALAL"], avoids=["SOYBEANS"])
    quote = world_at.quote(
        store_id, world_at.customer(), items=[{"item_id": "tofu"}], diet={"avoids": ["SOYBEANS"]}
    )
    order_id = world_at.place(world_at.customer(), quote)["order_id"]
    world_at.pump()

    names = ("orders", "quotes", "payments", "control")
    stored = [row for name in names for row in laws.rows(name) if not row["pk"].startswith("DIET#")]
    text = json.dumps(stored, default=str) + capsys.readouterr().out

    assert quote["warnings"]
    assert world_at.get(f"/v1/quotes/{quote['id']}", world_at.operator())["warnings"] == []
    assert order_id in text
    assert "SOYBEANS" not in text
    assert "HALAL" not in text


def test_a_profile_of_a_newer_release_is_read(world_at: World) -> None:
    _keep(world_at, avoids=["MILK"])
    stored = dynamo.get(DietItem, diet_key("mina"))
    assert stored
    stored.update([DietItem.content.set({**stored.content, "newer": 1})])

    assert world_at.get("/v1/diet", world_at.customer())["avoids"] == ["MILK"]
