"""Ieum as the protocol's logistics service: a store's own parcels, from the asking to the end."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.core.errors import BusyError
from chalicelib.couriers import errands
from chalicelib.integrations import posting
from chalicelib.integrations.opendelivery import (
    calling,
    logistic_asking,
    logistic_facts,
    logistic_telling,
    logistic_terms,
    logistics,
)
from chalicelib.orders import stopping
from chalicelib.orders.errors import OrdersStoppedError
from tests import laws, people
from tests.couriers.riders import Riders
from tests.integrations.street import Till
from tests.opendelivery import protocol
from tests.opendelivery.desk import Desk, uuid
from tests.opendelivery.parcels import Post, address, carrying, numbered, parcel
from tests.world import World

TO_THE_DOOR = (
    "heading-to-store", "arrived-at-store", "picked-up", "heading-to-customer",
    "arrived-at-customer",
)  # fmt: skip
WHOLE = [
    "PENDING", "ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT", "ORDER_PICKED",
    "DELIVERY_ONGOING", "ARRIVED_AT_CUSTOMER", "ORDER_DELIVERED",
]  # fmt: skip
PARIS = {"latitude": 48.85, "longitude": 2.35}
LONG_AGO = "2026-11-20T12:00:00Z"
NO_BODY: dict[str, object] = {}
FINISHED = {"finishDate": "2026-11-22T12:00:00Z"}


@pytest.fixture
def post(world_at: World) -> Post:
    riders = Riders(world_at)
    return Post(Desk(world_at, riders.store_id), riders)


class Signed(Till):
    """What a store's system receives, and the secret that it knows."""

    secret = ""


@pytest.fixture
def till(post: Post) -> Iterator[Signed]:
    """What the store's system is told, at the address that it has registered."""
    made = Signed()
    desk = post.desk
    owner = people.person("merchant", "owner")
    path = f"/v1/stores/{desk.store_id}/clients"
    client = desk.world.post(path, {"label": "Till"}, token=owner, key="k").json
    form = "grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}"
    wire = {
        "raw": form.format(**client).encode(),
        "headers": {"content-type": "application/x-www-form-urlencoded"},
        "token": "",
    }
    with posting.posting_through(made):
        desk.given = desk.call("POST", "/oauth/token", **wire).json["access_token"]
        hook = {"ordersWebhookURL": "https://till.example.com/v1/newEvent"}
        merchant = f"/v1/merchantOnboarding?merchantId={uuid(desk.store_id)}"
        assert desk.call("PUT", merchant, hook).status == 201
        desk.call("POST", "/oauth/token", **wire)
        made.secret = client["client_secret"]
        yield made


def _deliver(post: Post, order_id: str) -> None:
    post.step(order_id, *TO_THE_DOOR)
    post.step(order_id, "delivered", body={})


# --- what would it cost --------------------------------------------------------------------------


def test_anybody_may_ask_what_a_store_would_pay_and_how_long_it_takes(post: Post) -> None:
    body = {**carrying(), "merchant": {"id": uuid(post.desk.store_id), "name": "Han"}}

    nobody = post.desk.call("POST", "/v1/logistics/availability", body, token="")
    post.riders.on_duty("jun", vehicle="scooter")
    post.riders.on_duty("ana", vehicle="car")
    known = post.desk.call("POST", "/v1/logistics/availability", carrying())

    assert nobody.json["deliveryPrice"]["price"] == {"value": 3300, "currency": "KRW"}
    assert nobody.json["vehicles"] == {"availableVehicles": 0}
    assert known.json["vehicles"] == {
        "availableVehicles": 1,
        "vehiclesAvailable": {"type": ["MOTORBIKE_BAG"], "container": "NORMAL"},
        "nextAvailableVehicle": 0,
    }
    etas = known.json["ETAs"]
    assert 0 < etas["pickupEtaInMinutes"] < etas["deliveryEtaInMinutes"]


