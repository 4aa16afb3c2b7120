"""The law of what is fetched: without gaps, the same each time, and in the end all of it."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.sim.invariants.registry import at_rest, demand
from tests.sim.invariants.telling import demand_whole

if TYPE_CHECKING:
    from tests.sim.town import Reader
    from tests.sim.world import World


def given(reader: "Reader", page: Mapping[str, Any], after: int | None, known: int) -> None:
    """A page begins where it was asked for, or after what was acknowledged; and has no gaps."""
    begins = page["acknowledged"] if after is None else after
    positions = [one["position"] for one in page["events"]]
    whole = list(range(begins + 1, begins + 1 + len(positions)))
    demand("W5", positions == whole, f"after {begins} came {positions}")
    forgot = f"{page['acknowledged']} is acknowledged, and {known} was"
    demand("W5", page["acknowledged"] >= known, forgot)
    for one in page["events"]:
        first = reader.taken.setdefault(one["position"], one)
        demand("W5", first == one, f"{one['position']} was {first['id']}, and is {one['id']}")


def acknowledged(reader: "Reader", answered: int, position: int) -> None:
    demand("W5", answered >= position, f"{position} was acknowledged, and {answered} is")
    reader.acknowledged = max(reader.acknowledged, answered)


def has_it_all(world: "World", reader: "Reader") -> None:
    """Whoever fetches until nothing more comes has every event of the feed."""
    feed = world.shadow.get("integrations", f"ENDPOINT#{reader.store.id}", "FEED") or {}
    last = int(feed.get("position", 0))
    missing = set(range(1, last + 1)) - reader.taken.keys()
    demand("W5", not missing, f"{reader.store.id} was never given {sorted(missing)}")


@at_rest("W5")
def a_feed_holds_everything(world: "World") -> None:
    """Each event since the first fetch is in the feed of its store, each subject's in order."""
    for pk, partition in world.shadow.partitions("integrations", "STORE#"):
        pull = partition.get("PULL")
        if pull is None:
            continue
        store_id = pk.removeprefix("STORE#")
        feed = world.shadow.partition("integrations", f"ENDPOINT#{store_id}")
        messages = [feed[sk] for sk in sorted(feed) if sk.startswith("MSG#")]
        demand_whole(world, "W5", {"store_id": store_id}, messages, str(pull["created_at"]))
        last: Counter[str] = Counter()
        for one in messages:
            later = int(one["sequence"]) > last[one["subject"]]
            demand("W5", later, f"{one['subject']}: {one['sequence']} too late in {store_id}")
            last[one["subject"]] = int(one["sequence"])
