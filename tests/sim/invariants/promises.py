"""Laws of what was promised: answers that are true, deadlines, keys, what was acknowledged."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.core.settings import settings
from tests.sim.invariants.registry import at_rest, demand, step
from tests.sim.shadow import Change

if TYPE_CHECKING:
    from tests.sim.gateway import Reply
    from tests.sim.world import World

OVERDUE_SECONDS = 300
CONFLICT = 409
WAITS = frozenset({"requires_payment", "requires_action"})


@step("A3")
def writers_are_known(world: "World", news: Sequence[Change]) -> None:
    """Who wrote which partition, and when last: for the law of busy answers."""
    task = world.scheduler.current
    if task is None:
        return
    last: dict[tuple[str, str], dict[str, float]] = world.memory.setdefault("wrote", {})
    for change in news:
        last.setdefault((change.table, change.key[0]), {})[task.name] = world.scheduler.now


def busy_is_somebody_else(world: "World", name: str, reply: "Reply") -> None:
    """A3: whoever is told that something changed meanwhile has not merely met their own write."""
    if reply.status != CONFLICT or reply.code != "busy":
        return
    last: dict[tuple[str, str], dict[str, float]] = world.memory.get("wrote", {})
    mine = [by for by in last.values() if name in by]
    alone = all(len(by) == 1 for by in mine)
    demand("A3", not (mine and alone), f"{name} was told busy, and only itself has written")


def key_is_new(name: str, key: str | None, reply: "Reply") -> None:
    """M13: nobody here uses a key for two things, and all use the same ones."""
    reused = reply.code == "idempotency_key_reused"
    demand("M13", not reused, f"{name} was told that {key} was used for something else")


@step("S4")
def a_bell_has_rung_when_it_is_noted(world: "World", news: Sequence[Change]) -> None:
    """An event leaves the index of the undelivered after its bells were sent, and not before."""
    for change in news:
        if change.new is None or "bell_shard" not in (change.old or {}):
            continue
        if "bell_shard" in change.new:
            continue
        kind, event = change.new["kind"], change.new["type"]
        bell = {name: change.new[name] for name in ("kind", "subject", "version", "type")}
        for queue in settings().queues(kind, event):
            name = queue.rpartition("/")[2]
            sent = (name, json.dumps(bell)) in world.queues.ever
            demand("S4", sent, f"{change.key} counts as rung, and {name} has not heard of it")


@at_rest("S3")
def every_intent_has_its_payment(world: "World") -> None:
    """No intent is left at Stripe that no payment of ours names."""
    for intent in world.bank.intents():
        metadata: dict[str, Any] = intent["metadata"]
        if not metadata.get("leg"):
            continue
        pk = f"PAY#{metadata['kind']}#{metadata['subject']}"
        leg = world.shadow.get("payments", pk, f"LEG#{metadata['leg']}") or {}
        named = leg.get("intent_id") == intent["id"]
        demand("S3", named, f"{intent['id']} is {intent['status']}, and no payment names it")


@at_rest("S4")
def what_was_acknowledged_is_stored(world: "World") -> None:
    """An event of Stripe's that was answered with a yes is in the table."""
    for event_id in world.memory.get("acknowledged", ()):
        row = world.shadow.get("payments", f"STRIPE#{event_id}", "EVT#0000000001")
        demand("S4", row, f"{event_id} was acknowledged, and is nowhere")


def deadlines_are_met(world: "World") -> None:
    """D1: minutes after the last fault nothing is overdue, but what waits for its customer."""
    latest = world.scheduler.now - OVERDUE_SECONDS
    for table in ("orders", "payments", "couriers"):
        for row in world.shadow.rows(table):
            if "due_shard" in row and row.get("status") not in WAITS:
                due = datetime.fromisoformat(row["due_at"]).timestamp()
                demand("D1", due > latest, f"{row['pk']} {row['sk']} is due since {row['due_at']}")
