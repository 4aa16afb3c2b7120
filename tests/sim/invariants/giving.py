"""The laws of what is given: refunds, stored value and tips."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tests.sim.invariants.facts import cases, is_tip
from tests.sim.invariants.registry import at_rest, demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

KIND = "stored_value:"
BACK = {"failed", "canceled"}
FORGOTTEN_AFTER = 22 * 3600
"""Stripe keeps a key for a day at least: https://docs.stripe.com/api/idempotent_requests"""


@step("M3")
def no_more_goes_back_than_was_taken(world: "World", news: Sequence[Change]) -> None:
    """The head's sum is that of its legs, and every portion that is under way is counted."""
    for change in news:
        if change.table != "payments" or not change.key[0].startswith("PAY#"):
            continue
        partition = world.shadow.partition("payments", change.key[0])
        legs = {row["id"]: row for sk, row in partition.items() if sk.startswith("LEG#")}
        given: Counter[str] = Counter()
        for row in partition.values():
            if "refund_id" in row and row["status"] not in {"failed", "replaced"}:
                given[row["leg_id"]] += int(row["amount"])
        for leg_id, leg in legs.items():
            counted = int(leg.get("refunded", 0))
            demand("M3", counted == given[leg_id], f"{leg_id} counts {counted}: {given[leg_id]}")
        head = partition.get("HEAD", {})
        total = sum(given.values())
        demand("M3", int(head.get("refunded", 0)) == total, f"{change.key[0]} counts otherwise")


@step("S2")
def no_answer_is_no_no(world: "World", news: Sequence[Change]) -> None:
    """A refund counts as failed where Stripe has refused it, or where its bank has returned it.

    Or where it was cut off for so long that Stripe may have forgotten its key, and has no such one.
    """
    for change in news:
        row, before = change.new or {}, change.old or {}
        if change.table != "payments" or "refund_id" not in row:
            continue
        if row.get("status") != "failed" or before.get("status") == "failed":
            continue
        ref = f"{row['refund_id']}:{int(row['number']):02d}"
        age = world.scheduler.now - datetime.fromisoformat(row["opened_at"]).timestamp()
        said = world.bank.noes[ref] or ref in _returned(world) or age > FORGOTTEN_AFTER
        demand("S2", said, f"{ref} counts as failed, and Stripe has never said so")


def _returned(world: "World") -> set[str]:
    """Our names of the refunds that have failed at Stripe."""
    made = world.bank.fake._account.store.all("refund")
    return {one["metadata"].get("refund", "") for one in made if one["status"] in BACK}


@step("B2")
def no_stored_value_is_lost_or_made(world: "World", news: Sequence[Change]) -> None:
    """What lies in accounts and what orders hold of it is what the ledger says that we owe."""
    if any(change.key[0].startswith("BALANCE#") for change in news):
        lying = _lying(world)
        owed = _owed(world)
        demand("B2", lying == owed, f"there lies {dict(lying)}, the books say {dict(owed)}")


def _lying(world: "World") -> Counter[str]:
    found: Counter[str] = Counter()
    for _, partition in world.shadow.partitions("payments", "BALANCE#"):
        if "HEAD" in partition:
            found[partition["HEAD"]["kind"]] += int(partition["HEAD"]["amount"])
    for _, partition in world.shadow.partitions("payments", "PAY#"):
        for sk, leg in partition.items():
            if sk.startswith("LEG#") and leg.get("balance_kind") and leg["status"] == "authorized":
                found[leg["balance_kind"]] += int(leg["amount"])
    return +found


def _owed(world: "World") -> Counter[str]:
    found: Counter[str] = Counter()
    for _, partition in world.shadow.partitions("ledger", ""):
        for entry in partition.values():
            if entry["account"].startswith(KIND):
                found[entry["account"].removeprefix(KIND)] -= int(entry["amount"])
    return +found


@at_rest("S2")
def every_refund_is_paid_or_parked(world: "World") -> None:
    """Nothing is under way; what failed is owed to its customer, and a person was told."""
    for case in cases(world):
        portions = _portions(world, case.id)
        stand = {row["status"] for row in portions}
        demand("S2", "pending" not in stand, f"{case.id}: a refund was never asked for")
        failed = sum(int(row["amount"]) for row in portions if row["status"] == "failed")
        owed = -case.balance("payable:customer")
        sent = sum(int(row["amount"]) for row in portions if row["status"] == "pending")
        demand("S2", owed == failed + sent, f"{case.id}: {owed} is owed, {failed} has failed")
        told = [one for one in world.alarms if one.said == "A refund failed"]
        demand("S4", told or not failed, f"{case.id}: nobody was told of a refund that failed")


@at_rest("S2")
def every_tip_is_its_couriers(world: "World") -> None:
    """What customers gave later lies whole with who brought the order, each tip once."""
    for case in cases(world):
        given = {str(leg["id"]): int(leg["captured"]) for leg in case.legs if is_tip(leg)}
        posted: Counter[str] = Counter()
        for _, partition in world.shadow.partitions("ledger", "delivery#"):
            for entry in partition.values():
                name = str(entry["transaction"])
                if name.startswith("tip:") and name[4:] in given and int(entry["amount"]) < 0:
                    posted[name[4:]] -= int(entry["amount"])
        owed = {leg: amount for leg, amount in given.items() if amount}
        demand("S2", dict(posted) == owed, f"{case.id}: tips {owed}, posted {dict(posted)}")


@at_rest("M11")
def every_day_was_compared_and_nothing_differs(world: "World") -> None:
    """The product's own reconciliation has looked at each day, and found what the laws find."""
    days = {}
    for pk, partition in world.shadow.partitions("payments", "RECONCILIATION#"):
        days[pk] = partition
        found = [row for sk, row in partition.items() if sk != "HEAD"]
        demand("M11", not found, f"{pk} lists {found}")
    late = world.memory.get("when") == "rested"
    demand("M11", days or not late, "no day was compared")


def _portions(world: "World", order_id: str) -> list[Row]:
    partition = world.shadow.partition("payments", f"PAY#order#{order_id}")
    return [row for row in partition.values() if "refund_id" in row]
