"""What promotions take off a price, and which of several count: rules without a database."""

import json
from collections.abc import Sequence
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.catalog.schemas import Store
from chalicelib.core import clock, money
from chalicelib.orders import components, pricing, promotions
from chalicelib.orders.price_schemas import Priced, PriceLine
from chalicelib.orders.promotion_schemas import NewPlatformPromotion, Promotion
from chalicelib.orders.promotions import Basket
from chalicelib.orders.schemas import QuoteRequest
from tests import shopfront
from tests.orders.test_components import CURRENCIES, shop
from tests.orders.test_pricing import IDENT, menu, priced, store

TENTH = {"type": "percentage", "basis_points": 1_000}
FREE_WAY = {"type": "free_delivery"}
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def promotion(number: int = 0, benefit: object = TENTH, **changed: object) -> Promotion:
    said = {
        "id": f"pro_{IDENT[:-1]}{ALPHABET[number]}",
        "names": {"en": f"No. {number}"},
        "benefit": benefit,
        "made_by": "platform",
        "currency": "KRW",
        "scope": {"type": "cities", "cities": ["seoul"]},
        "sponsors": {"platform": 10_000, "merchant": 0},
        "created_at": clock.stamp(clock.now()),
        **changed,
    }
    return Promotion.model_validate_json(json.dumps(said))


def bill(*prices: int, at: Store | None = None, **changed: Any) -> pricing.Bill:  # noqa: ANN401 - any field of a request
    """A bill of one item for each price, in that order: `item-0` and so on."""
    at = at or store(commission_basis_points=1_000)
    sells = menu(*(shopfront.item(f"item-{n}", price) for n, price in enumerate(prices)))
    wanted = [{"item_id": f"item-{n}"} for n in range(len(prices))]
    asked = {"store_id": at.id, "fulfilment": "takeaway", "items": wanted, **changed}
    request = QuoteRequest.model_validate_json(json.dumps(asked))
    found = pricing.draw_up(at, sells, request)
    assert not found.issues
    return found


def charged(drawn_up: pricing.Bill, *those: Promotion) -> Priced:
    return priced(pricing.charge(drawn_up, promotions.best(those, drawn_up.basket)))


def discounts(whole: Priced) -> list[PriceLine]:
    return [line for line in whole.price if line.promotion_id]


def shares(whole: Priced) -> list[tuple[str, str, int]]:
    return [(one.to, one.why, one.amount) for one in components.shares(whole)]


BROUGHT: dict[str, Any] = {"fulfilment": "delivery", "drop_off": shopfront.DOOR}


@pytest.mark.parametrize(
    ("benefit", "off"),
    [
        (TENTH, 1_500),
        ({**TENTH, "most": 700}, 700),
        ({"type": "amount", "amount": 4_000}, 4_000),
        ({"type": "amount", "amount": 99_000}, 15_000),
        ({"type": "item", "item_id": "item-1"}, 6_000),
        ({"type": "item", "item_id": "item-1", "price": 1_000}, 5_000),
        ({"type": "item", "item_id": "item-1", "price": 7_000}, 0),
        ({"type": "item", "item_id": "cake"}, 0),
        (FREE_WAY, 3_000),
        ({**FREE_WAY, "most": 1_000}, 1_000),
    ],
)
def test_each_kind_takes_off_what_it_says(benefit: dict[str, Any], off: int) -> None:
    drawn_up = bill(9_000, 6_000, at=shop(), **BROUGHT)

    whole = charged(drawn_up, promotion(benefit=benefit))

    assert whole.total == 18_000 - off
    assert sum(line.amount for line in discounts(whole)) == -off


