"""Orders for later: what pays for them is saved now and charged a day before, with nobody there.

The moment is chosen so that the charge falls into the day for which faults go on (`story.py`).
"""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sim.acts import customers
from tests.sim.acts.person import Person
from tests.sim.acts.registry import act
from tests.sim.town import Store, Town

AHEAD = {"kakao_pay": (48.3, 50.0), "card": (120.3, 122.0)}
"""Hours from now, just beyond what a method holds money for."""
NEAR = (2.0, 30.0)
OPEN = {"requires_payment", "requires_action"}
WATCHES = 30
HOUR = 3600.0


@act("orders for later", weight=2, orders=1)
def order_later(town: Town, rng: random.Random) -> None:
    """An order for another day; some are mended, some given up, some never paid for."""
    customer, store = town.customer(rng), town.store(rng)
    method = rng.choice(("card", "kakao_pay", "kakao_pay"))
    hours = rng.uniform(*(NEAR if rng.random() < 0.3 else AHEAD[method]))
    quote = _quote(town, rng, customer, store, hours)
    if quote is None:
        return
    payments: list[dict[str, Any]] = [{"method": method}]
    order_id = customers.order_from(
        town, rng, customer, quote["id"], payments, rng.choice(("card", "card", "challenge"))
    )
    if order_id is not None and hours > NEAR[1]:
        town.later = True
        town.world.act(
            f"{customer.name} waits for the day", lambda: _follow(town, rng, customer, order_id)
        )


def _quote(town: Town, rng: random.Random, customer: Person, store: Store, hours: float) -> Any:  # noqa: ANN401 - any JSON
    moment = datetime.fromtimestamp(town.world.scheduler.now, UTC) + timedelta(hours=hours)
    wanted: dict[str, Any] = {
        "store_id": store.id,
        "fulfilment": rng.choice(("takeaway", "dine_in")),
        "items": [{"item_id": "bibimbap", "quantity": rng.randint(1, 2)}],
        "scheduled_for": moment.replace(second=0, microsecond=0).isoformat(),
    }
    reply = customer.post("/v1/quotes", wanted)
    return reply.json if reply is not None and reply.status == 201 else None


def _follow(town: Town, rng: random.Random, customer: Person, order_id: str) -> None:
    """Look now and then; where the charge failed, pay it oneself, or do not care."""
    for _ in range(WATCHES):
        town.wait(HOUR * rng.uniform(0.5, 1.5))
        if town.status(order_id) != "PENDING_PAYMENT":
            return
        shown = customer.get(f"/v1/orders/{order_id}/payments") or {"payments": []}
        for one in shown["payments"]:
            if one["status"] in OPEN and one.get("client_secret") and rng.random() < 0.6:
                ident = one["client_secret"].partition("_secret")[0]
                customers.pay(town, rng, {**one, "intent_id": ident}, "card")
                customer.post(f"/v1/orders/{order_id}/payments/confirm")
