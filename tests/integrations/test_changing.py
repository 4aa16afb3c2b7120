"""What an owner changes of an endpoint, and when days of failure end it."""

from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from chalicelib.core import clock, news, notices
from chalicelib.integrations import health, sending
from chalicelib.integrations.lanes import Place
from chalicelib.orders.status import OrderCommand
from tests.clocks import StandingClock
from tests.conftest import Said
from tests.integrations.conftest import Rung
from tests.integrations.street import (
    ORDER,
    OTHER_ORDER,
    STORE,
    Street,
    Till,
    lane_of,
    move,
    place_order,
    tell,
    unreachable,
)
from tests.integrations.test_challenges import HOOKS, drive_all


def test_the_filter_can_be_changed_and_changes_what_is_told(street: Street) -> None:
    webhook, till = street.webhook(), Till()
    path = f"{HOOKS}/{webhook['id']}"
    types = {"event_types": ["order.confirmed"]}

    changed = [street.call("PATCH", path, types, by="owner") for _ in range(2)]
    same = street.call("PATCH", path, {"url": webhook["url"]}, by="owner")
    refused = street.call("PATCH", path, {"url": "https://10.0.0.1/"}, by="owner")
    place_order()
    move(OrderCommand.CONFIRM)
    tell(till)

    assert [one.json["event_types"] for one in changed] == [["order.confirmed"]] * 2
    assert (same.json["status"], same.json["url"]) == ("active", webhook["url"])
    assert (refused.status, refused.json["code"]) == (400, "webhook_url_refused")
    assert till.told == [("order.confirmed", 3)]


def test_a_paused_endpoint_waits_and_is_told_everything_when_it_is_enabled(
    street: Street, rung: Rung
) -> None:
    webhook, till = street.webhook(), Till()
    path = f"{HOOKS}/{webhook['id']}"

    paused = [street.call("POST", f"{path}/pause", by="owner").json for _ in range(2)]
    place_order()
    tell(till)
    ping = street.call("POST", f"{path}/ping", by="owner")
    waits = street.call("GET", path, by="owner").json["health"]
    enabled = street.call("POST", f"{path}/enable", by="owner").json
    drive_all(rung, till)

    assert {(one["status"], one["disabled_because"]) for one in paused} == {("paused", "paused")}
    assert (ping.status, ping.json["code"]) == (409, "webhook_disabled")
    assert (waits["pending"], waits["oldest_pending_at"]) == (1, clock.stamp(clock.now()))
    assert (enabled["status"], enabled["disabled_because"]) == ("active", None)
    assert till.told == [("order.created", 2)]
    events = [one.type for one in news.events_after("webhook", webhook["id"], 0)]
    assert events == ["webhook.paused", "webhook.enabled"]


def test_while_a_secret_is_turned_over_both_sign(street: Street, clock_at: StandingClock) -> None:
    webhook, till = street.webhook(), Till()
    path = f"{HOOKS}/{webhook['id']}/rotate"
    first = webhook["secret"]

    turned = street.call("POST", path, by="owner", key="k")
    again = street.call("POST", path, by="owner", key="k")
    second = turned.json["secret"]
    tell(till, place_order())
    clock_at.move(24 * 3600)
    tell(till, place_order(OTHER_ORDER))
    third = street.call("POST", path, by="owner").json["secret"]

    assert turned.json["previous_signs_until"] == "2026-11-23T12:00:00.000Z"
    assert turned.headers["Cache-Control"] == "no-store"
    assert again.json == {**turned.json, "secret": None}
    assert len({first, second, third}) == 3
    during, after = till.got
    signatures = during.headers["webhook-signature"].split(" ")
    assert [one.partition(",")[0] for one in signatures] == ["v1", "v1"]
    for secret, sent, believed in (
        (second, during, True), (first, during, True), (second, after, True), (first, after, False),
    ):  # fmt: skip
        signed = Webhook(secret).sign(
            sent.headers["webhook-id"],
            clock.parse("1970-01-01T00:00:00.000Z")
            + timedelta(seconds=int(sent.headers["webhook-timestamp"])),
            sent.body.decode(),
        )
        assert (signed in sent.headers["webhook-signature"].split(" ")) is believed
    with pytest.raises(WebhookVerificationError):
        Webhook(third).verify(after.body, dict(after.headers))


