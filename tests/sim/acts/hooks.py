"""Endpoints that have their ways, and what their owners do: secrets, addresses, replays."""

import random
from functools import partial

from chalicelib.integrations.schemas import ORDER_TYPES
from tests.sim.acts.registry import act
from tests.sim.invariants import delivering
from tests.sim.receivers import Manner
from tests.sim.town import Endpoint, Town

SIX_HOURS = 6 * 3600.0
SPANS = (60.0, 300.0, 1200.0, 7200.0)
WAYS = (
    Manner.DOWN, Manner.SILENT, Manner.SLOW, Manner.FLAPS, Manner.REDIRECTS, Manner.ANSWERS_IN_VAIN,
)  # fmt: skip
LOOKS = 20


def _one(town: Town, rng: random.Random) -> Endpoint | None:
    return rng.choice(town.endpoints) if town.endpoints else None


@act("has its ways", weight=1.6)
def misbehave(town: Town, rng: random.Random) -> None:
    """A system is down, silent, slow, or away by turns; redirects inwards; answers too late."""
    endpoint = _one(town, rng)
    if endpoint is not None:
        until = town.world.scheduler.now + rng.choice(SPANS) * rng.random()
        endpoint.receiver.behaves(rng.choice(WAYS), until)


@act("is down for six hours", weight=0.3)
def be_down(town: Town, rng: random.Random) -> None:
    """Faults go on as long. Who fetches meanwhile misses nothing."""
    endpoint = _one(town, rng)
    if endpoint is not None:
        town.trouble_until = town.world.scheduler.now + SIX_HOURS
        endpoint.receiver.behaves(rng.choice((Manner.DOWN, Manner.SILENT)), town.trouble_until)


@act("is gone", weight=0.3)
def be_gone(town: Town, rng: random.Random) -> None:
    """A system says that it is gone for good; somebody enables it again later."""
    endpoint = _one(town, rng)
    if endpoint is None:
        return
    endpoint.receiver.behaves(Manner.GONE)
    town.wait(rng.uniform(30, 600))
    endpoint.receiver.behaves(Manner.WELL)
    endpoint.owner.post(f"{endpoint.path}/enable")


@act("rotates its secret", weight=0.5)
def rotate(town: Town, rng: random.Random) -> None:
    """A receiver takes the new secret over when it is shown; until then the one before signs too.

    Whoever never saw the answer knows no secret for sure, and asks again.
    """
    endpoint = _one(town, rng)
    if endpoint is None:
        return
    for _ in range(rng.choice((1, 1, 2))):
        reply = endpoint.owner.post(f"{endpoint.path}/rotate", key=endpoint.owner.new_key())
        shown = reply.json.get("secret") if reply is not None and reply.status == 200 else None
        endpoint.receiver.learns(shown)
        town.wait(rng.uniform(1, 120))


@act("pauses its webhook", weight=0.5)
def pause(town: Town, rng: random.Random) -> None:
    """What happens while an endpoint is paused waits, and comes in order."""
    endpoint = _one(town, rng)
    if endpoint is None:
        return
    endpoint.owner.post(f"{endpoint.path}/pause")
    town.wait(rng.uniform(10, 900))
    endpoint.owner.post(f"{endpoint.path}/enable")


@act("moves its system", weight=0.6)
def move(town: Town, rng: random.Random) -> None:
    """Another address of the same system, which is challenged first; or another filter."""
    endpoint = _one(town, rng)
    if endpoint is None:
        return
    if rng.random() < 0.4:
        more = {"event_types": [*ORDER_TYPES, "store.availability_changed"]}
        endpoint.owner.send("PATCH", endpoint.path, more)
        return
    url = f"{endpoint.receiver.url}/{rng.randrange(10**6)}"
    town.world.receivers.by_url[url] = endpoint.receiver
    endpoint.owner.send("PATCH", endpoint.path, {"url": url})


@act("pings", weight=0.4)
def ping(town: Town, rng: random.Random) -> None:
    """An owner tries whether a system is there, and has something told again."""
    endpoint = _one(town, rng)
    if endpoint is None:
        return
    endpoint.owner.post(f"{endpoint.path}/ping")
    town.wait(rng.uniform(0, 60))
    page = endpoint.owner.get(f"{endpoint.path}/messages")
    if page and page["items"] and rng.random() < 0.5:
        position = rng.choice(page["items"])["position"]
        began = town.world.scheduler.now
        reply = endpoint.owner.post(f"{endpoint.path}/messages/{position}/replay")
        if reply is not None and reply.status == 202:
            delivering.asked(town.world, endpoint.path, began, position, position, "one")


@act("has it told again", weight=0.8)
def replay(town: Town, rng: random.Random) -> None:
    """All that failed, or a range of positions, while more comes in; sometimes two at once."""
    endpoint = _one(town, rng)
    if endpoint is None:
        return
    town.wait(rng.choice((0.0, 300.0, 1800.0)) * rng.random())
    for number in range(rng.choice((1, 1, 2))):
        mine = random.Random(rng.randrange(2**32))  # noqa: S311 - no secret depends on it
        again = partial(_told_again, town, mine, endpoint)
        if number:
            town.world.act(f"{endpoint.owner.name} also has it told again", again, rng.random())
        else:
            again()


def _told_again(town: Town, rng: random.Random, endpoint: Endpoint) -> None:
    wanted: dict[str, object] = {"only": rng.choice(("failed", "all"))}
    if rng.random() < 0.5:
        wanted["from_position"] = rng.randint(1, 6)
        wanted["to_position"] = rng.randint(6, 30)
    began = town.world.scheduler.now
    path, key = f"{endpoint.path}/replays", endpoint.owner.new_key()
    reply = endpoint.owner.post(path, wanted, key=key)
    if reply is None or reply.status != 202:
        return
    made = reply.json
    first, last = made["from_position"], made["to_position"]
    delivering.asked(town.world, endpoint.path, began, first, last, made["only"])
    for _ in range(LOOKS):
        town.wait(rng.uniform(1, 60))
        found = endpoint.owner.get(f"{path}/{made['id']}")
        if found is None or found["status"] == "done":
            return
