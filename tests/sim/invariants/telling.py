"""The laws of webhooks and pushes: in order, all of them, and no more often than need be."""

import json
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.integrations.schemas import CHALLENGE, EVENT_TYPES, PING
from tests.sim.invariants.facts import cases
from tests.sim.invariants.registry import at_rest, demand
from tests.sim.shadow import Row

if TYPE_CHECKING:
    from tests.sim.world import World

GIVEN_UP = ("A webhook was given up", "A webhook said that it is gone, and was disabled")
DONE = {"delivered", "failed_parked"}
OWN = {CHALLENGE, PING}
"""Of the webhook itself: tried briefly, and missed by nobody."""
SENT_WITHIN = 300.0
"""Seconds in which something of its own is sent, even by the sweep alone."""
MOMENT = 1.0
"""Seconds in which clocks disagree about what was first."""


@at_rest("W1")
def stores_hear_in_order(world: "World") -> None:
    """What a store hears first of a subject's versions is heard in their order.

    A webhook's own pings and challenges are no versions of anything.
    """
    for receiver in world.receivers.by_url.values():
        last: Counter[str] = Counter()
        seen: set[str] = set()
        for message in receiver.taken:
            if message["id"] in seen or message["subject"]["kind"] == "webhook":
                continue
            seen.add(message["id"])
            subject = json.dumps(message["subject"])
            later = message["sequence"] > last[subject]
            demand("W1", later, f"{subject}: {message['sequence']} after {last[subject]}")
            last[subject] = message["sequence"]


@at_rest("S4")
def stores_hear_everything(world: "World") -> None:
    """Each event that a store may know is a message to it: taken, or parked with an alarm."""
    told = sum(one.said in GIVEN_UP for one in world.alarms)
    endpoints = {
        row["id"]: row for row in world.shadow.rows("integrations") if "event_types" in row
    }
    for pk, partition in world.shadow.partitions("integrations", "ENDPOINT#"):
        messages = [row for sk, row in partition.items() if sk.startswith("MSG#")]
        positions = sorted(int(one["position"]) for one in messages)
        whole = list(range(1, len(positions) + 1))
        demand("W2", positions == whole, f"the feed of {pk} has {positions}")
        endpoint = endpoints.get(pk.removeprefix("ENDPOINT#"))
        if endpoint is None:
            continue  # of what is fetched: nothing is sent
        for one in messages if world.memory["when"] == "rested" else ():
            done = one["status"] in DONE or (one["type"] in OWN and _is_new(world, one))
            demand("S4", done, f"{one['id']} of {pk} is still {one['status']}")
        parked = sum(
            one["status"] == "failed_parked" and one["type"] not in OWN for one in messages
        )
        demand("S4", not parked or told, f"{pk}: {parked} were given up and nobody was told")
        demand_whole(world, "S4", endpoint, messages)


def demand_whole(
    world: "World", law: str, endpoint: Row, messages: list[Row], since: str = ""
) -> None:
    """Each event that whoever it is may know is a message, but those of a first moment."""
    known = {(one["subject"], int(one["sequence"])) for one in messages}
    begins = datetime.fromisoformat(since).timestamp() + MOMENT if since else 0.0
    for case in cases(world):
        if not _is_of(endpoint, case.head) or not case.head.get("board"):
            continue
        for event in case.events:
            late = not since or datetime.fromisoformat(event["at"]).timestamp() > begins
            if late and event["type"] in EVENT_TYPES and event["type"] != "order.placed":
                there = (case.id, int(event["version"])) in known
                demand(law, there, f"{case.id}: nobody was told of {event['type']}")


def _is_new(world: "World", message: Row) -> bool:
    made = datetime.fromisoformat(message["created_at"]).timestamp()
    return world.scheduler.now < made + SENT_WITHIN


def _is_of(endpoint: Row, order: Row) -> bool:
    """Whether an endpoint hears of an order: of its store's, or of its merchant's."""
    names = ("store_id", "merchant_id")
    return any(endpoint.get(name) and endpoint[name] == order.get(name) for name in names)


@at_rest("P1")
def phones_ring_once(world: "World") -> None:
    """Where nothing goes wrong, no phone is told of the same event twice."""
    if world.plan.rate or world.plan.hits:
        return
    for token, inbox in world.phones._inboxes.items():
        seen = Counter(one.data["event_id"] for one in inbox if "event_id" in one.data)
        again = [event for event, times in seen.items() if times > 1]
        demand("P1", not again, f"{token} was told twice of {again}")
