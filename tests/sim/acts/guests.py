"""Guests: they order, look, appeal, want to be forgotten, are shut out; and accounts claim them."""

import random
from functools import partial

from tests.sim.acts.customers import order_for
from tests.sim.acts.guest import Guest
from tests.sim.acts.person import Person
from tests.sim.acts.registry import act
from tests.sim.invariants.registry import demand
from tests.sim.town import SHARED, UNDER_WAY, Town

PHONES = (SHARED, "0190f6c2-7d5e-7a11-8c3b-2f9d4e6a7b10")
LIMITS = ("failed_payments_limit", "unknown_device_limit", "device_orders_waiting_limit")
HOME = {
    "label": "home",
    "location": {"type": "Point", "coordinates": [126.924, 37.562]},
    "road_address": "Guest Street 7",
}
DIET = {"agreed": True, "diets": ["VEGAN"], "avoids": []}
ADDRESS = "adr_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
OTHERS = frozenset({401, 404, 429, 503, 409})


@act("a guest orders", weight=2, orders=1)
def order(town: Town, rng: random.Random) -> None:
    """Somebody without an account orders, on a phone that others order on, too."""
    guest = _guest(town, rng)
    if guest is None:
        return
    for name, odds, then in AFTERWARDS:
        if rng.random() < odds:
            mine = random.Random(rng.randrange(2**32))  # noqa: S311 - no secret depends on it
            town.world.act(
                name, partial(then, town, mine), rng.choice((20.0, 300.0)) * rng.random()
            )
    if rng.random() < 0.5:
        guest.send("PUT", f"/v1/addresses/{ADDRESS}", HOME)
        guest.send("PUT", "/v1/diet", DIET)
    if rng.random() < 0.3:
        guest.send("PUT", f"/v1/favourites/{town.store(rng).id}")
    for number in range(rng.choice((1, 1, 2))):
        if number:
            mine = random.Random(rng.randrange(2**32))  # noqa: S311 - no secret depends on it
            again = partial(order_for, town, mine, guest, town.store(rng))
            town.world.act(f"{guest.name} also orders", again, 2 * rng.random())
        else:
            order_for(town, rng, guest, town.store(rng))


def _guest(town: Town, rng: random.Random) -> Guest | None:
    """One who is here, or comes now."""
    here = [one for one in town.guests if not one.over]
    if here and rng.random() < 0.4:
        return rng.choice(here)
    device = rng.choice((*PHONES, PHONES[0], ""))
    guest = Guest.begin(town.world, f"guest-{len(town.guests)}", device)
    if guest is not None:
        town.guests.append(guest)
    return guest


@act("a guest is claimed", weight=1.5)
def claim(town: Town, rng: random.Random) -> None:
    """An account claims a guest while they order: again, from two phones, or two accounts do."""
    guest = _wait_for_one(town, rng)
    if guest is None:
        return
    town.wait(rng.choice((0.0, 3.0, 30.0, 300.0)) * rng.random())
    account = town.customer(rng)
    for number in range(rng.choice((1, 2, 2, 3))):
        who = account if rng.random() < 0.8 else town.customer(rng)
        said = {"refresh_token": guest.tokens["refresh_token"]}
        claims = partial(_claims, town, who, guest, said)
        if number and rng.random() < 0.6:
            town.world.act(f"{who.name} claims too", claims, 0.2 * rng.random())
        else:
            claims()


def _claims(town: Town, who: Person, guest: Guest, said: dict[str, str]) -> None:
    """One account alone is ever told that a guest is theirs."""
    reply = who.post("/v1/guests/claim", said)
    if reply is None or reply.status != 200:
        return
    owners = town.world.memory.setdefault("claimed", {})
    owner = owners.setdefault(guest.name, who.name)
    demand("G1", owner == who.name, f"{guest.name} is {owner}'s, and {who.name}'s")
    guest.over = True


def _wait_for_one(town: Town, rng: random.Random) -> Guest | None:
    town.wait_for(lambda: bool(town.guests), 120.0)
    return rng.choice(town.guests) if town.guests else None


