"""The server alone prices: what a client sends changes a price only where it may, and then once."""

import json
from collections.abc import Callable, Iterator
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from chalicelib.orders import pricing
from chalicelib.orders.schemas import DropOff, QuoteRequest, Wanted
from chalicelib.payments.schemas import Channel, OrderRequest
from tests import shopfront
from tests.orders.offers import at_store, of_platform
from tests.orders.test_components import shop
from tests.orders.test_pricing import menu, priced
from tests.world import World

PRICING = {
    "store_id", "fulfilment", "items", "items.item_id", "items.quantity", "items.options",
    "drop_off", "drop_off.location", "address_id", "scheduled_for", "tip", "codes",
}  # fmt: skip
"""What a customer chooses, and what may therefore change what it costs."""
NEUTRAL = {
    "items.note", "drop_off.address", "drop_off.entrance_code", "drop_off.leave_at_door", "note",
    "diet",
}  # fmt: skip
BROUGHT = {"fulfilment": "delivery", "drop_off": shopfront.DOOR}
INVENTED = (
    "price", "unit_price", "amount", "total", "discount", "fee", "delivery_fee", "tax",
    "tax_basis_points", "currency", "promotion_id", "promotions", "sponsors",
    "commission_basis_points", "priced", "minimum", "small_order_fee",
)  # fmt: skip


def _fields(model: type[BaseModel], at: str = "") -> Iterator[str]:
    nested: dict[str, type[BaseModel]] = {"items": Wanted, "drop_off": DropOff}
    for name in model.model_fields:
        yield f"{at}{name}"
        if name in nested and not at:
            yield from _fields(nested[name], f"{name}.")


def test_every_field_of_a_request_is_known_to_change_a_price_or_not_to() -> None:
    assert set(_fields(QuoteRequest)) == PRICING | NEUTRAL


WORDS = st.text("abc 가나다0123456789-", max_size=40)
ADDRESSES = st.text("abc 가나다0123456789-", min_size=1, max_size=40).filter(str.strip)


@given(
    WORDS,
    WORDS,
    ADDRESSES,
    st.none() | st.just({"diets": ["VEGAN"]}) | st.just({"avoids": ["MILK"]}),
    st.integers(1, 9),
    st.integers(0, 3_000),
)
def test_what_a_customer_writes_never_changes_what_it_costs(
    note: str, line_note: str, address: str, diet: object, quantity: int, tip: int
) -> None:
    sells, at = menu(shopfront.item("one", 9_000)), shop()

    def total(said: str = "", **more: object) -> int:
        line = {"item_id": "one", "quantity": quantity, "note": said}
        asked = {"store_id": at.id, **BROUGHT, "items": [line], "tip": tip, **more}
        request = QuoteRequest.model_validate_json(json.dumps(asked))
        return priced(pricing.charge(pricing.draw_up(at, sells, request))).total

    drop_off = {**shopfront.DOOR, "address": address}

    changed = total(line_note, note=note, diet=diet, drop_off=drop_off)

    assert changed == total() == quantity * 9_000 + 3_000 + tip + (1_000 if quantity < 2 else 0)


@pytest.mark.parametrize("name", INVENTED)
def test_a_price_that_a_client_invents_is_refused_wherever_it_stands(
    world_at: World, name: str
) -> None:
    store_id, token = world_at.store(), world_at.customer()
    quote_id = world_at.quote(store_id, token)["id"]

    answers = [
        world_at.try_quote(store_id, token, **{name: 1}),
        world_at.try_quote(store_id, token, items=[{"item_id": "bibimbap", name: 1}]),
        world_at.try_quote(store_id, token, **BROUGHT | {"drop_off": {**shopfront.DOOR, name: 1}}),
        world_at.post(
            "/v1/orders", {"quote_id": quote_id, name: 1}, token=token, key=world_at.new_key()
        ),
    ]

    assert [one.status for one in answers] == [400] * 4


@pytest.mark.parametrize("channel", get_args(Channel))
def test_nothing_that_is_said_with_the_order_changes_what_was_quoted(
    world_at: World, channel: str
) -> None:
    store_id, token = world_at.store(), world_at.customer()
    at_store(world_at, store_id)
    quote = world_at.quote(store_id, token)
    said = {
        "quote_id": quote["id"],
        "channel": channel,
        "age_told": 99,
        "payments": [{"method": "card", "amount": 1_000}, {"method": "cash"}],
    }

    placed = world_at.post("/v1/orders", said, token=token, key=world_at.new_key())

    assert set(OrderRequest.model_fields) == set(said)
    assert placed.json["total"] == quote["total"] == {"amount": 8_100, "currency": "KRW"}


def _dearer(world: World, store_id: str) -> None:
    world.publish(store_id, json.loads(json.dumps(shopfront.MENU).replace("9000", "19000")))


def _taxed_more(world: World, store_id: str) -> None:
    tax = {"included": False, "basis_points": 2_500}
    assert world.patch_store(store_id, tax=tax).status == 200


def _farther(world: World, store_id: str) -> None:
    zone = {
        "area": {"type": "Radius", "metres": 2000}, "fee": 9_000, "minimum": 50_000,
        "eta_minutes": 60, "small_order": {"below": 90_000, "fee": 5_000},
    }  # fmt: skip
    assert world.patch_store(store_id, zones=[zone]).status == 200


def _commissioned(world: World, store_id: str) -> None:
    terms = {"commission_basis_points": 5_000, "confirm_seconds": 300, "reason": "A trial."}
    path = f"/v1/stores/{store_id}/terms"
    assert world.call("PUT", path, terms, token=world.operator()).status == 200


def _promoted_more(world: World, store_id: str) -> None:
    at_store(world, store_id, benefit={"type": "percentage", "basis_points": 9_000})
    of_platform(world, benefit={"type": "free_delivery"}, group="delivery")


@pytest.mark.parametrize(
    "changed",
    [_dearer, _taxed_more, _farther, _commissioned, _promoted_more],
    ids=lambda one: str(one.__name__),
)
def test_whatever_changes_between_quote_and_order_the_order_costs_what_was_quoted(
    world_at: World, changed: Callable[[World, str], None]
) -> None:
    store_id, token = world_at.store(delivered_by="platform"), world_at.customer()
    at_store(world_at, store_id)
    quote = world_at.quote(store_id, token, **BROUGHT, tip=500)

    changed(world_at, store_id)
    order_id = world_at.place(token, quote)["order_id"]

    shown = world_at.get(f"/v1/orders/{order_id}", token)
    assert shown["total"]["amount"] == quote["total"]["amount"] == 8_100 + 3_000 + 500
    assert shown["price"] == quote["priced"]["price"]
    assert shown["lines"] == quote["priced"]["lines"]
