"""The protocol's life of an order: events, acknowledgment, details, commands, refusals."""

import pytest

from chalicelib.core.errors import BusyError
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Role
from chalicelib.integrations.opendelivery import feeding, prices, serving
from chalicelib.orders import codes, commanding
from tests import people
from tests.couriers.street import wrong
from tests.opendelivery import protocol
from tests.opendelivery.desk import Desk, uuid
from tests.orders.offers import of_platform
from tests.shopfront import DOOR
from tests.world import Reply

UNKNOWN = "01935f0e-0000-7000-8000-000000000000"


def test_a_takeaway_order_from_its_creation_to_its_end(desk: Desk) -> None:
    order_id = desk.order()

    assert desk.take() == ["CREATED"]
    assert desk.confirm(order_id, preparationTime=10).status == 202
    assert desk.do(order_id, "preparing").status == 202
    assert desk.do(order_id, "readyForPickup").status == 202
    assert desk.do(order_id, "pickedUp").status == 202
    desk.world.pass_time(86_500, step=21_625)

    assert desk.take() == [
        "CONFIRMED", "PREPARING", "READY_FOR_PICKUP", "PICKED_UP", "CONCLUDED",
    ]  # fmt: skip
    assert desk.read(order_id)["lastEvent"] == "CONCLUDED"


def test_what_is_not_acknowledged_is_told_again_and_an_acknowledgment_may_be_partial(
    desk: Desk,
) -> None:
    first = desk.order()
    desk.world.clock.move(1)
    second = desk.order()
    found = desk.poll()

    desk.ack(found[:1])
    again = desk.poll()
    twice = [desk.ack(found), desk.ack(found)]

    assert [one["orderId"] for one in found] == [uuid(first), uuid(second)]
    assert again == found[1:]
    assert [one.status for one in twice] == [202, 202]
    assert desk.poll() == []


def test_an_acknowledgment_of_another_stores_order_is_404_and_acknowledges_nothing(
    desk: Desk,
) -> None:
    desk.order()
    found = desk.poll()
    foreign = {**found[0], "orderId": UNKNOWN}

    answer = desk.ack([*found, foreign])

    assert answer.status == 404
    assert desk.poll() == found


def test_asking_for_some_types_acknowledges_the_others(desk: Desk) -> None:
    order_id = desk.order()
    desk.confirm(order_id)

    found = desk.poll("?eventType=CONFIRMED,PREPARING")

    assert [one["eventType"] for one in found] == ["CONFIRMED"]
    assert desk.poll() == found
    assert desk.call("GET", "/v1/events:polling?eventType=HUNGRY").status == 400


def test_an_events_order_is_found_under_its_url(desk: Desk) -> None:
    order_id = uuid(desk.order())

    found = desk.poll(headers={"host": "api.example.com"})

    assert found[0]["orderURL"] == f"https://api.example.com/opendelivery/v1/orders/{order_id}"


def test_a_token_polls_for_its_own_merchant_alone(desk: Desk) -> None:
    def poll(*merchants: str) -> int:
        headers = {"x-polling-merchants": ",".join(merchants)}
        return desk.call("GET", "/v1/events:polling", headers=headers).status

    assert poll(uuid(desk.store_id), UNKNOWN) == 204
    assert poll(UNKNOWN) == 403


def test_a_race_that_goes_on_is_told_to_come_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise BusyError

    order_id = desk.order()
    monkeypatch.setattr(commanding, "command", busy)

    assert desk.confirm(order_id).status == 503


def test_the_first_poll_tells_what_was_under_way_before(desk: Desk) -> None:
    store_id = desk.world.store(owner="late")
    order_id = desk.world.paid_order(store_id)
    late = Desk(desk.world, store_id)

    assert [one["orderId"] for one in late.poll()] == [uuid(order_id)]


def test_bells_that_ring_again_bring_no_event_back(desk: Desk) -> None:
    order_id = desk.order()
    assert desk.take() == ["CREATED"]

    desk.world.streams.read.clear()

    assert desk.take() == []
    assert desk.read(order_id)["lastEvent"] == "CREATED"


