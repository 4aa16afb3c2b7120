"""What a job pays: a published rule, posted in the transaction that ends the job."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import money, parts
from chalicelib.core.errors import BusyError
from chalicelib.couriers import earning, opening
from chalicelib.couriers.earning import MINIMUM
from chalicelib.couriers.schemas import Earning
from chalicelib.orders import reading as orders
from chalicelib.orders.models import OrderHead
from chalicelib.orders.price_schemas import Share
from tests import laws
from tests.couriers.street import TO_THE_DOOR, Rider, Street, at_once
from tests.laws import Row
from tests.shopfront import DOOR


def _posted(delivery_id: str) -> list[Row]:
    return [row for row in laws.rows("ledger") if row["pk"] == f"delivery#{delivery_id}"]


def _balances(*rows: Row) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row["account"]] = found.get(row["account"], 0) + int(row["amount"])
    return found


def _delivered(street: Street, rider: Rider) -> tuple[str, str]:
    """The delivery and its order."""
    order_id = street.order()
    delivery = street.job(rider, *TO_THE_DOOR, order_id=order_id)
    answer = rider.step(delivery.id, "delivered", body={"pin": street.pin(order_id)})
    assert answer.status == 200
    return delivery.id, order_id


def _tipped(street: Street, amount: int) -> str:
    """An order whose price holds a tip for who brings it, with its delivery open. Its id."""
    order_id = street.world.paid_order(street.store_id, fulfilment="delivery", drop_off=DOOR)
    order = orders.find(order_id)
    assert order is not None
    shares = [*order.shares, Share(to="courier", why="tip", amount=amount)]
    parts.commit(
        parts.update(
            OrderHead.at(order_id),
            [
                OrderHead.shares.set([one.model_dump() for one in shares]),
                OrderHead.total.set(order.total + amount),
            ],
            BusyError(),
            OrderHead.version == order.version,
        )
    )
    street.world.command(order_id, "confirm", "ready", store_id=street.store_id)
    opening.open(order_id)
    return order_id


@pytest.mark.parametrize(
    ("currency", "share", "gross", "fee"),
    [
        ("KRW", 3000, 3000, 150),
        ("KRW", 2999, 3000, 150),
        ("KRW", 3001, 3001, 150),
        ("KRW", 0, 3000, 150),
        ("KRW", 4310, 4310, 216),
        ("USD", 499, 500, 25),
        ("JPY", 450, 450, 23),
        ("BHD", 0, 0, 0),
        ("BHD", 1234, 1234, 62),
    ],
)
def test_a_job_pays_its_share_or_the_minimum_less_five_per_cent(
    currency: str, share: int, gross: int, fee: int
) -> None:
    found = earning.rule(currency, share)

    assert found == Earning(currency=currency, gross=gross, fee=fee, net=gross - fee, tip=0)


def test_every_published_minimum_is_of_a_currency_that_we_know() -> None:
    assert all(money.exponent(currency) in {0, 2} for currency in MINIMUM)


@given(
    share=st.integers(0, 10**7),
    owed=st.integers(0, 10**7),
    tip=st.integers(0, 10**5),
    currency=st.sampled_from([*MINIMUM, "BHD"]),
)
def test_the_entries_of_a_job_sum_to_zero_and_the_courier_gets_net_and_tip(
    share: int, owed: int, tip: int, currency: str
) -> None:
    pay = earning.rule(currency, share, tip)

    entries = earning.entries(pay, "jun", owed, earning.DELIVERED)

    assert sum(entry.amount for entry in entries) == 0
    own = sum(entry.amount for entry in entries if entry.account == earning.account("jun"))
    assert own == -(pay.net + min(tip, owed))
    assert sum(entry.amount for entry in entries if entry.account == "payable:couriers") == owed


def test_what_the_order_gives_goes_to_the_courier_less_the_fee(street: Street, jun: Rider) -> None:
    delivery_id, _ = _delivered(street, jun)

    assert _balances(*_posted(delivery_id)) == {
        "payable:couriers": 3000,
        "payable:courier:jun": -2850,
        "revenue:courier_fee": -150,
    }


def test_a_tip_neither_counts_towards_the_minimum_nor_is_any_fee_taken_of_it(
    street: Street, jun: Rider
) -> None:
    order_id = _tipped(street, 1000)
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)

    jun.step(delivery.id, "delivered", body={"pin": street.pin(order_id)})

    assert (delivery.gross, delivery.fee, delivery.tip) == (3000, 150, 1000)
    assert _balances(*_posted(delivery.id)) == {
        "payable:couriers": 4000,
        "payable:courier:jun": -3850,
        "revenue:courier_fee": -150,
    }


def test_what_orders_set_aside_for_couriers_is_paid_out_to_the_last(
    street: Street, jun: Rider
) -> None:
    delivery_id, order_id = _delivered(street, jun)
    street.world.pump()

    sale = [row for row in laws.rows("ledger") if row["pk"] == f"order#{order_id}"]

    assert _balances(*sale, *_posted(delivery_id))["payable:couriers"] == 0


def test_what_the_order_does_not_give_is_the_platforms_expense(street: Street, jun: Rider) -> None:
    zones = [
        {"area": {"type": "Radius", "metres": 2000}, "fee": 500, "minimum": 0, "eta_minutes": 9}
    ]
    cheap = Street(
        street.world, street.world.store(delivered_by="platform", zones=zones, owner="other")
    )

    delivery_id, _ = _delivered(cheap, jun)

    assert _balances(*_posted(delivery_id)) == {
        "payable:couriers": 500,
        "expense:courier_pay": 2500,
        "payable:courier:jun": -2850,
        "revenue:courier_fee": -150,
    }


@pytest.mark.parametrize(
    ("code", "given", "expense"), [("customer_absent", 3000, 0), ("other", 0, 3000)]
)
def test_the_way_back_is_paid_by_who_is_liable(
    code: str, given: int, expense: int, street: Street, jun: Rider
) -> None:
    delivery = street.job(jun, *TO_THE_DOOR)
    jun.step(delivery.id, "undeliverable", body={"code": code})
    before = _posted(delivery.id)

    jun.step(delivery.id, "returned")

    found = _balances(*_posted(delivery.id))
    assert before == []
    assert found["payable:courier:jun"] == -2850
    assert found.get("payable:couriers", 0) == given
    assert found.get("expense:courier_pay", 0) == expense


def test_what_a_cancelled_order_pays_its_store_is_not_its_couriers(
    street: Street, jun: Rider
) -> None:
    order_id = street.order()
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)
    street.world.cancel(order_id, street.world.operator())
    jun.step(delivery.id, "undeliverable", body={"code": "customer_refused"})
    jun.step(delivery.id, "returned")

    assert _balances(*_posted(delivery.id))["expense:courier_pay"] == 3000


def test_a_hand_over_told_many_times_at_once_is_paid_once(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)
    pin = street.pin(order_id)

    at_once(*[lambda: jun.step(delivery.id, "delivered", body={"pin": pin})] * 4)

    assert _balances(*_posted(delivery.id))["payable:courier:jun"] == -2850


def test_what_is_given_back_before_pick_up_pays_nothing(street: Street, jun: Rider) -> None:
    delivery = street.job(jun)

    jun.step(delivery.id, "release", body={"code": "other"})

    assert _posted(delivery.id) == []
    assert jun.get("/v1/earnings") == {"items": [], "next_cursor": None}


def test_a_courier_lists_what_they_have_earned_newest_first(street: Street, jun: Rider) -> None:
    made = []
    for _ in range(3):
        made.append(_delivered(street, jun)[0])
        street.world.clock.move(60)
        jun.locate(len(made))

    found = jun.get("/v1/earnings")

    assert [one["delivery_id"] for one in found["items"]] == made[::-1]
    assert found["items"][0] == {
        "delivery_id": made[-1],
        "why": "delivered",
        "money": {"amount": 2850, "currency": "KRW"},
        "posted_at": "2026-11-22T12:02:00.000Z",
    }
    assert Rider(street.world, "mia").get("/v1/earnings")["items"] == []


@pytest.mark.parametrize("limit", [1, 2, 5, 7, 8])
def test_pages_of_earnings_are_whole_and_in_order_whatever_lies_in_which_shard(
    limit: int, street: Street, jun: Rider
) -> None:
    for number in range(7):
        _delivered(street, jun)
        street.world.clock.move(number % 2)
    whole = jun.get("/v1/earnings?limit=100")["items"]

    pages, path = [], f"/v1/earnings?limit={limit}"
    while True:
        page = jun.get(path)
        pages.append(page["items"])
        if page["next_cursor"] is None:
            break
        path = f"/v1/earnings?limit={limit}&cursor={page['next_cursor']}"

    assert [one for page in pages for one in page] == whole
    assert len({one["delivery_id"] for one in whole}) == 7
    assert {len(page) for page in pages[:-1]} <= {limit}
    assert pages[-1]
