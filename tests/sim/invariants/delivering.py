"""The laws of the delivery log: what it says was taken was taken; what was asked for was sent."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from tests.sim.invariants.registry import at_rest, demand
from tests.sim.shadow import Row

if TYPE_CHECKING:
    from tests.sim.world import World

SKEW = 0.5
"""Seconds by which the clocks of functions are wrong at most."""


def asked(world: "World", path: str, began: float, first: int, last: int, only: str) -> None:
    """An owner was promised that these positions are sent again: all, what failed, or this one."""
    endpoint_id = path.rpartition("/")[2]
    replays = world.memory.setdefault("replays", [])
    replays.append((endpoint_id, began, first, last, only))


@at_rest("W4")
def what_counts_as_taken_was_taken(world: "World") -> None:
    """No answer but a receiver's own yes, after it has the message, makes one delivered."""
    seen = {one for receiver in world.receivers.by_url.values() for one in receiver.seen}
    for pk, partition in world.shadow.partitions("integrations", "ENDPOINT#"):
        for sk, row in partition.items():
            if sk.startswith("MSG#") and row["status"] == "delivered":
                demand("W4", row["id"] in seen, f"{row['id']} of {pk} was delivered to nobody")


@at_rest("W6")
def what_was_asked_for_was_sent_again(world: "World") -> None:
    """Each message of a replay was tried after somebody had asked, and no replay is half done.

    Of what failed: unless it was taken meanwhile.
    """
    if world.memory["when"] == "settled":
        return
    for pk, partition in world.shadow.partitions("integrations", "ENDPOINT#"):
        for sk, row in partition.items():
            done = not sk.startswith("JOB#") or row["status"] == "done"
            demand("W6", done, f"{sk} of {pk} has stopped at {row.get('cursor')}")
    for endpoint_id, began, first, last, only in world.memory.get("replays", ()):
        for position in range(first, last + 1):
            pk, sk = f"ENDPOINT#{endpoint_id}", f"MSG#{position:012d}"
            one = world.shadow.get("integrations", pk, sk)
            if one is None or (one["kind"] == "webhook" and only != "one"):
                continue
            spared = only == "failed" and one["status"] == "delivered"
            said = f"{position} of {endpoint_id} was to be sent again, and was not"
            demand("W6", spared or _tried_since(one, began), said)


def _tried_since(row: Row, began: float) -> bool:
    attempts = row["attempts"]
    known = json.loads(attempts) if isinstance(attempts, str) else attempts
    moments = (datetime.fromisoformat(one["at"]).timestamp() for one in known)
    return any(moment >= began - SKEW for moment in moments)
