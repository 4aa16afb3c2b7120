"""What reaches a store's system, in what order, and how often."""

import json

import pytest
from standardwebhooks.webhooks import Webhook

from chalicelib.core import clock
from chalicelib.integrations import sending
from chalicelib.integrations.lanes import Place
from chalicelib.orders.status import OrderCommand
from tests.clocks import StandingClock
from tests.conftest import Said
from tests.integrations.conftest import Rung
from tests.integrations.street import (
    ORDER,
    OTHER_ORDER,
    STORE,
    URL,
    Street,
    Till,
    lane_of,
    move,
    place_order,
    refused,
    reply,
    tell,
    unreachable,
)

CREATED, CONFIRMED, READY = (
    ("order.created", 2),
    ("order.confirmed", 3),
    ("order.ready_for_pickup", 4),
)


def test_a_paid_order_is_told_to_its_store_in_a_thin_signed_message(street: Street) -> None:
    webhook, till = street.webhook(), Till()
    place_order()

    tell(till)

    (sent,) = till.got
    body = sent.json
    assert sent.url == URL
    assert body == {
        "v": 1,
        "id": sent.headers["webhook-id"],
        "type": "order.created",
        "timestamp": "2026-11-22T12:00:00.000Z",
        "subject": {"kind": "order", "id": ORDER},
        "sequence": 2,
        "position": 1,
        "previous_position": 0,
        "data": {
            "order_id": ORDER,
            "store_id": STORE,
            "status": "CREATED",
            "url": f"/v1/orders/{ORDER}",
        },
    }
    signature = Webhook(webhook["secret"]).sign(body["id"], clock.now(), sent.body.decode())
    assert sent.headers["webhook-signature"] == signature
    assert sent.headers["webhook-timestamp"] == str(int(clock.wall_now()))
    (logged,) = street.log(webhook["id"])
    assert (logged["status"], logged["tries"]) == ("delivered", 1)


def test_positions_have_no_gaps_over_several_orders(street: Street) -> None:
    street.webhook()
    till = Till()
    for order_id in (place_order(), place_order(OTHER_ORDER)):
        tell(till, order_id)
        move(OrderCommand.CONFIRM, order_id=order_id)
        tell(till, order_id)

    places = [(sent.json["previous_position"], sent.json["position"]) for sent in till.got]
    assert places == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_a_bell_that_comes_twice_tells_once(street: Street) -> None:
    street.webhook()
    till = Till()
    place_order()

    tell(till)
    tell(till)

    assert till.told == [CREATED]


def test_what_happened_while_nobody_listened_is_told_in_order(street: Street) -> None:
    street.webhook()
    till = Till()
    place_order()
    move(OrderCommand.CONFIRM)
    move(OrderCommand.READY)

    tell(till)

    assert till.told == [CREATED, CONFIRMED, READY]


def test_nothing_newer_is_sent_while_something_older_fails(
    street: Street, clock_at: StandingClock
) -> None:
    webhook, till = street.webhook(), Till([500, 500])
    place_order()
    tell(till)
    move(OrderCommand.CONFIRM)
    move(OrderCommand.READY)

    tell(till)
    clock_at.move(3)
    tell(till)
    clock_at.move(6)
    tell(till)

    assert till.told == [CREATED, CREATED, CREATED, CONFIRMED, READY]
    assert len(set(till.ids)) == 3
    assert [entry["tries"] for entry in street.log(webhook["id"])] == [3, 1, 1]


def test_one_order_that_fails_does_not_hold_up_another(street: Street) -> None:
    street.webhook()
    till = Till([500])
    tell(till, place_order())

    tell(till, place_order(OTHER_ORDER))

    assert [sent.json["subject"]["id"] for sent in till.got] == [ORDER, OTHER_ORDER]


def test_one_endpoint_that_fails_does_not_hold_up_another(street: Street) -> None:
    webhooks = [street.webhook(), street.webhook(url="https://kitchen.example.com/")]
    place_order()

    tell(Till([500, 200]))

    statuses = {street.log(webhook["id"])[0]["status"] for webhook in webhooks}
    assert statuses == {"pending", "delivered"}


def test_410_disables_the_endpoint_and_nothing_more_is_sent(street: Street, said: Said) -> None:
    webhook, till = street.webhook(), Till([410])
    place_order()

    tell(till)
    move(OrderCommand.CONFIRM)
    tell(till)
    tell(till, place_order(OTHER_ORDER))

    assert till.told == [CREATED]
    path = f"/v1/stores/{STORE}/webhooks/{webhook['id']}"
    assert street.call("GET", path, by="owner").json["status"] == "disabled"
    assert any(line["level"] == "ERROR" and line["endpoint"] == webhook["id"] for line in said())


def test_a_redirect_is_a_failure_and_is_not_followed(street: Street) -> None:
    webhook, till = street.webhook(), Till([reply(302, location="https://elsewhere.example.com")])
    place_order()

    tell(till)

    (entry,) = street.log(webhook["id"])
    assert (entry["status"], entry["attempts"][0]["status"]) == ("pending", 302)
    assert len(till.got) == 1


@pytest.mark.parametrize(
    ("error", "code"), [(unreachable(), "timeout"), (refused(), "private_address")]
)
def test_no_answer_is_noted_with_its_cause(street: Street, error: Exception, code: str) -> None:
    webhook = street.webhook()
    place_order()

    tell(Till([error]))

    (entry,) = street.log(webhook["id"])
    assert entry["attempts"][0]["code"] == code
    assert entry["attempts"][0]["status"] is None


def test_a_slow_endpoint_is_left_to_another_invocation_after_a_while(
    street: Street, clock_at: StandingClock, rung: Rung
) -> None:
    webhook = street.webhook()
    till = Till([lambda: clock_at.move(9)] * 3)
    place_order()
    move(OrderCommand.CONFIRM)
    move(OrderCommand.READY)

    tell(till)

    assert till.told == [CREATED, CONFIRMED]
    assert rung.messages == [{"kind": "message", "subject": webhook["id"], "lane": ORDER}]
    assert rung.delays == [0]


def test_a_removed_endpoint_is_sent_nothing_more(street: Street, clock_at: StandingClock) -> None:
    webhook, till = street.webhook(), Till([500])
    place_order()
    tell(till)

    street.call("DELETE", f"/v1/stores/{STORE}/webhooks/{webhook['id']}", by="owner")
    clock_at.move(10)
    sending.drive(Place(webhook["id"], ORDER), till)

    assert len(till.got) == 1
    assert lane_of(webhook).due_at is None


def test_a_lane_that_nobody_knows_is_no_work(street: Street) -> None:
    assert street
    till = Till()

    sending.drive(Place("whk_01JD9Z6M7Q3W8K5N2R4T6V8X0Y", ORDER), till)

    assert till.got == []


def test_the_stored_bytes_are_the_bytes_that_are_sent_each_time(
    street: Street, clock_at: StandingClock
) -> None:
    street.webhook()
    till = Till([500])
    place_order()
    tell(till)
    clock_at.move(5)

    tell(till)

    first, second = till.got
    assert first.body == second.body
    assert json.loads(first.body)["id"] == first.headers["webhook-id"]
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