def test_of_an_item_only_so_many_units_are_at_the_price_and_options_cost_what_they_cost() -> None:
    sells = menu(shopfront.item("bibimbap", 9_000, option_groups=[shopfront.SIZES]))
    large = {"item_id": "bibimbap", "options": {"size": ["large"]}}
    asked = [{**large, "quantity": 1}, {"item_id": "bibimbap", "quantity": 3}]
    at = store()
    request = QuoteRequest.model_validate_json(
        json.dumps({"store_id": at.id, "fulfilment": "takeaway", "items": asked})
    )
    two = promotion(benefit={"type": "item", "item_id": "bibimbap", "units": 2})

    whole = charged(pricing.draw_up(at, sells, request), two)

    assert [line.discount for line in whole.lines] == [9_000, 9_000]
    assert whole.total == 11_000 + 27_000 - 18_000


def test_a_discount_names_its_sponsors_and_each_bears_its_part() -> None:
    both = promotion(sponsors={"platform": 2_500, "merchant": 7_500})

    whole = charged(bill(10_000), both)

    (line,) = discounts(whole)
    assert (line.kind, line.amount, line.recipient) == ("discount", -1_000, None)
    assert [(one.by, one.amount) for one in line.sponsors or ()] == [
        ("platform", 250),
        ("merchant", 750),
    ]
    assert line.names == {"en": "No. 0"}


def test_the_commission_is_of_what_the_merchant_is_paid_for_its_items() -> None:
    both = promotion(sponsors={"platform": 2_500, "merchant": 7_500})

    assert shares(charged(bill(10_000), both)) == [
        ("merchant", "items", 10_000),
        ("platform", "discount", -250),
        ("merchant", "discount", -750),
        ("platform", "commission", 925),
        ("merchant", "commission", -925),
    ]


def test_free_delivery_takes_nothing_from_who_brings_it() -> None:
    whole = charged(bill(20_000, at=shop(), **BROUGHT), promotion(benefit=FREE_WAY))

    assert ("courier", "delivery_fee", 3_000) in shares(whole)
    assert ("platform", "delivery_discount", -3_000) in shares(whole)
    assert whole.total == 20_000


def test_a_discount_lowers_the_tax_within_and_the_tax_on_top() -> None:
    ways = [charged(bill(10_000, at=_taxed(included=one)), promotion()) for one in (True, False)]

    within, on_top = ways
    assert sum(line.tax_included for line in within.price) == money.included(9_000, 1_000)
    assert [line.amount for line in on_top.price if line.kind == "tax"] == [900]


def _taxed(*, included: bool) -> Store:
    return store(tax={"included": included, "basis_points": 1_000})


def test_what_a_cancellation_costs_is_of_what_is_paid() -> None:
    whole = charged(bill(10_000), promotion(benefit={"type": "amount", "amount": 4_000}))

    assert [one.fee for one in whole.cancellation_fees] == [0, 0, 1_800, 3_600]


def test_a_price_may_become_nothing_and_never_less() -> None:
    half = {"type": "percentage", "basis_points": 6_000}
    three = [promotion(n, half, group=group) for n, group in enumerate(("offer", "code"))]
    three.append(promotion(2, FREE_WAY, group="delivery"))

    whole = charged(bill(20_000, at=shop(), **BROUGHT), *three)

    assert whole.total == 0
    assert sum(amount for _, _, amount in shares(whole)) == 0
    assert [line.amount for line in discounts(whole)] == [-12_000, -8_000, -3_000]


def test_one_that_stands_alone_counts_where_it_saves_more_than_all_others_together() -> None:
    together = [
        promotion(1, {"type": "amount", "amount": 600}, group="offer"),
        promotion(2, {"type": "amount", "amount": 500}, group="code"),
    ]
    alone = promotion(3, {"type": "amount", "amount": 1_000})
    more = promotion(4, {"type": "amount", "amount": 1_200})

    less, best = (charged(bill(9_000), *together, one) for one in (alone, more))

    assert [line.amount for line in discounts(less)] == [-600, -500]
    assert [line.amount for line in discounts(best)] == [-1_200]


def test_of_one_group_the_best_counts_and_groups_add_up() -> None:
    those = [
        promotion(1, {"type": "amount", "amount": 600}, group="offer"),
        promotion(2, {"type": "amount", "amount": 700}, group="offer"),
        promotion(3, {"type": "amount", "amount": 100}, group="loyalty"),
    ]

    whole = charged(bill(9_000), *those)

    assert [line.amount for line in discounts(whole)] == [-700, -100]


