"""A street with a store whose orders couriers bring, and couriers who may be asked.

Offers are made here by hand, as a run of dispatch would make them: what decides whom to ask has
tests of its own.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from chalicelib.core import clock, dynamo, parts
from chalicelib.couriers import moving, offering, opening, working
from chalicelib.couriers.delivery_models import DeliveryEvent, DeliveryHead
from chalicelib.couriers.matching import Decision
from chalicelib.couriers.models import CourierEvent, courier_key, delivery_key
from chalicelib.couriers.zone_models import OnDuty
from tests import people
from tests.shopfront import DOOR
from tests.world import Reply, World

ZONE = "seoul"
HERE = [126.9230, 37.5620]
PROFILE = {"given_name": "Jun", "vehicle": "scooter"}
ON_THE_WAY = ("heading-to-store", "arrived-at-store", "picked-up")
TO_THE_DOOR = (*ON_THE_WAY, "heading-to-customer", "arrived-at-customer")


@dataclass(frozen=True)
class Rider:
    """A courier with their phone."""

    world: World
    name: str = "jun"

    @property
    def token(self) -> str:
        return people.person("courier", self.name)

    def post(self, path: str, body: object = None) -> Reply:
        return self.world.post(path, body, token=self.token)

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        return self.world.get(path, self.token)

    def introduce(self, **changed: object) -> Reply:
        body = {**PROFILE, **changed}
        return self.world.call("PUT", "/v1/courier", body, token=self.token)

    def start(self, zone: str = ZONE, **changed: object) -> Reply:
        location = {"type": "Point", "coordinates": HERE}
        body = {"zone": zone, "vehicle": "scooter", "location": location, **changed}
        return self.post("/v1/duty/start", body)

    def end(self) -> Reply:
        return self.post("/v1/duty/end")

    def locate(
        self, sequence: int = 1, where: list[float] | None = None, zone: str = ZONE, ago: float = 0
    ) -> Reply:
        return self.post("/v1/positions", here(sequence, where or HERE, zone, ago))

    def duty(self) -> OnDuty | None:
        return working.on_duty(ZONE, self.name)

    def events(self) -> list[str]:
        found = dynamo.items(CourierEvent, courier_key(self.name), prefix="EVT#")
        return [event.type for event in found]

    def answer(self, offer_id: str, how: str = "accept") -> Reply:
        return self.post(f"/v1/offers/{offer_id}/{how}")

    def step(self, delivery_id: str, *steps: str, body: object = None) -> Reply:
        """Take one step after the other. The last answer; those before it must be 200."""
        *before, last = steps
        for one in before:
            answer = self.post(f"/v1/deliveries/{delivery_id}/{one}")
            assert answer.status == 200, answer.text
        return self.post(f"/v1/deliveries/{delivery_id}/{last}", body)


def here(
    sequence: int, where: list[float], zone: str = ZONE, ago: float = 0
) -> Mapping[str, object]:
    """What a phone sends: one position, of now or of so many seconds ago."""
    point = {
        "location": {"type": "Point", "coordinates": where},
        "at": clock.stamp(clock.after(-ago)),
    }
    return {"zone": zone, "sequence": sequence, "points": [point]}


@dataclass(frozen=True)
class Street:
    """The store, and the world around it."""

    world: World
    store_id: str

    def rider(self, name: str = "jun") -> Rider:
        """A courier on duty."""
        rider = Rider(self.world, name)
        assert rider.introduce().status == 200
        answer = rider.start()
        assert answer.status == 200, answer.text
        return rider

    def order(self, *commands: str, user: str = "mina", **changed: object) -> str:
        """A paid order that couriers are to bring, with its delivery open. Its id."""
        order_id = self.world.paid_order(
            self.store_id, user=user, **{"fulfilment": "delivery", "drop_off": DOOR, **changed}
        )
        told = commands or ("confirm", "ready")
        answer = self.world.command(order_id, *told, store_id=self.store_id)
        assert answer.status == 200, answer.text
        opening.open(order_id)
        return order_id

    def delivery(self, order_id: str) -> DeliveryHead:
        found = opening.present(order_id)
        assert found is not None
        return found

    def ask(self, rider: Rider, *order_ids: str) -> str:
        """Offer the deliveries of orders to a courier, as one. The offer's id."""
        duty, stops = rider.duty(), []
        for order_id in order_ids:
            delivery = self.delivery(order_id)
            opened = offering.opened(delivery.zone, delivery.id)
            assert opened is not None
            stops.append((delivery, opened))
        assert duty is not None
        first, *others = [delivery.id for delivery, _ in stops]
        decision = Decision(
            delivery_id=first,
            courier_id=rider.name,
            reason="together" if others else "nearest",
            candidates=(),
            features={},
            along=tuple(others),
        )
        parts.commit(*offering.offer(stops, duty, decision))
        asked = rider.duty()
        assert asked is not None
        assert asked.offer_id
        return asked.offer_id

    def offer_to(self, *riders: Rider, order_id: str | None = None) -> list[str]:
        """Offer one order to several couriers at once. The offers' ids."""
        order_id = order_id or self.order()
        return [self.ask(rider, order_id) for rider in riders]

    def together(self, rider: Rider, count: int = 2) -> tuple[str, list[DeliveryHead]]:
        """An offer of several orders to a courier. Its id, and its deliveries."""
        orders = [self.order(user=f"mina{number}") for number in range(count)]
        return self.ask(rider, *orders), [self.delivery(one) for one in orders]

    def job(self, rider: Rider, *steps: str, order_id: str | None = None) -> DeliveryHead:
        """A delivery that a courier has accepted and taken so far."""
        order_id = order_id or self.order()
        accepted = rider.answer(self.ask(rider, order_id))
        assert accepted.status == 200, accepted.text
        delivery_id = accepted.json["id"]
        if steps:
            assert rider.step(delivery_id, *steps).status == 200
        return moving.demand(delivery_id)

    def pin(self, order_id: str, user: str = "mina") -> str:
        """The PIN as the order's customer sees it."""
        found = self.world.get(f"/v1/orders/{order_id}/delivery", self.world.customer(user))
        pin: str = found["pin"]
        return pin


def wrong(pin: str) -> str:
    """Another PIN."""
    return f"{(int(pin) + 1) % 10_000:04d}"


def events(delivery_id: str) -> list[str]:
    """What has happened to a delivery, in order."""
    found = dynamo.items(DeliveryEvent, delivery_key(delivery_id), prefix="EVT#")
    assert [int(event.version) for event in found] == list(range(1, len(found) + 1))
    return [event.type for event in found]


def at_once[T](*jobs: Callable[[], T]) -> list[T]:
    """Let all begin at the same moment, in threads."""
    barrier = threading.Barrier(len(jobs))

    def start(job: Callable[[], T]) -> T:
        barrier.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(start, jobs))
