"""The laws of states: M12, events with their states, and S1."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tests.sim.invariants.facts import cases, events
from tests.sim.invariants.registry import always, at_rest, demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

ORDER = {
    "PENDING_PAYMENT": 0, "CREATED": 1, "CONFIRMED": 2, "PREPARING": 3, "READY_FOR_PICKUP": 4,
    "DISPATCHED": 5, "PICKED_UP": 6, "DELIVERED": 6, "CONCLUDED": 7, "CANCELLED": 8,
}  # fmt: skip
DELIVERY = {
    "PENDING": 0, "ACCEPTED": 1, "PICKUP_ONGOING": 2, "ARRIVED_AT_MERCHANT": 3, "ORDER_PICKED": 4,
    "DELIVERY_ONGOING": 5, "ARRIVED_AT_CUSTOMER": 6, "ORDER_DELIVERED": 7,
    "RETURNING_TO_MERCHANT": 7, "RETURNED_TO_MERCHANT": 8, "DELIVERY_FINISHED": 9, "REJECTED": 9,
    "CANCELLED": 9,
}  # fmt: skip
LEG = {
    "requires_payment": 0, "requires_action": 0, "authorized": 1, "captured": 2,
    "partially_refunded": 3, "refunded": 4, "disputed": 4, "failed": 5, "voided": 5, "expired": 5,
    "capture_failed": 5,
}  # fmt: skip
OPEN = {"requires_payment", "requires_action"}
TAKEN = {"captured", "partially_refunded", "refunded"}
OFFER = {"pending": 0, "viewed": 1, "accepted": 2, "declined": 2, "expired": 2, "revoked": 2}
CANCELLABLE = set(ORDER) - {"PICKED_UP", "DELIVERED", "CONCLUDED", "CANCELLED"}
ENDED = {"DELIVERED", "PICKED_UP", "CONCLUDED", "CANCELLED"}
STAYS = {"CONCLUDED", "CANCELLED"}


def _lives(change: Change) -> Mapping[str, int] | None:
    pk, sk = change.key
    if change.table == "orders" and pk.startswith("ORDER#") and sk == "HEAD":
        return ORDER
    if change.table == "couriers" and pk.startswith("DELIVERY#") and sk == "HEAD":
        return DELIVERY
    if change.table == "couriers" and pk.startswith("COURIER#") and sk.startswith("OFFER#"):
        return OFFER
    if change.table == "payments" and pk.startswith("PAY#") and sk.startswith("LEG#"):
        return LEG
    return None


@step("M12")
def nothing_goes_back(_: "World", news: Sequence[Change]) -> None:
    """No state goes backwards, and what has ended stays as it is."""
    for change in news:
        ranks = _lives(change)
        if ranks is None or change.old is None or change.new is None:
            continue
        before, now = str(change.old["status"]), str(change.new["status"])
        moved = {before, now}
        if len(moved) == 1 or (ranks is LEG and (moved <= OPEN or moved <= TAKEN)):
            continue  # what was given back may come back from the customer's bank
        name = f"{change.key[0]} {change.key[1]}"
        demand("M12", ranks[now] > ranks[before], f"{name} went from {before} to {now}")
        if ranks is ORDER and now == "CANCELLED":
            demand("M12", before in CANCELLABLE, f"{name} was cancelled when {before}")


@step("M12")
def a_change_has_its_event(world: "World", news: Sequence[Change]) -> None:
    """A state and the event that tells of it are one write: neither is there without the other."""
    for change in news:
        ranks = _lives(change)
        if ranks not in (ORDER, DELIVERY, LEG) or change.new is None:
            continue
        if change.old is not None and change.old["status"] == change.new["status"]:
            continue
        pk = change.key[0]
        head = world.shadow.get(change.table, pk) or {}
        version = int(head.get("version", 0))
        told = world.shadow.get(change.table, pk, f"EVT#{version:010d}")
        demand("M12", told, f"{pk} {change.key[1]} changed to {change.new['status']} unheard")


@step("M12")
def versions_count_up(_: "World", news: Sequence[Change]) -> None:
    """Each change of a head raises its version: an order's by one, a payment's by its events."""
    for change in news:
        if change.key[1] != "HEAD" or change.old is None or change.new is None:
            continue
        if change.table not in {"orders", "payments"} or "version" not in change.old:
            continue
        step_ = int(change.new["version"]) - int(change.old["version"])
        right = step_ == 1 if change.table == "orders" else step_ > 0
        demand("M12", right, f"{change.key[0]} went up by {step_} versions")


@always("M12")
def what_has_ended_stays(world: "World") -> None:
    """An order that is over is the same for ever."""
    ended: dict[str, Row] = world.memory.setdefault("ended", {})
    for case in cases(world):
        if case.head["status"] not in STAYS:
            continue
        first = ended.setdefault(case.id, case.head)
        for name in ("status", "owed", "total", "cancellation"):
            same = first.get(name) == case.head.get(name)
            demand("M12", same, f"{case.id}: its {name} changed after its end")


@at_rest("M12")
def events_are_whole(world: "World") -> None:
    """As many events as versions, of every order and of every delivery."""
    for table, prefix in (("orders", "ORDER#"), ("couriers", "DELIVERY#")):
        for pk, partition in world.shadow.partitions(table, prefix):
            if "HEAD" in partition:
                told = [int(one["version"]) for one in events(world, table, pk)]
                want = list(range(1, int(partition["HEAD"]["version"]) + 1))
                demand("M12", told == want, f"{pk} has the events {told}")


@at_rest("M13")
def a_quote_is_one_order(world: "World") -> None:
    """However often it was tapped, a quote became at most one order."""
    seen: dict[str, str] = {}
    for case in cases(world):
        if "errand" in case.head:
            continue
        quote = json.loads(case.body["content"])["quote_id"]
        demand("M13", quote not in seen, f"{quote} became {seen.get(quote)} and {case.id}")
        seen[quote] = case.id


@at_rest("S1")
def every_order_ends(world: "World") -> None:
    """At first every order has ended; a day later every one is concluded or cancelled.

    No store waits for an answer about it any more, and nobody for it.
    """
    goal = ENDED if world.memory["when"] == "settled" else STAYS
    for case in cases(world):
        status = case.head["status"]
        demand("S1", status in goal, f"{case.id} rests as {status}")
        asked = json.loads(case.head.get("cancel_request", "{}")).get("status")
        demand("S1", asked != "open", f"{case.id}: its store still waits for an answer")
        wished = json.loads(case.head.get("customer_request", "{}")).get("status")
        demand("S1", wished != "open", f"{case.id}: its customer still waits for an answer")
        demand("S1", "late_from" not in case.head, f"{case.id} is there, and is waited for")


@at_rest("S4")
def every_bell_has_rung(world: "World") -> None:
    """No event waits for its bell, and nothing lies among the dead."""
    for table in ("orders", "payments", "couriers"):
        waits = [row for row in world.shadow.rows(table) if "bell_shard" in row]
        demand("S4", not waits, f"{table}: {len(waits)} bells were never rung")
    for queue in world.queues.by_name.values():
        demand("S4", not queue.messages, f"{queue.name} holds {len(queue.messages)} messages")
