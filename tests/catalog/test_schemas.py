import json

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from chalicelib.catalog import menu_schemas, menu_views, menus, schemas, zones
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.schemas import NewStore, StorePatch
from tests.catalog.shop import ALWAYS_OPEN, Json, group, item, menu, new_store, option, parsed

MODELS = sorted(
    {
        model
        for module in (schemas, menu_schemas, menu_views, menus, zones)
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, BaseModel)
    },
    key=lambda model: model.__name__,
)
MERCHANT = "mer_00000000000000000000000000"


def refused(model: type[BaseModel], fields: Json) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        model.model_validate_json(json.dumps(fields))
    return [error["type"] for error in refusal.value.errors()]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_example_is_valid(model: type[BaseModel]) -> None:
    schema = model.model_json_schema()
    for name, info in model.model_fields.items():
        described = {**schema["properties"][name], "$defs": schema.get("$defs", {})}

        for example in info.examples or ():
            TypeAdapter(info.rebuild_annotation()).validate_json(json.dumps(example))
            Draft202012Validator(described).validate(example)


@pytest.mark.parametrize(
    "changes",
    [
        {"names": {}},
        {"names": {"english": "Pizza"}},
        {"names": {"en": ""}},
        {"names": {"en": "x" * 201}},
        {"names": {"en": "a\x00b"}},
        {"names": "Pizza"},
        {"kind": "florist"},
        {"city": "Seoul City"},
        {"currency": "XXX"},
        {"currency": "krw"},
        {"timezone": "Asia/Atlantis"},
        {"hours": ALWAYS_OPEN * 7},
        {"zones": [new_store()["zones"][0]] * 11},
        {"fulfilment": []},
        {"fulfilment": ["drone"]},
        {"preparation_minutes": -1},
        {"preparation_minutes": 241},
        {"preparation_minutes": 12.5},
        {"preparation_minutes": "15"},
        {"tax": {"included": True}},
        {"tax": {"included": True, "basis_points": 10_001}},
        {"phone": "02-555-0100"},
        {"merchant_id": "sto_00000000000000000000000000"},
        {"location": {"type": "Point", "coordinates": [200, 0]}},
        {"location": None},
        {"rating": 5},
    ],
)
def test_a_store_with_a_wrong_field_is_refused(changes: Json) -> None:
    assert refused(NewStore, {**new_store(merchant_id=MERCHANT), **changes})


def test_ways_of_fulfilment_are_named_once_and_in_one_order() -> None:
    ways = ["takeaway", "delivery", "takeaway"]

    found = StorePatch.model_validate({"fulfilment": ways})

    assert found.fulfilment == ("delivery", "takeaway")


def test_only_a_phone_a_kitchen_and_a_price_level_can_be_taken_away() -> None:
    assert StorePatch.model_validate({"phone": None}).model_fields_set == {"phone"}
    assert refused(StorePatch, {"names": None}) == ["null_refused"]
    described = StorePatch.model_json_schema()["properties"]
    nullable = [name for name in described if "anyOf" in described[name]]
    assert nullable == ["phone", "kitchen", "price_level"]


@pytest.mark.parametrize("missing", ["allergens", "diets"])
def test_an_empty_list_of_allergens_or_diets_must_be_said(missing: str) -> None:
    said = item(allergens=[], diets=[])
    unsaid = {name: value for name, value in said.items() if name != missing}

    assert Menu.model_validate_json(json.dumps(menu(said)))
    assert refused(Menu, menu(unsaid)) == ["missing"]


@pytest.mark.parametrize(
    ("dish", "code"),
    [
        (item(price=-1), "greater_than_equal"),
        (item(price=10**9 + 1), "less_than_equal"),
        (item(price=12.5), "int_type"),
        (item(price="14000"), "int_type"),
        (item(price=True), "int_type"),
        (item(price=None), "int_type"),
        (item(price=10**400), "less_than_equal"),
        (item("Not A Slug"), "string_pattern_mismatch"),
        (item("x" * 41), "string_pattern_mismatch"),
        (item(names={}), "too_short"),
        (item(allergens=["NUTS"]), "enum"),
        (item(allergens=["MILK"] * 61), "too_long"),
        (item(diets=["PALEO"]), "enum"),
        (item(image_url="http://images.example.com/a.png"), "string_pattern_mismatch"),
        (item(image_url="https://images.example.com/a b.png"), "string_pattern_mismatch"),
        (item(tax_basis_points=-1), "greater_than_equal"),
        (item(age_restricted="perhaps"), "bool_parsing"),
        (item(spicy=True), "extra_forbidden"),
        (item("a", group(), group()), "id_not_unique"),
        (item("a", *(group(id=f"g{n}") for n in range(21))), "too_long"),
        (item("a", group(option("x"), option("x"))), "id_not_unique"),
        (item("a", group(*(option(f"o{n}") for n in range(51)))), "too_long"),
        (item("a", group(min=2, max=1)), "group_impossible"),
        (item("a", group(option("x"), min=2, max=2, price_method="AVG")), "group_impossible"),
        (item("a", group(min=0, max=0)), "greater_than_equal"),
        (item("a", group(min=0, max=41)), "less_than_equal"),
        (item("a", group(price_method="MIN")), "enum"),
        (item("a", group(options=[])), "too_short"),
        (item("a", group(option(price=-500))), "greater_than_equal"),
    ],
)
def test_an_item_that_cannot_be_sold_is_refused(dish: Json, code: str) -> None:
    assert code in refused(Menu, menu(dish))


def test_item_ids_are_unique_across_categories() -> None:
    doubled = menu(item("same"))["categories"]
    other = {**doubled[0], "id": "pasta"}

    assert refused(Menu, {"categories": [*doubled, other]}) == ["id_not_unique"]


def test_category_ids_are_unique() -> None:
    category = menu(item("one"))["categories"][0]
    other = {**category, "items": [item("other")]}

    assert refused(Menu, {"categories": [category, other]}) == ["id_not_unique"]


def test_a_menu_has_at_most_three_hundred_items_in_all_its_categories() -> None:
    halves = [
        {"id": half, "names": {"en": half}, "items": [item(f"{half}-{n}") for n in range(151)]}
        for half in ("one", "two")
    ]

    assert refused(Menu, {"categories": halves}) == ["menu_too_long"]


def test_a_sum_group_may_ask_for_more_choices_than_it_has_options() -> None:
    six_pack = group(option("beer"), min=6, max=6, price_method="SUM")

    assert Menu.model_validate_json(json.dumps(menu(item("box", six_pack))))


def test_nutrition_says_what_open_delivery_says() -> None:
    said = {
        "kilocalories": 800,
        "kilocalories_to": 950,
        "additives": ["Sodium benzoate"],
        "alcoholic": False,
        "note": {"en": "Contains preservatives"},
    }

    [dish] = parsed(item("a", nutrition=said, serves=2)).items

    assert dish.nutrition is not None
    assert dish.nutrition.model_dump(mode="json") == said
    with pytest.raises(ValidationError, match="range_falls"):
        parsed(item("a", nutrition={**said, "kilocalories_to": 799}))
