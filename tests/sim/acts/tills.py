"""What owners do with their webhooks, and apps that say that they are there, or fall silent."""

import random

from tests.sim.acts.registry import act
from tests.sim.invariants import reaching
from tests.sim.town import Store, Town

BEAT = 60.0
SILENCE = (30.0, 200.0, 400.0, 900.0)
FLAPS = 20.0


@act("rotates its secret", weight=0.5)
def rotate(town: Town, rng: random.Random) -> None:
    """A receiver takes the new secret over when it is shown; until then the one before signs too.

    Whoever never saw the answer knows no secret for sure, and asks again.
    """
    store = town.store(rng)
    if not store.webhook_id:
        return
    for _ in range(rng.choice((1, 1, 2))):
        path, key = f"/v1/stores/{store.id}/webhooks/{store.webhook_id}", store.owner.new_key()
        reply = store.owner.post(f"{path}/rotate", key=key)
        shown = reply.json.get("secret") if reply is not None and reply.status == 200 else None
        store.receiver.learns(shown)
        town.wait(rng.uniform(1, 120))


@act("pauses its webhook", weight=0.5)
def pause(town: Town, rng: random.Random) -> None:
    """What happens while an endpoint is paused waits, and comes in order."""
    store = town.store(rng)
    if not store.webhook_id:
        return
    path = f"/v1/stores/{store.id}/webhooks/{store.webhook_id}"
    store.owner.post(f"{path}/pause")
    town.wait(rng.uniform(10, 900))
    store.owner.post(f"{path}/enable")


@act("moves its till", weight=0.4)
def move(town: Town, rng: random.Random) -> None:
    """Another address of the same system: it is challenged before it hears anything."""
    store = town.store(rng)
    if not store.webhook_id:
        return
    url = f"{store.receiver.url}/{rng.randrange(10**6)}"
    town.world.receivers.by_url[url] = store.receiver
    body = {"url": url}
    store.owner.send("PATCH", f"/v1/stores/{store.id}/webhooks/{store.webhook_id}", body)


@act("flaps", weight=0.6)
def flap(town: Town, rng: random.Random) -> None:
    """A system that is there and away by turns."""
    store = town.store(rng)
    for _ in range(rng.randint(3, 12)):
        store.receiver.down_until = town.world.scheduler.now + FLAPS * rng.random()
        town.wait(2 * FLAPS)


@act("pings", weight=0.4)
def ping(town: Town, rng: random.Random) -> None:
    """An owner tries whether a system is there, and has something told again."""
    store = town.store(rng)
    if not store.webhook_id:
        return
    path = f"/v1/stores/{store.id}/webhooks/{store.webhook_id}"
    store.owner.post(f"{path}/ping")
    town.wait(rng.uniform(0, 60))
    page = store.owner.get(f"{path}/messages")
    if page and page["items"] and rng.random() < 0.5:
        position = rng.choice(page["items"])["position"]
        store.owner.post(f"{path}/messages/{position}/replay")


@act("its app beats", weight=0.8)
def beats(town: Town, rng: random.Random) -> None:
    """An app that says each minute that it is there, falls silent, and comes back."""
    store = town.store(rng)
    for _ in range(rng.randint(1, 4)):
        _beat(town, store)
        town.wait(BEAT)
    for silence in rng.choices(SILENCE, k=rng.choice((1, 1, 2))):
        town.wait(silence * rng.uniform(0.8, 1.2))
        _beat(town, store)
    if rng.random() < 0.5:
        store.machine.send("DELETE", f"/v1/stores/{store.id}/heartbeat")


def _beat(town: Town, store: Store) -> None:
    began = town.world.scheduler.now
    reaching.begins(town.world, store.id)
    reply = store.machine.once("POST", f"/v1/stores/{store.id}/heartbeat")
    if reply is not None and reply.status == 200:
        reaching.heard(town.world, store.id, began)
