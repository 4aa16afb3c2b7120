"""Apps that say that they are there, or fall silent; and stores where nobody is."""

import random
from functools import partial

from tests.sim.acts import customers
from tests.sim.acts.registry import act
from tests.sim.invariants import reaching
from tests.sim.town import Store, Town

BEAT = 60.0
SILENCE = (30.0, 200.0, 400.0, 900.0)
IN_VAIN = 3
PATIENCE = 900.0


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


def put_away(town: Town, store: Store) -> None:
    """Whoever has an app puts it away when the day is over: nobody looks after it for days."""
    if reaching.has_app(town.world, store.id):
        store.machine.send("DELETE", f"/v1/stores/{store.id}/heartbeat")


def _beat(town: Town, store: Store) -> None:
    began = town.world.scheduler.now
    reaching.begins(town.world, store.id)
    reply = store.machine.once("POST", f"/v1/stores/{store.id}/heartbeat")
    if reply is not None and reply.status == 200:
        reaching.heard(town.world, store.id, began)


@act("nobody is there", weight=0.8, orders=3)
def be_absent(town: Town, rng: random.Random) -> None:
    """Three orders that nobody answers, whatever its systems hear; then somebody comes back."""
    store = town.store(rng)
    store.absent = True
    for number in range(IN_VAIN):
        mine = random.Random(rng.randrange(2**32))  # noqa: S311 - no secret depends on it
        after = rng.choice((0.0, 30.0, 400.0)) * rng.random() if number else 0.0
        town.world.act(
            f"orders in vain {number}", partial(_order_in_vain, town, mine, store), after
        )
    town.wait_for(lambda: reaching.paused(town.world, store.id) == reaching.MISSED, PATIENCE, 20)
    town.wait(rng.uniform(0, 60))
    store.absent = False
    began = town.world.scheduler.now
    reply = store.owner.post(f"/v1/stores/{store.id}/resume")
    if reply is not None and reply.status == 200:
        reaching.resumed(town.world, store.id, began)


def _order_in_vain(town: Town, rng: random.Random, store: Store) -> None:
    customer = town.customer(rng)
    priced = customers.quote(rng, customer, store, ("takeaway",))
    if priced is not None:
        customers.order_from(town, rng, customer, priced["id"], [{"method": "card"}], "card")
