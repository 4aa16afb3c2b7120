"""What an order costs, and who gets it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.schemas import Store
from chalicelib.core import clock, money
from chalicelib.orders import components, pricing
from chalicelib.orders.price_schemas import Priced
from chalicelib.orders.pricing import Costing
from chalicelib.orders.schemas import QuoteRequest
from tests import shopfront

IDENT = "01JD9Z6M7Q3W8K5N2R4T6V8X0Y"


def store(**changed: Any) -> Store:  # noqa: ANN401 - any field of a store
    said = shopfront.store(f"mer_{IDENT}")
    base = {
        "id": f"sto_{IDENT}",
        "status": "live",
        "version": 1,
        "menu_version": 1,
        "created_at": clock.now(),
    }
    known = {name: value for name, value in base.items() if name in Store.model_fields}
    return Store.model_validate_json(_json({**said, **known, **changed}))


def _json(value: object) -> str:
    import json

    return json.dumps(value, default=str)


def menu(*items: dict[str, object]) -> Menu:
    said = {"categories": [{"id": "all", "names": {"en": "All"}, "items": list(items)}]}
    base = {
        "store_id": f"sto_{IDENT}",
        "version": 1,
        "currency": "KRW",
        "published_at": clock.now(),
    }
    known = {name: value for name, value in base.items() if name in Menu.model_fields}
    return Menu.model_validate_json(_json({**said, **known}))


def cost(wanted: list[dict[str, Any]], sells: Menu, at: Store, **changed: Any) -> Costing:  # noqa: ANN401
    asked = {"store_id": at.id, "fulfilment": "takeaway", "items": wanted, **changed}
    return pricing.cost(at, sells, QuoteRequest.model_validate_json(_json(asked)))


def priced(costing: Costing) -> Priced:
    assert costing.priced is not None, costing.issues
    return costing.priced


LINES = st.lists(
    st.tuples(st.integers(0, 5_000_000), st.integers(1, 99), st.none() | st.integers(0, 10_000)),
    min_size=1,
    max_size=6,
)


@given(
    LINES,
    st.booleans(),
    st.integers(0, 3_000),
    st.integers(0, 3_000),
    st.sampled_from(["takeaway", "dine_in", "delivery"]),
)
def test_the_total_is_the_sum_of_its_parts_and_of_its_shares(
    lines: list[tuple[int, int, int | None]],
    included: bool,  # noqa: FBT001 - drawn by hypothesis
    rate: int,
    commission: int,
    fulfilment: str,
) -> None:
    sells = menu(
        *(
            shopfront.item(f"item-{number}", price, tax_basis_points=own)
            for number, (price, _, own) in enumerate(lines)
        )
    )
    tax = {"included": included, "basis_points": rate}
    at = store(tax=tax, commission_basis_points=commission)
    wanted = [
        {"item_id": f"item-{number}", "quantity": quantity}
        for number, (_, quantity, _) in enumerate(lines)
    ]

    told = cost(wanted, sells, at, fulfilment=fulfilment, drop_off=shopfront.DOOR)

    items = sum(price * quantity for price, quantity, _ in lines)
    if fulfilment == "delivery" and items < 8000:
        assert [issue.code for issue in told.issues] == ["below_minimum"]
        return
    whole = priced(told)
    assert whole.total == sum(part.amount for part in whole.price)
    assert whole.total == sum(share.amount for share in components.shares(whole))
    fee = 3000 if fulfilment == "delivery" else 0
    taxes = [(price * quantity, rate if own is None else own) for price, quantity, own in lines]
    on_top = 0 if included else sum(money.portion(*one) for one in [*taxes, (fee, rate)])
    assert whole.total == items + fee + on_top
    within = sum(part.tax_included for part in whole.price)
    assert within == (sum(money.included(*one) for one in [*taxes, (fee, rate)]) if included else 0)


@given(st.integers(0, 10**9))
def test_a_cancellation_costs_nothing_until_confirmed_then_a_published_part_of_the_items(
    price: int,
) -> None:
    whole = priced(cost([{"item_id": "one"}], menu(shopfront.item("one", price)), store()))

    fees = {fee.while_status: fee.fee for fee in whole.cancellation_fees}

    assert fees == {
        "PENDING_PAYMENT": 0,
        "CREATED": 0,
        "CONFIRMED": money.portion(price, 3_000),
        "PREPARING": money.portion(price, 6_000),
    }
    assert all(fee <= whole.total for fee in fees.values())


def test_the_commission_leaves_the_part_of_the_merchant() -> None:
    whole = priced(
        cost(
            [{"item_id": "one"}],
            menu(shopfront.item("one", 10_000)),
            store(commission_basis_points=1_500),
        )
    )

    shares = [(share.to, share.why, share.amount) for share in components.shares(whole)]

    assert shares == [
        ("merchant", "items", 10_000),
        ("platform", "commission", 1_500),
        ("merchant", "commission", -1_500),
    ]


def test_exclusive_tax_of_items_and_of_delivery_are_lines_for_the_tax_account() -> None:
    at = store(tax={"included": False, "basis_points": 1_000})

    whole = priced(
        cost(
            [{"item_id": "one"}],
            menu(shopfront.item("one", 9_000)),
            at,
            fulfilment="delivery",
            drop_off=shopfront.DOOR,
        )
    )

    assert [(part.kind, part.amount, part.recipient) for part in whole.price] == [
        ("items", 9_000, "merchant"),
        ("delivery_fee", 3_000, "merchant"),
        ("tax", 900, "tax"),
        ("delivery_tax", 300, "tax"),
    ]


def test_the_delivery_fee_is_for_the_courier_where_the_platform_brings_it() -> None:
    whole = priced(
        cost(
            [{"item_id": "one"}],
            menu(shopfront.item("one", 9_000)),
            store(delivered_by="platform"),
            fulfilment="delivery",
            drop_off=shopfront.DOOR,
        )
    )

    shares = [(share.to, share.why, share.amount) for share in components.shares(whole)]
    assert ("courier", "delivery_fee", 3_000) in shares
    assert sum(amount for _, _, amount in shares) == whole.total


def test_without_any_tax_there_is_no_line_of_tax_and_without_commission_no_share() -> None:
    at = store(tax={"included": False, "basis_points": 0}, commission_basis_points=0)

    whole = priced(cost([{"item_id": "one"}], menu(shopfront.item("one", 9_000)), at))

    assert [part.kind for part in whole.price] == ["items"]
    assert [share.why for share in components.shares(whole)] == ["items"]


def test_a_total_beyond_what_can_be_charged_is_an_issue() -> None:
    sells = menu(shopfront.item("one", 10**9))
    wanted = [{"item_id": "one", "quantity": 99} for _ in range(50)]

    told = cost(wanted, sells, store())

    assert [issue.code for issue in told.issues] == ["total_too_large"]


def test_a_single_line_beyond_what_can_be_charged_is_an_issue_too() -> None:
    options = [{"id": "gold", "names": {"en": "Gold"}, "price": 10**9}]
    group = {"id": "extra", "names": {"en": "Extra"}, "min": 0, "max": 20, "options": options}
    sells = menu(shopfront.item("one", 10**9, option_groups=[group]))
    wanted = [{"item_id": "one", "quantity": 99, "options": {"extra": ["gold"] * 20}}]

    told = cost(wanted, sells, store())

    assert [(issue.code, issue.pointer) for issue in told.issues] == [
        ("total_too_large", "/items/0")
    ]


def test_a_total_that_only_its_tax_makes_too_large_is_an_issue() -> None:
    sells = menu(shopfront.item("one", 10**9))
    wanted = [{"item_id": "one", "quantity": 99} for _ in range(7)]

    told = cost(wanted, sells, store(tax={"included": False, "basis_points": 10_000}))

    assert [issue.code for issue in told.issues] == ["total_too_large"]
