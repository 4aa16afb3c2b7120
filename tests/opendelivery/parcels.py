"""A store whose system has its parcels carried, and the couriers around it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chalicelib.core import ids
from tests.couriers.riders import Riders
from tests.opendelivery.desk import Desk, uuid
from tests.shopfront import DOOR
from tests.world import Reply

WHERE: Any = DOOR["location"]
LONGITUDE, LATITUDE = WHERE["coordinates"]
KRW = "KRW"


def address(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    said = dict.fromkeys(("state", "city", "district"), "Seoul")
    where = {"street": "Yanghwa-ro", "number": "45", "postalCode": "03990", "complement": "3F"}
    found = {"country": "KR", **said, **where, "latitude": LATITUDE, "longitude": LONGITUDE}
    return {name: value for name, value in {**found, **changed}.items() if value is not None}


def carrying(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """What is asked to be carried, of any kind."""
    return {
        "pickupAddress": address(latitude=None, longitude=None),
        "deliveryAddress": address(instructions="Ring twice"),
        "returnToMerchant": False,
        "canCombine": True,
        "vehicle": {"type": ["MOTORBIKE_BAG", "BICYCLE"], "container": "NORMAL"},
        "limitTimes": {"pickupLimit": 60, "deliveryLimit": 120},
        "totalOrderPrice": {"value": 30000, "currency": KRW},
        "totalWeight": 900,
        **changed,
    }


def numbered(number: int) -> str:
    """An id of a store's system."""
    return f"52122852-6626-11ed-9022-{number:012x}"


def parcel(store_id: str, number: int = 1, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {
        **carrying(),
        "orderId": numbered(number),
        "orderDisplayId": f"A{number}",
        "merchant": {"id": uuid(store_id), "name": "Han"},
        "customerName": "Mina Kim",
        "customerPhone": "+821012345678",
        "payments": {"method": "ONLINE"},
        **changed,
    }


@dataclass
class Post:
    """A store's system, and the couriers around it."""

    desk: Desk
    riders: Riders

    def ask(self, number: int = 1, **changed: Any) -> Reply:  # noqa: ANN401 - any JSON
        body = parcel(self.desk.store_id, number, **changed)
        return self.desk.call("POST", "/v1/logistics/delivery", body)

    def send(self, number: int = 1, **changed: Any) -> str:  # noqa: ANN401 - any JSON
        """A parcel that was taken on, and all that follows. Its order's id with us."""
        answer = self.ask(number, **changed)
        assert answer.status == 202, answer.text
        self.settle()
        return self.order_id(answer)

    def order_id(self, answer: Reply) -> str:
        return ids.from_uuid("ord", UUID(answer.json["deliveryId"]))

    def say(self, word: str, body: object = None, number: int = 1) -> Reply:
        return self.desk.call("POST", f"/v1/logistics/{word}/{numbered(number)}", body)

    def read(self, number: int = 1) -> Any:  # noqa: ANN401 - any JSON
        answer = self.desk.call("GET", f"/v1/logistics/delivery/{numbered(number)}")
        assert answer.status == 200, answer.text
        return answer.json

    def told(self, number: int = 1) -> list[str]:
        """The types of what has happened to a parcel."""
        return [one["type"] for one in self.read(number)["events"]]

    def settle(self) -> None:
        self.desk.settle()

    def step(self, order_id: str, *steps: str, user: str = "jun", body: object = None) -> Reply:
        """What its courier does, one after the other, each heard of. The last answer."""
        path = f"/v1/deliveries/{self.riders.delivery(order_id).id}"
        for one in steps:
            answer = self.desk.world.post(f"{path}/{one}", body, token=self.riders.token(user))
            assert answer.status == 200, answer.text
            self.settle()
            self.desk.world.clock.move(1)
        return answer

    def accepted(self, number: int = 1, **changed: Any) -> str:  # noqa: ANN401 - any JSON
        self.riders.on_duty("jun")
        order_id = self.send(number, **changed)
        assert self.riders.answer("jun", "accept").status == 200
        self.settle()
        return order_id
