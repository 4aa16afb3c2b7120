import pytest

from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Port
from tests.sandbox.stripe.stories import DAY, World, charge_of, do, hold, look, pay, refund


@rests_on("https://docs.stripe.com/api/refunds/create")
def test_a_refund_without_amount_gives_all_back(port: Port) -> None:
    intent = pay(port)

    given = refund(port, intent, reason="requested_by_customer")

    assert (given["amount"], given["status"]) == (2000, "succeeded")
    charge = charge_of(port, intent)
    assert (charge["refunded"], charge["amount_refunded"]) == (True, 2000)


@rests_on("https://docs.stripe.com/refunds#issuing", "until the entire charge has been refunded")
def test_refunds_may_be_partial_and_many(port: Port) -> None:
    intent = pay(port)

    given = [refund(port, intent, amount=amount)["amount"] for amount in (500, 700)]

    charge = charge_of(port, intent)
    assert given == [500, 700]
    assert (charge["refunded"], charge["amount_refunded"]) == (False, 1200)


@rests_on("https://docs.stripe.com/api/refunds/create", "can't refund more than the original")
def test_more_than_is_left_cannot_be_refunded(port: Port) -> None:
    intent = pay(port)
    refund(port, intent, amount=1500)

    reply = refund(port, intent, amount=501)

    assert reply.status == 400
    assert charge_of(port, intent)["amount_refunded"] == 1500


@rests_on("https://docs.stripe.com/api/refunds/create")
def test_only_what_was_captured_can_be_refunded(port: Port) -> None:
    intent = do(port, hold(port), "capture", amount_to_capture=1500)

    over = refund(port, intent, amount=1501)
    rest = refund(port, intent)

    assert over.status == 400
    assert rest["amount"] == 1500


@rests_on("https://docs.stripe.com/error-codes#charge-already-refunded")
def test_what_is_refunded_already_is_not_refunded_again(port: Port) -> None:
    intent = pay(port)
    refund(port, intent)

    again = refund(port, intent)

    assert again.status == 400
    assert again.error["code"] == "charge_already_refunded"


@rests_on("https://docs.stripe.com/refunds#cancel-payment", "cancel it instead")
def test_what_is_only_held_cannot_be_refunded(port: Port) -> None:
    reply = refund(port, hold(port))

    assert reply.status == 400


@rests_on("https://docs.stripe.com/refunds#cancel-payment")
def test_what_was_cancelled_cannot_be_refunded(port: Port) -> None:
    reply = refund(port, do(port, hold(port), "cancel"))

    assert reply.status == 400


@rests_on("https://docs.stripe.com/api/refunds/create")
def test_a_refund_needs_something_to_refund(port: Port) -> None:
    reply = port.call("POST", "refunds", {"amount": 100})

    assert reply.status == 400


@rests_on("https://docs.stripe.com/api/refunds/list")
def test_refunds_of_a_payment_are_listed_newest_first(port: Port) -> None:
    intent = pay(port)
    made = [refund(port, intent, amount=amount)["id"] for amount in (100, 200)]

    listed = port.call("GET", "refunds", {"payment_intent": intent["id"]})

    assert [entry["id"] for entry in listed["data"]] == made[::-1]
    assert port.call("GET", f"refunds/{made[0]}")["amount"] == 100


@rests_on(
    "https://docs.stripe.com/testing#refunds", "pm_card_refundFail", fake_only="needs time to pass"
)
def test_a_refund_may_fail_later(world: World) -> None:
    intent = pay(world.port, "pm_card_refundFail")
    given = refund(world.port, intent)

    world.clock.forward(DAY)

    after = world.port.call("GET", f"refunds/{given['id']}")
    assert (given["status"], after["status"]) == ("succeeded", "failed")
    assert after["failure_reason"] == "expired_or_canceled_card"
    assert charge_of(world.port, intent)["amount_refunded"] == 0
    assert "refund.failed" in world.events()


@rests_on("https://docs.stripe.com/refunds#failed-refunds", fake_only="needs the bank to act")
def test_a_failed_refund_can_be_tried_again(world: World) -> None:
    intent = pay(world.port)
    world.fake.fail_refund(refund(world.port, intent)["id"])

    again = refund(world.port, intent)

    assert again["status"] == "succeeded"
    assert charge_of(world.port, intent)["amount_refunded"] == 2000