def test_of_two_that_save_the_same_the_older_counts() -> None:
    twins = [promotion(number) for number in (2, 1)]

    (line,) = discounts(charged(bill(9_000), *twins))

    assert line.promotion_id == twins[1].id


def test_two_that_make_the_same_item_free_count_once() -> None:
    free = {"type": "item", "item_id": "item-0"}
    both = [promotion(1, free, group="offer"), promotion(2, free, group="code")]

    whole = charged(bill(5_000, 4_000), *both)

    assert (whole.total, len(discounts(whole))) == (4_000, 1)


@pytest.mark.parametrize(
    ("scope", "currency", "fits"),
    [
        ({"type": "cities", "cities": ["seoul"]}, "KRW", True),
        ({"type": "cities", "cities": ["busan"]}, "KRW", False),
        ({"type": "cities", "cities": ["seoul"]}, "JPY", False),
        ({"type": "merchant", "merchant_id": f"mer_{IDENT}"}, "KRW", True),
        ({"type": "stores", "store_ids": [f"sto_{IDENT}"]}, "KRW", True),
        ({"type": "stores", "store_ids": [f"sto_{IDENT[:-1]}Z"]}, "KRW", False),
    ],
)
def test_a_promotion_is_for_its_places_in_its_currency(
    scope: object, currency: str, *, fits: bool
) -> None:
    assert promotions.covers(promotion(scope=scope, currency=currency), store()) is fits


@pytest.mark.parametrize(
    "changed",
    [
        {"sponsors": {"platform": 5_000, "merchant": 4_999}},
        {"begins": "2026-11-22T00:00:00Z", "ends": "2026-11-22T00:00:00Z"},
        {"benefit": {"type": "percentage", "basis_points": 10_001}},
        {"benefit": {"type": "amount", "amount": 0}},
        {"code": "no"},
        {"group": "mine"},
    ],
)
def test_what_makes_no_sense_is_refused(changed: dict[str, object]) -> None:
    said = {
        "names": {"en": "No"}, "benefit": TENTH, "currency": "KRW",
        "scope": {"type": "cities", "cities": ["seoul"]},
    }  # fmt: skip
    assert NewPlatformPromotion.model_validate_json(json.dumps(said))

    with pytest.raises(ValidationError):
        NewPlatformPromotion.model_validate_json(json.dumps({**said, **changed}))


# --- properties ----------------------------------------------------------------------------------

BENEFITS = st.one_of(
    st.builds(
        lambda points, most: {"type": "percentage", "basis_points": points, "most": most},
        st.integers(1, 10_000),
        st.none() | st.integers(1, 50_000),
    ),
    st.builds(lambda amount: {"type": "amount", "amount": amount}, st.integers(1, 60_000)),
    st.builds(
        lambda most: {"type": "free_delivery", "most": most}, st.none() | st.integers(1, 4_000)
    ),
    st.builds(
        lambda number, price: {"type": "item", "item_id": f"item-{number}", "price": price},
        st.integers(0, 2),
        st.integers(0, 9_000),
    ),
)
GROUPS = st.sampled_from([None, "offer", "delivery", "code", "loyalty"])
SOME = st.lists(st.tuples(BENEFITS, GROUPS, st.integers(0, 10_000)), max_size=5)
PRICES = st.lists(st.integers(0, 30_000), min_size=1, max_size=3)


def _those(drawn: Sequence[tuple[Any, str | None, int]], currency: str) -> list[Promotion]:
    return [
        promotion(
            number,
            benefit,
            group=group,
            currency=currency,
            sponsors={"platform": points, "merchant": 10_000 - points},
        )
        for number, (benefit, group, points) in enumerate(drawn)
    ]


