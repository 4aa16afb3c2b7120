"""The quarter that the sandbox is filled with: is it what the API takes, and is it honest?"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.catalog import hours, menus, zones
from chalicelib.catalog.menu_schemas import Menu, MenuItem
from chalicelib.catalog.merchant_schemas import NewMerchant
from chalicelib.catalog.schemas import NewStore, Terms
from chalicelib.orders.schemas import DropOff
from sandbox.city.quarter import Quarter, SeedStore, quarter
from sandbox.city.words import both

MERCHANT_ID = "mer_01JDB6X9T2H4C8D0E6F7G1J3KA"
MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)  # noon in Seoul
ANIMALS = {"CRUSTACEANS", "FISH", "MOLLUSCS"}
FROM_ANIMALS = ANIMALS | {"EGGS", "LACTOSE", "MILK"}
GLUTEN = {"BARLEY", "GLUTEN", "KAMUT", "RYE", "SPELT", "WHEAT"}


@pytest.fixture(scope="module")
def city() -> Quarter:
    return quarter(7)


def as_store(store: SeedStore) -> NewStore:
    return NewStore.model_validate_json(json.dumps({**store.body, "merchant_id": MERCHANT_ID}))


def as_menu(store: SeedStore) -> Menu:
    return Menu.model_validate_json(json.dumps(store.menu))


def all_items(city: Quarter) -> list[tuple[str, MenuItem]]:
    return [(store.slug, item) for store in city.stores for item in as_menu(store).items]


def test_the_same_seed_makes_the_same_quarter() -> None:
    assert quarter(7) == quarter(7)


def test_another_seed_moves_the_stores_but_keeps_their_menus() -> None:
    one, other = quarter(7), quarter(8)

    assert [store.body["location"] for store in one.stores] != [
        store.body["location"] for store in other.stores
    ]
    assert [store.menu for store in one.stores] == [store.menu for store in other.stores]


def test_what_the_seed_makes_is_the_same_on_every_machine(city: Quarter) -> None:
    body = city.store("seongmisan-gimbap").body

    assert body["location"]["coordinates"] == [126.912623, 37.56167]
    assert body["address"] == "서울 마포구 월드컵북로 86"


def test_there_are_thirty_stores_and_four_of_them_are_grocers(city: Quarter) -> None:
    kinds = [store.body["kind"] for store in city.stores]

    assert len(kinds) == 30
    assert kinds.count("grocery") == 4


def test_every_store_menu_and_term_is_what_the_api_takes(city: Quarter) -> None:
    NewMerchant.model_validate(city.merchant)
    for store in city.stores:
        as_store(store)
        as_menu(store)
        Terms.model_validate(store.terms)


def test_every_name_and_description_is_there_in_korean_and_english(city: Quarter) -> None:
    for slug, item in all_items(city):
        assert set(item.names) == set(item.descriptions) == {"ko", "en"}, f"{slug}/{item.id}"


def test_names_are_unique_so_that_a_store_can_be_found_by_its_name(city: Quarter) -> None:
    for language in ("ko", "en"):
        assert len({store.body["names"][language] for store in city.stores}) == 30


def test_every_item_can_be_ordered_with_the_fewest_options(city: Quarter) -> None:
    for store in city.stores:
        menu = as_menu(store)
        for item in menu.items:
            chosen = {
                group.id: [option.id for option in group.options[: group.min]]
                for group in item.option_groups
            }
            priced = menus.price(menu, item.id, chosen)

            assert 1_000 <= priced.unit_price <= 40_000, f"{store.slug}/{item.id}"


def test_all_ways_to_price_options_are_used(city: Quarter) -> None:
    methods = {group.price_method for _, item in all_items(city) for group in item.option_groups}

    assert methods == {"SUM", "MAX", "AVG"}


def test_no_diet_contradicts_the_allergens(city: Quarter) -> None:
    forbidden = {"VEGAN": FROM_ANIMALS, "VEGETARIAN": ANIMALS, "GLUTEN_FREE": GLUTEN}
    for slug, item in all_items(city):
        for diet in item.diets:
            assert not forbidden.get(diet, set()) & set(item.allergens), f"{slug}/{item.id}"


def test_what_an_option_holds_is_said_of_the_item(city: Quarter) -> None:
    items = {f"{slug}/{item.id}": item for slug, item in all_items(city)}

    assert "MILK" in items["slow-afternoon/latte"].allergens
    assert "CRUSTACEANS" in items["banban-hwadeok/half-and-half"].allergens


def test_alcohol_is_for_adults_only(city: Quarter) -> None:
    drinks = [item for _, item in all_items(city) if "ALCOHOL" in item.allergens]

    assert len(drinks) == 3
    assert all(item.age_restricted for item in drinks)


def test_fresh_food_carries_no_value_added_tax_and_cooked_food_does(city: Quarter) -> None:
    rates = {(slug, item.id): item.tax_basis_points for slug, item in all_items(city)}

    assert rates["mangwon-greens", "apples"] == 0
    assert rates["yeonnam-bibim", "dolsot"] is None


def test_at_every_hour_of_the_week_somebody_sells_takeaway(city: Quarter) -> None:
    stores = [as_store(store) for store in city.stores if "takeaway" in store.body["fulfilment"]]

    for hour in range(7 * 24):
        at = MONDAY + timedelta(hours=hour)
        assert any(hours.is_open(store.hours, store.timezone, at) for store in stores), at


def test_some_rest_on_monday_and_some_are_open_past_midnight(city: Quarter) -> None:
    stores = [as_store(store) for store in city.stores]
    rested = [s for s in stores if all(span.day != "mon" for span in s.hours)]
    overnight = [s for s in stores if any("00:00" < span.closes < span.opens for span in s.hours)]

    assert len(rested) >= 8
    assert len(overnight) >= 3


def test_every_customer_can_choose_among_ten_stores(city: Quarter) -> None:
    for customer in city.customers:
        where = DropOff.model_validate_json(json.dumps(customer.drop_off)).location
        stores = [as_store(s) for s in city.stores if "delivery" in s.body["fulfilment"]]
        near = [s for s in stores if zones.covering(s.zones, s.location, where.coordinates)]

        assert len(near) >= 10, customer.email


def test_everything_lies_in_the_quarter(city: Quarter) -> None:
    places = [store.body["location"] for store in city.stores]
    places += [customer.drop_off["location"] for customer in city.customers]

    for place in places:
        lon, lat = place["coordinates"]
        assert 126.895 < lon < 126.935
        assert 37.540 < lat < 37.570


def test_phones_reach_nobody_and_belong_to_one_store_each(city: Quarter) -> None:
    phones = [store.body["phone"] for store in city.stores]

    assert len(set(phones)) == 30
    assert all(phone.startswith("+822000") for phone in phones)


def test_a_text_without_its_english_is_refused() -> None:
    with pytest.raises(ValueError, match="unpack"):
        both("비빔밥")