def test_it_says_when_the_next_courier_is_free(post: Post) -> None:
    post.accepted()

    found = post.desk.call("POST", "/v1/logistics/availability", carrying()).json["vehicles"]

    assert found["availableVehicles"] == 0
    assert found["nextAvailableVehicle"] > 0


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"deliveryAddress": address(**PARIS)}, 404),
        ({"deliveryAddress": address(latitude=None)}, 400),
        ({"deliveryAddress": "there"}, 400),
        ({"merchant": {"id": "x" * 36, "name": "Han"}}, 404),
        ({"merchant": {"id": numbered(1), "name": "Han"}}, 404),
        ({"merchant": None}, 404),
    ],
)
def test_what_cannot_be_told_is_refused_as_the_file_has_it(
    post: Post, changed: dict[str, Any], status: int
) -> None:
    known = {"merchant": {"id": uuid(post.desk.store_id), "name": "Han"}}

    body = {**carrying(), **known, **changed}

    answer = post.desk.call("POST", "/v1/logistics/availability", body, token="")
    assert answer.status == status, answer.text


def test_a_token_that_is_none_or_of_nobodys_machine_tells_nothing(post: Post) -> None:
    path = "/v1/logistics/availability"

    assert post.desk.call("POST", path, carrying(), token="forged").status == 400
    person = post.desk.world.customer()
    assert post.desk.call("POST", path, carrying(), token=person).status == 404


