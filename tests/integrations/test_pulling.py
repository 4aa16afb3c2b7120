"""The pull twin, and replays of many."""

from typing import Any

import pytest

from chalicelib.core.rights import Role
from chalicelib.integrations import jobs, lanes
from chalicelib.integrations.lanes import Place
from chalicelib.orders.status import OrderCommand
from tests.clocks import StandingClock
from tests.integrations.conftest import Rung
from tests.integrations.street import (
    ORDER,
    OTHER_ORDER,
    OTHER_STORE,
    STORE,
    Street,
    Till,
    move,
    place_order,
    reply,
    tell,
)
from tests.integrations.test_challenges import HOOKS, drive_all

ACK = "/v1/events/ack"


def fetch(street: Street, by: str, query: str = "") -> dict[str, Any]:
    answer = street.call("GET", f"/v1/events{query}", by=by)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_who_cannot_be_reached_fetches_everything_once_and_in_order(street: Street) -> None:
    machine = street.known("machine", Role.STORE, stores=[STORE])
    till = street.known("till", Role.STORE, stores=[STORE])
    empty = fetch(street, machine)
    for order_id in (place_order(), place_order(OTHER_ORDER)):
        tell(Till(), order_id)
    for command in (OrderCommand.CONFIRM, OrderCommand.READY):
        move(command)
        for _ in range(2):
            assert tell(Till()) == []

    first = fetch(street, machine, "?limit=3")
    acknowledged = [
        street.call("POST", ACK, {"position": position}, by=machine).json["acknowledged"]
        for position in (3, 3, 2)
    ]
    rest = fetch(street, machine)
    again = fetch(street, machine, "?after=1&limit=1")
    others = fetch(street, till)

    assert (empty["events"], empty["acknowledged"], empty["last_position"]) == ([], 0, 0)
    told = [(one["subject"]["id"], one["sequence"]) for one in others["events"]]
    assert told == [(ORDER, 2), (OTHER_ORDER, 2), (ORDER, 3), (ORDER, 4)]
    places = [(one["previous_position"], one["position"]) for one in others["events"]]
    assert places == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert [one["position"] for one in first["events"]] == [1, 2, 3]
    assert acknowledged == [3, 3, 3]
    assert [one["position"] for one in rest["events"]] == [4]
    assert (rest["acknowledged"], rest["last_position"]) == (3, 4)
    assert [one["position"] for one in again["events"]] == [2]
    assert others["acknowledged"] == 0


def test_nobody_acknowledges_what_is_not_there_or_fetches_without_saying_of_what(
    street: Street,
) -> None:
    machine = street.known("machine", Role.STORE, stores=[STORE])
    chain = street.known("chain", Role.STORE, stores=[STORE, OTHER_STORE])
    fetch(street, machine)

    early = street.call("POST", ACK, {"position": 1}, by=machine)
    vague = [street.call("GET", "/v1/events", by=who) for who in (chain, street.owner())]
    named = fetch(street, street.owner(), f"?store_id={STORE}")

    assert (early.status, early.json["code"]) == (409, "position_not_reached")
    assert [(one.status, one.json["code"]) for one in vague] == [(400, "invalid")] * 2
    assert named["store_id"] == STORE


def orders_told(street: Street, till: Till, clock_at: StandingClock) -> None:
    """Eight orders a minute apart, of which the even ones are never taken."""
    assert street
    for number in range(8):
        till.answers = [200 if number % 2 else reply(500)] * 3
        order_id = f"ord_01JD9Z6M7Q3W8K5N2R4T6V8{number:03d}"
        tell(till, place_order(order_id))
        move(OrderCommand.CONFIRM, order_id=order_id)
        tell(till, order_id)
        clock_at.move(60)
    till.answers = []
    till.got.clear()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [1, 2, 5, 6, 9, 10, 13, 14]),
        ({"only": "all", "from_position": 3, "to_position": 8}, [3, 4, 5, 6, 7, 8]),
        ({"from_position": 7}, [9, 10, 13, 14]),
        (
            {"only": "all", "since": "2026-11-22T12:01:00Z", "until": "2026-11-22T12:03:00Z"},
            [3, 4, 5, 6],
        ),
        ({"since": "2026-11-23T12:01:00Z"}, []),
    ],
)
def test_a_part_of_the_feed_is_sent_again_in_order_and_once(
    street: Street,
    rung: Rung,
    clock_at: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
    asked: dict[str, Any],
    expected: list[int],
) -> None:
    monkeypatch.setattr(jobs, "STEP", 3)
    webhook, till = street.webhook(), Till()
    orders_told(street, till, clock_at)
    rung.messages.clear()
    path = f"{HOOKS}/{webhook['id']}/replays"

    begun = [street.call("POST", path, asked, by="owner", key="k") for _ in range(2)]
    job = rung.messages[0]
    found = lanes.find(Place(job["subject"], job["lane"]))
    assert found is not None
    jobs.step(found)  # and the worker dies here
    drive_all(rung, till)
    drive_all(Rung([job]), till)

    places = [sent.json["position"] for sent in till.got]
    assert sorted(places) == expected
    by_subject: dict[str, list[int]] = {}
    for sent in till.got:
        by_subject.setdefault(sent.json["subject"]["id"], []).append(sent.json["sequence"])
    assert all(sequences == sorted(sequences) for sequences in by_subject.values())
    assert begun[0].json["id"] == begun[1].json["id"]
    assert begun[1].headers["Idempotent-Replayed"] == "true"
    done = street.call("GET", f"{path}/{begun[0].json['id']}", by="owner").json
    assert (done["status"], done["replayed"]) == ("done", len(expected))
    log = {one["position"]: one for one in street.log(webhook["id"])}
    assert all(log[place]["status"] == "delivered" for place in expected)


def test_a_replay_has_an_end_and_one_kind_of_range(street: Street, clock_at: StandingClock) -> None:
    assert clock_at
    webhook = street.webhook()
    path = f"{HOOKS}/{webhook['id']}/replays"
    from chalicelib.integrations.models import FEED, Feed, endpoint_key

    Feed(endpoint_key(webhook["id"]), FEED).update([Feed.position.set(20_000)])

    wide = street.call("POST", path, {"from_position": 1, "to_position": 10_001}, by="owner")
    both = street.call(
        "POST", path, {"from_position": 1, "since": "2026-11-22T12:01:00Z"}, by="owner"
    )
    last = street.call("POST", path, {}, by="owner")
    gone = street.call("GET", f"{path}/rpl_x", by="owner")

    assert (wide.status, wide.json["code"]) == (400, "replay_range_refused")
    assert (both.status, both.json["code"]) == (400, "invalid")
    assert (last.json["from_position"], last.json["to_position"]) == (10_001, 20_000)
    assert gone.status == 404
