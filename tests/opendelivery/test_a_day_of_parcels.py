"""A day of a store that has its own parcels carried, over HTTP: every logistic event is heard."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, get_args
from uuid import UUID

import pytest

from chalicelib.core import ids
from chalicelib.integrations.opendelivery.logistic_facts import LogisticType
from sandbox.till import server
from sandbox.till.api import Api
from sandbox.till.parcels import GIVE_UP, OVER, PICKED, READY, Parcels, answer
from sandbox.till.till import Mood, Till
from tests import laws, people
from tests.couriers.riders import Riders
from tests.opendelivery import counter, protocol, table
from tests.opendelivery.desk import Desk, uuid
from tests.opendelivery.parcels import address
from tests.opendelivery.test_a_day import MERCHANT, reachable
from tests.world import World

TO_THE_STORE = ("heading-to-store", "arrived-at-store")
TO_THE_DOOR = ("heading-to-customer", "arrived-at-customer")
LONG_AGO = "2026-11-20T12:00:00Z"
FETCHED = ["PENDING", "ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT", "ORDER_PICKED"]
AT_THE_DOOR = [*FETCHED, "DELIVERY_ONGOING", "ARRIVED_AT_CUSTOMER"]
WHOLE = [*AT_THE_DOOR, "ORDER_DELIVERED", "DELIVERY_FINISHED"]
BACK = ["RETURNING_TO_MERCHANT", "RETURNED_TO_MERCHANT", "DELIVERY_FINISHED"]
PARIS = {"latitude": 48.85, "longitude": 2.35}


@dataclass
class Day:
    """The till, what is behind it, and what it should have been told by the evening."""

    desk: Desk
    riders: Riders
    till: Till
    parcels: Parcels
    expected: dict[str, tuple[str, list[str]]] = field(default_factory=dict)

    def send(self, scenario: str, types: list[str], **more: Any) -> str:  # noqa: ANN401 - any JSON
        """A parcel, as the till asks for it now. Its order's id with us, if it is taken on."""
        door, plan = more.pop("door", address()), more.pop("plan", None)
        parcel = self.parcels.send(scenario, door, plan, **more)
        self.expected[parcel] = scenario, types
        self.turns()
        found = self.parcels.read(parcel).body
        return ids.from_uuid("ord", UUID(found["deliveryId"]))

    def turns(self, count: int = 4) -> None:
        for _ in range(count):
            self.desk.settle()
            self.till.turn()
            self.desk.world.clock.move(3)

    def ride(self, order_id: str, *steps: str, user: str = "jun", body: object = None) -> None:
        path = f"/v1/deliveries/{self.riders.delivery(order_id).id}"
        for one in steps:
            done = self.desk.world.post(f"{path}/{one}", body, token=self.riders.token(user))
            assert done.status == 200, done.text
            self.turns(1)

    def accept(self, user: str = "jun") -> None:
        assert self.riders.at(user).status == 204
        self.riders.run()
        assert self.riders.answer(user, "accept").status == 200
        self.turns(1)


@pytest.fixture
def day(world_at: World) -> Iterator[Day]:
    riders = Riders(world_at)
    desk = Desk(world_at, riders.store_id)
    owner = people.person("merchant", "owner")
    path = f"/v1/stores/{desk.store_id}/clients"
    made = world_at.post(path, {"label": "Till"}, token=owner, key="till").json
    with counter.served(desk) as url:
        api = Api(url, made["client_id"], made["client_secret"])
        parcels = Parcels(api, {"id": MERCHANT, "name": "Han"}, address())
        till = Till(api, parcels=parcels)
        parcels.says_twice = lambda: till.mood is Mood.DOUBLE
        with server.listening(till, MERCHANT) as local, reachable(local):
            hook = {"ordersWebhookURL": "https://till.example.com/v1/newEvent"}
            merchant = f"/v1/merchantOnboarding?merchantId={MERCHANT}"
            assert api.call("PUT", merchant, hook).status == 201
            api.sign_in()
            yield Day(desk, riders, till, parcels)


def test_a_day_of_a_store_that_has_its_parcels_carried(day: Day) -> None:
    assert day.parcels.price(address()).body["deliveryPrice"]["price"]["value"] == 3300
    _nobody(day)
    day.riders.on_duty("jun")
    _behaves(day)
    _hands_over(day)
    _is_down(day)
    _gives_up(day)
    _gives_back(day)
    _is_not_there(day)
    _is_refused(day)

    told = day.parcels.told
    for parcel, (scenario, types) in day.expected.items():
        assert told[parcel] == types, scenario
        story = [one["type"] for one in day.parcels.read(parcel).body["events"]]
        assert story == types, scenario
    for one in day.parcels.heard:
        protocol.demand("DeliveryOrderEvent", one)
    assert {one.status for one in day.parcels.refused} == {422}
    assert uuid(day.desk.store_id) not in {one["merchant"]["id"] for one in day.parcels.heard}
    laws.demand(day.desk.world)
    table.hold_logistics(_seen(day), _reasons(day), _problems(day))


def _nobody(day: Day) -> None:
    order_id = day.send("nobody is found for ten minutes", ["PENDING", "REJECTED"])
    day.desk.world.pass_time(660)
    day.turns()
    assert day.riders.delivery(order_id).status == "CANCELLED"


def _behaves(day: Day) -> None:
    plan = {"ORDER_DELIVERED": (OVER,)}
    order_id = day.send("the till behaves", WHOLE, plan=plan, notifyConclusion=True)
    day.accept()
    day.ride(order_id, *TO_THE_STORE, "picked-up", *TO_THE_DOOR)
    day.ride(order_id, "delivered", body={})
    day.turns()


