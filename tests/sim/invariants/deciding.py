"""The laws of deciding who is asked: capacity, routes, offers that end with what they propose."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tests.sim.invariants import asking
from tests.sim.invariants.facts import cases
from tests.sim.invariants.registry import demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

AT_ONCE = 3
LONGEST = 60.0 + 15.0
"""The sweep's minute, and what it takes: slow calls, a queue, the run itself."""
LIVE = {"pending", "viewed"}
TO_BRING = {"CONFIRMED", "PREPARING", "READY_FOR_PICKUP"}
HELD = {
    "ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT", "ORDER_PICKED", "DELIVERY_ONGOING",
    "ARRIVED_AT_CUSTOMER", "RETURNING_TO_MERCHANT",
}  # fmt: skip


@step("C2")
def nobody_carries_more_than_was_accepted_as_one(world: "World", news: Sequence[Change]) -> None:
    """The jobs of a courier are of one offer, which they have accepted, and three at most."""
    for change in news:
        row = change.new or {}
        if change.table == "couriers" and change.key[0].startswith("ZONE#") and "jobs" in row:
            jobs = loads(row["jobs"])
            demand("C2", len(jobs) <= AT_ONCE, f"{change.key[1]} has the jobs {jobs}")
            if len(jobs) > 1:
                together = any(set(jobs) <= set(one) for one in accepted(world, row["courier_id"]))
                demand("C2", together, f"{change.key[1]} has accepted {jobs} one by one")


@step("C6")
def nobody_keeps_what_is_over(world: "World", news: Sequence[Change]) -> None:
    """In the write in which a delivery ends, its courier is free of it."""
    for change in news:
        old, new = change.old or {}, change.new or {}
        if not is_head(change) or old.get("status") not in HELD or new.get("status") in HELD:
            continue
        for row in duties(world, str(old["courier_id"])):
            free = old["id"] not in loads(row["jobs"])
            demand("C6", free, f"{old['id']} is over, and {old['courier_id']} still has it")


@step("C5")
def an_offer_ends_with_what_it_proposes(world: "World", news: Sequence[Change]) -> None:
    """In the write in which a delivery is given up or given away, no offer of it is left alive."""
    for change in news:
        old, new = change.old or {}, change.new or {}
        if not is_head(change) or old.get("status") != "PENDING" or new.get("status") == "PENDING":
            continue
        alive = [one["id"] for one in offers(world) if proposes(one, str(new["id"]))]
        demand("C5", not alive, f"{new['id']} is {new['status']}, and {alive} live on")


@step("C5")
def an_offer_is_of_one_store(world: "World", news: Sequence[Change]) -> None:
    """What is proposed as one is fetched at one counter, and is not more than can be carried."""
    for change in news:
        row = change.new or {}
        if change.table == "couriers" and change.old is None and is_offer(change):
            names = names_of(row)
            heads = [world.shadow.get("couriers", f"DELIVERY#{one}") or {} for one in names]
            stores = {one.get("store_id") for one in heads}
            demand("C5", len(stores) == 1, f"{row['id']} is of the stores {stores}")
            demand("C2", len(names) <= AT_ONCE, f"{row['id']} proposes {names}")


@step("D3")
def nobody_is_asked_who_was_forbidden(world: "World", news: Sequence[Change]) -> None:
    """An operator's word is in the row that the offer is conditional on."""
    for change in news:
        row = change.new or {}
        if change.table == "couriers" and change.old is None and is_offer(change):
            for name in names_of(row):
                head = world.shadow.get("couriers", f"DELIVERY#{name}") or {}
                forbidden = loads(head.get("directed") or "{}").get("forbidden", ())
                allowed = row["courier_id"] not in forbidden
                demand("D3", allowed, f"{row['courier_id']} is asked for {name}, and must not be")


@step("D4")
def every_offer_can_be_explained(world: "World", news: Sequence[Change]) -> None:
    """Why is written with the offer: by which rule, and for which reason."""
    for change in news:
        if change.table == "couriers" and change.old is None and is_offer(change):
            ident = change.row["id"]
            kept = world.shadow.get("couriers", f"ASSIGNMENT#{ident}") or {}
            why = loads(kept.get("decision") or "{}")
            demand("D4", why.get("rule") and why.get("reason"), f"nobody knows why {ident} is")
            same = loads(kept.get("deliveries") or "[]") == names_of(change.row)
            demand("D4", same, f"{ident} proposes something else than was decided")


@step("D5")
def nobody_waits_longer_than_a_minute_for_a_decision(world: "World", _: Sequence[Change]) -> None:
    """Where every second bell is never rung, and nothing else fails: the sweeps' minute.

    An order is to be brought, and no delivery was opened; or somebody free is there, it is time to
    ask them, and nobody was.
    """
    if not world.options.deaf:
        return
    now = world.scheduler.now
    since: dict[str, float] = world.memory.setdefault("waits", {})
    zones = {pk.rpartition("#")[0] for pk, _ in world.shadow.partitions("couriers", "ZONE#")}
    due = {
        delivery
        for zone in zones
        for _, delivery, at in asking.pairs(world, zone, now)
        if at <= now
    }
    due |= set(_unopened(world))
    for delivery in since.keys() - due:
        del since[delivery]
    for delivery in due:
        waits = now - since.setdefault(delivery, now)
        world.memory["longest"] = max(world.memory.get("longest", 0.0), waits)
        demand("D5", waits <= LONGEST, f"{delivery} waits for a decision since {waits:.1f} s")


def _unopened(world: "World") -> Iterator[str]:
    """Orders that couriers are to bring from now on, and that dispatch does not know."""
    for case in cases(world):
        head = case.head
        if head.get("delivered_by") != "platform" or head.get("fulfilment") != "delivery":
            continue
        known = world.shadow.get("couriers", f"ORDER#{case.id}", "DELIVERY")
        if head["status"] in TO_BRING and "due_at" not in head and known is None:
            yield case.id


def is_offer(change: Change) -> bool:
    return change.key[0].startswith("COURIER#") and change.key[1].startswith("OFFER#")


def is_head(change: Change) -> bool:
    pk, sk = change.key
    return change.table == "couriers" and sk == "HEAD" and pk.startswith("DELIVERY#")


def offers(world: "World") -> Iterator[Row]:
    for _, partition in world.shadow.partitions("couriers", "COURIER#"):
        yield from (row for sk, row in partition.items() if sk.startswith("OFFER#"))


def proposes(offer: Row, delivery_id: str) -> bool:
    """Whether an offer that lives proposes a delivery."""
    return offer["status"] in LIVE and delivery_id in names_of(offer)


def names_of(offer: Row) -> list[str]:
    found: list[str] = loads(offer.get("deliveries") or [offer["delivery_id"]])
    return found


def accepted(world: "World", courier_id: str) -> Iterator[list[str]]:
    """What a courier has accepted, offer by offer."""
    for sk, row in world.shadow.partition("couriers", f"COURIER#{courier_id}").items():
        if sk.startswith("OFFER#") and row["status"] == "accepted":
            yield names_of(row)


def duties(world: "World", courier_id: str) -> Iterator[Row]:
    for _, partition in world.shadow.partitions("couriers", "ZONE#"):
        if f"COURIER#{courier_id}" in partition:
            yield partition[f"COURIER#{courier_id}"]


def loads(held: Any) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(held) if isinstance(held, str) else held