def test_an_order_that_its_store_brings_says_where_to_and_one_by_couriers_does_not(
    desk: Desk,
) -> None:
    by_store = desk.read(desk.order(fulfilment="delivery", drop_off=DOOR))
    desk.world.patch_store(desk.store_id, delivered_by="platform")
    by_couriers = desk.read(desk.order(fulfilment="delivery", drop_off=DOOR))

    assert by_store["delivery"]["deliveredBy"] == "MERCHANT"
    address = by_store["delivery"]["deliveryAddress"]
    assert (address["formattedAddress"], address["country"]) == ("Yanghwa-ro 45", "KR")
    assert (by_store["sendDelivered"], by_couriers["sendDelivered"]) == (True, False)
    assert by_couriers["delivery"]["deliveredBy"] == "MARKETPLACE"
    assert "Yanghwa" not in str(by_couriers)
    assert by_store["total"]["orderAmount"] == {"value": 12_000, "currency": "KRW"}
    assert by_store["payments"]["prepaid"] == 12_000


def test_an_order_in_the_shop_and_one_for_later_are_shown_as_what_they_are(desk: Desk) -> None:
    indoor = desk.read(desk.order(fulfilment="dine_in"))
    takeout = desk.read(
        desk.order(
            items=[{"item_id": "bibimbap", "options": {"size": ["large"]}, "quantity": 2}],
            note="No onions",
            scheduled_for="2026-11-23T03:00:00.000Z",
        )
    )

    assert (indoor["type"], indoor["indoor"]["mode"]) == ("INDOOR", "DEFAULT")
    assert (takeout["type"], takeout["orderTiming"]) == ("TAKEOUT", "SCHEDULED")
    assert takeout["extraInfo"] == "No onions"
    item = takeout["items"][0]
    assert (item["unitPrice"]["value"], item["optionsPrice"]["value"]) == (9000, 2000)
    assert item["totalPrice"]["value"] == 22_000


def test_commands_may_be_repeated_and_in_the_wrong_order_are_422(desk: Desk) -> None:
    order_id = desk.order(fulfilment="delivery", drop_off=DOOR)

    early = [desk.do(order_id, word) for word in ("preparing", "dispatch", "delivered")]
    twice = [desk.confirm(order_id), desk.confirm(order_id)]
    done = [desk.do(order_id, word) for word in ("readyForPickup", "dispatch", "delivered")]
    wrong = desk.do(order_id, "pickedUp")

    assert [one.status for one in early] == [422, 422, 422]
    assert early[0].json["current_status"] == "CREATED"
    assert [one.status for one in twice + done] == [202] * 5
    assert wrong.status == 422
    assert desk.take() == ["CREATED", "CONFIRMED", "READY_FOR_PICKUP", "DISPATCHED", "DELIVERED"]


def test_a_longer_preparation_is_told_to_the_customer_as_a_delay(desk: Desk) -> None:
    order_id = desk.order()
    promised = desk.world.seen(order_id)["promised"]["begins"]

    desk.confirm(order_id, preparationTime=40)
    later = desk.world.seen(order_id)["promised"]["begins"]
    path = f"/v1/orders/{uuid(order_id)}/details"
    started = {"preparationStartDateTime": "2026-11-22T12:45:00.000Z"}
    moved = desk.call("PATCH", path, started)
    beyond = desk.call("PATCH", path, {"preparationStartDateTime": "2026-11-23T12:45:00.000Z"})

    assert promised < later < desk.world.seen(order_id)["promised"]["begins"]
    assert (moved.status, beyond.status) == (200, 400)


def test_before_the_confirmation_a_cancellation_is_immediate(desk: Desk) -> None:
    order_id = desk.order()
    said = {"reason": "No rice.", "code": "UNAVAILABLE_ITEM", "mode": "MANUAL"}

    answers = [desk.do(order_id, "requestCancellation", said) for _ in range(2)]
    found = desk.poll()

    assert [one.status for one in answers] == [202, 202]
    assert [one["eventType"] for one in found] == [
        "CREATED", "CANCELLATION_REQUESTED", "CANCELLED",
    ]  # fmt: skip
    protocol.demand("EventMetadataCancel", found[-1])
    assert found[-1]["metadata"]["code"] == "UNAVAILABLE_ITEM"


