"""Webhooks over HTTP: made, listed, removed, asked again."""

from dataclasses import replace

import pytest

from chalicelib.core import clock
from chalicelib.integrations import lanes, sending
from chalicelib.integrations.lanes import Place
from chalicelib.integrations.schemas import ORDER_TYPES, PING
from chalicelib.orders.status import (
    CLAIMED,
    DUE_SOON,
    FORGOTTEN,
    NEWS,
    PAYMENT_DUE,
    SCHEDULED,
    OrderCommand,
)
from chalicelib.orders.status import EVENT_TYPES as ORDER_EVENTS
from tests.clocks import StandingClock
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
    tell,
)

HOOKS = f"/v1/stores/{STORE}/webhooks"
UNKNOWN = "whk_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"


def test_a_webhook_hears_everything_of_its_stores_orders_unless_it_says_otherwise(
    street: Street,
) -> None:
    webhook = street.webhook()

    assert tuple(webhook["event_types"]) == ORDER_TYPES
    not_for_stores = {
        "order.placed", "order.capture_due", CLAIMED, SCHEDULED, PAYMENT_DUE, DUE_SOON,
        FORGOTTEN,
    }  # fmt: skip
    assert {*ORDER_TYPES} | not_for_stores == NEWS | set(ORDER_EVENTS.values())


def test_the_secret_of_a_webhook_is_shown_once(street: Street) -> None:
    webhook = street.webhook(event_types=["order.cancelled", "order.created", "order.created"])

    shown = {key: value for key, value in webhook.items() if key != "secret"}
    alone = {**shown, "health": {**shown["health"], "pending": 0}}
    assert webhook["secret"].startswith("whsec_")
    assert webhook["event_types"] == ["order.created", "order.cancelled"]
    assert street.call("GET", HOOKS, by="owner").json == {"items": [shown]}
    assert street.call("GET", f"{HOOKS}/{webhook['id']}", by="owner").json == alone


def test_a_repeated_request_makes_no_second_webhook(street: Street) -> None:
    owner = street.owner()
    first = street.call("POST", HOOKS, {"url": URL}, by=owner, key="k")

    again = street.call("POST", HOOKS, {"url": URL}, by=owner, key="k")

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == {**first.json, "secret": None}


def test_a_store_has_three_webhooks_at_most_and_a_removed_one_makes_room(street: Street) -> None:
    made = [street.webhook()["id"] for _ in range(3)]

    fourth = street.call("POST", HOOKS, {"url": URL}, by="owner")
    removed = [street.call("DELETE", f"{HOOKS}/{made[0]}", by="owner").status for _ in range(2)]
    fifth = street.call("POST", HOOKS, {"url": URL}, by="owner")

    assert (fourth.status, fourth.json["code"]) == (409, "webhook_limit")
    assert removed == [204, 204]
    assert fifth.status == 201
    assert street.call("GET", f"{HOOKS}/{made[0]}", by="owner").status == 404


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://till.example.com/", "not_https"),
        ("https://10.0.0.1/", "ip_literal"),
        ("https://localhost/", "private_name"),
        ("https://user@till.example.com/", "userinfo"),
        ("https://till.example.com:22/", "bad_port"),
    ],
)
def test_an_address_that_cannot_be_called_is_refused_with_its_fault(
    street: Street, url: str, code: str
) -> None:
    answer = street.call("POST", HOOKS, {"url": url}, by=street.owner())

    assert (answer.status, answer.json["code"]) == (400, "webhook_url_refused")
    assert answer.json["errors"] == [
        {"pointer": "/url", "code": code, "detail": "cannot be called"}
    ]


@pytest.mark.parametrize("types", [[], ["order.placed"], ["payment.captured"], "order.created"])
def test_only_what_a_store_may_see_can_be_asked_for(street: Street, types: object) -> None:
    answer = street.call("POST", HOOKS, {"url": URL, "event_types": types}, by=street.owner())

    assert (answer.status, answer.json["code"]) == (400, "invalid")


def test_the_delivery_log_is_paged_newest_first(street: Street) -> None:
    webhook = street.webhook()
    place_order()
    move(OrderCommand.CONFIRM)
    move(OrderCommand.READY)
    tell(Till())
    path = f"{HOOKS}/{webhook['id']}/messages?limit=2"

    first = street.call("GET", path, by="owner").json
    second = street.call("GET", f"{path}&cursor={first['next_cursor']}", by="owner").json

    assert [entry["position"] for entry in first["items"]] == [3, 2]
    assert [entry["position"] for entry in second["items"]] == [1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["x", "e30", "eyJzayI6MX0", "eyJzayI6IkZFRUQifQ"])
def test_a_cursor_of_something_else_is_refused(street: Street, cursor: str) -> None:
    webhook = street.webhook()

    answer = street.call("GET", f"{HOOKS}/{webhook['id']}/messages?cursor={cursor}", by="owner")

    assert (answer.status, answer.json["code"]) == (400, "invalid")


