import random
from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.menus import MenuIssueError, MenuProblem, price
from tests.catalog.shop import Json, group, item, option, parsed


def problems(chosen: dict[str, list[str]], *items: Json, item_id: str = "pizza") -> list[str]:
    with pytest.raises(MenuIssueError) as refusal:
        price(parsed(*items), item_id, chosen)
    return [issue.code for issue in refusal.value.issues]


def priced(chosen: dict[str, list[str]], *groups: Json) -> int:
    return price(parsed(item("pizza", *groups, price=10_000)), "pizza", chosen).unit_price


def flavours(method: str, *prices: int, id_: str = "flavours") -> Json:
    options = [option(f"{id_}-{number}", price=price) for number, price in enumerate(prices)]
    return group(*options, id=id_, price_method=method, max=4)


def test_an_item_without_options_costs_its_price() -> None:
    assert priced({}) == 10_000


def test_what_is_added_adds_up() -> None:
    chosen = {"flavours": ["flavours-0", "flavours-1"]}

    assert priced(chosen, flavours("SUM", 500, 700)) == 11_200


def test_an_option_may_be_added_several_times_while_the_group_has_room() -> None:
    chosen = {"flavours": ["flavours-0"] * 4}

    assert priced(chosen, flavours("SUM", 500)) == 12_000


def test_of_a_max_group_the_dearest_counts() -> None:
    chosen = {"flavours": ["flavours-0", "flavours-1"]}

    assert priced(chosen, flavours("MAX", 500, 700, 900)) == 10_700


@pytest.mark.parametrize(
    ("prices", "mean"), [((500, 700), 600), ((500, 501), 501), ((1, 1, 0), 1), ((0, 0, 1), 0)]
)
def test_half_and_half_costs_the_mean_with_halves_rounded_up(
    prices: tuple[int, ...], mean: int
) -> None:
    chosen = {"flavours": [f"flavours-{number}" for number in range(len(prices))]}

    assert priced(chosen, flavours("AVG", *prices)) == 10_000 + mean


def test_groups_add_up_as_the_example_of_open_delivery_does() -> None:
    groups = [
        flavours("AVG", 500, 1000, id_="first-half"),
        flavours("AVG", 700, 1000, id_="second-half"),
        flavours("MAX", 1500, 2000, id_="crust"),
        flavours("MAX", 3000, 3500, id_="rim"),
        flavours("SUM", 200, 300, 500, id_="extras"),
    ]
    chosen = {
        "first-half": ["first-half-0"],
        "second-half": ["second-half-1"],
        "crust": ["crust-0"],
        "rim": ["rim-1"],
        "extras": ["extras-1"],
    }

    assert priced(chosen, *groups) == 10_000 + 750 + 3500 + 300


def test_the_priced_item_says_what_was_chosen_and_what_to_beware_of() -> None:
    dish = item("pizza", group(), age_restricted=True, tax_basis_points=500)

    found = price(parsed(dish), "pizza", {"toppings": ["olives", "basil", "olives"]})

    assert found.unit_price == 14_000 + 2 * 700 + 500
    assert [(one.option_id, one.quantity) for one in found.options] == [("basil", 1), ("olives", 2)]
    assert (found.age_restricted, found.tax_basis_points) == (True, 500)
    assert found.allergens == ("GLUTEN", "MILK")
    assert found.as_chosen() == {
        "toppings": [
            {"id": "basil", "names": {"en": "basil"}, "price": 500},
            {"id": "olives", "names": {"en": "olives"}, "price": 700},
            {"id": "olives", "names": {"en": "olives"}, "price": 700},
        ]
    }


def test_an_item_without_a_rate_of_its_own_leaves_tax_to_the_store() -> None:
    assert price(parsed(item("pizza")), "pizza", {}).tax_basis_points is None


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"toppings": ["pineapple"]}, ["option_unknown"]),
        ({"toppings": ["gone"]}, ["option_unavailable"]),
        ({"drinks": ["cola"]}, ["group_unknown"]),
        ({"drinks": []}, ["group_unknown"]),
        ({"toppings": ["basil"] * 4}, ["too_many_options"]),
        ({"size": []}, ["too_few_options"]),
    ],
)
def test_a_choice_that_cannot_be_had_is_told_by_its_code(
    chosen: dict[str, list[str]], expected: list[str]
) -> None:
    toppings = group(option("basil"), option("gone", available=False))
    sizes = group(option("big"), option("small"), id="size", min=1, max=1, price_method="MAX")
    dish = item("pizza", toppings, sizes)

    assert problems({"size": ["big"], **chosen}, dish) == expected


def test_every_problem_is_told_at_once() -> None:
    sizes = group(option("big"), id="size", min=1, max=1)
    dish = item("pizza", group(), sizes, available=False)
    chosen = {"toppings": ["pineapple"], "drinks": ["cola"]}

    found = problems(chosen, dish)

    assert found == ["item_unavailable", "group_unknown", "option_unknown", "too_few_options"]


def test_an_unknown_item_is_told() -> None:
    assert problems({}, item("pizza"), item_id="pasta") == ["item_unknown"]


@pytest.mark.parametrize("method", ["MAX", "AVG"])
def test_an_option_counts_twice_only_where_prices_add_up(method: str) -> None:
    dish = item("pizza", flavours(method, 500, 700))

    found = problems({"flavours": ["flavours-0", "flavours-0"]}, dish)

    assert found == ["too_many_options"]


def test_the_error_says_the_first_problem_in_words() -> None:
    with pytest.raises(MenuIssueError, match="no such item") as refusal:
        price(parsed(item()), "pasta", {})

    assert refusal.value.code is MenuProblem.ITEM_UNKNOWN


amounts = st.integers(0, 10**9)
dishes = st.builds(
    lambda base, groups: item(
        "dish",
        *(
            flavours(method, *prices, id_=f"g{number}")
            for number, (method, prices) in enumerate(groups)
        ),
        price=base,
    ),
    amounts,
    st.lists(
        st.tuples(
            st.sampled_from(["SUM", "MAX", "AVG"]), st.lists(amounts, min_size=1, max_size=5)
        ),
        max_size=5,
    ),
)


def some_of(dish: Json, source: random.Random) -> dict[str, list[str]]:
    return {
        one["id"]: _sample([each["id"] for each in one["options"]], source)
        for one in dish["option_groups"]
    }


def _sample(ids: Iterable[str], source: random.Random) -> list[str]:
    known = list(ids)
    return source.sample(known, source.randint(0, min(4, len(known))))


@given(dishes, st.randoms(use_true_random=False))
def test_a_price_is_never_below_that_of_the_bare_item(dish: Json, source: random.Random) -> None:
    found = price(parsed(dish), "dish", some_of(dish, source))

    assert dish["price"] <= found.unit_price <= 10**12


@given(dishes, st.randoms(use_true_random=False))
def test_the_order_of_choices_never_matters(dish: Json, source: random.Random) -> None:
    chosen = some_of(dish, source)
    shuffled = {
        group_id: source.sample(ids, len(ids))
        for group_id, ids in source.sample(sorted(chosen.items()), len(chosen))
    }

    assert price(parsed(dish), "dish", chosen) == price(parsed(dish), "dish", shuffled)


@given(dishes, st.dictionaries(st.text(max_size=3), st.lists(st.text(max_size=3), max_size=4)))
def test_nonsense_has_a_price_or_a_reason_and_nothing_else(
    dish: Json, chosen: dict[str, list[str]]
) -> None:
    menu = parsed(dish)

    with suppress(MenuIssueError):
        assert price(menu, "dish", chosen).unit_price >= dish["price"]
