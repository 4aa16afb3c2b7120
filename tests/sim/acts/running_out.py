"""Running out: a till takes dishes off the menu and puts them back, an owner sends a new menu."""

import json
import random
from typing import Any

from tests import shopfront
from tests.sim.acts import customers
from tests.sim.acts.registry import act
from tests.sim.town import Store, Town

DISHES = ("bibimbap", "mandu", "cake")
REASONS = ("sold_out", "equipment")


@act("sells out", weight=1)
def sell_out(town: Town, rng: random.Random) -> None:
    """What somebody has a quote for is sold out, and is back, often while they order it."""
    store, customer = town.store(rng), town.customer(rng)
    path = f"/v1/stores/{store.id}/availability"
    dish = rng.choice(DISHES)
    things = [{"item_id": dish}]
    wanted = {
        "store_id": store.id, "fulfilment": "takeaway", "items": [{"item_id": "bibimbap"}],
    }  # fmt: skip
    quoted = customer.post("/v1/quotes", wanted)
    town.taken_off.add((store.id, dish))
    store.machine.post(f"{path}/sold-out", {"things": things, "reason": rng.choice(REASONS)})
    if quoted is not None and quoted.status == 201 and rng.random() < 0.4:
        payments = [{"method": "cash"}]
        customers.order_from(town, rng, customer, quoted.json["id"], payments, "cash")
    town.wait(rng.choice((1.0, 60.0, 600.0)) * rng.random())
    store.machine.post(f"{path}/back", {"things": things})


@act("sends a menu", weight=0.5)
def upload(town: Town, rng: random.Random) -> None:
    """An owner sends a menu's lines, or publishes the whole of it with a dish more."""
    store = town.store(rng)
    menu = _with_a_dish(store, f"soup-{rng.randrange(100)}", rng.choice((4000, 5005)))
    if menu is None:
        return
    if rng.random() < 0.5:
        store.owner.send("PUT", f"/v1/stores/{store.id}/menu", menu)
        return
    line = {"category_id": "rice", **menu["categories"][0]["items"][-1]}
    body = {"format": "json_lines", "content": json.dumps(line)}
    path = f"/v1/stores/{store.id}/menu-uploads"
    made = store.owner.post(path, body, key=store.owner.new_key())
    if made is not None and made.status == 202:
        store.owner.get(f"{path}/{made.json['id']}")


def _with_a_dish(store: Store, ident: str, price: int) -> dict[str, Any] | None:
    shown = store.owner.get(f"/v1/stores/{store.id}/menu")
    if shown is None:
        return None
    categories = shown["categories"]
    categories[0]["items"].append(shopfront.item(ident, price))
    return {"categories": categories}