def test_a_ping_is_sent_once_and_counted_in_the_feed(
    street: Street, rung: Rung, clock_at: StandingClock
) -> None:
    webhook, till = street.webhook(), Till([500, 500])
    pinged = street.call("POST", f"{HOOKS}/{webhook['id']}/ping", by="owner")

    sending.drive(Place(webhook["id"], rung.messages[0]["lane"]), till)
    clock_at.move(60)
    again = street.call("POST", f"{HOOKS}/{webhook['id']}/ping", by="owner")
    sending.drive(Place(webhook["id"], webhook["id"]), till)

    assert (pinged.status, pinged.json["type"], pinged.json["status"]) == (202, PING, "pending")
    assert till.told == [(PING, 1), (PING, 2)]
    assert again.json["position"] == 2
    assert till.got[0].json["data"] == {
        "store_id": STORE,
        "url": f"{HOOKS}/{webhook['id']}",
    }
    assert {entry["status"] for entry in street.log(webhook["id"])} == {"failed_parked"}


def test_a_delivered_message_is_sent_again_under_its_own_id(street: Street, rung: Rung) -> None:
    webhook, till = street.webhook(), Till()
    place_order()
    tell(till)
    path = f"{HOOKS}/{webhook['id']}/messages/1/replay"

    answers = [street.call("POST", path, by="owner") for _ in range(2)]
    for message in rung.messages:
        sending.drive(Place(message["subject"], message["lane"]), till)

    assert [answer.status for answer in answers] == [202, 202]
    assert len(till.got) == 2
    assert till.ids[0] == till.ids[1]
    assert street.log(webhook["id"])[0]["tries"] == 2
    assert street.log(webhook["id"])[0]["status"] == "delivered"


def test_a_waiting_message_is_tried_at_once_when_asked(street: Street, rung: Rung) -> None:
    webhook, till = street.webhook(), Till([500])
    place_order()
    tell(till)

    street.call("POST", f"{HOOKS}/{webhook['id']}/messages/1/replay", by="owner")
    sending.drive(Place(webhook["id"], rung.messages[-1]["lane"]), till)

    assert len(till.got) == 2
    assert street.log(webhook["id"])[0]["status"] == "delivered"


def test_a_parked_message_is_pending_again_when_asked(
    street: Street, clock_at: StandingClock
) -> None:
    webhook, till = street.webhook(), Till([500] * 15)
    place_order()
    tell(till)
    while (due_at := lane_of(webhook).due_at) is not None:
        clock_at.set_to(due_at)
        sending.drive(Place(webhook["id"], ORDER), till)

    asked = street.call("POST", f"{HOOKS}/{webhook['id']}/messages/1/replay", by="owner")

    assert asked.json["status"] == "pending"
    assert lane_of(webhook).due_at == clock.now()
    assert lane_of(webhook).failures == 0


@pytest.mark.parametrize("position", ["7", "0", "-1", "x", "1e3", "9" * 20])
def test_a_message_that_does_not_exist_cannot_be_sent_again(street: Street, position: str) -> None:
    webhook = street.webhook()

    answer = street.call("POST", f"{HOOKS}/{webhook['id']}/messages/{position}/replay", by="owner")

    assert answer.status == 404


def test_a_disabled_webhook_takes_nothing_until_it_is_enabled(street: Street, rung: Rung) -> None:
    webhook, till = street.webhook(), Till([200, 410])
    tell(till, place_order(OTHER_ORDER))
    place_order()
    tell(till)
    base = f"{HOOKS}/{webhook['id']}"
    refused = [
        street.call("POST", f"{base}/{path}", by="owner") for path in ("ping", "messages/2/replay")
    ]
    move(OrderCommand.CONFIRM)
    tell(till)

    enabled = [street.call("POST", f"{base}/enable", by="owner").json["status"] for _ in range(2)]
    for message in rung.messages:
        sending.drive(Place(message["subject"], message["lane"]), till)
    tell(till)

    assert [answer.json["code"] for answer in refused] == ["webhook_disabled"] * 2
    assert enabled == ["active", "active"]
    told = [(sent.json["subject"]["id"], sent.json["sequence"]) for sent in till.got]
    assert told == [(OTHER_ORDER, 2), (ORDER, 2), (ORDER, 2), (ORDER, 3)]


def test_what_happened_while_a_webhook_was_disabled_is_told_though_nothing_follows(
    street: Street, rung: Rung
) -> None:
    webhook, till = street.webhook(), Till([410])
    place_order(OTHER_ORDER)
    tell(till, OTHER_ORDER)
    place_order()
    tell(till)

    street.call("POST", f"{HOOKS}/{webhook['id']}/enable", by="owner")
    for message in rung.messages:
        sending.drive(Place(message["subject"], message["lane"]), till)

    told = {(sent.json["subject"]["id"], sent.json["sequence"]) for sent in till.got[1:]}
    assert told == {(OTHER_ORDER, 2), (ORDER, 2)}


@pytest.mark.parametrize("path", ["", "/messages"])
def test_an_unknown_webhook_is_not_found(street: Street, path: str) -> None:
    assert street.call("GET", f"{HOOKS}/{UNKNOWN}{path}", by=street.owner()).status == 404


@pytest.mark.parametrize("path", ["ping", "messages/1/replay"])
def test_who_loses_every_race_is_told_to_ask_again(
    street: Street, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    webhook = street.webhook()
    place_order()
    tell(Till())
    found = lanes.find

    def stale(place: Place) -> lanes.Lane:
        lane = found(place) or lanes.Lane(place, STORE, "order")
        return replace(lane, rev=lane.rev + 7)

    monkeypatch.setattr(lanes, "find", stale)

    answer = street.call("POST", f"{HOOKS}/{webhook['id']}/{path}", by="owner")

    assert (answer.status, answer.json["code"], answer.json["retryable"]) == (409, "busy", True)
