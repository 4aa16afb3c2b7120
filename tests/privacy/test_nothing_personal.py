"""What people tell us of themselves stays where it belongs: no log, event or queue repeats it."""

import json
from collections.abc import Callable, Iterator

from moto.sqs.models import Message, sqs_backends

from chalicelib.core import ids
from tests import database
from tests.couriers.street import TO_THE_DOOR, Rider, Street, wrong
from tests.infra import giving
from tests.tables import ACCOUNT, REGION
from tests.world import World

STREET = "Canary-ro 77, Apt 4012"
NOTE = "canary: the dog is called Bori"
RIDER = "CanaryHaneul"
WHERE = [126.98765432, 37.51234567]
LONGITUDE = 126.92361837
CANARIES = (STREET, NOTE, str(LONGITUDE), "canary", "pi_", "_secret_")
DOOR = {
    "location": {"type": "Point", "coordinates": [LONGITUDE, 37.56211234]},
    "address": STREET,
}

type Said = Callable[[], list[dict[str, object]]]


def _order(world_at: World, store_id: str) -> str:
    return world_at.paid_order(
        store_id,
        fulfilment="delivery",
        drop_off=DOOR,
        note=NOTE,
        items=[{"item_id": "bibimbap", "note": NOTE}],
    )


def live(world_at: World) -> None:
    """One order with an address and notes is brought, another is given up."""
    store_id = world_at.store()
    brought = _order(world_at, store_id)
    world_at.pump()
    commands = ("confirm", "preparing", "ready", "dispatch", "delivered")
    world_at.command(brought, *commands, store_id=store_id)
    given_up = _order(world_at, store_id)
    world_at.post(f"/v1/orders/{given_up}/cancel", {}, token=world_at.customer())
    world_at.pass_time(180)


def ride(world_at: World) -> tuple[str, str]:
    """A courier brings an order to its customer, after a wrong PIN. The order, and its PIN."""
    street = Street(world_at, world_at.store(delivered_by="platform", owner="another"))
    rider = Rider(world_at, "haneul")
    rider.introduce(given_name=RIDER)
    rider.start(location={"type": "Point", "coordinates": WHERE})
    order_id = street.order(drop_off=DOOR, note=NOTE, courier_note=NOTE)
    delivery = street.job(rider, *TO_THE_DOOR, order_id=order_id)
    rider.locate(1, WHERE)
    rider.locate(1, WHERE, zone="busan")
    pin = street.pin(order_id)
    rider.step(delivery.id, "delivered", body={"pin": wrong(pin)})
    rider.step(delivery.id, "delivered", body={"pin": pin})
    rider.locate(2, WHERE)
    return order_id, pin


def test_a_ride_leaves_no_name_position_address_or_pin_in_logs_and_events(
    world_at: World, said: Said
) -> None:
    _, pin = ride(world_at)
    world_at.streams.ring()

    lines = said()
    events = [item for item in _items() if item["sk"]["S"].startswith("EVT#")]
    bodies = [message.body for message in _messages()]

    assert {line["route"] for line in lines if "route" in line} >= {"POST /v1/positions"}
    assert any("delivery.order_delivered" in json.dumps(event) for event in events)
    personal = (RIDER, STREET, NOTE, *map(str, WHERE), str(LONGITUDE))
    for text in (json.dumps(lines), json.dumps(events), json.dumps(bodies)):
        assert [canary for canary in personal if canary in text] == []
    told = [value for line in lines for value in line.values()]
    told += [value for event in events for value in json.loads(event["data"]["S"]).values()]
    assert pin not in [str(value) for value in told]


def test_positions_leave_one_line_each_that_does_not_say_where(world_at: World, said: Said) -> None:
    rider = Street(world_at, "").rider("haneul")
    said()

    rider.locate(1, WHERE)

    (line,) = said()
    assert line["said"] == "A request was answered"
    assert line.keys() == {"at", "level", "said", "stage", "request", "route", "http_status"}


def test_a_position_is_kept_with_the_duty_alone_and_gone_with_it(world_at: World) -> None:
    ride(world_at)
    during = _holding(str(WHERE[0]))

    Rider(world_at, "haneul").end()

    assert during == {("ZONE", "COURIER")}
    assert _holding(str(WHERE[0])) == set()


def test_a_couriers_name_is_kept_with_the_courier_alone(world_at: World) -> None:
    ride(world_at)

    assert _holding(RIDER) == {("COURIER", "HEAD")}


