"""The law of promotions: counters say what living orders have taken, within limit and budget."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tests.sim.invariants.facts import Case, cases
from tests.sim.invariants.registry import demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

BROUGHT_IN_VAIN = "undeliverable"


@step("H2")
def what_is_given_is_what_orders_have(world: "World", news: Sequence[Change]) -> None:
    """Uses and spending are those of orders whose price is or may be owed, within the limits."""
    for promotion_id in sorted({one for change in news for one in _touched(change)}):
        row = world.shadow.get("promotions", f"PROMO#{promotion_id}", "COUNT") or {}
        taken = list(_taken(world, promotion_id))
        uses, spent = int(row.get("uses", 0)), int(row.get("spent", 0))
        total = sum(int(one["amount"]) for one in taken)
        demand("H2", uses == len(taken), f"{promotion_id}: {uses} uses, {len(taken)} orders")
        demand("H2", spent == total, f"{promotion_id}: {spent} is spent, orders have {total}")
        for one in taken[:1]:
            for limit, count in (("uses", uses), ("budget", spent)):
                most = one.get(limit)
                said = f"{promotion_id}: {count} of {limit} {most}"
                demand("H2", most is None or count <= int(most), said)
    for change in news:
        if change.table == "promotions" and change.key[1].startswith(("USER#", "FIRST")):
            demand("H2", int(change.row.get("uses", 0)) >= 0, f"{change.key} is below nothing")


def _touched(change: Change) -> Iterator[str]:
    if change.table == "promotions" and change.key[1] == "COUNT":
        yield change.key[0].removeprefix("PROMO#")
    if change.table == "orders" and change.key[1] == "HEAD":
        for one in (*_promotions(change.row), *_promotions(change.old or {})):
            yield one["promotion_id"]


def _promotions(head: Row) -> list[dict[str, Any]]:
    found = head.get("promotions") or "[]"
    said: list[dict[str, Any]] = json.loads(found) if isinstance(found, str) else found
    return said


def _taken(world: "World", promotion_id: str) -> Iterator[dict[str, Any]]:
    for case in cases(world):
        mine = [one for one in _promotions(case.head) if one["promotion_id"] == promotion_id]
        if mine and _keeps(case):
            yield from mine


def _keeps(case: Case) -> bool:
    """Whether what lowered an order's price stays given: not once it was given up for nothing."""
    if case.head["status"] != "CANCELLED":
        return True
    record = case.head["cancellation"]
    said = json.loads(record) if isinstance(record, str) else record
    in_vain = said["code"] == BROUGHT_IN_VAIN and said["liable_party"] == "customer"
    return in_vain or case.was("order.capture_due")