def test_who_fails_for_five_days_is_disabled_and_its_owners_are_told(
    street: Street, clock_at: StandingClock, said: Said
) -> None:
    webhook, till = street.webhook(), Till([500] * 99)
    path = f"{HOOKS}/{webhook['id']}"
    began = clock.now()
    for number in range(3):
        order_id = f"ord_01JD9Z6M7Q3W8K5N2R4T6V8{number:03d}"
        clock_at.move(number)
        tell(till, place_order(order_id))
        while (due := lane_of(webhook, order_id).due_at) and due < began + timedelta(days=5.5):
            clock_at.set_to(max(due, clock.now()))
            sending.drive(Place(webhook["id"], order_id), till)

    found = street.call("GET", path, by="owner").json

    assert (found["status"], found["disabled_because"]) == ("disabled", "failing")
    assert found["health"]["failing_since"] == clock.stamp(began)
    assert found["health"]["last_success_at"] is None
    assert found["health"]["failures_in_a_row"] == len(till.got)
    assert clock.now() - began >= timedelta(days=5)
    [event] = news.events_after("webhook", webhook["id"], 0)
    assert (event.type, event.data) == (
        "webhook.disabled", {"store_id": STORE, "why": "failing"},
    )  # fmt: skip
    assert [one.type for one in notices.of(STORE)] == ["notice.webhook_disabled"]
    assert "A webhook failed for days, and was disabled" in {line["said"] for line in said()}


def test_one_success_begins_the_five_days_anew_and_shows_in_the_health(
    street: Street, clock_at: StandingClock
) -> None:
    webhook, till = street.webhook(), Till([500, 500, 200])
    path = f"{HOOKS}/{webhook['id']}"
    place_order()
    tell(till)
    clock_at.move(3)
    tell(till)
    failing = street.call("GET", path, by="owner").json["health"]
    clock_at.move(6)
    tell(till)

    healthy = street.call("GET", path, by="owner").json["health"]

    assert (failing["failures_in_a_row"], failing["failing_since"]) == (
        2, "2026-11-22T12:00:00.000Z",
    )  # fmt: skip
    assert healthy == {
        "last_success_at": clock.stamp(clock.now()), "failures_in_a_row": 0,
        "failing_since": None, "pending": 0, "oldest_pending_at": None,
    }  # fmt: skip


def test_one_lane_alone_tries_who_does_not_answer_and_the_others_wait(
    street: Street, clock_at: StandingClock
) -> None:
    webhook = street.webhook()
    till = Till([unreachable(), unreachable()])
    orders = [f"ord_01JD9Z6M7Q3W8K5N2R4T6V8{number:03d}" for number in range(5)]
    tell(till, place_order(orders[0]))
    during: list[int] = []

    def all_at_once() -> None:
        """While one lane waits for the answer, all the others are driven."""
        if not during:
            during.append(len(till.got))
            for order_id in orders[2:]:
                tell(till, place_order(order_id))

    clock_at.move(3)
    till.answers = [all_at_once]
    tell(till, place_order(orders[1]))
    held = [lane_of(webhook, order_id).due_at for order_id in orders[2:]]
    clock_at.move(12)
    for order_id in orders:
        tell(till, order_id)

    assert during == [2]
    assert all(due and due <= clock.after(0) for due in held)
    assert sorted(sent.json["subject"]["id"] for sent in till.got[1:]) == sorted(orders)


@pytest.mark.parametrize(("silences", "seconds"), [(None, 2), (1, 4), (3, 16), (4, 30), (60, 30)])
def test_a_silent_endpoint_is_left_alone_for_half_a_minute_at_most(
    silences: int | None, seconds: float
) -> None:
    from chalicelib.integrations.models import EndpointItem

    assert health.suspicion(EndpointItem("STORE#x", "ENDPOINT#x", unanswered=silences)) == seconds
    assert ORDER
