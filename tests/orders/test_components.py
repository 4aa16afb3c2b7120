"""Fees, tips and the tax upon each component."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.schemas import Store
from chalicelib.core import money
from chalicelib.orders import components
from chalicelib.orders.price_schemas import Priced
from tests import shopfront
from tests.orders.test_pricing import cost, menu, priced, store

AREA = {"type": "Radius", "metres": 2000}
SMALL = {"below": 15_000, "fee": 1_000}
CURRENCIES = ("KRW", "JPY", "USD", "KWD")


def shop(**changed: Any) -> Store:  # noqa: ANN401 - any field of a store
    """A store whose orders couriers bring, and whose small orders pay for it."""
    zone = {
        "area": AREA, "fee": 3_000, "minimum": 5_000, "eta_minutes": 20, "small_order": SMALL,
    }  # fmt: skip
    return store(**{"delivered_by": "platform", "zones": [zone], **changed})


def one(price: int) -> Menu:
    return menu(shopfront.item("one", price))


def brought(price: int, at: Store, **changed: Any) -> Any:  # noqa: ANN401 - the costing
    wanted = {"fulfilment": "delivery", "drop_off": shopfront.DOOR, **changed}
    return cost([{"item_id": "one"}], one(price), at, **wanted)


def kinds(whole: Priced) -> dict[str, int]:
    return {line.kind: line.amount for line in whole.price}


def test_a_small_order_pays_the_store_for_being_small() -> None:
    whole = priced(brought(9_000, shop()))

    assert kinds(whole) == {"items": 9_000, "delivery_fee": 3_000, "small_order_fee": 1_000}
    assert whole.total == 13_000
    assert ("merchant", "small_order_fee", 1_000) in [
        (share.to, share.why, share.amount) for share in components.shares(whole)
    ]


@pytest.mark.parametrize(("price", "fee"), [(14_999, 1_000), (15_000, 0)])
def test_an_order_is_small_below_the_amount(price: int, fee: int) -> None:
    assert kinds(priced(brought(price, shop()))).get("small_order_fee", 0) == fee


def test_below_the_minimum_no_fee_helps() -> None:
    told = brought(4_999, shop())

    assert [issue.code for issue in told.issues] == ["below_minimum"]


def test_what_is_collected_pays_nothing_for_being_small() -> None:
    assert kinds(priced(cost([{"item_id": "one"}], one(900), shop()))) == {"items": 900}


def test_exclusive_tax_is_put_on_fees_and_not_on_tips() -> None:
    at = shop(tax={"included": False, "basis_points": 1_000})

    whole = priced(brought(9_000, at, tip=2_000))

    assert kinds(whole) == {
        "items": 9_000,
        "delivery_fee": 3_000,
        "small_order_fee": 1_000,
        "tax": 900,
        "delivery_tax": 400,
        "tip": 2_000,
    }


def test_inclusive_tax_is_told_within_fees_and_not_within_tips() -> None:
    whole = priced(brought(11_000, shop(), tip=2_000))

    assert {line.kind: line.tax_included for line in whole.price} == {
        "items": 1_000,
        "delivery_fee": 273,
        "small_order_fee": 91,
        "tip": 0,
    }


def test_a_tip_is_the_couriers_whole_and_no_part_of_what_a_cancellation_costs() -> None:
    at = shop(commission_basis_points=1_500)
    without, with_tip = (priced(brought(9_000, at, tip=tip)) for tip in (0, 2_000))

    given = [share for share in components.shares(with_tip) if share.why == "tip"]

    assert [(share.to, share.amount) for share in given] == [("courier", 2_000)]
    assert with_tip.total == without.total + 2_000
    assert with_tip.cancellation_fees == without.cancellation_fees


@pytest.mark.parametrize(
    ("changed", "at", "code"),
    [
        ({"fulfilment": "takeaway", "tip": 1}, shop(), "tip_not_possible"),
        ({"tip": 1}, shop(delivered_by="store"), "tip_not_possible"),
        ({"tip": 9_001}, shop(), "tip_too_large"),
        ({"tip": 5}, shop(currency="KWD"), "tip_not_rounded"),
    ],
)
def test_a_tip_that_cannot_be_given_is_an_issue(
    changed: dict[str, Any], at: Store, code: str
) -> None:
    told = brought(9_000, at, **changed)

    assert [(issue.code, issue.pointer) for issue in told.issues] == [(code, "/tip")]


def test_of_a_small_order_a_tip_may_come_to_the_delivery_fee() -> None:
    zone = {"area": AREA, "fee": 3_000, "minimum": 0, "eta_minutes": 20}
    at = shop(zones=[zone])

    assert priced(brought(500, at, tip=3_000)).total == 6_500
    assert brought(500, at, tip=3_001).priced is None


@given(
    st.sampled_from(CURRENCIES),
    st.booleans(),
    st.integers(0, 3_000),
    st.integers(500, 500_000),
    st.integers(0, 400),
)
def test_shares_sum_to_a_total_that_can_be_charged(
    currency: str,
    included: bool,  # noqa: FBT001 - drawn by hypothesis
    rate: int,
    tens: int,
    tip_tens: int,
) -> None:
    at = shop(currency=currency, tax={"included": included, "basis_points": rate})

    whole = priced(brought(10 * tens, at, tip=10 * tip_tens))

    assert whole.total == sum(line.amount for line in whole.price)
    assert whole.total == sum(share.amount for share in components.shares(whole))
    assert whole.total % money.step(currency) == 0
