"""The laws of couriers: claims are unique, offers agree, nobody carries what is over (S5)."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests import delivery_laws
from tests.sim.invariants import deciding
from tests.sim.invariants.registry import Violation, at_rest, demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

TO_BRING = {"CONFIRMED", "PREPARING", "READY_FOR_PICKUP"}
OVER = {"CANCELLED", "REJECTED", "ORDER_DELIVERED", "RETURNED_TO_MERCHANT", "DELIVERY_FINISHED"}
LIVE = {"pending", "viewed"}


@step("C1")
def one_courier_per_delivery(world: "World", news: Sequence[Change]) -> None:
    """A delivery is given once, to a courier on duty with no other, for an order that lives."""
    for change in news:
        pk, sk = change.key
        if change.table != "couriers" or sk != "HEAD" or not pk.startswith("DELIVERY#"):
            continue
        before, now = (change.old or {}).get("courier_id"), (change.new or {}).get("courier_id")
        if before == now:
            continue
        demand("C1", before is None, f"{pk} passed from {before} to {now}")
        head = change.row
        order = world.shadow.get("orders", f"ORDER#{head['order_id']}") or {}
        status = order.get("status")
        demand("C1", status in TO_BRING, f"{pk} was given while its order was {status}")
        _demand_free(world, str(now))
        _demand_on_duty(world, str(now), str(head["id"]))


def _demand_on_duty(world: "World", courier_id: str, delivery_id: str) -> None:
    rows = [
        partition[f"COURIER#{courier_id}"]
        for _, partition in world.shadow.partitions("couriers", "ZONE#")
        if f"COURIER#{courier_id}" in partition
    ]
    there = [row for row in rows if "version" in row and delivery_id in _jobs(row)]
    demand("C2", there, f"{delivery_id} was given to {courier_id}, who is not on duty for it")


def _demand_free(world: "World", courier_id: str) -> None:
    carried = [
        partition["HEAD"]["id"]
        for _, partition in world.shadow.partitions("couriers", "DELIVERY#")
        if partition.get("HEAD", {}).get("courier_id") == courier_id
        and partition["HEAD"]["status"] not in OVER
    ]
    together = any(set(carried) <= set(one) for one in deciding.accepted(world, courier_id))
    demand("C2", len(carried) <= 1 or together, f"{courier_id} carries {carried}")


@step("C3")
def one_live_acceptance(world: "World", news: Sequence[Change]) -> None:
    """Of all the offers of a delivery exactly one is accepted."""
    for change in news:
        if change.table == "couriers" and change.key[1].startswith("OFFER#"):
            row = change.row
            if row["status"] != "accepted":
                continue
            same = [
                one
                for pk, partition in world.shadow.partitions("couriers", "COURIER#")
                for sk, one in partition.items()
                if sk.startswith("OFFER#")
                and set(deciding.names_of(one)) & set(deciding.names_of(row))
            ]
            taken = [one["courier_id"] for one in same if one["status"] == "accepted"]
            demand("C3", len(taken) == 1, f"{row['delivery_id']} was accepted by {taken}")


@at_rest("S5")
def nobody_holds_what_is_over(world: "World") -> None:
    """No courier holds a finished order; tables that tell of the same agree."""
    for row in world.shadow.rows("couriers"):
        if row["pk"].startswith("ZONE#") and "jobs" in row:
            for job in _jobs(row):
                head = world.shadow.get("couriers", f"DELIVERY#{job}") or {}
                demand("S5", head.get("status") not in OVER, f"{row['sk']} still has {job}")
    try:
        _demand_agreement(list(world.shadow.rows("orders")), list(world.shadow.rows("couriers")))
    except AssertionError as broken:
        raise Violation("C4", str(broken)) from broken


def _demand_agreement(orders: list[Row], rows: list[Row]) -> None:
    """The laws that the domain's own tests hold, but for one.

    That a zone was looked at after its last change does not matter where nothing was left to do.
    """
    heads = {row["id"]: row for row in rows if delivery_laws._is(row, "DELIVERY#", "HEAD")}
    opened = {
        row["delivery_id"]: row for row in rows if delivery_laws._is(row, "ZONE#", "DELIVERY#")
    }
    duties = {row["courier_id"]: row for row in rows if delivery_laws._is(row, "ZONE#", "COURIER#")}
    offers = {row["id"]: row for row in rows if delivery_laws._is(row, "COURIER#", "OFFER#")}
    delivery_laws._demand_events(heads, rows)
    delivery_laws._demand_attempts(heads, rows)
    delivery_laws._demand_followed(orders, heads, rows)
    delivery_laws._demand_open(heads, opened)
    delivery_laws._demand_offers(opened, duties, offers)
    delivery_laws._demand_jobs(heads, duties)


def _jobs(row: Row) -> list[str]:
    held = row["jobs"]
    found: list[str] = json.loads(held) if isinstance(held, str) else held
    return found
