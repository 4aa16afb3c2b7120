"""Every way in which an order is given up, by whoever does it."""

from collections.abc import Callable

from chalicelib.orders import holding as money
from tests import people
from tests.world import World

type Ends = Callable[[World, str, str], None]


def by_customer(world: World, order_id: str, _: str) -> None:
    assert world.cancel(order_id).status == 200


def by_operator(world: World, order_id: str, _: str) -> None:
    assert world.cancel(order_id, world.operator()).status == 200


def by_store(world: World, order_id: str, store_id: str) -> None:
    rejected = world.post(f"/v1/orders/{order_id}/reject", {}, token=people.machine(store_id))
    assert rejected.status == 200


def by_silence(world: World, *_: str) -> None:
    world.pass_time(1200)


def by_its_hold(_: World, order_id: str, store_id: str) -> None:
    assert money.end(order_id).status == "CANCELLED", store_id


WAYS: tuple[Ends, ...] = (by_customer, by_operator, by_store, by_silence, by_its_hold)
