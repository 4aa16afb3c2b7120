"""The laws of money: M1 to M6 and M11, after every step and at rest."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.sim.invariants.facts import (
    CLEARING,
    Case,
    cases,
    intent_of,
    intents_of,
    is_tip,
    legs_of,
    refunded,
    sums,
)
from tests.sim.invariants.registry import always, at_rest, demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

HELD = {"requires_capture", "succeeded"}
COVERS = {"authorized", "captured", "partially_refunded", "refunded", "disputed"}
LOST = ("A hold was lost", "A capture failed: the hold is gone")


@step("M1")
def entries_sum_to_zero(world: "World", news: Sequence[Change]) -> None:
    """Every transaction of the ledger sums to zero from its first moment, and stays as it is."""
    for change in news:
        if change.table != "ledger":
            continue
        demand("M1", change.old is None, f"an entry was changed: {change.key}")
        entry = change.row
        mine = world.shadow.partition("ledger", change.key[0]).values()
        same = [one for one in mine if one["transaction"] == entry["transaction"]]
        for (name, currency), total in sums(same).items():
            demand("M1", not total, f"{name} of {change.key[0]} sums to {total} {currency}")


@step("M2")
def legs_stay_within_their_amounts(world: "World", news: Sequence[Change]) -> None:
    """M2 and M3 in our own books: captured <= held, refunded <= captured; heads are sums."""
    for change in news:
        if change.table != "payments" or not change.key[0].startswith("PAY#"):
            continue
        if change.key[1].startswith("LEG#"):
            leg = change.row
            captured, back = int(leg.get("captured", 0)), int(leg.get("refunded", 0))
            demand("M2", captured <= int(leg["amount"]), f"{leg['id']} took {captured}")
            demand("M3", 0 <= back <= captured, f"{leg['id']} gave {back} of {captured} back")
        head = world.shadow.get("payments", change.key[0])
        if head is None:
            continue
        legs = legs_of(world, change.key[0])
        taken = sum(int(one.get("captured", 0)) for one in legs)
        demand("M2", int(head["captured"]) == taken, f"{change.key[0]} is no sum of its legs")
        due = sum(int(one.get("captured", 0)) for one in legs if not is_tip(one))
        demand("M4", due <= int(head["due"]), f"{change.key[0]}: {due} was taken of what is due")


@step("M4")
def no_more_is_taken_than_is_owed(world: "World", news: Sequence[Change]) -> None:
    """At the moment of taking: what was taken of an order is at most what it owes by then."""
    for change in news:
        if change.table != "payments" or not change.key[1].startswith("LEG#"):
            continue
        if int((change.old or {}).get("captured", 0)) == int(change.row.get("captured", 0)):
            continue
        case = Case(world, change.key[0].removeprefix("PAY#order#"))
        taken = sum(int(one.get("captured", 0)) for one in case.legs if not is_tip(one))
        owed = int(case.head.get("owed") or 0)
        if case.head and not is_tip(change.row):
            demand("M4", taken <= owed, f"{case.id}: {taken} was taken of {owed} that is owed")


@step("M2")
def attempts_follow_a_no(world: "World", news: Sequence[Change]) -> None:
    """A payment is tried anew, with another key, only after Stripe has definitely refused."""
    for change in news:
        if change.table == "payments" and change.key[1].startswith("LEG#") and change.new:
            tries, intent = int(change.new["attempt"]), change.new.get("intent_id")
            noes = world.bank.noes[str(intent)]
            demand(
                "M2", tries <= 1 + noes, f"{change.new['id']} is at try {tries} after {noes} noes"
            )


@step("M6")
def the_store_sees_only_what_is_paid(world: "World", news: Sequence[Change]) -> None:
    """An order is shown to its store with the money held for all that is due, at that moment."""
    for change in news:
        if change.table != "orders" or change.key[1] != "HEAD" or change.new is None:
            continue
        shown = change.new.get("board") and not (change.old or {}).get("board")
        if shown:
            _demand_covered(world, Case(world, change.new["id"]))


def _demand_covered(world: "World", case: Case) -> None:
    covered = 0
    for leg in case.legs:
        if leg["status"] not in COVERS or is_tip(leg):
            continue
        covered += int(leg["amount"])
        if leg.get("intent_id"):
            intent = intent_of(world, leg["intent_id"])
            found = intent["status"] if intent else "nothing"
            demand("M6", found in HELD, f"{case.id} is shown while its intent is {found}")
    due = int(case.payment.get("due", 0))
    demand("M6", covered >= due, f"{case.id} is shown with {covered} held of {due}")


@always("M4")
def stripe_takes_once(world: "World") -> None:
    """M2 to M5 at Stripe: one taking per leg, of what was held, for an order that its store saw."""
    seen: Counter[str] = Counter()
    for intent in world.bank.intents():
        leg, received = intent["metadata"].get("leg"), int(intent["amount_received"])
        demand("M2", received <= intent["amount"], f"{intent['id']} took {received}")
        if not leg or not received:
            continue
        seen[leg] += 1
        demand("M4", seen[leg] == 1, f"the leg {leg} was taken twice")
        back = refunded(world, intent)
        demand("M3", back <= received, f"{intent['id']} gave {back} of {received} back")
        _demand_placed(world, intent)


def _demand_placed(world: "World", intent: dict[str, Any]) -> None:
    metadata = intent["metadata"]
    if metadata.get("kind") != "order":
        return
    head = world.shadow.get("orders", f"ORDER#{metadata['subject']}") or {}
    demand("M5", head.get("board"), f"{metadata['subject']} was charged and never shown")


@always("M11")
def the_books_never_lead(world: "World") -> None:
    """What the ledger says that Stripe holds, Stripe has received: at no moment is it more."""
    for case in cases(world):
        booked = case.balance(CLEARING)
        if booked > 0:
            received = sum(int(one["amount_received"]) for one in case.intents)
            demand("M11", booked <= received, f"{case.id}: booked {booked} of {received}")


@step("B1")
def balances_are_never_below_zero(world: "World", news: Sequence[Change]) -> None:
    """An account of stored value is the sum of its movements, and never owes."""
    for change in news:
        if change.table != "payments" or not change.key[0].startswith("BALANCE#"):
            continue
        partition = world.shadow.partition("payments", change.key[0])
        head = partition.get("HEAD")
        if head is None:
            continue
        moved = sum(int(one["amount"]) for sk, one in partition.items() if sk.startswith("MOVE#"))
        amount = int(head["amount"])
        demand("B1", amount >= 0, f"{change.key[0]} is at {amount}")
        demand("B1", amount == moved, f"{change.key[0]} is {amount}, its movements are {moved}")


@at_rest("B2")
def the_books_know_all_stored_value(world: "World") -> None:
    """What the ledger owes in kind is what people have in their accounts."""
    held: Counter[str] = Counter()
    for pk, partition in world.shadow.partitions("payments", "BALANCE#"):
        assert pk
        if "HEAD" in partition:
            held[partition["HEAD"]["kind"]] += int(partition["HEAD"]["amount"])
    booked: Counter[str] = Counter()
    for row in world.shadow.rows("ledger"):
        if row["account"].startswith("stored_value:"):
            booked[row["account"].partition(":")[2]] -= int(row["amount"])
    for kind in held | booked:
        same = held[kind] == booked[kind]
        demand("B2", same, f"people have {held[kind]} as {kind}, the books say {booked[kind]}")


@at_rest("M11")
def the_books_agree(world: "World") -> None:
    """Reconciled order by order: the ledger's clearing is what Stripe holds for it."""
    for case in cases(world):
        held = sum(
            int(one["amount_received"]) - refunded(world, one) for one in intents_of(world, case.id)
        )
        booked = case.balance(CLEARING)
        demand("M11", booked == held, f"{case.id}: booked {booked}, Stripe has {held}")
        demand("M1", not any(sums(case.entries).values()), f"{case.id} does not balance")


