"""What people tell us of themselves stays where it belongs: no log, event or queue repeats it."""

import json
from collections.abc import Callable, Iterator

from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from tests.tables import ACCOUNT, REGION
from tests.world import World

STREET = "Canary-ro 77, Apt 4012"
NOTE = "canary: the dog is called Bori"
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

    bodies = [
        message.body
        for queue in sqs_backends[ACCOUNT][REGION].queues.values()
        for message in queue._messages
    ]
    assert bodies
    assert [one for one in bodies if STREET in one or NOTE in one] == []


def _items() -> Iterator[dict[str, dict[str, str]]]:
    for table in dynamodb_backends[ACCOUNT][REGION].tables.values():
        for item in table.all_items():
            yield item.to_json()["Attributes"]