@given(SOME, PRICES, st.sampled_from(CURRENCIES), st.booleans(), st.integers(0, 3_000))
def test_shares_sum_and_no_total_is_negative_in_any_currency(
    drawn: Any,  # noqa: ANN401 - drawn by hypothesis
    prices: list[int],
    currency: str,
    included: bool,  # noqa: FBT001 - drawn by hypothesis
    rate: int,
) -> None:
    tax = {"included": included, "basis_points": rate}
    at = shop(currency=currency, tax=tax, commission_basis_points=1_500)
    whole_prices = [10 * price + 10_000 for price in prices]
    drawn_up = bill(*whole_prices, at=at, tip=500, **BROUGHT)

    whole = charged(drawn_up, *_those(drawn, currency))

    assert whole.total == sum(line.amount for line in whole.price) >= 500
    assert whole.total == sum(share.amount for share in components.shares(whole))
    assert all(0 <= fee.fee <= whole.total - 500 for fee in whole.cancellation_fees)
    assert all(0 <= line.net <= line.amount for line in whole.lines)
    off = -sum(line.amount for line in discounts(whole) if line.kind == "discount")
    assert off == sum(line.discount or 0 for line in whole.lines)
    for line in discounts(whole):
        assert -line.amount == sum(one.amount for one in line.sponsors or ())
    paid = [(line.net, rate) for line in whole.lines]
    way = 3_000 + sum(line.amount for line in whole.price if line.kind == "delivery_discount")
    within = sum(line.tax_included for line in whole.price)
    small = sum(line.amount for line in whole.price if line.kind == "small_order_fee")
    taxed = [*paid, (way, rate), (small, rate)]
    assert within == (sum(money.included(*one) for one in taxed) if included else 0)


@given(SOME, PRICES, st.randoms(use_true_random=False))
def test_in_which_order_promotions_are_found_never_changes_the_price(
    drawn: Any,  # noqa: ANN401 - drawn by hypothesis
    prices: list[int],
    random: Any,  # noqa: ANN401 - drawn by hypothesis
) -> None:
    drawn_up = bill(*(price + 10_000 for price in prices), at=shop(), **BROUGHT)
    those = _those(drawn, "KRW")
    first = charged(drawn_up, *those)

    random.shuffle(those)

    assert charged(drawn_up, *those) == first


@given(SOME, PRICES)
def test_no_set_that_may_stand_together_saves_more_than_the_one_that_counts(
    drawn: Any,  # noqa: ANN401 - drawn by hypothesis
    prices: list[int],
) -> None:
    basket = bill(*(price + 10_000 for price in prices), at=shop(), **BROUGHT).basket
    those = _those(drawn, "KRW")

    chosen = promotions.best(those, basket)

    assert chosen.saved == promotions.saved([one for one, _ in chosen.pairs], basket)
    assert chosen.saved == max(
        (promotions.applied(some, basket).saved for some in _may_stand_together(those)), default=0
    )


def _may_stand_together(those: Sequence[Promotion]) -> list[tuple[Promotion, ...]]:
    every = [some for size in range(1, 6) for some in combinations(those, size)]
    return [some for some in every if len(some) == 1 or _is_by_groups(some)]


def _is_by_groups(some: Sequence[Promotion]) -> bool:
    groups = [one.group for one in some]
    return None not in groups and len(set(groups)) == len(groups)


def test_every_order_of_four_gives_one_price() -> None:
    benefits: list[dict[str, object]] = [
        TENTH,
        {"type": "amount", "amount": 8_000},
        {"type": "item", "item_id": "item-0"},
        dict(FREE_WAY),
    ]
    groups = ("offer", "code", "loyalty", "delivery")
    four = [promotion(n, benefits[n], group=group) for n, group in enumerate(groups)]
    drawn_up = bill(9_000, 4_000, at=shop(), **BROUGHT)

    prices = {charged(drawn_up, *those).model_dump_json() for those in permutations(four)}

    assert len(prices) == 1


def test_a_basket_of_nothing_costs_nothing_less() -> None:
    empty = Basket((), 0, "KRW", {})

    assert promotions.best([promotion()], empty).saved == 0
