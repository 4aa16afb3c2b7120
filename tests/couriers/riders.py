"""Couriers of the test world, orders that they bring, and what the table holds of both."""

from dataclasses import dataclass, field
from typing import Any

from chalicelib.core import clock, dynamo
from chalicelib.couriers import dispatching, opening, supply
from chalicelib.couriers import events as courier_events
from chalicelib.couriers.delivery_models import DeliveryEvent
from chalicelib.couriers.models import CourierEvent, zone_key
from chalicelib.couriers.supply import Supply
from chalicelib.couriers.zone_models import ZoneHead
from tests import laws, people, shopfront
from tests.world import Reply, World

ZONE = "seoul"
NEAR = (126.9240, 37.5622)
FAR = (126.9700, 37.5622)
"""About four kilometres from the store."""


@dataclass
class Riders:
    """A store whose orders couriers bring, and the couriers."""

    world: World
    store_id: str = ""
    about: dict[str, Any] = field(default_factory=dict)
    _sequence: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.store_id = self.world.store(delivered_by="platform", **self.about)

    def token(self, user: str) -> str:
        return people.person("courier", user)

    def pass_without_sweeps(self, seconds: float) -> None:
        """Time passes, and only what was sent with a delay arrives by it."""
        self.world.clock.move(seconds)
        self.world.pump()

    def follow(self, order_id: str, event_type: str, version: int = 1) -> None:
        """One bell of an order is heard, before any other."""
        bell = {"kind": "order", "subject": order_id, "version": version, "type": event_type}
        courier_events._hear(bell)

    # --- what people do --------------------------------------------------------------------------

    def on_duty(self, user: str, at: tuple[float, float] = NEAR, vehicle: str = "scooter") -> str:
        """A courier goes on duty. Who it is."""
        token = self.token(user)
        profile = {"given_name": user.title(), "vehicle": vehicle}
        assert self.world.call("PUT", "/v1/courier", profile, token=token).status < 300
        location = {"type": "Point", "coordinates": list(at)}
        duty = {"zone": ZONE, "vehicle": vehicle, "location": location}
        assert self.world.post("/v1/duty/start", duty, token=token).status == 200
        return user

    def at(self, user: str, place: tuple[float, float] = NEAR) -> Reply:
        """A courier says where they are."""
        self._sequence[user] = self._sequence.get(user, 0) + 1
        point = {
            "location": {"type": "Point", "coordinates": list(place)},
            "at": clock.stamp(clock.now()),
        }
        said = {"zone": ZONE, "sequence": self._sequence[user], "points": [point]}
        return self.world.post("/v1/positions", said, token=self.token(user))

    def order(self, *commands: str, user: str = "mina") -> str:
        """A paid order to be brought, as far as the store's commands lead. Its id."""
        wanted: dict[str, Any] = {"fulfilment": "delivery", "drop_off": shopfront.DOOR}
        order_id = self.world.paid_order(self.store_id, user=user, **wanted)
        if commands:
            assert self.world.command(order_id, *commands, store_id=self.store_id).status == 200
        return order_id

    def waiting(self, *commands: str) -> str:
        """An order that is ready to be fetched, and all that follows of it. Its id."""
        order_id = self.order(*(commands or ("confirm", "ready")))
        self.world.pump()
        return order_id

    def give_up(self, order_id: str) -> None:
        """An operator cancels an order, and nobody has heard of it."""
        path, token = f"/v1/orders/{order_id}/cancel", self.world.operator()
        assert self.world.post(path, {"code": "other"}, token=token).status == 200

    def cancel(self, order_id: str) -> None:
        self.give_up(order_id)
        self.world.pump()

    def opened(self) -> str:
        """An order that is ready, and its delivery, of which no run has heard. Its id."""
        order_id = self.order("confirm", "ready")
        self.follow(order_id, "order.confirmed")
        self.world.streams.skip()
        self.world.courier_bells.lose()
        return order_id

    def asked(self, user: str) -> list[Any]:
        """The offers that a courier may answer."""
        found: list[Any] = self.world.get("/v1/offers", self.token(user))["items"]
        return found

    def answer(self, user: str, what: str) -> Reply:
        """A courier answers the one offer there is."""
        [offer] = self.asked(user)
        token = self.token(user)
        return self.world.post(f"/v1/offers/{offer['id']}/{what}", token=token)

    def step(self, user: str, order_id: str, *steps: str) -> Reply:
        """A courier goes on with the delivery of an order. The last answer."""
        token = self.token(user)
        path = f"/v1/deliveries/{self.delivery(order_id).id}"
        return [self.world.post(f"{path}/{step}", token=token) for step in steps][-1]

    def carried(self, user: str = "jun") -> str:
        """An order that a courier has fetched. Its id."""
        self.on_duty(user)
        order_id = self.waiting()
        assert self.answer(user, "accept").status == 200
        assert self.step(user, order_id, "arrived-at-store", "picked-up").status == 200
        self.world.pump()
        return order_id

    def brought(self, user: str = "jun") -> str:
        """An order that a courier has handed over at the door, and all that follows. Its id."""
        order_id = self.carried(user)
        self.step(user, order_id, "heading-to-customer", "arrived-at-customer")
        pin = self.world.get(f"/v1/orders/{order_id}/delivery", self.world.customer())["pin"]
        path = f"/v1/deliveries/{self.delivery(order_id).id}/delivered"
        assert self.world.post(path, {"pin": pin}, token=self.token(user)).status == 200
        self.world.pump()
        return order_id

    # --- what the table holds --------------------------------------------------------------------

    def delivery(self, order_id: str) -> Any:  # noqa: ANN401 - the stored item, whatever its types
        found = opening.present(order_id)
        assert found is not None
        return found

    def seen(self) -> Supply:
        return supply.read(ZONE)

    def head(self) -> Any:  # noqa: ANN401 - the stored item, whatever its types
        return dynamo.get(ZoneHead, zone_key(ZONE))

    def news(self, order_id: str) -> list[str]:
        """The types of what has happened to the present delivery of an order."""
        pk = self.delivery(order_id).pk
        return [event.type for event in dynamo.items(DeliveryEvent, pk, prefix="EVT#")]

    def heard(self, user: str) -> list[str]:
        """The types of what has happened to a courier."""
        found = dynamo.items(CourierEvent, f"COURIER#{user}", prefix="EVT#")
        return [event.type for event in found]

    def run(self) -> None:
        dispatching.run(ZONE)


def stored(prefix: str) -> list[laws.Row]:
    """Every item of the couriers' table whose partition begins so."""
    return [row for row in laws.rows("couriers") if row["pk"].startswith(prefix)]