def test_while_orders_are_stopped_nothing_is_carried(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop() -> None:
        raise OrdersStoppedError

    monkeypatch.setattr(stopping, "demand_open", stop)

    assert post.desk.call("POST", "/v1/logistics/availability", carrying()).status == 503
    assert post.ask().status == 503


# --- a parcel ------------------------------------------------------------------------------------


def test_a_parcel_from_the_asking_to_the_end(post: Post) -> None:
    order_id = post.accepted()
    _deliver(post, order_id)

    assert post.say("finishDelivery", FINISHED).status == 200
    post.settle()

    found = post.read()
    assert [one["type"] for one in found["events"]] == [*WHOLE, "DELIVERY_FINISHED"]
    assert found["customerName"] == "Mina Kim"
    assert found["deliveryPerson"]["name"] == "Jun"
    assert found["vehicle"]["type"] == "MOTORBIKE_BAG"
    assert found["deliveryPrice"]["price"]["value"] == 3300
    assert found["times"]["isDeliveryFinished"]
    laws.demand(post.desk.world)


def test_who_brings_it_is_told_whom_to_ring_and_how(post: Post) -> None:
    order_id = post.accepted(specialInstructions="Upright")

    path = f"/v1/deliveries/{post.riders.delivery(order_id).id}"
    seen = post.desk.world.get(path, post.riders.token("jun"))

    assert seen["courier_note"] == "Mina Kim; +821012345678; Ring twice; Upright"
    assert seen["drop_off"]["address"] == "Yanghwa-ro, 45, 3F, Seoul, Seoul"


def test_asking_again_is_the_same_parcel_and_something_else_is_refused(post: Post) -> None:
    first, again = post.ask(), post.ask()
    other = post.ask(customerName="Jun Park")

    assert (first.status, again.status, other.status) == (202, 202, 422)
    assert first.json == again.json
    assert first.json["event"] == "PENDING"
    assert len(laws.orders(post.desk.world)) == 1


def test_two_requests_at_once_are_one_parcel(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    real, raced = logistic_terms.judge, list[int]()

    def ask_first(*given: object) -> object:
        if not raced:
            raced.append(0)
            raced.append(post.ask().status)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(logistic_terms, "judge", ask_first)

    assert (post.ask().status, raced) == (202, [0, 202])
    assert len(laws.orders(post.desk.world)) == 1


def test_races_without_end_are_told(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise BusyError

    monkeypatch.setattr(logistic_asking, "_ask", busy)

    assert post.ask().status == 503


def test_another_stores_parcel_is_as_good_as_none(post: Post) -> None:
    post.send()
    foreign = {"token": people.machine(post.desk.world.store(owner="other"))}
    path, body = numbered(1), {"reason": "OTHER", "action": "DELIVER_PRODUCT"}

    asked = [
        post.desk.call("GET", f"/v1/logistics/delivery/{path}", **foreign),
        post.desk.call("POST", f"/v1/logistics/readyForPickup/{path}", **foreign),
        post.desk.call("POST", f"/v1/logistics/orderPicked/{path}", NO_BODY, **foreign),
        post.desk.call("POST", f"/v1/logistics/finishDelivery/{path}", FINISHED, **foreign),
        post.desk.call("POST", f"/v1/logistics/handleProblem/{path}", body, **foreign),
        post.desk.call("POST", f"/v1/logistics/cancel/{path}", {"reason": "OTHER"}, **foreign),
        post.desk.call("POST", "/v1/logistics/delivery", parcel(post.desk.store_id, 2), **foreign),
        post.desk.call("GET", "/v1/logistics/delivery/nothing"),
    ]

    assert {one.status for one in asked} == {404}
    assert post.told() == ["PENDING"]


@pytest.mark.parametrize(
    "word", ["readyForPickup", "orderPicked", "finishDelivery", "handleProblem", "cancel"]
)
def test_a_person_may_do_nothing_with_a_parcel(post: Post, word: str) -> None:
    post.send()
    path, world = f"/v1/logistics/{word}/{numbered(1)}", post.desk.world
    people_of_all_kinds = (world.customer(), world.operator(), post.riders.token("jun"))

    for token in (*people_of_all_kinds, people.person("merchant", "owner")):
        assert post.desk.call("POST", path, NO_BODY, token=token).status == 403
    assert post.desk.call("POST", path, NO_BODY, token="").status == 401
    assert post.told() == ["PENDING"]


def test_a_person_may_ask_for_nothing(post: Post) -> None:
    body, details = parcel(post.desk.store_id), f"/v1/logistics/delivery/{numbered(1)}"

    for token, status in ((post.desk.world.customer(), 403), ("", 401)):
        assert post.desk.call("POST", "/v1/logistics/delivery", body, token=token).status == status
        assert post.desk.call("GET", details, token=token).status in {400, 404}


def test_its_store_says_when_it_is_ready_and_when_it_is_fetched(post: Post) -> None:
    order_id = post.accepted(
        notifyReadyForPickup=True, notifyPickup=True, preparationStartDateTime=LONG_AGO
    )
    post.step(order_id, "arrived-at-store")
    early = post.say("orderPicked", NO_BODY)

    told = [post.say("readyForPickup"), post.say("readyForPickup")]
    told += [post.say("orderPicked", {"volumePicked": 1}), post.say("orderPicked", NO_BODY)]
    post.settle()

    assert early.status == 422
    assert [one.status for one in told] == [200] * 4
    assert post.told() == ["PENDING", "ACCEPTED", "ARRIVED_AT_MERCHANT", "ORDER_PICKED"]
    assert post.say("finishDelivery", FINISHED).status == 422


def test_a_kitchen_that_begins_later_is_come_for_later(post: Post) -> None:
    begins = "2026-11-22T14:00:00Z"

    post.riders.on_duty("jun")
    limits = {"pickupLimit": 600, "deliveryLimit": 600}
    order_id = post.send(preparationStartDateTime=begins, limitTimes=limits)

    assert post.riders.delivery(order_id).ready_at > "2026-11-22T14:00"


# --- what is refused -----------------------------------------------------------------------------

REFUSED: dict[str, list[dict[str, Any]]] = {
    "REGION_NOT_SERVED": [{"deliveryAddress": address(**PARIS)}],
    "VEHICLE_NOT_AVAILABLE": [{"vehicle": {"type": ["VUC"], "container": "NORMAL"}}],
    "DOES_NOT_MEET_REQUESTED_TIMES": [
        {"limitTimes": {"pickupLimit": 1}},
        {"limitTimes": {"deliveryLimit": 1}},
    ],
    "OTHER": [
        {"deliveryAddress": address(latitude=None)},
        {"pickupAddress": address(**PARIS)},
        {"payments": {"method": "OFFLINE"}},
        {"returnToMerchant": True},
        {"confirmationCodeRequired": True},
    ],
}


@pytest.mark.parametrize(
    ("reason", "changed"), [(name, one) for name, all_of in REFUSED.items() for one in all_of]
)
def test_what_cannot_be_carried_is_rejected_with_the_reason(
    post: Post, reason: str, changed: dict[str, Any]
) -> None:
    answer = post.ask(**changed)

    assert (answer.status, answer.json["event"]) == (202, "REJECTED")
    found = post.read()
    assert [one["type"] for one in found["events"]] == ["PENDING", "REJECTED"]
    assert found["events"][1]["rejectionInfo"]["reason"] == reason
    assert found["events"][1]["message"]
    assert laws.orders(post.desk.world) == []
    assert post.say("cancel", {"reason": "OTHER"}).status == 422


def test_a_rejection_that_is_asked_for_again_at_once_is_the_same(post: Post) -> None:
    first, again = post.ask(returnToMerchant=True), post.ask(returnToMerchant=True)
    post.desk.world.clock.move(61)
    anew = post.ask(returnToMerchant=True)

    assert first.json == again.json
    assert anew.json["event"] == "REJECTED"
    assert anew.json["deliveryId"] != first.json["deliveryId"]


def test_after_a_rejection_it_may_be_asked_for_anew(post: Post) -> None:
    assert post.ask(returnToMerchant=True).json["event"] == "REJECTED"

    post.send()

    assert post.told() == ["PENDING"]


def test_where_nobody_is_found_it_is_rejected_and_may_be_asked_for_anew(post: Post) -> None:
    post.send()
    post.desk.world.pass_time(660)
    post.settle()

    found = post.read()
    assert [one["type"] for one in found["events"]] == ["PENDING", "REJECTED"]
    assert found["events"][1]["rejectionInfo"] == {"reason": "NO_DELIVERYPERSON_AVAILABLE"}
    post.send()
    assert post.told() == ["PENDING"]
    laws.demand(post.desk.world)


@pytest.mark.parametrize(
    "changed",
    [
        {"orderId": "seven"},
        {"vehicle": {"type": ["ROCKET"], "container": "NORMAL"}},
        {"customerName": None},
        {"deliveryAddress": address(latitude=91)},
        {"specialInstructions": "4111 1111 1111 1111"},
    ],
)
def test_a_request_that_is_none_is_400(post: Post, changed: dict[str, Any]) -> None:
    assert post.ask(**changed).status == 400
    assert post.desk.call("GET", f"/v1/logistics/delivery/{numbered(1)}").status == 404


# --- giving up, and problems ---------------------------------------------------------------------


def test_giving_up_costs_nothing_first_then_something_and_then_it_comes_back(post: Post) -> None:
    post.send()
    free = [post.say("cancel", {"reason": "HIGH_ACCEPTANCE_TIME"}) for _ in range(2)]
    second = post.accepted(2)
    dear = post.say("cancel", {"reason": "OTHER", "action": "CANCEL_DELIVERY"}, number=2)
    post.settle()
    third = post.accepted(3)
    post.step(third, *TO_THE_DOOR[:3])
    back = post.say("cancel", {"reason": "NO_SHOW", "action": "RETURN_TO_STORE"}, number=3)
    post.settle()
    post.step(third, "returned")

    assert [one.json["additionalCharges"] for one in (*free, dear, back)] == [
        False, False, True, True,
    ]  # fmt: skip
    assert post.told() == ["PENDING", "CANCELLED"]
    assert post.told(2) == ["PENDING", "ACCEPTED", "CANCELLED"]
    assert post.riders.delivery(second).status == "CANCELLED"
    assert post.told(3) == [
        "PENDING", "ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT", "ORDER_PICKED",
        "CANCELLED", "RETURNING_TO_MERCHANT", "RETURNED_TO_MERCHANT", "DELIVERY_FINISHED",
    ]  # fmt: skip
    assert post.ask().json["event"] == "CANCELLED"
    laws.demand(post.desk.world)


@pytest.mark.parametrize(("code", "reason"), logistic_facts.UNDELIVERED.items())
def test_what_cannot_be_handed_over_is_a_problem_and_comes_back(
    post: Post, code: str, reason: str
) -> None:
    order_id = post.accepted()
    post.step(order_id, *TO_THE_DOOR)
    post.step(order_id, "undeliverable", body={"code": code})

    answer = {"reason": reason, "action": "RETURN_TO_STORE"}
    deliver = post.say("handleProblem", {**answer, "action": "DELIVER_PRODUCT"})
    told = [post.say("handleProblem", answer) for _ in range(2)]
    post.step(order_id, "returned")

    assert deliver.status == 422
    assert [one.status for one in told] == [200, 200]
    [problem] = post.read()["problem"]
    assert (problem["reason"], problem["resolved"]) == (reason, True)
    assert problem["actionTaken"] == "RETURN_TO_STORE"
    assert post.told()[-3:] == [
        "RETURNING_TO_MERCHANT", "RETURNED_TO_MERCHANT", "DELIVERY_FINISHED",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "reason"),
    [("breakdown", "DELIVERYPERSON_OCCURRENCE"), ("too_long_a_wait", "ORDER_DELAYED")],
)
def test_a_courier_who_gives_it_back_is_a_problem_and_it_is_pending_again(
    post: Post, code: str, reason: str
) -> None:
    order_id = post.accepted()
    post.step(order_id, "release", body={"code": code})
    post.riders.on_duty("ana")
    post.settle()
    post.riders.run()
    assert post.riders.answer("ana", "accept").status == 200
    post.settle()

    assert post.told() == ["PENDING", "ACCEPTED", "PENDING", "ACCEPTED"]
    [problem] = post.read()["problem"]
    assert (problem["reason"], problem["resolved"]) == (reason, False)
    assert post.say("handleProblem", {"reason": reason, "action": "DELIVER_PRODUCT"}).status == 200
    assert post.read()["problem"][0]["actionTaken"] == "DELIVER_PRODUCT"


def test_a_problem_may_end_it(post: Post) -> None:
    order_id = post.accepted()
    post.step(order_id, "release", body={"code": "accident"})
    answer = {"reason": "DELIVERYPERSON_OCCURRENCE", "action": "CANCEL_DELIVERY"}

    assert post.say("handleProblem", {**answer, "reason": "FRAUD_OR_THEFT"}).status == 422
    assert post.say("handleProblem", answer).status == 200
    post.settle()

    assert post.told()[-1] == "CANCELLED"


def test_answers_that_race_are_kept_once(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = post.accepted()
    post.step(order_id, "release", body={"code": "accident"})
    answer = {"reason": "DELIVERYPERSON_OCCURRENCE", "action": "DELIVER_PRODUCT"}
    real, raced = logistic_telling.changed, list[int]()

    def answer_first(*given: object) -> object:
        if not raced:
            raced.append(0)
            raced.append(post.say("handleProblem", answer).status)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(logistic_telling, "changed", answer_first)
    assert post.say("handleProblem", answer).status == 200
    assert raced == [0, 200]

    def busy(*_: object) -> None:
        raise BusyError

    monkeypatch.setattr(logistics, "_note", busy)
    assert post.say("handleProblem", answer).status == 503


def test_a_courier_who_is_lost_with_it_is_a_problem(post: Post) -> None:
    order_id = post.accepted()
    post.step(order_id, *TO_THE_DOOR[:3])
    post.desk.world.pass_time(1200)
    post.settle()

    found = post.read()
    assert [one["reason"] for one in found["problem"]] == ["DELIVERYPERSON_OCCURRENCE"]
    assert post.told()[-2:] == ["ORDER_PICKED", "ORDER_PICKED"]


# --- being told ----------------------------------------------------------------------------------


def test_logistic_events_are_posted_signed_beside_the_orders_own(post: Post, till: Signed) -> None:
    order_id = post.accepted()
    _deliver(post, order_id)
    post.say("finishDelivery", FINISHED)
    post.settle()

    assert [one.json["event"]["type"] for one in till.got] == [*WHOLE, "DELIVERY_FINISHED"]
    for one in till.got:
        protocol.demand("DeliveryOrderEvent", one.json)
        assert one.url == "https://till.example.com/v1/newLogisticEvent"
        signed = hmac.new(till.secret.encode(), one.body, hashlib.sha256).hexdigest()
        assert one.headers["X-App-Signature"] == signed
        assert one.headers["X-App-MerchantId"] == uuid(post.desk.store_id)
        untold = one.json["event"]["type"] == "PENDING"
        assert ("deliveryPerson" in one.json) is not untold
        assert ("eta" in one.json) is not untold
    assert till.got[-1].json["eta"]["pickupEtaInMinutes"] == 0
    assert post.desk.poll() == []


def test_a_rejection_is_posted_too(post: Post, till: Signed) -> None:
    post.ask(returnToMerchant=True)
    post.settle()

    assert [one.json["event"]["type"] for one in till.got] == ["PENDING", "REJECTED"]
    for one in till.got:
        protocol.demand("DeliveryOrderEvent", one.json)
    assert till.got[1].json["event"]["rejectionInfo"]["reason"] == "OTHER"


def test_a_rejection_whose_bell_was_lost_rings_when_it_is_asked_for_again(
    post: Post, till: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(calling, "ring", lambda _: None)
        post.ask(returnToMerchant=True)
    post.settle()
    before = len(till.got)

    post.ask(returnToMerchant=True)
    post.settle()

    assert before == 0
    assert [one.json["event"]["type"] for one in till.got] == ["PENDING", "REJECTED"]


def test_problems_go_with_the_event_that_they_change(post: Post, till: Signed) -> None:
    order_id = post.accepted()
    post.step(order_id, *TO_THE_DOOR)
    post.step(order_id, "undeliverable", body={"code": "customer_absent"})

    [said] = [one.json for one in till.got if "problem" in one.json]
    assert said["event"]["type"] == "RETURNING_TO_MERCHANT"
    assert said["problem"][0]["reason"] == "NOBODY_TO_RECEIVE"
    assert said["problem"][0]["canFinishDeliver"] is False


def test_what_is_not_taken_comes_again_and_bells_that_ring_twice_tell_once(
    post: Post, till: Signed
) -> None:
    till.answers = [500]
    order_id = post.send()
    assert till.got[0].json["event"]["type"] == "PENDING"
    post.desk.world.tick(10)
    post.settle()

    for _ in range(2):
        logistic_telling.hear(order_id)
    post.desk.world.streams.read.clear()
    post.settle()

    assert [one.json["event"]["type"] for one in till.got] == ["PENDING", "PENDING"]


def test_hearing_that_races_tells_once(
    post: Post, till: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = post.ask()
    found = post.order_id(order_id)
    real, raced = logistic_telling.changed, list[int]()

    def hear_first(*given: object) -> object:
        if not raced:
            raced.append(0)
            logistic_telling.hear(found)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(logistic_telling, "changed", hear_first)
    post.settle()

    assert raced
    assert [one.json["event"]["type"] for one in till.got] == ["PENDING"]

    def busy(*_: object, **__: object) -> None:
        raise BusyError

    monkeypatch.setattr(logistic_telling, "_tell", busy)
    with pytest.raises(BusyError):
        logistic_telling.hear(found)


def test_what_is_no_longer_known_is_told_to_nobody(post: Post) -> None:
    order_id = post.send()
    link = logistic_telling.find(post.desk.store_id, numbered(1))
    assert link
    link.delete()

    assert logistic_telling.hear(order_id) is None
    assert logistic_telling.hear("ord_01935f0e000070008000000000") is None


@pytest.mark.parametrize(
    ("url", "beside"),
    [
        ("https://till.example.com/newEvent", "https://till.example.com/newLogisticEvent"),
        ("https://till.example.com/a/b?k=1", "https://till.example.com/a/newLogisticEvent?k=1"),
        ("https://till.example.com", "https://till.example.com/newLogisticEvent"),
    ],
)
def test_the_address_of_logistic_events_is_beside_the_orders(url: str, beside: str) -> None:
    assert logistic_telling.beside(url) == beside


@pytest.mark.parametrize(
    ("asked", "vehicle", "shown"),
    [
        (["MOTORBIKE_BOX"], "scooter", "MOTORBIKE_BOX"),
        (["VUC", "BICYCLE"], "foot", "BICYCLE"),
        (["BICYCLE"], "car", "CAR"),
        (["BICYCLE"], None, "BICYCLE"),
    ],
)
def test_what_a_courier_rides_is_named_as_it_was_asked_for(
    asked: list[str], vehicle: str | None, shown: str
) -> None:
    assert logistic_terms.ride(asked, vehicle) == shown


def test_every_logistic_event_of_the_file_is_one_of_ours() -> None:
    schema = protocol.document()["components"]["schemas"]["DeliveryEvent"]

    told = {*logistic_facts.STEPS.values(), *logistic_facts.UNTOLD}

    assert set(schema["properties"]["type"]["enum"]) == told


def test_the_price_of_an_errand_is_told_in_every_currency() -> None:
    assert logistic_terms.cost(errands.price("USD", 500))["price"] == {
        "value": 5.5, "currency": "USD",
    }  # fmt: skip
