"""A kitchen whose till speaks Open Delivery: how far it is, and what it was told."""

import random
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pytest

from chalicelib.core import ids
from sandbox.robo import till_kitchen
from sandbox.robo.kitchen import BEFORE
from sandbox.robo.scripts import Script
from sandbox.robo.story import Story, Street
from sandbox.robo.till_kitchen import TillKitchen
from sandbox.till.api import Answer
from sandbox.till.till import GIVE_UP, Till
from tests.sandbox.demo import tales

if TYPE_CHECKING:
    from sandbox.robo.pace import Pace
    from sandbox.till.api import Api

ORDER = "01935f0e-0000-7000-8000-000000000000"


@dataclass
class Clock:
    """A city whose time stands until it is told to move."""

    seconds: float = tales.BEGAN

    def now(self) -> float:
        return self.seconds


@dataclass
class Server:
    """An Ordering Application that answers what it is told to, and 202 else."""

    polls: list[list[dict[str, Any]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    status: int = 202
    type: str = "TAKEOUT"

    def call(self, method: str, path: str, _: object = None) -> Answer:
        self.asked.append(f"{method} {path.removeprefix('/v1/')}")
        if "polling" in path:
            events = self.polls.pop(0) if self.polls else []
            return Answer(200, events) if events else Answer(204)
        if method == "GET":
            return Answer(200, {"type": self.type})
        return Answer(self.status)


def _event(event_type: str, order_id: str = ORDER) -> dict[str, Any]:
    return {"eventId": f"{event_type} {order_id}", "eventType": event_type, "orderId": order_id}


def _kitchen(
    server: Server, clock: Clock, script: Script = Script.HAPPY
) -> tuple[TillKitchen, Story]:
    street, story = Street(), tales.story(1, script)
    street.placed(story, ids.from_uuid("ord", UUID(ORDER)))
    till = Till(cast("Api", server))
    return TillKitchen(till, street, cast("Pace", clock), random.Random(7)), story  # noqa: S311 - no secret


def _words(server: Server) -> list[str]:
    return [one.rpartition("/")[2] for one in server.asked if ORDER in one and "POST" in one]


def test_a_till_says_what_its_kitchen_has_come_to() -> None:
    server, clock = Server(), Clock()
    kitchen, story = _kitchen(server, clock)
    server.polls = [[_event("CREATED")]]

    kitchen.till.turn()
    early = _words(server)
    clock.seconds += 40
    kitchen.till.turn()
    server.polls = [[_event("CONFIRMED"), _event("PREPARING")]]
    kitchen.till.turn()
    cooking = _words(server)
    clock.seconds += 600
    kitchen.till.turn()
    server.polls = [[_event("READY_FOR_PICKUP")]]
    kitchen.till.turn()
    waiting = story.bag.is_set(), _words(server)
    story.collector.set()
    kitchen.till.turn()

    assert (early, cooking) == ([], ["confirm"])
    assert waiting == (True, ["confirm", "readyForPickup"])
    assert _words(server) == ["confirm", "readyForPickup", "pickedUp"]
    assert kitchen.told.events == {
        "CREATED": 1, "CONFIRMED": 1, "PREPARING": 1, "READY_FOR_PICKUP": 1,
    }  # fmt: skip
    assert (kitchen.told.orders, kitchen.told.refused) == (1, [])


def test_a_till_waits_for_an_order_that_nobody_knows_yet() -> None:
    server, clock = Server(), Clock()
    kitchen, _ = _kitchen(server, clock)

    assert not kitchen.may("01935f0e-0000-7000-8000-000000000001", "confirm")


@pytest.mark.parametrize(
    ("script", "word", "least"),
    [
        (Script.CANCELLED_EARLY, "confirm", 200),
        (Script.LATE_KITCHEN, "readyForPickup", 600 + 480),
        (Script.HAPPY, "delivered", 300),
    ],
)
def test_some_kitchens_take_longer(script: Script, word: str, least: float) -> None:
    clock = Clock()
    kitchen, _ = _kitchen(Server(), clock, script)

    assert not kitchen.may(ORDER, word)
    clock.seconds += least - 1
    assert not kitchen.may(ORDER, word)
    clock.seconds += 1200
    assert kitchen.may(ORDER, word)


def test_an_order_for_later_is_cooked_later() -> None:
    clock = Clock()
    kitchen, story = _kitchen(Server(), clock, Script.FOR_LATER)
    story.wanted_at = tales.BEGAN + 7200

    assert not kitchen.may(ORDER, "preparing")
    clock.seconds = story.wanted_at - BEFORE
    assert kitchen.may(ORDER, "preparing")


def test_what_a_story_wants_of_its_kitchen_is_the_tills_wish() -> None:
    server, clock = Server(), Clock()
    kitchen, _ = _kitchen(server, clock, Script.STORE_ASKS)
    server.polls = [[_event("CREATED"), _event("CONFIRMED")]]
    kitchen.may(ORDER, "confirm")

    for _ in range(2):
        kitchen.till.turn()
        clock.seconds += 100

    assert kitchen.till.wishes == {ORDER: GIVE_UP}
    assert _words(server) == ["requestCancellation"]


def test_what_a_till_was_refused_is_told() -> None:
    server, clock = Server(status=500), Clock()
    kitchen, _ = _kitchen(server, clock)
    server.polls = [[_event("CREATED")]]
    kitchen.till.turn()
    clock.seconds += 60
    kitchen.till.turn()

    assert set(kitchen.told.refused) == {500}


def test_the_store_of_which_most_is_wanted_has_the_till_if_it_can_play_all_of_it() -> None:
    scripts = {
        "ramen": [Script.HAPPY, Script.REJECTED, Script.CASH],
        "tea": [Script.HAPPY, Script.LET_GO],
        "rice": [Script.HAPPY],
    }
    wishes = [
        tales.wish(script=script, store=store)
        for store, played in scripts.items()
        for script in played
    ]

    assert till_kitchen.store_of(wishes) == "tea"
    assert till_kitchen.store_of(wishes[:3]) is None


DOOR = {"location": {"type": "Point", "coordinates": [126.92, 37.56]}, "address": "Yanghwa-ro 45"}
CARRIED = "ord_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"


@dataclass
class Couriers:
    """A logistics service that tells of a parcel what it is told to."""

    events: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    status: int = 200

    def call(self, method: str, path: str, body: object = None) -> Answer:
        self.said.append(f"{method} {path.removeprefix('/v1/logistics/').partition('/')[0]}")
        self.bodies.append(body)
        if method == "POST":
            return Answer(202)
        told = [{"type": one, "datetime": "2026-11-22T12:00:00Z"} for one in self.events]
        named = {"deliveryId": str(ids.to_uuid(CARRIED)), "orderId": path.rpartition("/")[2]}
        return Answer(self.status, {**named, "events": told})


def _carrying(couriers: Couriers) -> TillKitchen:
    kitchen, _ = _kitchen(Server(), Clock())
    store_id = "sto_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
    kitchen.till.parcels = till_kitchen.parcels_of(cast("Api", couriers), store_id, "ramen")
    kitchen._doors = [DOOR]
    kitchen.till.hear([_event("CREATED"), _event("CREATED", ORDER.replace("0000", "1111"))])
    return kitchen


def _turn(kitchen: TillKitchen) -> None:
    assert kitchen.till.parcels
    kitchen.till.parcels.turn()
    kitchen._carry(kitchen.till.parcels)


def test_a_till_has_a_parcel_carried_after_some_orders_and_looks_after_it() -> None:
    couriers = Couriers(["PENDING"])
    kitchen = _carrying(couriers)

    _turn(kitchen)
    begun = kitchen.is_carrying
    couriers.events += ["ACCEPTED", "ORDER_DELIVERED"]
    _turn(kitchen)
    couriers.events += ["DELIVERY_FINISHED"]
    _turn(kitchen)
    _turn(kitchen)

    assert begun
    assert not kitchen.is_carrying
    assert couriers.said == [
        "POST delivery", "GET delivery", "GET delivery", "POST finishDelivery", "GET delivery",
    ]  # fmt: skip
    assert couriers.bodies[0]["deliveryAddress"]["longitude"] == 126.92
    assert "latitude" not in couriers.bodies[0]["pickupAddress"]
    assert kitchen.told.parcels == {CARRIED: "DELIVERY_FINISHED"}


def test_a_parcel_that_cannot_be_read_now_is_read_later() -> None:
    couriers = Couriers(["PENDING"], status=503)
    kitchen = _carrying(couriers)

    _turn(kitchen)

    assert not kitchen.is_carrying
    assert kitchen.told.parcels == {}


def test_doors_are_those_of_the_stores_own_customers() -> None:
    wishes = [tales.wish(1), tales.wish(2, store="mandu")]

    assert till_kitchen.doors_of(wishes, "ramen") == []
    assert till_kitchen.doors_of([replace(wishes[0], drop_off=DOOR)], "ramen") == [DOOR]
