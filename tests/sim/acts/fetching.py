"""Systems that fetch a store's events, take some of them over, and go on from there."""

import random
from typing import Any

from tests.sim.acts.registry import act
from tests.sim.invariants import fetching
from tests.sim.town import Reader, Store, Town

LARGEST = 100


@act("fetches its events", weight=1)
def fetch(town: Town, rng: random.Random) -> None:
    """In pages, whole or in part acknowledged; now and then from some position on, or from afar."""
    reader = _reader(town, town.store(rng))
    for _ in range(rng.randint(2, 8)):
        after = rng.choice((None, None, None, 0, reader.acknowledged))
        events = _page(reader, rng.choice((1, 2, 5, LARGEST)), after)
        if events and rng.random() < 0.8:
            _acknowledge(reader, rng.choice(events)["position"])
        town.wait(rng.choice((1.0, 60.0, 600.0)) * rng.random())


def fetch_all(town: Town, reader: Reader) -> None:
    """At the end of the story everything is fetched, from what was acknowledged on."""
    while events := _page(reader, LARGEST, None):
        _acknowledge(reader, events[-1]["position"])
    fetching.has_it_all(town.world, reader)


def _reader(town: Town, store: Store) -> Reader:
    return town.readers.setdefault(store.id, Reader(store))


def _page(reader: Reader, limit: int, after: int | None) -> list[dict[str, Any]]:
    path = f"/v1/events?limit={limit}" + ("" if after is None else f"&after={after}")
    known = reader.acknowledged
    page = reader.store.machine.get(path)
    if page is None:
        return []
    fetching.given(reader, page, after, known)
    events: list[dict[str, Any]] = page["events"]
    return events


def _acknowledge(reader: Reader, position: int) -> None:
    reply = reader.store.machine.post("/v1/events/ack", {"position": position})
    if reply is not None and reply.status == 200:
        fetching.acknowledged(reader, reply.json["acknowledged"], position)
