"""Operators say who is asked, and couriers ask why."""

import random

from tests.sim.acts.registry import act
from tests.sim.invariants import deciding
from tests.sim.town import Town

LOOKS, LOOK = 30, 30.0


@act("operator directs", weight=0.8)
def direct(town: Town, rng: random.Random) -> None:
    """Who alone, who never, who now, or as dispatch would have it: of what looks for a courier."""
    for _ in range(LOOKS):
        if found := _looking(town):
            break
        town.wait(LOOK)
    else:
        return
    delivery_id = rng.choice(found)
    path = f"/v1/deliveries/{delivery_id}/dispatching"
    asked = [one for one in deciding.offers(town.world) if deciding.proposes(one, delivery_id)]
    for decision in rng.sample(("pin", "forbid", "ask", "leave"), 2):
        who = rng.choice(town.couriers).person.name
        if decision == "forbid" and asked:
            who = str(asked[0]["courier_id"])
        body = (
            {"decision": decision}
            if decision == "leave"
            else {"decision": decision, "courier_id": who}
        )
        town.operator.post(path, body)
        town.wait(rng.choice((0.1, 5.0, 60.0)))


@act("courier asks why", weight=0.3)
def ask(town: Town, rng: random.Random) -> None:
    """Somebody was asked, reads why, and would have a person look at it."""
    for _ in range(LOOKS):
        if made := list(deciding.offers(town.world)):
            offer = rng.choice(made)
            names = {courier.person.name: courier.person for courier in town.couriers}
            asked = names[str(offer["courier_id"])]
            path = f"/v1/assignments/{offer['id']}"
            asked.get(f"{path}/explanation")
            asked.post(f"{path}/appeal", {"text": "Why me?"}, key=asked.new_key())
            return
        town.wait(LOOK)


def _looking(town: Town) -> list[str]:
    deliveries = town.world.shadow.partitions("couriers", "DELIVERY#")
    heads = [partition["HEAD"] for _, partition in deliveries if "HEAD" in partition]
    return [str(head["id"]) for head in heads if head["status"] == "PENDING"]
