"""What an order holds of its store: told before payment, taken with the order, given back once.

Items are counted by the service day, and kitchens by the window, in which the kitchen begins. An
order is never moved to another window: its customer asks for another moment.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.catalog import holding
from chalicelib.catalog import reading as stores
from chalicelib.catalog.errors import KitchenFullError, SoldOutError
from chalicelib.catalog.holding import Hold
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.schemas import Store
from chalicelib.core import clock
from chalicelib.core.dynamo import Raw
from chalicelib.core.parts import Failure, Part
from chalicelib.orders import scheduling, slots
from chalicelib.orders.order import Order
from chalicelib.orders.pricing import Issue
from chalicelib.orders.scheduling import Task
from chalicelib.orders.schemas import QuoteRequest

SOLD_OUT = "There is not enough left of this today."
FULL = "The kitchen has no place left at that time."


def wanted(store: Store, menu: Menu, request: QuoteRequest, begins: datetime) -> tuple[Hold, ...]:
    """What an order holds whose kitchen begins at a moment. Pure."""
    quantities: Counter[str] = Counter()
    for line in request.items:
        quantities[line.item_id] += line.quantity
    return holding.wanted(store, menu, quantities, begins)


def issues(task: Task, request: QuoteRequest, holds: Sequence[Hold]) -> list[Issue]:
    """What of it cannot be had now."""
    left = holding.left(task.store.id, holds)
    short = {hold.item_id: hold for hold in holds if left[hold.counter] < hold.number}
    found = [
        Issue("sold_out", f"/items/{number}", SOLD_OUT, left=max(0, left[hold.counter]))
        for number, line in enumerate(request.items)
        if (hold := short.get(line.item_id))
    ]
    if None in short:
        pointer = scheduling.POINTER if request.scheduled_for else "/store_id"
        free = _free_from(task, task.begins(request.scheduled_for))
        found.append(Issue("kitchen_full", pointer, FULL, free_from=free))
    return found


def _free_from(task: Task, begins: datetime) -> datetime | None:
    """The next moment to ask for whose kitchen has a place, as far as is known; within a day."""
    moments = (task.there(free) for free in holding.free_windows(task.store, begins))
    return next((one for one in moments if stores.why_closed(task.store, one) is None), None)


def kept(content: Mapping[str, Any]) -> list[Hold]:
    """What a quote wants to hold; nothing, of one that was made before there were limits."""
    return [Hold.model_validate(one, extra="ignore") for one in content.get("holds") or ()]


def take(store_id: str, content: Mapping[str, Any]) -> list[Part]:
    """The parts that take what a quote wants. They fail with SoldOutError or KitchenFullError."""
    return [holding.take(store_id, hold, _gone(store_id, hold, content)) for hold in kept(content)]


def _gone(store_id: str, hold: Hold, content: Mapping[str, Any]) -> Failure:
    def sold_out(raw: Raw | None) -> Exception:
        taken = int((raw or {}).get("taken", {}).get("N", 0))
        return SoldOutError(item_id=hold.item_id, left=max(0, hold.limit - taken))

    def full(_: Raw | None) -> Exception:
        return KitchenFullError(
            free_from=_later(store_id, content), slots=_next_slots(store_id, content)
        )

    return full if hold.item_id is None else sold_out


def _later(store_id: str, content: Mapping[str, Any]) -> str | None:
    """Two reads after the race is lost, so that a customer knows what to ask for instead."""
    store = stores.store(store_id)
    if store is None:
        return None
    task = Task(store, content["items"], content["eta_minutes"])
    free = _free_from(task, clock.parse(content["begins"]))
    return clock.stamp(free) if free else None


def _next_slots(store_id: str, content: Mapping[str, Any]) -> list[str]:
    """What a customer may ask for instead of a slot that others were faster at."""
    if not content.get("scheduled_for"):
        return []
    moment = clock.parse(content["scheduled_for"])
    found = slots.of_store(store_id, content["items"], content["eta_minutes"], moment)
    return [clock.stamp(one) for one in found]


def give_back(order: Order) -> tuple[Part, ...]:
    """The parts that give back what an order holds. They go with its cancellation."""
    return holding.give_back(order.store_id, order.holds)