@pytest.mark.parametrize(
    ("answer", "told"),
    [("accept-cancellation", "CANCELLED"), ("deny-cancellation", "CANCELLATION_REQUEST_DENIED")],
)
def test_afterwards_its_customer_decides(desk: Desk, answer: str, told: str) -> None:
    order_id = desk.order()
    desk.confirm(order_id)
    said = {"reason": "Fire.", "code": "SYSTEMIC_ISSUES", "mode": "AUTO"}
    assert desk.do(order_id, "requestCancellation", said).status == 202
    assert desk.take() == ["CREATED", "CONFIRMED", "CANCELLATION_REQUESTED"]

    desk.world.post(f"/v1/orders/{order_id}/{answer}", token=desk.world.customer())

    assert desk.take() == [told]


def test_what_was_collected_cannot_be_given_up(desk: Desk) -> None:
    order_id = desk.order()
    desk.confirm(order_id)
    for word in ("readyForPickup", "pickedUp"):
        desk.do(order_id, word)
    said = {"reason": "Late.", "code": "DELIVERY_PROBLEM", "mode": "AUTO"}

    answer = desk.do(order_id, "requestCancellation", said)

    assert (answer.status, answer.json["cancellationStatus"]) == (
        422,
        "CANCELLATION_REQUEST_DENIED",
    )


def test_the_stores_own_rider_is_reported_and_nothing_personal_kept(desk: Desk) -> None:
    order_id = desk.order(fulfilment="delivery", drop_off=DOOR)
    collected = desk.order()
    desk.confirm(order_id)
    desk.do(order_id, "readyForPickup")
    at = "2026-11-22T12:05:00.000Z"
    step = {"type": "DELIVERY_ONGOING", "datetime": at, "message": "Jun is near"}
    info = {"event": step, "deliveryPerson": {"id": "7", "name": "Jun"}}

    left = desk.do(order_id, "dispatch", {"deliveryTrackingInfo": info})
    first = feeding.link(desk.store_id, order_id)
    late = {"problem": {"reason": "ORDER_DELAYED", "datetime": at}}
    told = desk.do(order_id, "tracking", {"deliveryTrackingInfo": late})
    wrong = desk.do(collected, "tracking", {"deliveryTrackingInfo": late})

    assert [one.status for one in (left, told, wrong)] == [202, 202, 422]
    assert first
    assert first.tracking["event"]["type"] == "DELIVERY_ONGOING"
    assert "Jun" not in str(first.to_simple_dict())


DENIED = {"reason": "Too late.", "code": "DISH_ALREADY_DONE"}


def _ask(desk: Desk, order_id: str) -> int:
    body, path = {"code": "changed_mind"}, f"/v1/orders/{order_id}/ask-to-cancel"
    return desk.world.post(path, body, token=desk.world.customer()).status


@pytest.mark.parametrize(
    ("word", "body", "told"),
    [
        ("acceptCancellation", None, "CANCELLED"),
        ("denyCancellation", DENIED, "CANCELLED_DENIED"),
    ],
)
def test_a_customer_asks_and_the_store_decides(
    desk: Desk, word: str, body: object, told: str
) -> None:
    order_id = desk.order()
    desk.confirm(order_id)
    desk.take()
    assert _ask(desk, order_id) == 200
    [asked] = desk.poll()
    protocol.demand("EventMetadataCancel", asked)
    desk.ack([asked])

    answers = [desk.do(order_id, word, body) for _ in range(2)]
    [event] = desk.poll()
    other = desk.do(order_id, "acceptCancellation") if body else None

    assert asked["eventType"] == "ORDER_CANCELLATION_REQUEST"
    assert asked["metadata"]["code"] == "CONSUMER_CANCELLATION_REQUESTED"
    assert ([one.status for one in answers], event["eventType"]) == ([204, 204], told)
    protocol.demand("EventMetadataCancel", event)
    assert other is None or other.status == 422


def test_silence_is_told_to_the_store_as_a_denial(desk: Desk) -> None:
    order_id = desk.order()
    desk.confirm(order_id)
    _ask(desk, order_id)
    desk.world.tick(300)

    assert desk.take()[-2:] == ["ORDER_CANCELLATION_REQUEST", "CANCELLED_DENIED"]
    assert desk.do(order_id, "denyCancellation", DENIED).status == 422


