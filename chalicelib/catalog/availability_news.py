"""What a store's own systems are told of whether it can be ordered from: one type, many causes.

What ends by itself (`until`) is told when it begins, and not again.
"""

from collections.abc import Mapping

from chalicelib.core import news
from chalicelib.core.errors import Value
from chalicelib.core.parts import Part

KIND = "availability"
TYPE = "store.availability_changed"
MOST_THINGS = 50
"""More than so many things are not named: who is told reads the path."""
CHANGES: Mapping[str, str] = {
    "store.paused": "paused",
    "store.resumed": "resumed",
    "store.rush_began": "rush_began",
    "store.rush_ended": "rush_ended",
    "store.suspended": "suspended",
    "store.approved": "live",
}
HOURS = frozenset({"hours", "special_hours"})


def follow(
    store_id: str, version: int, kind: str, data: Mapping[str, Value], *, actor: str
) -> tuple[Part, ...]:
    """The part that tells of a change of a store, if it is one of its availability."""
    said = changed(kind, data)
    if said is None:
        return ()
    about: dict[str, Value] = {"store_id": store_id, **said}
    return (news.announce(KIND, store_id, version, TYPE, actor=actor, data=about),)


def changed(kind: str, data: Mapping[str, Value]) -> dict[str, Value] | None:
    """What has become of a store's availability by a change of it; None: nothing. Pure."""
    if kind == TYPE:
        return _of_things(data)
    if kind == "store.updated":
        names = data.get("changed")
        touched = HOURS.intersection(names) if isinstance(names, list) else frozenset()
        return {"change": "hours_changed"} if touched else None
    if kind not in CHANGES:
        return None
    until = data.get("until")
    why = {"reason": reason} if (reason := data.get("reason")) and kind == "store.paused" else {}
    return {"change": CHANGES[kind], **why, **({"until": until} if until else {})}


def _of_things(data: Mapping[str, Value]) -> dict[str, Value]:
    change = "sold_out" if "sold_out" in data else "back"
    things, until = data.get(change), data.get("until")
    named = isinstance(things, list) and len(things) <= MOST_THINGS
    return {
        "change": change,
        **({"things": things} if named else {}),
        **({"until": until} if until else {}),
    }
