"""An endpoint is told nothing of orders before its answer has echoed a challenge."""

import json

import pytest

from chalicelib.core import news
from chalicelib.integrations import challenging, endpoints, jobs, lanes, posting, sending
from chalicelib.integrations.lanes import Place
from chalicelib.integrations.schemas import CHALLENGE
from chalicelib.orders.status import OrderCommand
from tests.clocks import StandingClock
from tests.integrations.conftest import Rung
from tests.integrations.street import (
    MERCHANT,
    ORDER,
    OTHER_ORDER,
    STORE,
    Street,
    Till,
    move,
    place_order,
    reply,
    tell,
)

HOOKS = f"/v1/stores/{STORE}/webhooks"


def drive_all(rung: Rung, till: Till) -> None:
    """Hand every bell to the sender, also those that it rings meanwhile."""
    while rung.messages:
        message = rung.messages.pop(0)
        sending.drive(Place(message["subject"], message["lane"]), till)


def status(street: Street, webhook_id: str) -> str:
    return str(street.call("GET", f"{HOOKS}/{webhook_id}", by=street.owner()).json["status"])


def test_what_happens_before_the_answer_is_told_after_it_in_order(
    street: Street, rung: Rung, clock_at: StandingClock
) -> None:
    webhook, till = street.new_webhook(), Till([500, reply(200, b"welcome"), 200])
    place_order()
    tell(till)
    before = list(till.told)
    move(OrderCommand.CONFIRM)
    tell(till)
    tell(till, place_order(OTHER_ORDER))

    drive_all(rung, till)
    clock_at.move(3)
    sending.drive(challenging.place(webhook["id"]), till)
    unproven = status(street, webhook["id"])
    clock_at.move(6)
    sending.drive(challenging.place(webhook["id"]), till)
    drive_all(rung, till)

    assert (webhook["status"], before, unproven) == ("unverified", [], "unverified")
    assert till.told[:3] == [(CHALLENGE, 1)] * 3
    told = {(one.json["subject"]["id"], one.json["sequence"]) for one in till.got[3:]}
    assert told == {(ORDER, 2), (ORDER, 3), (OTHER_ORDER, 2)}
    assert status(street, webhook["id"]) == "active"
    challenge = street.log(webhook["id"])[0]
    assert [one.get("code") for one in challenge["attempts"]] == [None, "not_echoed", None]
    [event] = news.events_after("webhook", webhook["id"], 0)
    assert event.type == "webhook.verified"


@pytest.mark.parametrize(
    ("answer", "passes"),
    [
        (b"TOKEN", True),
        (b" TOKEN\r\n", True),
        (b'{"challenge": "TOKEN", "more": 1}', True),
        (b'{"data": {"challenge": "TOKEN"}}', False),
        (b'"TOKEN"', False),
        (b"TOKENTOKEN", False),
        (b"", False),
        (b"{", False),
        (b"\xff", False),
        (b'{"a":' * 5000, False),
    ],
)
def test_only_the_very_token_is_an_echo(answer: bytes, *, passes: bool) -> None:
    assert posting.is_echoed(answer, "TOKEN") is passes


def test_an_address_that_never_answers_is_left_alone_until_it_is_challenged_again(
    street: Street, rung: Rung, clock_at: StandingClock
) -> None:
    webhook, till = street.new_webhook(), Till([500] * 9)
    place = challenging.place(webhook["id"])
    drive_all(rung, till)
    while (lane := lanes.find(place)) and lane.due_at:
        clock_at.set_to(lane.due_at)
        sending.drive(place, till)
    rung.messages.clear()

    refused = [
        street.call("POST", f"{HOOKS}/{webhook['id']}/{path}", by="owner").json["code"]
        for path in ("ping", "pause", "messages/1/replay")
    ]
    for _ in range(2):
        street.call("POST", f"{HOOKS}/{webhook['id']}/enable", by="owner")
    drive_all(rung, till)

    assert refused == ["webhook_unverified"] * 3
    assert till.told == [(CHALLENGE, 1)] * 9 + [(CHALLENGE, 3)]
    assert till.got[0].json["data"]["challenge"] != till.got[-1].json["data"]["challenge"]
    statuses = [one["status"] for one in street.log(webhook["id"])]
    assert statuses == ["failed_parked", "failed_parked", "delivered"]
    assert status(street, webhook["id"]) == "active"


def test_an_answer_that_comes_after_the_address_has_changed_proves_nothing(
    street: Street, rung: Rung, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = street.new_webhook()
    path, other = f"{HOOKS}/{webhook['id']}", {"url": "https://other.example.com/"}

    def meanwhile() -> None:
        rung.messages.clear()
        street.call("PATCH", path, other, by="owner")

    till, echo, first = Till([meanwhile]), posting.is_echoed, [True]
    monkeypatch.setattr(posting, "is_echoed", lambda *given: first.pop() if first else echo(*given))
    sending.drive(challenging.place(webhook["id"]), till)

    assert [one.url for one in till.got] == [webhook["url"], other["url"]]
    assert [one["status"] for one in street.log(webhook["id"])] == ["failed_parked", "delivered"]
    assert status(street, webhook["id"]) == "active"


def test_a_merchants_webhook_hears_of_all_its_stores_and_of_no_other(
    street: Street, rung: Rung
) -> None:
    from chalicelib.catalog.models import StaffMember, merchant_key, staff_key
    from chalicelib.catalog.status import StaffRole
    from chalicelib.core import parts

    owner = street.owner()
    boss = StaffMember(merchant_key(MERCHANT), staff_key(owner), role=StaffRole.OWNER)
    parts.commit(parts.overwrite(boss))
    path = f"/v1/merchants/{MERCHANT}/webhooks"
    made = street.call("POST", path, {"url": "https://office.example.com/"}, by=owner).json
    till = Till()
    drive_all(rung, till)
    other = "sto_01JD9Z6M7Q3W8K5N2R4T6V8X0Z"

    tell(till, place_order())
    tell(till, place_order(OTHER_ORDER, store_id=other))

    assert (made["store_id"], made["merchant_id"]) == (None, MERCHANT)
    assert [one.json["data"].get("store_id") for one in till.got] == [None, STORE, other]
    assert till.got[0].json["data"]["url"] == f"{path}/{made['id']}"
    assert endpoints.find(MERCHANT, made["id"]) is not None
    stranger = street.call("GET", path, by=street.known("stranger", *street.callers[owner].roles))
    assert (stranger.status, stranger.json["code"]) == (404, "merchant_not_found")


def test_what_waits_in_many_lanes_is_woken_in_steps_and_whoever_dies_between_goes_on(
    street: Street, rung: Rung, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "STEP", 3)
    webhook, till = street.new_webhook(), Till()
    orders = [f"ord_01JD9Z6M7Q3W8K5N2R4T6V8{number:03d}" for number in range(8)]
    for order_id in orders:
        tell(till, place_order(order_id))
    sending.drive(challenging.place(webhook["id"]), till)
    [job] = [one for one in rung.messages if one["lane"].startswith("JOB#")]
    found = lanes.find(Place(job["subject"], job["lane"]))
    assert found is not None
    jobs.step(found)

    drive_all(rung, till)

    told = [one.json["subject"]["id"] for one in till.got[1:]]
    assert sorted(told) == orders
    assert json.loads(till.got[0].body)["type"] == CHALLENGE