def test_where_nobody_asks_there_is_nothing_to_answer(desk: Desk) -> None:
    order_id = desk.order()

    answers = [
        desk.do(order_id, "acceptCancellation"),
        desk.do(order_id, "denyCancellation", DENIED),
        desk.do(order_id, "denyCancellation", {"reason": "No.", "code": "HUNGRY"}),
    ]

    assert [one.status for one in answers] == [422, 422, 400]


@pytest.mark.parametrize("fulfilment", ["takeaway", "delivery"])
def test_a_code_is_right_wrong_none_at_all_or_one_try_too_many(desk: Desk, fulfilment: str) -> None:
    goes = {"drop_off": DOOR} if fulfilment == "delivery" else {}
    order_id = desk.order(fulfilment=fulfilment, **goes)
    code = codes.code(order_id)

    def validate(given: str) -> Reply:
        return desk.do(order_id, f"validateCode?deliveryCode={given}")

    early = validate(code)
    desk.confirm(order_id)
    desk.do(order_id, "readyForPickup")
    none, malformed = desk.do(order_id, "validateCode"), validate("12a4")
    wrongs = [validate(wrong(code)) for _ in range(4)]
    right = validate(code)
    unknown = desk.call("POST", f"/v1/orders/{UNKNOWN}/validateCode?deliveryCode={code}")

    assert [one.status for one in (early, none, malformed, *wrongs, unknown)] == [400] * 8
    assert "code" in wrongs[0].json["title"]
    assert (right.status, right.json["deliveryCode"]) == (200, code)


def test_who_waits_outside_is_told_with_the_number_of_the_bay(desk: Desk) -> None:
    order_id = desk.order()
    desk.confirm(order_id)
    desk.take()
    path = f"/v1/orders/{order_id}/waiting"
    assert desk.world.post(path, {"spot": "B-12"}, token=desk.world.customer()).status == 200

    [event] = desk.poll()

    protocol.demand("EventMetadataPickup", event)
    assert (event["eventType"], event["metadata"]) == (
        "PICKUP_AREA_ASSIGNED",
        {"pickupArea": "B-12"},
    )
    assert desk.read(order_id)["takeout"]["mode"] == "PICKUP_AREA"


def test_who_brings_it_reads_a_first_name_meanwhile_and_nobody_else_does(desk: Desk) -> None:
    named = {"name": "Mina Kim", "language": "ko", "consents": {}}
    assert desk.world.call("PUT", "/v1/profile", named, token=desk.world.customer()).status == 200
    by_store = desk.order(fulfilment="delivery", drop_off=DOOR)
    shown, collected = desk.read(by_store), desk.read(desk.order())
    desk.confirm(by_store)
    for word in ("readyForPickup", "dispatch", "delivered"):
        desk.do(by_store, word)
    ended = desk.read(by_store)
    desk.world.patch_store(desk.store_id, delivered_by="platform")
    by_couriers = desk.read(desk.order(fulfilment="delivery", drop_off=DOOR))

    assert shown["customer"]["name"] == "Mina"
    assert (ended["customer"]["name"], by_couriers["customer"]["name"]) == ("", "")
    assert ended["delivery"]["deliveryAddress"]["street"] == ""
    assert shown["customer"]["id"] != by_couriers["customer"]["id"]
    assert "customer" not in collected
    assert "Kim" not in str(shown)


def test_a_token_by_the_protocols_form_and_its_versions(desk: Desk) -> None:
    owner = people.person("merchant", "owner")
    made = desk.world.post(
        f"/v1/stores/{desk.store_id}/clients", {"label": "Till"}, token=owner, key="k"
    ).json
    form = {"content-type": "application/x-www-form-urlencoded"}
    grant = "grant_type=client_credentials"
    asked = f"{grant}&client_id={made['client_id']}&client_secret="

    good = desk.call(
        "POST", "/oauth/token", raw=(asked + made["client_secret"]).encode(), headers=form, token=""
    )
    bad = desk.call("POST", "/oauth/token", raw=f"{asked}x".encode(), headers=form, token="")
    none = desk.call("POST", "/oauth/token", raw=grant.encode(), headers=form, token="")

    assert (good.status, good.json["token_type"]) == (200, "bearer")
    desk.given = good.json["access_token"]
    assert desk.take() == []
    assert (bad.status, none.status) == (401, 401)
    spoken = desk.call("GET", "/v1/versions/orderingApp").json
    file = protocol.document()["components"]["schemas"]["VersionOrderingApp"]["properties"]
    newest = [file[side]["properties"]["version"]["enum"][-1] for side in ("merchant", "order")]
    assert [spoken[side]["version"] for side in ("merchant", "order")] == newest