@act("a guest looks around", weight=0.7)
def look(town: Town, rng: random.Random) -> None:
    """What a guest is shown is theirs, and what is another's is hidden from them."""
    guest = _wait_for_one(town, rng)
    if guest is None:
        return
    town.wait(60 * rng.random())
    for one in (guest.get("/v1/orders") or {"items": []})["items"]:
        demand("G2", _was_theirs(town, one["id"], guest), f"{guest.name} is shown {one['id']}")
    for order_id in town.placed()[:3]:
        if _was_theirs(town, order_id, guest):
            continue
        for path in (f"/v1/orders/{order_id}", f"/v1/orders/{order_id}/payments"):
            reply = guest.send("GET", path)
            hidden = reply is None or reply.status in OTHERS
            demand("G2", hidden, f"{guest.name} sees {path}")
    if rng.random() < 0.5:
        shown = guest.get("/v1/export")
        foreign = [one for one in (shown or {"orders": []})["orders"]
                   if not _was_theirs(town, one["id"], guest)]  # fmt: skip
        demand("G2", not foreign, f"{guest.name} takes {foreign} away")


def _was_theirs(town: Town, order_id: str, guest: Guest) -> bool:
    """Whether an order is a guest's, or was until an account claimed it."""
    partition = town.world.shadow.partition("orders", f"ORDER#{order_id}")
    head = partition.get("HEAD", {})
    claims = [row for sk, row in partition.items() if sk.startswith("EVT#")]
    named = any(guest.name in str(row.get("data", "")) for row in claims)
    return head.get("customer_id") == guest.name or named


@act("a guest appeals", weight=1)
def appeal(town: Town, rng: random.Random) -> None:
    """A guest appeals, and maybe again; an operator answers one of those that wait, or two do."""
    guest = _wait_for_one(town, rng)
    if guest is None:
        return
    said = {"limit": rng.choice(LIMITS), "text": "It was not me."}
    for _ in range(rng.choice((1, 1, 2))):
        guest.post("/v1/appeals", said, key=guest.new_key())
    town.wait(rng.choice((0.0, 60.0)) * rng.random())
    for number in range(rng.choice((0, 1, 1, 2))):
        waiting = (town.operator.get("/v1/appeals/waiting") or {"items": []})["items"]
        if not waiting:
            return
        path = f"/v1/appeals/{rng.choice(waiting)['id']}/{rng.choice(('grant', 'refuse'))}"
        answer = partial(town.operator.post, path, {"reason": "Spoken with."})
        if number:
            town.world.act("another answers", answer, 0.2 * rng.random())
        else:
            answer()


@act("a guest is to be forgotten", weight=0.5)
def forget(town: Town, rng: random.Random) -> None:
    """A guest asks to be forgotten, and may take it back."""
    guest = _wait_for_one(town, rng)
    if guest is None:
        return
    town.wait_for(lambda: not _under_way(town, guest), 3000.0, 60.0)
    asked = guest.post("/v1/profile/deletion", {"give_up_balances": True})
    town.forgetting = town.forgetting or (asked is not None and asked.status == 200)
    if rng.random() < 0.3:
        guest.send("DELETE", "/v1/profile/deletion")


def _under_way(town: Town, guest: Guest) -> bool:
    """Whether an order of theirs is in the way of forgetting them."""
    heads = (town.world.shadow.get("orders", f"ORDER#{one}") or {} for one in town.placed())
    return any(head["customer_id"] == guest.name and head["status"] in UNDER_WAY for head in heads)


@act("a guest is shut out", weight=0.4)
def suspend(town: Town, rng: random.Random) -> None:
    """An operator shuts a guest out, and mostly lets them in again."""
    guest = _wait_for_one(town, rng)
    if guest is None:
        return
    path = f"/v1/guests/{guest.name}"
    town.operator.post(f"{path}/suspend", {"reason": "Three stolen cards."})
    town.wait(60 * rng.random())
    if rng.random() < 0.7:
        town.operator.post(f"{path}/restore", {"reason": "A mistake."})


AFTERWARDS = (
    ("an account claims", 0.4, claim), ("a guest looks", 0.2, look),
    ("a guest says no", 0.3, appeal), ("a guest goes", 0.35, forget),
    ("an operator shuts out", 0.15, suspend),
)  # fmt: skip
"""What may become of a guest who has come: other acts are too many for that to be left to them."""