def _hands_over(day: Day) -> None:
    """The till says everything itself, twice, and what is fetched too early."""
    day.till.mood = Mood.DOUBLE
    plan = {
        "ACCEPTED": (PICKED,),
        "ARRIVED_AT_MERCHANT": (READY, PICKED),
        "ORDER_DELIVERED": (OVER,),
    }
    more = {"notifyReadyForPickup": True, "notifyPickup": True, "notifyConclusion": True}
    scenario = "the till says what is ready and fetched, twice and too early"
    order_id = day.send(scenario, WHOLE, plan=plan, preparationStartDateTime=LONG_AGO, **more)
    day.accept()
    day.ride(order_id, *TO_THE_STORE)
    day.turns()
    day.ride(order_id, *TO_THE_DOOR)
    day.ride(order_id, "delivered", body={})
    day.turns()
    day.till.mood = Mood.GOOD


def _is_down(day: Day) -> None:
    order_id = day.send("the till was down for a while", WHOLE)
    day.accept()
    day.till.mood = Mood.DOWN
    day.ride(order_id, *TO_THE_STORE, "picked-up", *TO_THE_DOOR)
    day.ride(order_id, "delivered", body={})
    day.till.mood = Mood.GOOD
    day.desk.world.pass_time(60)
    day.turns()
    day.parcels.plans[day.parcels.log[-1].parcel] = {}
    finished = day.parcels.api.call(
        "POST", f"/v1/logistics/finishDelivery/{day.parcels.log[-1].parcel}", OVER[1]
    )
    assert finished.status == 200
    day.turns()


def _gives_up(day: Day) -> None:
    day.till.mood = Mood.DOUBLE
    plan = {"PENDING": (GIVE_UP,)}
    early = "the store gives it up before anybody comes"
    day.send(early, ["PENDING", "CANCELLED"], plan=plan)
    day.till.mood = Mood.GOOD
    late = "the store wants it back on the way"
    order_id = day.send(late, [*FETCHED, "CANCELLED", *BACK], plan={"ORDER_PICKED": (GIVE_UP,)})
    day.accept()
    day.ride(order_id, *TO_THE_STORE, "picked-up")
    day.turns()
    day.ride(order_id, "returned")
    day.turns()


def _gives_back(day: Day) -> None:
    for code, reason in (
        ("breakdown", "DELIVERYPERSON_OCCURRENCE"), ("too_long_a_wait", "ORDER_DELAYED"),
    ):  # fmt: skip
        scenario = f"a courier gives it back ({code.replace('_', ' ')}), another brings it"
        plan = {reason: (answer(reason, "DELIVER_PRODUCT"),), "ORDER_DELIVERED": (OVER,)}
        types = ["PENDING", "ACCEPTED", "PENDING", *WHOLE[1:]]
        order_id = day.send(scenario, types, plan=plan)
        day.accept()
        day.ride(order_id, "release", body={"code": code})
        day.riders.on_duty("ana")
        day.accept("ana")
        day.ride(order_id, *TO_THE_STORE, "picked-up", *TO_THE_DOOR, user="ana")
        day.ride(order_id, "delivered", user="ana", body={})
        day.turns()
        assert day.desk.world.post("/v1/duty/end", token=day.riders.token("ana")).status == 200


def _is_not_there(day: Day) -> None:
    for code, reason in (
        ("customer_absent", "NOBODY_TO_RECEIVE"),
        ("customer_refused", "CUSTOMER_DID_NOT_PLACE_ORDER"),
        ("wrong_address", "CUSTOMER_ADDRESS_UNKNOWN"),
        ("damaged", "ORDER_DAMAGED_OR_VIOLATED"),
        ("other", "OTHER"),
    ):
        scenario = f"it cannot be handed over ({code.replace('_', ' ')})"
        plan = {reason: (answer(reason, "RETURN_TO_STORE"),)}
        order_id = day.send(scenario, [*AT_THE_DOOR, *BACK], plan=plan)
        day.accept()
        day.ride(order_id, *TO_THE_STORE, "picked-up", *TO_THE_DOOR)
        day.ride(order_id, "undeliverable", body={"code": code})
        day.ride(order_id, "returned")
        day.turns()


def _is_refused(day: Day) -> None:
    van, now = {"type": ["VUC"], "container": "NORMAL"}, {"deliveryLimit": 1}
    wanted: tuple[tuple[str, dict[str, Any]], ...] = (
        ("asked for by a van", {"vehicle": van}),
        ("asked for in a minute", {"limitTimes": now}),
        ("asked for too far away", {"door": address(**PARIS)}),
        ("asked to come back afterwards", {"returnToMerchant": True}),
    )
    for scenario, more in wanted:
        day.send(scenario, ["PENDING", "REJECTED"], **more)


def _seen(day: Day) -> dict[str, str]:
    """The first scenario of the day in which the till received each type of event."""
    found: dict[str, str] = {}
    by_kindness = sorted(day.expected.items(), key=lambda one: "behaves" not in one[1][0])
    for parcel, (scenario, _) in by_kindness:
        for one in day.parcels.told[parcel]:
            found.setdefault(one, scenario)
    assert set(get_args(LogisticType.__value__)) == set(found)
    return found


def _reasons(day: Day) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in day.parcels.log:
        if one.reason:
            found.setdefault(one.reason, day.expected[one.parcel][0])
    return found


def _problems(day: Day) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in day.parcels.log:
        for reason in one.problems:
            found.setdefault(reason, day.expected[one.parcel][0])
    return found