OPERATIONS: list[tuple[str, str, object]] = [
    ("GET", "/v1/events:polling", None),
    ("POST", "/v1/events/acknowledgment", []),
    ("GET", "/v1/orders/{}", None),
    ("PATCH", "/v1/orders/{}/details", {}),
    *(
        ("POST", f"/v1/orders/{{}}/{word}", None)
        for word in ("confirm", "preparing", "readyForPickup", "pickedUp", "dispatch", "delivered")
    ),
    ("POST", "/v1/orders/{}/acceptCancellation", None),
    ("POST", "/v1/orders/{}/denyCancellation", DENIED),
    ("POST", "/v1/orders/{}/tracking", {"deliveryTrackingInfo": {}}),
    (
        "POST",
        "/v1/orders/{}/requestCancellation",
        {"reason": "x", "code": "RISK_AREA", "mode": "AUTO"},
    ),
]


def test_nobody_but_the_machine_of_the_orders_own_store_may(desk: Desk) -> None:
    order_id = uuid(desk.order())
    neighbour = people.machine(desk.world.store(owner="neighbour"))
    customer = people.person(Role.CUSTOMER, "mina")
    wrong = []

    for method, template, body in OPERATIONS:
        path = template.format(order_id)
        knows_403 = "details" not in path
        expected = {"": 401, "x": 401, customer: 403 if knows_403 else 404}
        if "{}" in template:
            expected[people.machine(desk.store_id)] = 404
            path = template.format(UNKNOWN)
        for token, status in expected.items():
            found = desk.call(method, path, body, token=token or None).status
            wrong += [] if found == status else [(method, path, status, found)]
        if "{}" in template:
            found = desk.call(method, template.format(order_id), body, token=neighbour).status
            wrong += [] if found == 404 else [(method, path, 404, found)]

    assert wrong == []


@pytest.mark.parametrize("body", [[], [{}], {}, "x", [{"id": "x"}], [{}] * 101])
def test_an_acknowledgment_that_is_none_is_400(desk: Desk, body: object) -> None:
    assert desk.call("POST", "/v1/events/acknowledgment", body).status == 400


@pytest.mark.parametrize(
    "raw", [b"{", b"", b'"\\ud800"', b"[" * 5000, b'{"reason": "4242 4242 4242 4242"}']
)
def test_a_body_that_cannot_be_read_is_400(desk: Desk, raw: bytes) -> None:
    path = f"/v1/orders/{uuid(desk.order())}/requestCancellation"

    assert desk.call("POST", path, raw=raw).status == 400


def test_too_many_calls_are_told_to_come_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "CALLS", Limit("few", calls=1, seconds=60))

    answers = [desk.call("GET", "/v1/events:polling") for _ in range(2)]

    assert [one.status for one in answers] == [204, 503]
    assert int(answers[1].headers["Retry-After"]) > 0


def test_a_discount_says_who_bears_it_and_the_sums_agree(desk: Desk) -> None:
    desk.world.patch_store(desk.store_id, delivered_by="platform")
    of_platform(desk.world, benefit={"type": "amount", "amount": 1000}, first_order=False)

    order = desk.read(desk.order(fulfilment="delivery", drop_off=DOOR, tip=500))

    total = {name: amount["value"] for name, amount in order["total"].items()}
    assert total == {
        "itemsPrice": 9000, "otherFees": 3500, "discount": 1000, "orderAmount": 11_500,
    }  # fmt: skip
    assert order["discounts"][0]["sponsorshipValues"] == [
        {"name": "MARKETPLACE", "amount": {"value": 1000, "currency": "KRW"}}
    ]
    assert {one["type"] for one in order["otherFees"]} == {"DELIVERY_FEE", "TIP"}


def test_prices_are_in_major_units() -> None:
    assert prices.price(1250, "USD") == {"value": 12.5, "currency": "USD"}
    assert prices.price(1250, "KRW") == {"value": 1250, "currency": "KRW"}
