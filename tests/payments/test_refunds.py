"""Refunds: by line or amount, never more than was taken, exact in the books, and able to fail."""

import pytest

from chalicelib.core import ids
from chalicelib.core.errors import NotFoundError
from chalicelib.payments import following, repaying
from chalicelib.payments.payment import Subject
from sandbox.stripe.faults import Fault
from tests import laws, people
from tests.payments.stories import Said, alarms, on
from tests.world import World

DONE = ("confirm", "ready", "picked-up")


def _collected(world: World, *payments: dict[str, object], store_id: str = "") -> str:
    """An order of two bibimbap, 18,000, that was collected and captured. Its id."""
    store_id = store_id or world.store()
    items = [{"item_id": "bibimbap", "quantity": 2}]
    order_id = world.paid_order(store_id, *payments, items=items)
    world.command(order_id, *DONE, store_id=store_id)
    world.pump()
    return order_id


def _entries(order_id: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in laws.rows("ledger"):
        if row["pk"] == f"order#{order_id}":
            name = row["account"].split(":mer_")[0]
            sums[name] = sums.get(name, 0) + int(row["amount"])
    return {name: amount for name, amount in sums.items() if amount}


def test_a_refund_of_an_amount_goes_back_to_the_card_at_the_platforms_expense(
    world_at: World,
) -> None:
    order_id = _collected(world_at)

    refund = world_at.refund(order_id, amount=5000, reason="late")

    assert (refund["status"], refund["liable_party"]) == ("succeeded", "platform")
    assert refund["portions"][0]["amount"] == {"amount": 5000, "currency": "KRW"}
    assert [one["amount"] for one in world_at.refunds()] == [5000]
    assert _entries(order_id)["expense:refunds"] == 5000
    assert _entries(order_id)["stripe:clearing"] == 13_000
    (leg,) = world_at.get(f"/v1/orders/{order_id}/payments", world_at.customer())["payments"]
    assert (leg["status"], leg["refunded"]["amount"]) == ("partially_refunded", 5000)


def test_repeating_a_refund_gives_back_once_and_answers_the_same(world_at: World) -> None:
    order_id = _collected(world_at)

    first = world_at.try_refund(order_id, key="one", amount=18_000)
    second = world_at.try_refund(order_id, key="one", amount=18_000)

    assert (first.status, second.status) == (201, 201)
    assert first.json == second.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(world_at.refunds()) == 1


def test_the_same_key_for_another_refund_is_refused(world_at: World) -> None:
    order_id = _collected(world_at)
    world_at.try_refund(order_id, key="one", amount=18_000)

    other = world_at.try_refund(order_id, key="one", amount=17_000)

    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")


def test_a_line_goes_back_with_its_share_and_only_as_often_as_it_was_bought(
    world_at: World,
) -> None:
    order_id = _collected(world_at)

    for _ in range(2):
        one = world_at.refund(order_id, lines=[{"line": 0}], liable_party="store")
        assert one["amount"]["amount"] == 9000
    again = world_at.try_refund(order_id, lines=[{"line": 0}])

    assert again.status == 422
    assert again.json["errors"][0]["pointer"] == "/lines/0"
    books = _entries(order_id)
    assert books == {}, "store and platform are as if nothing had been sold"


def test_an_unknown_line_and_a_line_beside_an_amount_are_told(world_at: World) -> None:
    order_id = _collected(world_at)

    unknown = world_at.try_refund(order_id, lines=[{"line": 7}])
    both = world_at.try_refund(order_id, lines=[{"line": 0}], amount=5)

    assert unknown.json["errors"][0]["pointer"] == "/lines/7"
    assert both.json["errors"][0]["pointer"] == "/amount"


def test_no_more_goes_back_than_was_taken_however_many_refunds_there_are(
    world_at: World,
) -> None:
    order_id = _collected(world_at)
    world_at.refund(order_id, amount=10_000)

    too_much = world_at.try_refund(order_id, amount=8001)
    world_at.clock.move(1)
    rest = world_at.refund(order_id)
    nothing = world_at.try_refund(order_id)

    assert too_much.json["errors"][0]["detail"] == "At most 8000 can be given back."
    assert rest["amount"]["amount"] == 8000
    assert nothing.status == 422
    found = world_at.get(f"/v1/orders/{order_id}/refunds", world_at.customer())
    assert [one["amount"]["amount"] for one in found["items"]] == [10_000, 8000]
    assert found["refundable"]["amount"] == 0


def test_an_order_that_is_not_captured_has_nothing_to_give_back(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store())

    assert world_at.try_refund(order_id).status == 422


def test_a_store_bears_its_own_refund_and_gets_its_commission_back(world_at: World) -> None:
    store_id = world_at.store()
    terms = {"commission_basis_points": 1000, "confirm_seconds": 480, "reason": "Agreed."}
    path = f"/v1/stores/{store_id}/terms"
    assert world_at.call("PUT", path, terms, token=world_at.operator()).status == 200
    order_id = _collected(world_at, store_id=store_id)
    before = _entries(order_id)

    refund = world_at.try_refund(order_id, people.machine(store_id), amount=9000)

    assert (refund.status, refund.json["liable_party"]) == (201, "store")
    after = _entries(order_id)
    assert (before["payable:merchant"], after["payable:merchant"]) == (-16_200, -8100)
    assert (before["revenue:commission"], after["revenue:commission"]) == (-1800, -900)


def test_a_store_cannot_give_away_what_is_the_platforms(world_at: World) -> None:
    store_id = world_at.store()
    order_id = _collected(world_at, store_id=store_id)
    till = people.machine(store_id)

    refund = world_at.try_refund(order_id, till, amount=1, liable_party="platform")

    assert refund.json["errors"][0]["pointer"] == "/liable_party"


def test_tax_that_was_put_on_top_goes_back_with_its_line(world_at: World) -> None:
    store_id = world_at.store(tax={"included": False, "basis_points": 1000})
    order_id = _collected(world_at, store_id=store_id)

    refund = world_at.refund(order_id, lines=[{"line": 0}], liable_party="store")

    assert refund["amount"]["amount"] == 9900
    assert _entries(order_id)["payable:tax"] == -900


def test_stripe_being_away_leaves_a_refund_pending_and_the_sweep_finishes_it(
    world_at: World,
) -> None:
    order_id = _collected(world_at)
    world_at.stripe.set_fault(on("before", "/refunds", Fault()))

    refund = world_at.refund(order_id, amount=5000)
    assert refund["status"] == "pending"
    world_at.stripe.set_fault(lambda *_: None)
    world_at.tick(120)

    found = world_at.get(f"/v1/orders/{order_id}/refunds", world_at.operator())
    assert found["items"][0]["status"] == "succeeded"
    assert [one["amount"] for one in world_at.refunds()] == [5000]
    assert _entries(order_id)["stripe:clearing"] == 13_000


def test_an_answer_that_was_lost_never_makes_a_second_refund_not_even_days_later(
    world_at: World,
) -> None:
    order_id = _collected(world_at)
    world_at.stripe.set_fault(on("after", "/refunds", Fault()))
    world_at.refund(order_id, amount=5000)
    world_at.stripe.set_fault(lambda *_: None)
    world_at.lose_webhooks()
    world_at.clock.move(30 * 3600)

    world_at.tick(60)

    assert [one["amount"] for one in world_at.refunds()] == [5000]
    assert _entries(order_id)["stripe:clearing"] == 13_000


def test_a_refund_that_stripe_never_made_and_has_forgotten_is_not_asked_for_again(
    world_at: World, said: Said
) -> None:
    order_id = _collected(world_at)
    world_at.stripe.set_fault(on("before", "/refunds", Fault()))
    world_at.refund(order_id, amount=5000)
    world_at.stripe.set_fault(lambda *_: None)
    world_at.clock.move(30 * 3600)
    said()

    world_at.tick(60)

    assert world_at.refunds() == []
    assert "A refund failed" in alarms(said)
    found = world_at.get(f"/v1/orders/{order_id}/refunds", world_at.operator())
    assert found["items"][0]["status"] == "failed"
    assert found["refundable"]["amount"] == 18_000


def test_a_refund_that_the_bank_returns_counts_as_not_given_back_and_a_person_is_told(
    world_at: World, said: Said
) -> None:
    order_id = _collected(world_at)
    world_at.refund(order_id, amount=5000, liable_party="store")
    world_at.pump()
    said()

    world_at.stripe.fail_refund(world_at.refunds()[0]["id"])
    world_at.pump()

    assert "A refund failed" in alarms(said)
    books = _entries(order_id)
    assert books["stripe:clearing"] == 18_000
    assert books["payable:customer"] == -5000, "it is still owed"
    (leg,) = world_at.get(f"/v1/orders/{order_id}/payments", world_at.customer())["payments"]
    assert (leg["status"], leg["refunded"]["amount"]) == ("captured", 0)
    found = world_at.get(f"/v1/orders/{order_id}/refunds", world_at.operator())
    assert found["items"][0]["portions"][0]["failure"] == "expired_or_canceled_card"


def test_what_came_back_is_paid_into_the_customers_wallet_once(world_at: World) -> None:
    order_id = _collected(world_at)
    refund = world_at.refund(order_id, amount=5000)
    world_at.stripe.fail_refund(world_at.refunds()[0]["id"])
    world_at.pump()

    path = f"/v1/orders/{order_id}/refunds/{refund['id']}/retry"
    first = world_at.post(
        path, {"destination": "wallet", "reason": "Asked."}, token=world_at.operator()
    )
    second = world_at.post(
        path, {"destination": "wallet", "reason": "Asked."}, token=world_at.operator()
    )

    assert first.json["status"] == second.json["status"] == "succeeded"
    assert [one["status"] for one in second.json["portions"]] == ["replaced", "succeeded"]
    (wallet,) = world_at.get("/v1/balances", world_at.customer())["items"]
    assert (wallet["kind"], wallet["amount"]["amount"]) == ("wallet", 5000)
    books = _entries(order_id)
    assert books["stored_value:wallet"] == -5000
    assert "payable:customer" not in books


def test_what_came_back_can_be_sent_to_the_card_again_under_another_name(world_at: World) -> None:
    order_id = _collected(world_at)
    refund = world_at.refund(order_id, amount=5000)
    world_at.stripe.fail_refund(world_at.refunds()[0]["id"])
    world_at.pump()

    path = f"/v1/orders/{order_id}/refunds/{refund['id']}/retry"
    again = world_at.post(
        path, {"destination": "source", "reason": "Asked."}, token=world_at.operator()
    )

    assert again.json["status"] == "succeeded"
    assert [one["status"] for one in world_at.refunds()] == ["succeeded", "failed"]
    assert _entries(order_id)["stripe:clearing"] == 13_000


def test_what_was_given_back_otherwise_since_cannot_be_sent_again(world_at: World) -> None:
    order_id = _collected(world_at)
    refund = world_at.refund(order_id, amount=5000)
    world_at.stripe.fail_refund(world_at.refunds()[0]["id"])
    world_at.pump()
    world_at.refund(order_id)

    path = f"/v1/orders/{order_id}/refunds/{refund['id']}/retry"
    again = world_at.post(
        path, {"destination": "source", "reason": "Asked."}, token=world_at.operator()
    )

    assert again.status == 422


def test_a_refund_can_go_into_the_wallet_from_the_beginning(world_at: World) -> None:
    order_id = _collected(world_at)

    refund = world_at.refund(order_id, amount=2000, destination="wallet")

    assert refund["status"] == "succeeded"
    assert world_at.refunds() == []
    (wallet,) = world_at.get("/v1/balances", world_at.customer())["items"]
    assert wallet["amount"]["amount"] == 2000


def test_a_pending_refund_is_posted_once_and_told_when_the_bank_has_it(world_at: World) -> None:
    store_id = world_at.store()
    placed = world_at.order(store_id)
    world_at.pay(placed["payments"][0], "pm_card_pendingRefund")
    world_at.confirm(placed["order_id"])
    world_at.command(placed["order_id"], *DONE, store_id=store_id)
    world_at.pump()

    refund = world_at.refund(placed["order_id"], amount=5000)
    assert (refund["status"], refund["portions"][0]["status"]) == ("pending", "sent")
    world_at.pass_time(8 * 86_400, step=7200)

    found = world_at.get(f"/v1/orders/{placed['order_id']}/refunds", world_at.operator())
    assert found["items"][0]["status"] == "succeeded"
    laws.demand(world_at)


def test_an_order_of_several_payments_gives_back_to_cards_first(world_at: World) -> None:
    balance = world_at.grant(6000)
    order_id = _collected(
        world_at,
        {"method": "balance", "balance_id": balance, "amount": 6000},
        {"method": "card"},
    )

    refund = world_at.refund(order_id, amount=15_000)

    portions = [(one["method"], one["amount"]["amount"]) for one in refund["portions"]]
    assert portions == [("card", 12_000), ("balance", 3000)]
    assert world_at.get(f"/v1/balances/{balance}", world_at.customer())["amount"]["amount"] == 3000


def test_what_several_payments_get_into_one_wallet_goes_there_in_one_movement(
    world_at: World,
) -> None:
    balance = world_at.grant(6000)
    order_id = _collected(
        world_at,
        {"method": "balance", "balance_id": balance, "amount": 6000},
        {"method": "card", "amount": 6000},
        {"method": "cash"},
    )

    refund = world_at.refund(order_id, destination="wallet")

    assert [one["destination"] for one in refund["portions"]] == ["wallet"] * 3
    found = world_at.get(f"/v1/balances/{balance}", world_at.customer())
    assert found["amount"]["amount"] == 18_000
    assert [one["amount"]["amount"] for one in found["moves"] if one["why"] == "refund"] == [18_000]


def test_what_was_taken_though_it_was_to_be_let_go_goes_back_by_itself(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store())
    intent = world_at.intents()[0]["id"]
    headers = {"Authorization": "Bearer sk_test_x"}
    world_at.stripe.request("POST", f"/v1/payment_intents/{intent}/capture", headers, "")

    world_at.cancel(order_id)
    world_at.pump()
    world_at.tick(120)

    assert [one["amount"] for one in world_at.refunds()] == [9000]
    assert _entries(order_id) == {}
    laws.demand(world_at)


def test_a_refund_of_nobodys_and_of_another_deployment_is_left_alone(world_at: World) -> None:
    order_id = _collected(world_at)
    intent = world_at.intents()[0]["id"]
    headers = {"Authorization": "Bearer sk_test_x"}
    form = f"payment_intent={intent}&amount=100&metadata[env]=other&metadata[refund]=x:00"
    world_at.stripe.request("POST", "/v1/refunds", headers, form)
    world_at.stripe.request("POST", "/v1/refunds", headers, f"payment_intent={intent}&amount=100")

    world_at.pump()

    assert world_at.get(f"/v1/orders/{order_id}/refunds", world_at.operator())["items"] == []


def test_a_portion_that_needs_nothing_is_left_as_it_is(world_at: World) -> None:
    order_id = _collected(world_at)
    refund = world_at.refund(order_id, amount=2000, destination="wallet")
    subject = Subject("order", order_id)

    following.resume(subject, f"REFUND#{refund['id']}#00")

    with pytest.raises(NotFoundError, match="There is no such thing"):
        repaying.find(subject, ids.new("ref"), 0)
