"""An order that a courier brings, over HTTP alone: offered, claimed, carried, handed over."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.core import clock, ids
from sandbox import people
from tests import shopfront
from tests.e2e.http import Http, eventually
from tests.e2e.town import Json, Store, Town

pytestmark = pytest.mark.e2e

CORNER = shopfront.DOOR["location"]


@dataclass
class Phone:
    """Somebody's phone: signed in, and told by pushes."""

    town: Town
    token: str
    push_token: str = field(default_factory=lambda: f"phone-{uuid4()}")

    def register(self) -> None:
        about = {"platform": "fcm", "token": self.push_token, "language": "ko"}
        path = f"/v1/devices/{ids.new('dev')}"
        assert self.town.put(path, about, token=self.token).status in {200, 201}

    def await_push(self, event_type: str) -> Json:
        port = Http(f"http://127.0.0.1:{self.town.box.ports.push}")

        def came() -> Json:
            messages = port.get(f"/inbox/{self.push_token}").expect(200)["messages"]
            found = [one for one in messages if event_type in str(one)]
            return dict(found[-1]) if found else {}

        return eventually(came, what=f"a push of {event_type}")


@dataclass
class Courier(Phone):
    """A courier's phone."""

    def go_on_duty(self) -> None:
        profile = {"given_name": "성민", "vehicle": "scooter"}
        self.town.put("/v1/courier", profile, token=self.token).expect(200)
        duty = {"zone": "seoul", "vehicle": "scooter", "location": CORNER}
        self.do("/v1/duty/start", duty)

    def do(self, path: str, body: object = None, status: int = 200) -> Json:
        found: Json = self.town.api.post(path, body, token=self.token).expect(status)
        return found

    def await_offer(self, order_id: str) -> Json:
        """The offer of an order's delivery, once dispatch has made it."""

        def offered() -> Json:
            items = self.town.api.get("/v1/offers", token=self.token).expect(200)["items"]
            return dict(items[0]) if items else {}

        offer = eventually(offered, what=f"an offer of {order_id}")
        assert self.town.api.get(f"/v1/deliveries/{offer['delivery_id']}").status == 401
        return offer


@pytest.fixture
def courier(town: Town) -> Any:  # noqa: ANN401 - a generator fixture of a Courier
    made = Courier(town, town.sign_in(people.COURIERS[0]))
    made.register()
    made.go_on_duty()
    yield made
    town.api.post("/v1/duty/end", token=made.token)


@pytest.fixture(scope="module")
def store(town: Town) -> Store:
    return town.store(delivered_by="platform", preparation_minutes=0)


def _ordered(town: Town, store: Store, customer: str) -> str:
    placed = town.paid_order(store, customer, fulfilment="delivery", drop_off=shopfront.DOOR)
    order_id: str = placed["order_id"]
    town.command(order_id, ("confirm",), store)
    return order_id


def test_an_order_is_offered_claimed_carried_and_handed_over_for_its_pin(
    town: Town, store: Store, courier: Courier
) -> None:
    customer = town.customer()
    phone = Phone(town, customer)
    phone.register()
    order_id = _ordered(town, store, customer)

    offer = courier.await_offer(order_id)
    courier.await_push(offer["id"])
    delivery = courier.do(f"/v1/offers/{offer['id']}/accept")
    place = f"/v1/deliveries/{delivery['id']}"
    courier.do(f"{place}/arrived-at-store")
    early = courier.do(f"{place}/picked-up", status=409)
    town.command(order_id, ("ready",), store)
    courier.do(f"{place}/picked-up")
    report = {"zone": "seoul", "sequence": 1, "points": [{"location": CORNER, "at": _now()}]}
    assert town.api.post("/v1/positions", report, token=courier.token).status in {200, 202, 204}
    seen = town.api.get(f"/v1/orders/{order_id}/delivery", token=customer).expect(200)
    followed = town.api.get(f"/v1/orders/{order_id}/tracking", token=customer).expect(200)
    courier.do(f"{place}/arrived-at-customer")
    phone.await_push("arrived_at_customer")
    wrong = f"{(int(seen['pin']) + 1) % 10_000:04d}"
    refused = courier.do(f"{place}/delivered", {"pin": wrong}, status=409)
    done = courier.do(f"{place}/delivered", {"pin": seen["pin"]})

    assert (early["code"], refused["code"], refused["tries_left"]) == ("not_ready", "wrong_pin", 4)
    assert followed["position"]["location"] == CORNER
    assert done["status"] == "ORDER_DELIVERED"
    assert "pin" not in done
    assert offer["earning"]["net"] == 2850
    town.await_status(order_id, "DELIVERED", customer)
    earned = town.api.get("/v1/earnings", token=courier.token).expect(200)["items"]
    assert [one["money"]["amount"] for one in earned if one["delivery_id"] == delivery["id"]] == [
        2850
    ]


def test_who_accepts_after_the_customer_has_cancelled_comes_too_late(
    town: Town, store: Store, courier: Courier
) -> None:
    customer = town.customer(2)
    order_id = _ordered(town, store, customer)
    offer = courier.await_offer(order_id)

    cancelled = {"code": "changed_mind"}
    town.api.post(f"/v1/orders/{order_id}/cancel", cancelled, token=customer).expect(200)
    late = courier.do(f"/v1/offers/{offer['id']}/accept", status=410)

    assert late["code"] == "offer_gone"
    courier.await_push("cancelled")


def test_a_position_off_duty_is_refused(courier: Courier) -> None:
    courier.do("/v1/duty/end")

    report = {"zone": "seoul", "sequence": 9, "points": [{"location": CORNER, "at": _now()}]}
    refused = courier.do("/v1/positions", report, status=409)

    assert refused["code"] == "off_duty"


def _now() -> str:
    """The city's time runs as the wall's does here."""
    return clock.wall_stamp()
