"""One order, from the stores near by to the door, as the apps of its people would play it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.meter import Invocation
from bench.town import DAY, Town
from chalicelib.core import clock
from tests import people, shopfront

TRACKED_MINUTES = 30
EVERY_SECONDS = 15
STORE_TO_DOOR = ([126.9236, 37.5621], [126.9240, 37.5625])
JUN, MINA = "jun", "mina"
ZONE = "seoul"


@dataclass
class Story:
    """What has come so far."""

    town: Town
    store_id: str = ""
    order_id: str = ""
    delivery_id: str = ""
    sequence: int = 0
    asides: list[Invocation] = field(default_factory=list)

    def play(self) -> list[Invocation]:
        """Everything that was invoked because of this one order."""
        with self._aside():
            self._open_town()
        began = len(self.town.meter.invocations)
        self._order()
        self._confirm()
        self._find_courier()
        self._carry()
        self.town.world.clock.move(DAY)  # the order can be complained about for so long
        self.town.sweep()
        self.town.sweep()
        return self.town.meter.invocations[began:]

    # --- before -----------------------------------------------------------------------------------

    def _open_town(self) -> None:
        world = self.town.world
        self.store_id = world.store(delivered_by="platform")
        hook = {"url": "https://till.example.com/ieum"}
        made = world.post(
            f"/v1/stores/{self.store_id}/webhooks", hook,
            token=people.person("merchant", "owner"), key=world.new_key(),
        )  # fmt: skip
        assert made.status == 201, made.text
        for number, token in enumerate(
            (self._customer(), self._courier(), people.person("merchant", "owner"))
        ):
            device = {"platform": "fcm", "token": f"token-of-a-phone-{number}", "language": "ko"}
            path = f"/v1/devices/dev_01JD9Z6M7Q3W8K5N2R4T6V8X0{number}"
            assert world.call("PUT", path, device, token=token).status == 200
        profile = {"given_name": "Jun", "vehicle": "scooter"}
        assert world.call("PUT", "/v1/courier", profile, token=self._courier()).status == 200
        location = {"type": "Point", "coordinates": STORE_TO_DOOR[0]}
        start = {"zone": ZONE, "vehicle": "scooter", "location": location}
        self._post("/v1/duty/start", start, self._courier())
        self.town.settle()
        self.town.pass_time(60)

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """What would happen without this order too."""
        began = len(self.town.meter.invocations)
        yield
        self.asides += self.town.meter.invocations[began:]
        del self.town.meter.invocations[began:]

    # --- the order --------------------------------------------------------------------------------

    def _order(self) -> None:
        world, mina = self.town.world, self._customer()
        lon, lat = STORE_TO_DOOR[1]
        world.get(f"/v1/stores/nearby?lat={lat}&lon={lon}", mina)
        world.get(f"/v1/stores/{self.store_id}", mina)
        world.get(f"/v1/stores/{self.store_id}/menu", mina)
        drop_off = {
            **shopfront.DOOR,
            "location": {"type": "Point", "coordinates": STORE_TO_DOOR[1]},
        }
        quote = world.quote(self.store_id, mina, fulfilment="delivery", drop_off=drop_off)
        placed = world.place(mina, quote)
        self.order_id = placed["order_id"]
        for payment in placed["payments"]:
            world.pay(payment)
        assert world.confirm(self.order_id, MINA).status == 200
        self.town.settle()

    def _confirm(self) -> None:
        self.town.pass_time(30)
        self._store_looks()
        self._command("confirm")
        self.town.settle()
        self._customer_looks()

    def _find_courier(self) -> None:
        """Until an offer comes, the courier tells each minute where they are, as they always do."""
        for _ in range(30):
            self.town.pass_time(60)
            with self._aside():
                self._locate()
            with self._aside():
                offers = self.town.world.get("/v1/offers", self._courier())["items"]
            if offers:
                break
        offers = self.town.world.get("/v1/offers", self._courier())["items"]
        [offer] = offers
        accepted = self._post(f"/v1/offers/{offer['id']}/accept", None, self._courier())
        self.delivery_id = accepted["id"]
        self.town.settle()
        self._customer_looks()

    # --- on the way ------------------------------------------------------------------------------

    def _carry(self) -> None:
        self._step("heading-to-store")
        self._pass(5)
        self._step("arrived-at-store")
        self._pass(5)
        self._command("ready")
        self._step("picked-up")
        self._customer_looks()
        pin = self.town.world.get(f"/v1/orders/{self.order_id}/delivery", self._customer())["pin"]
        self._step("heading-to-customer")
        self._pass(TRACKED_MINUTES - 10)
        self._step("arrived-at-customer")
        self._step("delivered", {"pin": pin})
        self._customer_looks()

    def _pass(self, minutes: int) -> None:
        self.town.pass_time(60 * minutes, self._track)

    def _track(self) -> None:
        self._locate()
        path, route = f"/v1/orders/{self.order_id}/tracking", "/v1/orders/{order_id}/tracking"
        answer = self.town.url.ask("GET", path, route, None, self._customer())
        assert answer.status == 200, answer.text
        found = answer.json
        carried = found["status"] in {"PICKED_UP", "EN_ROUTE_TO_CUSTOMER", "ARRIVED_AT_CUSTOMER"}
        assert not carried or found["position"]["at"] == clock.stamp(clock.now()), "a stale frame"

    def _locate(self) -> None:
        self.sequence += 1
        location = {"type": "Point", "coordinates": STORE_TO_DOOR[0]}
        points = [{"location": location, "at": clock.stamp(clock.now())}]
        body = {"zone": ZONE, "sequence": self.sequence, "points": points}
        path = "/v1/positions"
        answer = self.town.url.ask("POST", path, path, body, self._courier())
        assert answer.status == 204, answer.text

    # --- calls -----------------------------------------------------------------------------------

    def _step(self, step: str, body: object = None) -> None:
        self._post(f"/v1/deliveries/{self.delivery_id}/{step}", body, self._courier())
        self.town.settle()

    def _command(self, command: str) -> None:
        self._post(f"/v1/orders/{self.order_id}/{command}", None, people.machine(self.store_id))
        self.town.settle()

    def _store_looks(self) -> None:
        self.town.world.get(f"/v1/orders/{self.order_id}", people.machine(self.store_id))

    def _customer_looks(self) -> None:
        self.town.world.get(f"/v1/orders/{self.order_id}", self._customer())

    def _customer(self) -> str:
        return self.town.world.customer(MINA)

    def _courier(self) -> str:
        return people.person("courier", JUN)

    def _post(self, path: str, body: object, token: str) -> Any:  # noqa: ANN401 - any JSON
        answer = self.town.world.post(path, body, token=token)
        assert answer.status in {200, 201, 204}, answer.text
        return answer.json if answer.text else None