@rests_on(
    "https://docs.stripe.com/testing#refunds",
    "pm_card_pendingRefund",
    fake_only="needs time to pass",
)
def test_a_refund_may_take_its_time(world: World) -> None:
    given = refund(world.port, pay(world.port, "pm_card_pendingRefund"))

    world.clock.forward(DAY)

    after = world.port.call("GET", f"refunds/{given['id']}")
    assert (given["status"], after["status"]) == ("pending", "succeeded")
    assert world.events()[-1] == "refund.updated"


@rests_on(
    "https://docs.stripe.com/api/balance_transactions/object", fake_only="needs the bank to act"
)
def test_the_balance_is_the_sum_of_its_transactions(world: World) -> None:
    intent = do(world.port, hold(world.port), "capture", amount_to_capture=1500)
    refund(world.port, intent, amount=500)
    world.fake.fail_refund(refund(world.port, intent, amount=300)["id"])

    rows = world.port.call("GET", "balance_transactions")["data"]
    balance = world.port.call("GET", "balance")

    kinds = [(row["type"], row["amount"], row["fee"]) for row in reversed(rows)]
    assert kinds == [
        ("charge", 1500, 74),
        ("refund", -500, 0),
        ("refund", -300, 0),
        ("refund_failure", 300, 0),
    ]
    lines = [*balance["available"], *balance["pending"]]
    assert sum(line["amount"] for line in lines) == sum(row["net"] for row in rows)


@rests_on("https://docs.stripe.com/payouts#standard-payout-timing", fake_only="needs time to pass")
def test_a_payment_becomes_available_after_two_days(world: World) -> None:
    charge = charge_of(world.port, pay(world.port))
    path = f"balance_transactions/{charge['balance_transaction']}"
    before = world.port.call("GET", path)["status"]

    world.clock.forward(2 * DAY)

    assert (before, world.port.call("GET", path)["status"]) == ("pending", "available")


@rests_on("https://docs.stripe.com/api/refunds/update")
def test_a_refund_carries_metadata_and_takes_more(port: Port) -> None:
    given = refund(port, pay(port), metadata={"refund": "rfd_1"})

    path = f"refunds/{given['id']}"
    changed = port.call("POST", path, {"metadata": {"order": "ord_1"}})

    assert given["metadata"] == {"refund": "rfd_1"}
    assert changed["metadata"] == {"refund": "rfd_1", "order": "ord_1"}


@rests_on("https://docs.stripe.com/api/refunds/create#create_refund-reason")
def test_a_reason_is_one_of_three(port: Port) -> None:
    reply = refund(port, pay(port), reason="cold_soup")

    assert (reply.status, reply.error["param"]) == (400, "reason")


@rests_on("https://docs.stripe.com/api/refunds/create#create_refund-charge")
def test_a_charge_is_refunded_by_its_own_id(port: Port) -> None:
    intent = pay(port)

    given = port.call("POST", "refunds", {"charge": intent["latest_charge"], "amount": 1})

    assert (given["amount"], given["payment_intent"]) == (1, intent["id"])


@rests_on("https://docs.stripe.com/changelog/basil/2025-04-30/refund-pending-reason", "processing")
def test_a_pending_refund_says_why(port: Port) -> None:
    given = refund(port, pay(port, "pm_card_pendingRefund"))

    assert (given["status"], given["pending_reason"]) == ("pending", "processing")


@rests_on("https://docs.stripe.com/currencies#three-decimal")
def test_a_three_decimal_refund_ends_in_zero(port: Port) -> None:
    intent = pay(port, amount=5120, currency="kwd")

    odd, even = refund(port, intent, amount=1005), refund(port, intent, amount=1010)

    assert (odd.status, even["amount"]) == (400, 1010)


# https://docs.stripe.com/api/events/types
TOLD = [
    ("pm_card_visa", ["refund.created", "charge.refunded"]),
    ("pm_card_pendingRefund", ["refund.created", "charge.refunded", "refund.updated"]),
    (
        "pm_card_refundFail",
        [
            *("refund.created", "charge.refunded"),
            *("refund.updated", "refund.failed", "charge.refund.updated"),
        ],
    ),
]


@rests_on(
    "https://docs.stripe.com/api/events/types#event_types-refund.failed",
    fake_only="needs time to pass",
)
@pytest.mark.parametrize(("card", "told"), TOLD)
def test_a_refund_and_what_becomes_of_it_are_events(
    world: World, card: str, told: list[str]
) -> None:
    intent = pay(world.port, card)
    before = len(world.events())
    refund(world.port, intent, amount=500, metadata={"refund": "rfd_1"})

    world.clock.forward(DAY)
    look(world.port, intent)

    assert world.events()[before:] == told