@at_rest("S2")
def money_is_settled_once(world: "World") -> None:
    """S2 and S3: exactly what is owed was taken, nothing is held, nothing is still to be done."""
    for case in cases(world):
        if case.head.get("owed") is None:
            continue
        states = {one["status"] for one in case.intents}
        demand("S3", states <= {"succeeded", "canceled"}, f"{case.id}: money is still {states}")
        for leg in case.legs:
            demand("S2", "operation" not in leg, f"{leg['id']} is still at {leg.get('operation')}")
            demand("S2", "due_at" not in leg, f"{leg['id']} is still due")
        if any(_was_lost(world, leg) for leg in case.legs):
            continue
        taken = sum(int(one.get("captured", 0)) for one in case.legs if not is_tip(one))
        owed = int(case.head["owed"])
        lost, returned = (int(case.payment.get(name) or 0) for name in ("written_off", "returned"))
        settled = taken + lost - returned
        detail = f"{taken} was taken, {owed} is owed, {lost} given up, {returned} returned"
        demand("S2", settled == owed, f"{case.id}: {detail}")
        if not any(leg["method"] == "cash" for leg in case.legs):
            demand("S2", not lost, f"{case.id}: {lost} was given up, and could be had")
        left = case.balance("receivable:customer")
        demand("S2", not left, f"{case.id}: {left} is still to be received")


def _was_lost(world: "World", leg: Row) -> bool:
    """Whether the bank let go before we took it, and a person was told."""
    if leg["status"] not in {"expired", "capture_failed"}:
        return False
    told = [one for one in world.alarms if one.said in LOST and one.facts.get("leg") == leg["id"]]
    demand("S2", told, f"{leg['id']} was lost, and nobody was told")
    return True
