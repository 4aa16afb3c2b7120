"""What each method can do, where it is written, and that nobody learns it by a failed payment."""

from pathlib import Path

import pytest

from chalicelib.core import money
from chalicelib.payments import changing
from chalicelib.payments.errors import PaymentsImpossibleError
from chalicelib.payments.methods import (
    DOCS,
    METHODS,
    MINIMUM,
    Known,
    Method,
    maximum,
    minimum,
    step,
    takes,
)
from chalicelib.payments.schemas import PaymentRequest
from chalicelib.payments.splitting import split
from tests.shopfront import item
from tests.world import World

ROOT = Path(__file__).parents[2]
KOREAN = {"kr_card", "naver_pay", "kakao_pay"}
SINGLE = ("samsung_pay", "payco")


def _codes(requests: list[dict[str, object]], due: int, currency: str) -> list[str]:
    asked = [PaymentRequest.model_validate(one) for one in requests]
    with pytest.raises(PaymentsImpossibleError) as told:
        split(asked, due, currency)
    return [str(error["code"]) for error in told.value.errors]


@pytest.mark.parametrize("row", METHODS.values(), ids=lambda row: row.name)
def test_every_figure_says_where_it_is_written(row: Method) -> None:
    known = [getattr(row, name) for name in Method.__slots__]
    sources = {one.source for one in known if isinstance(one, Known)}

    assert sources
    for source in sources:
        assert source.startswith(f"{DOCS}/") or (ROOT / source).is_file()


def test_what_is_offered_for_orders_can_be_held_and_taken_in_part() -> None:
    offered = [row for row in METHODS.values() if row.why_not is None]

    assert {row.name for row in offered} == {"card", "balance", "cash"} | KOREAN
    assert all(row.holds.value and row.takes_part.value for row in offered)


def test_only_what_stripe_can_keep_may_be_saved() -> None:
    assert {row.name for row in METHODS.values() if row.saved.value} == {"card"} | KOREAN


def test_a_hold_of_which_stripe_names_no_end_is_watched_as_the_table_says() -> None:
    held = {METHODS[name].held_seconds.value for name in METHODS if name in KOREAN}

    assert held == {changing.HOLD_SECONDS}


def test_cards_take_every_currency_whose_bounds_are_known_and_korean_methods_only_won() -> None:
    assert {name for name in METHODS if takes(name, "EUR")} == {"card", "balance", "cash"}
    assert {name for name in METHODS if takes(name, "KRW")} == set(METHODS) - set(SINGLE)
    assert not takes("card", "XAF")
    assert minimum("XAF") == 100
    assert {currency for currency in MINIMUM if takes("card", currency)} == set(MINIMUM)


@pytest.mark.parametrize("method", SINGLE)
def test_a_method_that_is_not_offered_is_a_typed_problem(method: str) -> None:
    assert _codes([{"method": method}], 9000, "KRW") == ["method_not_offered"]


@pytest.mark.parametrize(
    ("currency", "least"), [("KRW", 100), ("JPY", 50), ("USD", 50), ("KWD", 160), ("BHD", 200)]
)
def test_the_least_that_may_be_charged_is_charged_and_no_less(currency: str, least: int) -> None:
    unit = step(currency)

    assert split([PaymentRequest()], least, currency) == [least]
    assert "amount_too_small" in _codes([{}], least - unit, currency)


@pytest.mark.parametrize("currency", ["KRW", "USD"])
def test_the_most_that_may_be_charged_is_charged_and_no_more(currency: str) -> None:
    most = maximum(currency)

    assert split([PaymentRequest()], most, currency) == [most]
    assert _codes([{}], most + 1, currency) == ["amount_too_large"]


@pytest.mark.parametrize("currency", ["KWD", "BHD", "JOD", "OMR", "TND"])
def test_an_amount_with_three_decimals_ends_in_zero(currency: str) -> None:
    assert split([PaymentRequest(), PaymentRequest(amount=2000)], 5120, currency) == [3120, 2000]
    assert _codes([{}], 5125, currency) == ["amount_not_rounded"]
    assert _codes([{"amount": 2005}, {}], 5120, currency) == ["amount_not_rounded"] * 2


def test_our_own_money_has_every_decimal() -> None:
    balance = PaymentRequest.model_validate(
        {"method": "balance", "amount": 2005, "balance_id": "bal_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"}
    )

    assert split([balance, PaymentRequest()], 5125, "KWD") == [2005, 3120]


@pytest.mark.parametrize(("currency", "unit"), [("KWD", 10), ("USD", 1), ("KRW", 1), ("XXX", 1)])
def test_the_step_of_a_currency_is_that_of_its_decimals(currency: str, unit: int) -> None:
    assert money.step(currency) == unit


def test_more_cash_than_a_courier_should_carry_is_refused() -> None:
    assert _codes([{"method": "cash"}], 100_001, "KRW") == ["amount_too_large"]
    assert maximum("GBP", "cash") == 0


def test_a_client_learns_the_bounds_before_anybody_is_hurt(world_at: World) -> None:
    shown = world_at.get("/v1/payment-options?currency=KRW")

    assert shown["currency"] == "KRW"
    by_name = {one["method"]: one for one in shown["options"]}
    assert set(by_name) == {"card", "balance", "cash"} | KOREAN
    assert by_name["card"] == {
        "method": "card",
        "confirmed": "in place",
        "minimum": {"amount": 100, "currency": "KRW"},
        "maximum": {"amount": 99_999_999, "currency": "KRW"},
        "step": 1,
        "may_be_saved": True,
    }
    assert by_name["cash"]["maximum"]["amount"] == 100_000


def test_the_options_of_three_decimals_say_their_step(world_at: World) -> None:
    shown = world_at.get("/v1/payment-options?currency=KWD")

    assert {one["method"]: one["step"] for one in shown["options"]} == {"card": 10, "balance": 1}


def test_a_currency_that_nobody_knows_is_refused(world_at: World) -> None:
    answers = [
        world_at.call("GET", f"/v1/payment-options{query}")
        for query in ("", "?currency=XXX", "?currency=won")
    ]

    assert [(one.status, one.json["code"]) for one in answers] == [(400, "invalid")] * 3


@pytest.mark.parametrize(("currency", "least"), [("KRW", 100), ("JPY", 50), ("USD", 50)])
def test_an_order_of_the_least_amount_is_paid_and_one_below_is_told_before(
    world_at: World, currency: str, least: int
) -> None:
    tax = {"included": True, "basis_points": 0}
    store_id = world_at.store(currency=currency, tax=tax)
    items = [item("least", least), item("less", least - 1)]
    menu = {"categories": [{"id": "all", "names": {"en": "All"}, "items": items}]}
    world_at.publish(store_id, menu)
    token = world_at.customer()
    too_little = world_at.quote(store_id, token, items=[{"item_id": "less"}])

    refused = world_at.try_place(token, too_little["id"])
    order_id = world_at.paid_order(store_id, items=[{"item_id": "least"}])
    world_at.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    world_at.pump()

    assert (refused.status, refused.json["code"]) == (422, "payments_impossible")
    [problem] = refused.json["errors"]
    assert (problem["code"], problem["pointer"]) == ("amount_too_small", "/payments/0/amount")
    [intent] = world_at.intents()
    assert (intent["amount_received"], intent["currency"]) == (least, currency.lower())
