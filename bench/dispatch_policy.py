"""The optimiser in the form of the evaluator of the Meal Delivery Routing Problem."""

from collections.abc import Mapping
from typing import Any

from chalicelib.couriers.optimising import deciding
from chalicelib.couriers.optimising.city import Bring, City, Courier, Order, Terms

INTERVAL = 1
"""Minutes from look to look."""


def policy(state: Mapping[str, Any]) -> list[list[Any]]:
    """What the evaluator's world is to do."""
    told = []
    for decision in deciding.decide(city(state)):
        what: Any = (
            [*decision.order_ids] if isinstance(decision, Bring) else {"move": decision.store_id}
        )
        told.append([decision.courier_id, what])
    return told


policy.INTERVAL = INTERVAL  # type: ignore[attr-defined] # where the evaluator looks for it


def city(state: Mapping[str, Any]) -> City:
    """The evaluator's state in the words of the optimiser."""
    params = state["params"]
    now = state["time"]
    speed = params["meters_per_minute"]
    there = {one["id"]: one for one in state["couriers"]}
    couriers = []
    for one in state["roster"]:
        known = there.get(one["id"])
        if known is None and one["on_time"] <= now:
            continue
        if known is not None and not known["can_queue"]:
            continue
        couriers.append(
            Courier(
                courier_id=one["id"],
                spot=((known or one)["x"], (known or one)["y"]),
                free_at=known["free_at"] if known else one["on_time"],
                on_at=one["on_time"],
                off_at=one["off_time"],
                metres_a_minute=speed,
                done=known["delivered"] + len(known["committed"]) if known else 0,
                store_id=known["at_restaurant"] if known else None,
                there_at=(known["arrived_at"] or 0.0) if known else 0.0,
            )
        )
    return City(
        now=now,
        terms=Terms(
            step=state["interval"],
            pickup=params["pickup_service"],
            dropoff=params["dropoff_service"],
            latest=params["max_c2d"],
            pay=params["pay_per_order"],
            guaranteed=params["guaranteed_pay_per_hour"],
            grain=1,
        ),
        stores={key: (x, y) for key, (x, y) in state["restaurants"].items()},
        orders=tuple(
            Order(
                one["id"],
                one["restaurant"],
                (one["x"], one["y"]),
                one["placement_time"],
                one["ready_time"],
            )
            for one in state["orders"]
        ),
        couriers=tuple(couriers),
    )