def test_an_address_is_not_copied_to_the_delivery_and_a_place_not_to_who_was_asked(
    world_at: World,
) -> None:
    ride(world_at)

    assert _holding(STREET) == {("QUOTE", "HEAD"), ("ORDER", "BODY")}
    assert ("DELIVERY", "HEAD") in _holding(str(LONGITUDE))
    assert ("COURIER", "OFFER") not in _holding(str(LONGITUDE))


def test_what_an_address_book_holds_is_kept_there_and_with_what_was_ordered_to_it(
    world_at: World, said: Said
) -> None:
    mina, address_id = world_at.customer(), ids.new("adr")
    home = {
        "label": "home", "road_address": STREET, "entrance_code": "canary-1234",
        "location": DOOR["location"], "detail": "canary floor",
    }  # fmt: skip
    put = world_at.call("PUT", f"/v1/addresses/{address_id}", home, token=mina)
    street = Street(world_at, world_at.store(delivered_by="platform"))
    rider = street.rider("haneul")
    order_id = street.order(drop_off=None, address_id=address_id)
    street.job(rider, *TO_THE_DOOR, order_id=order_id)
    world_at.streams.ring()

    assert put.status == 200, put.text
    kept = {("CUSTOMER", "ADDRESSES"), ("QUOTE", "HEAD"), ("ORDER", "BODY")}
    for one in ("canary-1234", "canary floor", STREET):
        assert _holding(one) == kept
    text = json.dumps(said()) + json.dumps([message.body for message in _messages()])
    assert [one for one in ("canary", STREET, str(LONGITUDE)) if one in text] == []


def test_no_line_of_the_log_repeats_what_a_customer_has_told(world_at: World, said: Said) -> None:
    live(world_at)

    text = json.dumps(said(), ensure_ascii=False)

    assert "A payment was finished" in text
    without_ids = text.replace('"intent": "pi_', "")
    assert [canary for canary in CANARIES if canary in without_ids] == []


def test_no_event_repeats_what_a_customer_has_told(world_at: World) -> None:
    live(world_at)

    events = [item for item in _items() if item["sk"]["S"].startswith("EVT#")]

    assert len(events) > 10
    text = json.dumps(events, ensure_ascii=False)
    assert [canary for canary in (STREET, NOTE, str(LONGITUDE)) if canary in text] == []


def test_an_address_is_kept_with_the_quote_and_the_body_of_its_order_and_nowhere_else(
    world_at: World,
) -> None:
    live(world_at)

    holding = {
        item["sk"]["S"] if item["pk"]["S"].startswith("ORDER#") else item["pk"]["S"][:6]
        for item in _items()
        if STREET in json.dumps(item, ensure_ascii=False)
    }

    assert holding == {"BODY", "QUOTE#"}


def test_no_message_of_a_queue_repeats_what_a_customer_has_told(world_at: World) -> None:
    store_id = world_at.store()
    _order(world_at, store_id)

    world_at.streams.ring()

    bodies = [message.body for message in _messages()]
    assert bodies
    assert [one for one in bodies if STREET in one or NOTE in one] == []


def _holding(text: str) -> set[tuple[str, str]]:
    """The kinds of items that hold a text."""
    return {
        (item["pk"]["S"].partition("#")[0], item["sk"]["S"].partition("#")[0])
        for item in _items()
        if text in json.dumps(item, ensure_ascii=False)
    }


def _messages() -> Iterator[Message]:
    for queue in sqs_backends[ACCOUNT][REGION].queues.values():
        yield from queue._messages


def _items() -> Iterator[dict[str, dict[str, str]]]:
    for name in database.names():
        yield from database.raw(name)


def test_what_is_saved_given_back_and_tipped_leaves_no_card_and_no_secret_in_logs_and_events(
    world_at: World, said: Said
) -> None:
    giving.play(world_at, world_at.store())
    world_at.streams.ring()

    lines = said()
    events = [item for item in _items() if item["sk"]["S"].startswith("EVT#")]

    told = {item["type"]["S"] for item in events}
    assert told >= {"payment.tip_captured", "payment.refund_failed"}
    for text in (json.dumps(lines), json.dumps(events), json.dumps([m.body for m in _messages()])):
        assert [one for one in ("_secret_", "4242", "visa") if one in text] == []
