"""The laws of what is given back, and of stored value: nothing twice, nothing below zero."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.sim.invariants.facts import legs_of
from tests.sim.invariants.registry import at_rest, demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

PORTION_ENDED = {"failed", "replaced"}
STORED = "stored_value:"


def _portions(world: "World", pk: str) -> list[Row]:
    partition = world.shadow.partition("payments", pk)
    return [row for row in partition.values() if "refund_id" in row and "leg_id" in row]


@step("M3")
def no_more_goes_back_than_was_taken(world: "World", news: Sequence[Change]) -> None:
    """Of each payment: what its refunds come to is what is counted, and at most what was taken."""
    for pk in {change.key[0] for change in news if "refund_id" in change.row}:
        given: Counter[str] = Counter()
        for one in _portions(world, pk):
            if one["status"] not in PORTION_ENDED:
                given[str(one["leg_id"])] += int(one["amount"])
        for leg in legs_of(world, pk):
            back, taken = given[leg["id"]], int(leg.get("captured", 0))
            demand("M3", back <= taken, f"{leg['id']} gives {back} of {taken} back")
            counted = int(leg.get("refunded", 0))
            demand("M3", back == counted, f"{leg['id']} gives {back} back and counts {counted}")


@step("V1")
def no_balance_is_below_zero(_: "World", news: Sequence[Change]) -> None:
    """Stored value is never below zero."""
    for change in news:
        if change.table == "payments" and change.key[0].startswith("BALANCE#"):
            amount = int(change.row.get("amount", 0))
            is_account = change.key[1] == "HEAD"
            demand("V1", not is_account or amount >= 0, f"{change.key[0]} holds {amount}")


@at_rest("V2")
def stored_value_is_what_the_books_owe(world: "World") -> None:
    """All accounts of a kind together hold what the ledger says that we owe in kind."""
    held: Counter[tuple[str, str]] = Counter()
    for pk, partition in world.shadow.partitions("payments", "BALANCE#"):
        head = partition.get("HEAD")
        if head is None:
            continue
        moved = sum(int(row["amount"]) for sk, row in partition.items() if sk.startswith("MOVE#"))
        amount = int(head["amount"])
        demand("V2", amount == moved, f"{pk} holds {amount}, its movements sum to {moved}")
        held[str(head["kind"]), str(head["currency"])] += amount
    for row in world.shadow.rows("ledger"):
        if str(row["account"]).startswith(STORED):
            kind = str(row["account"]).removeprefix(STORED)
            held[kind, str(row["currency"])] += int(row["amount"])
    for (kind, currency), difference in held.items():
        demand("V2", not difference, f"{kind}: {difference} {currency} is held and not owed")


@at_rest("S2")
def refunds_are_settled(world: "World") -> None:
    """No part of a refund waits, and Stripe has given back exactly what we say it has."""
    for pk, _ in world.shadow.partitions("payments", "PAY#"):
        for one in _portions(world, pk):
            waits = one["status"] == "pending"
            demand("S2", not waits, f"{one['refund_id']} of {pk} is still {one['status']}")
