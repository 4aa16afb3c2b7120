"""An order's whole way, over HTTP alone: from a sign-in to the ledger."""

import pytest

from tests import shopfront
from tests.e2e.town import Town

pytestmark = pytest.mark.e2e


def test_an_order_is_paid_at_stripe_told_to_its_store_cooked_collected_and_captured(
    town: Town,
) -> None:
    customer, store = town.customer(), town.store()
    placed = town.place(customer, town.quote(store, customer))
    held = town.pay(placed)

    town.await_status(placed["order_id"], "CREATED", customer)
    [told] = town.await_told(store, placed["order_id"], "order.created")
    town.command(placed["order_id"], ("confirm", "preparing", "ready", "picked-up"), store)
    taken = town.await_intent(placed, "succeeded")
    books = town.await_books(placed["order_id"])

    assert (placed["status"], held["status"]) == ("PENDING_PAYMENT", "requires_capture")
    assert told["data"]["status"] == "CREATED"
    assert taken["amount_received"] == placed["total"]["amount"] == 9000
    assert books["balance"] == 0
    assert {entry["transaction"].partition(":")[0] for entry in books["entries"]} >= {"sale"}
    town.await_told(
        store,
        placed["order_id"],
        "order.created",
        "order.confirmed",
        "order.preparing",
        "order.ready_for_pickup",
        "order.picked_up",
    )


@pytest.mark.parametrize(
    ("fulfilment", "wanted", "commands", "total"),
    [
        ("dine_in", {}, ("confirm", "ready", "delivered"), 9000),
        (
            "delivery",
            {"drop_off": shopfront.DOOR},
            ("confirm", "preparing", "ready", "dispatch", "delivered"),
            12_000,
        ),
    ],
)
def test_an_order_that_the_store_serves_or_brings_itself_is_captured_when_it_is_delivered(
    town: Town,
    fulfilment: str,
    wanted: dict[str, object],
    commands: tuple[str, ...],
    total: int,
) -> None:
    customer, store = town.customer(), town.store()
    placed = town.paid_order(store, customer, fulfilment=fulfilment, **wanted)

    last = town.command(placed["order_id"], commands, store)
    taken = town.await_intent(placed, "succeeded")
    books = town.await_books(placed["order_id"])

    assert last["status"] == "DELIVERED"
    assert taken["amount_received"] == total
    assert books["balance"] == 0


def test_an_order_that_its_store_refuses_costs_nothing(town: Town) -> None:
    customer, store = town.customer(), town.store()
    placed = town.paid_order(store, customer)

    reason = {"code": "too_busy"}
    path = f"/v1/orders/{placed['order_id']}/reject"
    refused = town.api.post(path, reason, token=store.machine).expect(200)
    let_go = town.await_intent(placed, "canceled")

    assert refused["status"] == "CANCELLED"
    assert refused["cancellation"]["fee"] == let_go["amount_received"] == 0
    town.await_told(store, placed["order_id"], "order.created", "order.cancelled")


def test_a_declined_card_leaves_the_order_to_another_card(town: Town) -> None:
    customer, store = town.customer(), town.store()
    placed = town.place(customer, town.quote(store, customer))
    [payment] = placed["payments"]
    path = f"/v1/payment_intents/{payment['intent_id']}/confirm"
    fields = {
        "client_secret": payment["client_secret"],
        "payment_method": "pm_card_visa_chargeDeclined",
    }

    declined = town.stripe.form(path, fields, token="pk_test_ieum")
    waiting = town.order(placed["order_id"], customer)
    town.pay(placed)
    paid = town.await_status(placed["order_id"], "CREATED", customer)

    assert declined.status == 402
    assert waiting["status"] == "PENDING_PAYMENT"
    assert paid["total"]["amount"] == 9000
