"""Every law can be broken: for each, a world that is as it must never be."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.sim.aws.queues import Message
from tests.sim.invariants import (
    bargains,
    bringing,
    errands,
    guests,
    limits,
    lives,
    money,
    owed,
    reaching,
    telling,
)
from tests.sim.invariants.registry import Violation
from tests.sim.shadow import Change, Row
from tests.sim.world import Alarm, World

ORDER, PAY = "ORDER#o1", "PAY#order#o1"
LEG = {"id": "l1", "amount": 100, "status": "captured", "captured": 100, "refunded": 0}
PRICED = {
    "lines": [{"unit_price": 50, "quantity": 2}],
    "price": [{"kind": "items", "amount": 100}],
    "commission_basis_points": 0,
}


def put(world: World, table: str, pk: str, sk: str, row: Row) -> Change:
    """Write a row past the database. What it changed."""
    partition = world.shadow._tables.setdefault(table, {}).setdefault(pk, {})
    old = partition.get(sk)
    partition[sk] = {"pk": pk, "sk": sk, **row}
    return Change(table, (pk, sk), old, partition[sk])


def order(world: World, **changed: Any) -> Change:  # noqa: ANN401 - any attribute
    row = {
        "id": "o1", "status": "CONCLUDED", "version": 1, "total": 100, "owed": 100, "board": "s1",
        "store_id": "s1", "fees": "{}", "shares": "[]",
    }  # fmt: skip
    body = {"content": json.dumps({"priced": PRICED, "quote_id": "q1"})}
    put(world, "orders", ORDER, "BODY", body)
    return put(world, "orders", ORDER, "HEAD", {**row, **changed})


def paid(world: World, **changed: Any) -> Change:  # noqa: ANN401 - any attribute
    put(world, "payments", PAY, "HEAD", {"due": 100, "captured": 100, "version": 1})
    return put(world, "payments", PAY, "LEG#l1", {**LEG, **changed})


def intent(world: World, **changed: Any) -> None:  # noqa: ANN401 - any attribute
    made = {
        "id": "pi_1", "status": "succeeded", "amount": 100, "amount_received": 100,
        "metadata": {"kind": "order", "subject": "o1", "leg": "l1"}, **changed,
    }  # fmt: skip
    world.bank.fake._account.store.put("payment_intent", made["id"], made)


def entry(world: World, account: str, amount: int, number: int = 0) -> Change:
    row = {"transaction": "t", "account": account, "amount": amount, "currency": "KRW"}
    return put(world, "ledger", "order#o1", f"t#{number}", row)


def delivery(world: World, **changed: Any) -> Change:  # noqa: ANN401 - any attribute
    row = {"id": "d1", "order_id": "o1", "status": "PENDING", "version": 1, **changed}
    return put(world, "couriers", "DELIVERY#d1", "HEAD", row)


def offer(world: World, courier: str, status: str) -> Change:
    row = {"id": f"f-{courier}", "courier_id": courier, "delivery_id": "d1", "status": status}
    return put(world, "couriers", f"COURIER#{courier}", f"OFFER#f-{courier}", row)


# --- one bad state for each law ------------------------------------------------------------------


def lopsided(world: World) -> None:
    money.entries_sum_to_zero(world, [entry(world, "a", 1)])


def rewritten(world: World) -> None:
    entry(world, "a", 0)
    money.entries_sum_to_zero(world, [entry(world, "b", 0)])


def too_much(world: World) -> None:
    order(world)
    money.legs_stay_within_their_amounts(world, [paid(world, captured=101)])


def too_much_back(world: World) -> None:
    money.legs_stay_within_their_amounts(world, [paid(world, refunded=101)])


def no_sum(world: World) -> None:
    money.legs_stay_within_their_amounts(world, [paid(world, captured=50)])


def more_than_due(world: World) -> None:
    paid(world)
    put(world, "payments", PAY, "LEG#l2", {**LEG, "id": "l2"})
    head = put(world, "payments", PAY, "HEAD", {"due": 100, "captured": 200, "version": 2})
    money.legs_stay_within_their_amounts(world, [head])


def shown_unpaid(world: World) -> None:
    paid(world, status="requires_payment")
    money.the_store_sees_only_what_is_paid(world, [order(world)])


def shown_unheld(world: World) -> None:
    paid(world, intent_id="pi_1")
    intent(world, status="canceled")
    money.the_store_sees_only_what_is_paid(world, [order(world)])


def taken_twice(world: World) -> None:
    order(world)
    intent(world)
    intent(world, id="pi_2")
    money.stripe_takes_once(world)


def over_held(world: World) -> None:
    intent(world, amount_received=101)
    money.stripe_takes_once(world)


def back_twice(world: World) -> None:
    order(world)
    intent(world)
    for number in range(2):
        refund = {"payment_intent": "pi_1", "amount": 60, "status": "succeeded"}
        world.bank.fake._account.store.put("refund", f"re_{number}", refund)
    money.stripe_takes_once(world)


def taken_unseen(world: World) -> None:
    order(world, board=None)
    intent(world)
    money.stripe_takes_once(world)


def booked_early(world: World) -> None:
    order(world)
    intent(world, amount_received=0)
    entry(world, "stripe:clearing", 100)
    money.the_books_never_lead(world)


def unreconciled(world: World) -> None:
    order(world)
    intent(world)
    money.the_books_agree(world)


def mispriced(world: World) -> None:
    order(world, total=99)
    owed.what_is_owed_is_what_was_quoted(world)


def overcharged(world: World) -> None:
    record = {"code": "changed_mind", "fee": 0, "initiated_by": "customer"}
    order(world, status="CANCELLED", owed=100, cancellation=json.dumps(record))
    owed.what_is_owed_is_what_was_quoted(world)


def unsettled(world: World) -> None:
    order(world)
    intent(world)
    paid(world, captured=50)
    money.money_is_settled_once(world)


def still_held(world: World) -> None:
    order(world)
    intent(world, status="requires_capture")
    money.money_is_settled_once(world)


def backwards(world: World) -> None:
    order(world, status="READY_FOR_PICKUP")
    lives.nothing_goes_back(world, [order(world, status="CONFIRMED")])


def revived(world: World) -> None:
    order(world, status="CANCELLED")
    lives.nothing_goes_back(world, [order(world, status="CREATED")])


def cancelled_late(world: World) -> None:
    order(world, status="DELIVERED")
    lives.nothing_goes_back(world, [order(world, status="CANCELLED")])


def unheard(world: World) -> None:
    lives.a_change_has_its_event(world, [order(world, status="CONFIRMED")])


def skipped(world: World) -> None:
    order(world)
    lives.versions_count_up(world, [order(world, version=3)])


def changed_after(world: World) -> None:
    order(world)
    lives.what_has_ended_stays(world)
    order(world, owed=7)
    lives.what_has_ended_stays(world)


def holes(world: World) -> None:
    order(world, version=2)
    lives.events_are_whole(world)


def sold_twice(world: World) -> None:
    order(world)
    body = world.shadow.get("orders", ORDER, "BODY")
    assert body
    put(world, "orders", "ORDER#o2", "BODY", body)
    put(world, "orders", "ORDER#o2", "HEAD", {"id": "o2", "status": "CONCLUDED"})
    lives.a_quote_is_one_order(world)


def open_still(world: World) -> None:
    world.memory["when"] = "rested"
    order(world, status="CONFIRMED")
    lives.every_order_ends(world)


def asked_still(world: World) -> None:
    world.memory["when"] = "rested"
    order(world, cancel_request=json.dumps({"status": "open"}))
    lives.every_order_ends(world)


def late_for_ever(world: World) -> None:
    world.memory["when"] = "rested"
    order(world, late_from="2026-11-22T12:00:00.000Z")
    lives.every_order_ends(world)


def silent_bell(world: World) -> None:
    put(world, "orders", ORDER, "EVT#1", {"bell_shard": "BELL#00"})
    lives.every_bell_has_rung(world)


def dead_letter(world: World) -> None:
    world.queues.by_name["BellsDead"].messages["m"] = Message("m", "{}", 0, 0)
    lives.every_bell_has_rung(world)


def passed_on(world: World) -> None:
    order(world, status="CONFIRMED")
    delivery(world, courier_id="a")
    bringing.one_courier_per_delivery(world, [delivery(world, courier_id="b")])


def given_for_nothing(world: World) -> None:
    order(world, status="CANCELLED")
    delivery(world)
    bringing.one_courier_per_delivery(world, [delivery(world, courier_id="a")])


def two_acceptances(world: World) -> None:
    offer(world, "a", "accepted")
    bringing.one_live_acceptance(world, [offer(world, "b", "accepted")])


def held_for_ever(world: World) -> None:
    delivery(world, status="CANCELLED")
    put(world, "couriers", "ZONE#z#0", "COURIER#a", {"jobs": '["d1"]', "courier_id": "a"})
    bringing.nobody_holds_what_is_over(world)


def offered_nowhere(world: World) -> None:
    offer(world, "a", "pending")
    bringing.nobody_holds_what_is_over(world)


def out_of_order(world: World) -> None:
    receiver = world.receivers.open("https://till.example.com", lambda _: None)
    for sequence in (3, 2):
        subject = {"kind": "order", "id": "o1"}
        receiver.taken.append({"id": str(sequence), "subject": subject, "sequence": sequence})
    telling.stores_hear_in_order(world)


def unasked(world: World) -> None:
    receiver = world.receivers.open("https://till.example.com", lambda _: None)
    receiver.first[receiver.url] = "order.created"
    reaching.nobody_hears_who_has_not_asked(world)


def forged(world: World) -> None:
    receiver = world.receivers.open("https://till.example.com", lambda _: None)
    receiver.learns("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    said = {"webhook-id": "m1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
    receiver.take(receiver.url, said, b'{"type": "webhook.challenge"}')
    reaching.nobody_hears_who_has_not_asked(world)


def silenced(world: World) -> None:
    quiet = put(world, "catalog", "STORE#s1", "HEAD", {"pause_reason": "no_heartbeat"})
    reaching.nobody_who_is_there_is_paused_for_silence(world, [quiet])


def silenced_at_once(world: World) -> None:
    reaching.begins(world, "s1")
    reaching.heard(world, "s1", world.scheduler.now)
    silenced(world)


def back_in_vain(world: World) -> None:
    put(world, "catalog", "STORE#s1", "HEAD", {"pause_reason": "no_heartbeat"})
    reaching.heard(world, "s1", world.scheduler.now)


def endpoint(world: World, **message: Any) -> None:  # noqa: ANN401 - any attribute
    world.memory["when"] = "rested"
    types = ["order.created"]
    row = {"id": "w1", "event_types": types, "store_id": "s1", "status": "active"}
    put(world, "integrations", "STORE#s1", "ENDPOINT#w1", row)
    made = {
        "id": "m1", "type": "order.created", "position": 1, "status": "delivered",
        "subject": "o1", "sequence": 1,
    }  # fmt: skip
    put(world, "integrations", "ENDPOINT#w1", "MSG#1", {**made, **message})
    telling.stores_hear_everything(world)


def untold(world: World) -> None:
    order(world)
    event = {"type": "order.created", "version": 2}
    put(world, "orders", ORDER, "EVT#2", event)
    endpoint(world)


def waiting_message(world: World) -> None:
    endpoint(world, status="pending")


def parked_quietly(world: World) -> None:
    endpoint(world, status="failed_parked")


def gap(world: World) -> None:
    endpoint(world, position=2)


def rings_twice(world: World) -> None:
    arn = world.phones.create_application("test", "GCM")
    device = world.phones.create_endpoint(arn, "token")
    data = {"event_id": "e1"}
    said = {"notification": {"title": "t", "body": "b"}, "data": data}
    message = {"default": "", "GCM": json.dumps({"fcmV1Message": {"message": said}})}
    for _ in range(2):
        world.phones.publish(device, json.dumps(message), {})
    telling.phones_ring_once(world)


HOLD: dict[str, Any] = {
    "counter": "COUNT#d#cake",
    "number": 2,
    "limit": 3,
    "ends": "2099-01-01T00:00:00Z",
}


def counted(world: World, taken: int, **head: Any) -> None:  # noqa: ANN401 - any attribute
    order(world, **{"holds": json.dumps([HOLD]), **head})
    counter = put(world, "catalog", "STORE#s1", HOLD["counter"], {"taken": taken})
    limits.what_is_taken_is_what_is_held(world, [counter])


def given_back_twice(world: World) -> None:
    counted(world, -2, status="CANCELLED")


def not_given_back(world: World) -> None:
    counted(world, 2, status="CANCELLED")


def not_taken(world: World) -> None:
    held = order(world, holds=json.dumps([HOLD]))
    limits.what_is_taken_is_what_is_held(world, [held])


def above_the_limit(world: World) -> None:
    counted(world, 4, holds=json.dumps([{**HOLD, "number": 4}]))


GIVEN: dict[str, Any] = {"promotion_id": "pro_1", "amount": 900, "uses": 1, "budget": 1_000}


def bargained(world: World, uses: int, spent: int, **head: Any) -> None:  # noqa: ANN401 - any attribute
    order(world, **{"promotions": json.dumps([GIVEN]), **head})
    count = put(world, "promotions", "PROMO#pro_1", "COUNT", {"uses": uses, "spent": spent})
    bargains.what_is_given_is_what_orders_have(world, [count])


def use_kept(world: World) -> None:
    record = json.dumps({"code": "other", "liable_party": "customer"})
    bargained(world, 1, 900, status="CANCELLED", cancellation=record)


def use_not_counted(world: World) -> None:
    bargained(world, 0, 900)


def amount_not_counted(world: World) -> None:
    bargained(world, 1, 0)


def over_its_budget(world: World) -> None:
    dear = {**GIVEN, "amount": 1_100}
    bargained(world, 1, 1_100, promotions=json.dumps([dear]))


def first_order_below_nothing(world: World) -> None:
    gone = put(world, "promotions", "CUSTOMER#c1", "FIRST_ORDER", {"uses": -1})
    bargains.what_is_given_is_what_orders_have(world, [gone])


def waits(world: World, waiting: int, **head: Any) -> None:  # noqa: ANN401 - any attribute
    ordered = order(
        world, customer_id="c1", status="PENDING_PAYMENT", counted='["waiting"]', **head
    )
    counts = put(world, "promotions", "TALLY#person#c1", "HEAD", {"waiting": waiting})
    guests.what_is_counted_is_what_is_under_way(world, [ordered, counts])


def counted_twice(world: World) -> None:
    waits(world, 2)


def not_counted(world: World) -> None:
    waits(world, 1, device="d1")


def too_many_on_a_phone(world: World) -> None:
    for number in range(6):
        row = {"customer_id": f"c{number}", "status": "PENDING_PAYMENT", "device": "d1"}
        put(world, "orders", f"ORDER#p{number}", "HEAD", {**row, "counted": '["waiting"]'})
    counts = put(world, "promotions", "TALLY#device#d1", "HEAD", {"waiting": 6})
    guests.what_is_counted_is_what_is_under_way(world, [counts])


def device_kept(world: World) -> None:
    guests.no_device_outlives_its_order(world, [order(world, customer_id="c1", device="d1")])


def claimed(world: World, *events: str, customer: str = "c1", payer: str = "c1") -> None:
    put(world, "control", "GUEST#g1", "HEAD", {"claimed_by": "c1"})
    order(world, customer_id=customer)
    put(world, "payments", PAY, "HEAD", {"payer": payer})
    for number, guest in enumerate(events):
        said = {"type": "order.claimed", "data": json.dumps({"guest_id": guest})}
        put(world, "orders", ORDER, f"EVT#{number}", said)
    guests.a_claim_hands_everything_over_once(world)


def claimed_in_part(world: World) -> None:
    put(world, "promotions", "TALLY#person#g1", "HEAD", {"failed": "[]"})
    claimed(world, "g1")


def handed_over_twice(world: World) -> None:
    claimed(world, "g1", "g1")


def handed_to_another(world: World) -> None:
    claimed(world, "g1", customer="c2")


def paid_by_the_guest(world: World) -> None:
    claimed(world, "g1", payer="g1")


def remembered(world: World) -> None:
    put(world, "control", "PERSON#g1", "DELETION", {"status": "done"})
    put(world, "customers", "CUSTOMER#g1", "ADDRESSES", {"addresses": "{}"})
    guests.who_is_forgotten_has_left_nothing(world)


def errand(world: World, owed: int = 0, **changed: Any) -> None:  # noqa: ANN401 - any attribute
    """One of a price of 100, which its merchant owes so much of."""
    known = {"errand": json.dumps({"reference": "p1"}), "merchant_id": "m1"}
    shares = json.dumps([{"to": "courier", "amount": 100}, {"to": "merchant", "amount": -100}])
    order(world, **known, shares=shares, **changed)
    entry = {"account": "payable:merchant:m1", "amount": owed}
    put(world, "ledger", "order#o1", "sale#00", entry)


def two_parcels(world: World) -> None:
    errands.asked(world, "p1", ["d1"])
    errands.asked(world, "p1", ["d2"])
    errands.a_parcel_is_one_errand(world)


def two_errands(world: World) -> None:
    errand(world)
    put(world, "orders", "ORDER#o2", "HEAD", {"id": "o2", "errand": '{"reference": "p1"}'})
    errands.a_parcel_is_one_errand(world)


def carried_for_nothing(world: World) -> None:
    errand(world)
    errands.a_merchant_owes_what_its_errand_costs(world)


def paid_though_damaged(world: World) -> None:
    ended = {"code": "undeliverable", "liable_party": "platform", "initiated_by": "courier"}
    errand(world, 100, status="CANCELLED", cancellation=json.dumps(ended))
    errands.a_merchant_owes_what_its_errand_costs(world)


@pytest.mark.parametrize(
    ("code", "by", "owed"), [("recalled", "store", 100), ("other", "store", 60), ("x", "system", 0)]
)
def test_what_an_errand_costs_by_its_end_breaks_no_law(
    calm: World, code: str, by: str, owed: int
) -> None:
    ended = json.dumps({"code": code, "liable_party": "store", "initiated_by": by})
    errand(calm, owed, status="CANCELLED", cancellation=ended)
    errands.a_merchant_owes_what_its_errand_costs(calm)


def test_a_claim_that_handed_everything_over_breaks_no_law(calm: World) -> None:
    claimed(calm, "g1")


BAD: list[tuple[str, Callable[[World], None]]] = [
    ("M1", lopsided), ("M1", rewritten), ("M2", too_much), ("M3", too_much_back), ("M2", no_sum),
    ("M4", more_than_due), ("M6", shown_unpaid), ("M6", shown_unheld), ("M4", taken_twice),
    ("M2", over_held), ("M3", back_twice), ("M5", taken_unseen), ("M11", booked_early),
    ("M11", unreconciled), ("M7", mispriced), ("M7", overcharged), ("S2", unsettled),
    ("S3", still_held), ("M12", backwards), ("M12", revived), ("M12", cancelled_late),
    ("M12", unheard), ("M12", skipped), ("M12", changed_after), ("M12", holes),
    ("M13", sold_twice), ("S1", open_still), ("S4", silent_bell), ("S4", dead_letter),
    ("S1", asked_still), ("S1", late_for_ever),
    ("C1", passed_on), ("C1", given_for_nothing), ("C3", two_acceptances),
    ("S5", held_for_ever), ("C4", offered_nowhere), ("W1", out_of_order), ("S4", untold),
    ("S4", waiting_message), ("S4", parked_quietly), ("W2", gap), ("P1", rings_twice),
    ("W3", unasked), ("W3", forged), ("A5", silenced), ("A5", silenced_at_once),
    ("A5", back_in_vain),
    ("H1", given_back_twice), ("H1", not_given_back), ("H1", not_taken), ("H1", above_the_limit),
    ("H2", use_kept), ("H2", use_not_counted), ("H2", amount_not_counted),
    ("H2", over_its_budget), ("H2", first_order_below_nothing),
    ("L1", counted_twice), ("L1", not_counted), ("L1", too_many_on_a_phone), ("L2", device_kept),
    ("G1", claimed_in_part), ("G1", handed_over_twice), ("G1", handed_to_another),
    ("G1", paid_by_the_guest), ("G3", remembered),
    ("E1", two_parcels), ("E1", two_errands), ("E2", carried_for_nothing),
    ("E2", paid_though_damaged),
]  # fmt: skip


def test_what_promotions_give_within_their_budget_breaks_no_law(calm: World) -> None:
    bargained(calm, 1, 900)


def test_what_is_taken_and_held_to_the_limit_breaks_no_law(calm: World) -> None:
    counted(calm, 2)


@pytest.mark.parametrize(("law", "break_it"), BAD, ids=lambda one: getattr(one, "__name__", one))
def test_a_world_that_is_as_it_must_not_be_breaks_its_law(
    calm: World, law: str, break_it: Callable[[World], None]
) -> None:
    with pytest.raises(Violation) as caught:
        break_it(calm)

    assert caught.value.name == law


def test_a_message_that_was_given_up_with_an_alarm_is_no_violation(calm: World) -> None:
    calm.alarms.append(Alarm(0.0, "A webhook was given up", {}))

    parked_quietly(calm)
