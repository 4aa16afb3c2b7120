"""The laws of guests, and of what is counted of people and devices."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chalicelib.orders.limits import TABLE, LimitName
from tests.sim.invariants.facts import cases
from tests.sim.invariants.registry import at_rest, demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

ENDED = frozenset({"DELIVERED", "PICKED_UP", "CONCLUDED", "CANCELLED"})
TALLY, GUEST, PERSON = "TALLY#", "GUEST#", "PERSON#"
type Whose = tuple[str, str]


@step("L1")
def what_is_counted_is_what_is_under_way(world: "World", news: Sequence[Change]) -> None:
    """Of each person and device: the orders that wait, and those in cash; no device beyond both."""
    touched = {whose for change in news for whose in _touched(change)}
    if not touched:
        return
    waiting, cash = _under_way(world)
    for kind, ident in sorted(touched):
        row = world.shadow.get("promotions", f"{TALLY}{kind}#{ident}") or {}
        held = waiting[kind, ident], cash[kind, ident]
        found = int(row.get("waiting", 0)), int(row.get("cash_open", 0))
        demand("L1", found == held, f"{kind} {ident} counts {found}, and has {held}")
        most = TABLE[LimitName.DEVICE_WAITING].most
        few = kind == "person" or held[0] <= most or row.get("waiting_lifted")
        demand("L1", few, f"{ident} has {held[0]} orders waiting")


def _touched(change: Change) -> Iterator[Whose]:
    if change.table == "promotions" and change.key[0].startswith(TALLY):
        kind, ident = change.key[0].removeprefix(TALLY).split("#", 1)
        if kind != "card":
            yield kind, ident
    if change.table == "orders" and change.key[1] == "HEAD" and "customer_id" in change.row:
        for row in (change.old, change.new):
            yield from _whose(row) if row else ()


def _whose(head: Row) -> Iterator[Whose]:
    yield "person", str(head["customer_id"])
    if head.get("device"):
        yield "device", str(head["device"])


def _under_way(world: "World") -> tuple[Counter[Whose], Counter[Whose]]:
    waiting: Counter[Whose] = Counter()
    cash: Counter[Whose] = Counter()
    for case in cases(world):
        counted = json.loads(case.head.get("counted") or "[]")
        waits = "waiting" in counted and case.head["status"] == "PENDING_PAYMENT"
        in_cash = "cash" in counted and case.head["status"] not in ENDED
        for whose in _whose(case.head):
            waiting[whose] += waits
            cash[whose] += in_cash
    return waiting, cash


@step("L2")
def no_device_outlives_its_order(_: "World", news: Sequence[Change]) -> None:
    """By which device something was ordered is not known once it is over."""
    for change in news:
        row = change.new or {}
        if change.table == "orders" and row.get("status") in ENDED:
            demand("L2", not row.get("device"), f"{change.key[0]} is over, and names its device")


@at_rest("G1")
def a_claim_hands_everything_over_once(world: "World") -> None:
    """Of a guest whom an account has claimed nothing is left; each order was handed over once."""
    owners = dict(_claimed(world))
    for guest_id, account in owners.items():
        left = _left(world, guest_id)
        demand("G1", not left, f"{guest_id} is {account}'s, but for {left}")
    for case in cases(world):
        handed = [json.loads(one["data"]) for one in case.events if one["type"] == "order.claimed"]
        names = [str(one["guest_id"]) for one in handed]
        demand("G1", len(names) <= 1, f"{case.id} was handed over {len(names)} times")
        owner = owners.get(names[0]) if names else case.head["customer_id"]
        mine = case.head["customer_id"] == owner
        demand("G1", mine, f"{case.id} is {case.head['customer_id']}'s, not {owner}'s")
        payer = case.payment.get("payer", owner)
        demand("G1", payer == owner, f"{case.id} is paid by {payer}, not by {owner}")


def _claimed(world: "World") -> Iterator[tuple[str, str]]:
    for pk, partition in world.shadow.partitions("control", GUEST):
        head = partition.get("HEAD", {})
        if head.get("claimed_by"):
            yield pk.removeprefix(GUEST), str(head["claimed_by"])


def _left(world: "World", guest_id: str) -> list[str]:
    """Whatever stands under a guest's id, or lists it as theirs."""
    places = (
        ("customers", f"CUSTOMER#{guest_id}"), ("quotes", f"DIET#{guest_id}"),
        ("promotions", f"TALLY#person#{guest_id}"), ("promotions", f"APPEALER#{guest_id}"),
        ("orders", f"CLAIM#{guest_id}"),
    )  # fmt: skip
    found = [pk for table, pk in places if world.shadow.partition(table, pk)]
    guest = world.shadow.get("control", f"{GUEST}{guest_id}") or {}
    found += [str(guest["orders"])] if guest.get("orders") else []
    for pk, partition in world.shadow.partitions("promotions", "APPEAL#"):
        found += [pk for row in partition.values() if row.get("person_id") == guest_id]
    for pk, partition in world.shadow.partitions("payments", "BALANCE#"):
        found += [pk for row in partition.values() if row.get("owner") == guest_id]
    return found


@at_rest("G3")
def who_is_forgotten_has_left_nothing(world: "World") -> None:
    """But the books: stored value that was given up, and counts, stay under an id for a while."""
    owners = dict(_claimed(world))
    for pk, partition in world.shadow.partitions("control", PERSON):
        deletion = partition.get("DELETION", {})
        person_id = pk.removeprefix(PERSON)
        if deletion.get("status") != "done" or person_id in owners:
            continue
        left = [
            one for one in _left(world, person_id) if not one.startswith(("TALLY#", "BALANCE#"))
        ]
        demand("G3", not left, f"{person_id} is forgotten, but for {left}")
        demand("G3", world.shadow.get("control", f"{GUEST}{person_id}") is None, person_id)
        for case in cases(world):
            if case.head["customer_id"] == person_id:
                said = json.loads(case.body["content"])
                demand("G3", not said.get("drop_off"), f"{case.id} says where it went")
