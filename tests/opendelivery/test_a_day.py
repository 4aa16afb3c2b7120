"""A day of a till over HTTP: every event that Ieum sends, through every kind of misbehaviour."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import get_args
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from chalicelib.catalog import reading as stores
from chalicelib.core.egress import Reply
from chalicelib.integrations import posting
from chalicelib.integrations.opendelivery import fetching
from chalicelib.integrations.opendelivery.happenings import EventType
from chalicelib.orders import codes
from sandbox.till import menu, server
from sandbox.till.api import Api
from sandbox.till.till import GIVE_UP, LET_GO, REFUSE, Mood, Till
from tests import people
from tests.opendelivery import counter, protocol, table
from tests.opendelivery.desk import Desk, uuid
from tests.shopfront import DOOR

MERCHANT = "22815773000169-dbc7e35a-c936-4665-9e13-eb55eb8b6824"
WHOLE = ["CREATED", "CONFIRMED", "PREPARING", "READY_FOR_PICKUP"]
COLLECTED = [*WHOLE, "PICKED_UP", "CONCLUDED"]
BROUGHT = [*WHOLE, "DISPATCHED", "DELIVERED", "CONCLUDED"]


@pytest.fixture
def till(desk: Desk) -> Iterator[Till]:
    owner = people.person("merchant", "owner")
    path = f"/v1/stores/{desk.store_id}/clients"
    made = desk.world.post(path, {"label": "Till"}, token=owner, key="till").json
    with counter.served(desk) as url:
        yield Till(Api(url, made["client_id"], made["client_secret"]))


def _turns(till: Till, desk: Desk, count: int = 8) -> None:
    for _ in range(count):
        desk.settle()
        till.turn()
        desk.world.clock.move(5)


def test_a_day_of_a_till_that_misbehaves_as_tills_do(desk: Desk, till: Till) -> None:
    expected: dict[str, tuple[str, list[str]]] = {}
    for mood in (Mood.GOOD, Mood.LATE_ACK, Mood.PARTIAL_ACK, Mood.DOUBLE, Mood.WRONG_ORDER):
        expected[uuid(desk.order())] = f"takeaway; the till {_said(mood)}", COLLECTED
        till.mood = mood
        _turns(till, desk, 14 if mood is Mood.PARTIAL_ACK else 9)
    till.mood = Mood.DOWN
    brought = desk.order(fulfilment="delivery", drop_off=DOOR)
    served = desk.order(fulfilment="dine_in")
    expected[uuid(brought)] = "the store brings it; the till was down as it came", BROUGHT
    expected[uuid(served)] = "served in the shop", [*WHOLE, "DELIVERED", "CONCLUDED"]
    till.shown[uuid(brought)] = codes.code(brought)
    _turns(till, desk, 2)
    till.mood = Mood.GOOD
    _turns(till, desk)
    expected[uuid(desk.order(note=REFUSE))] = (
        "the store refuses it",
        ["CREATED", "CANCELLATION_REQUESTED", "CANCELLED"],
    )
    agreed, insisted = desk.order(note=GIVE_UP), desk.order(note=GIVE_UP)
    gives_up = ["CREATED", "CONFIRMED", "CANCELLATION_REQUESTED"]
    expected[uuid(agreed)] = "the store asks to give it up, its customer agrees", [
        *gives_up, "CANCELLED",
    ]  # fmt: skip
    expected[uuid(insisted)] = "its customer insists on it", [
        *gives_up, "CANCELLATION_REQUEST_DENIED", *COLLECTED[2:],
    ]  # fmt: skip
    _turns(till, desk, 3)
    for order_id, verb in ((agreed, "accept"), (insisted, "deny")):
        path = f"/v1/orders/{order_id}/{verb}-cancellation"
        assert desk.world.post(path, token=desk.world.customer()).status == 200
    _turns(till, desk)
    expected |= _regrets(desk, till)
    later = _for_later(desk)
    expected[uuid(later)] = "for later, brought by couriers", [
        "CREATED", "CONFIRMED", "PREPARING", "READY_FOR_PICKUP", "PREPARATION_REQUESTED",
    ]  # fmt: skip
    _turns(till, desk)
    for _ in range(5):
        desk.world.tick(1800)
        _turns(till, desk, 1)
    for _ in range(4):
        desk.world.tick(22_000)
        _turns(till, desk, 1)

    _demand_told(till, expected)
    assert {one.status for one in till.refused} == {422}
    assert any(one.again for one in till.log)
    assert till.proven[uuid(brought)] == [200]
    table.hold_events(_seen(till, expected))


def _regrets(desk: Desk, till: Till) -> dict[str, tuple[str, list[str]]]:
    """Two customers ask to be let go, another waits outside and shows a code."""
    gone, kept, outside = desk.order(note=LET_GO), desk.order(), desk.order()
    till.shown[uuid(outside)] = codes.code(outside)
    till.mood = Mood.WRONG_ORDER
    _turns(till, desk, 1)
    said: tuple[tuple[str, str, dict[str, str]], ...] = (
        (gone, "ask-to-cancel", {"code": "changed_mind"}),
        (kept, "ask-to-cancel", {"code": "takes_too_long"}),
        (outside, "waiting", {"spot": "B-12"}),
    )
    for order_id, path, body in said:
        answer = desk.world.post(f"/v1/orders/{order_id}/{path}", body, token=desk.world.customer())
        assert answer.status == 200
    _turns(till, desk)
    assert till.proven[uuid(outside)] == [400, 200]
    till.mood = Mood.GOOD
    asks = ["CREATED", "CONFIRMED", "ORDER_CANCELLATION_REQUEST"]
    return {
        uuid(gone): ("its customer asks to be let go, and is", [*asks, "CANCELLED"]),
        uuid(kept): (
            "its customer asks to be let go, the store goes on",
            [*asks, "CANCELLED_DENIED", *COLLECTED[2:]],
        ),
        uuid(outside): (
            "its customer waits outside, and shows a code",
            [*COLLECTED, "PICKUP_AREA_ASSIGNED"],
        ),
    }


def _for_later(desk: Desk) -> str:
    desk.world.patch_store(desk.store_id, delivered_by="platform")
    return desk.order(
        fulfilment="delivery", drop_off=DOOR, scheduled_for="2026-11-22T14:30:00.000Z"
    )


def _said(mood: Mood) -> str:
    return "behaves" if mood is Mood.GOOD else str(mood)


def _demand_told(till: Till, expected: dict[str, tuple[str, list[str]]]) -> None:
    told = till.told
    assert set(told) == set(expected)
    for order_id, (scenario, types) in expected.items():
        found = [one for one in told[order_id] if one in types]
        assert sorted(found) == sorted(types), (scenario, told[order_id])


def _seen(till: Till, expected: dict[str, tuple[str, list[str]]]) -> dict[str, str]:
    """The first scenario of the day in which the till received each type of event."""
    told, seen = till.told, dict[str, str]()
    for order_id, (scenario, _) in expected.items():
        for one in told[order_id]:
            seen.setdefault(one, scenario)
    assert set(get_args(EventType.__value__)) == set(seen)
    return seen


def test_a_till_publishes_its_menu_and_is_called_with_what_is_ordered_from_it(
    desk: Desk, till: Till
) -> None:
    protocol.demand("Merchant", menu.merchant(MERCHANT))
    with server.listening(till, MERCHANT) as address, reachable(address):
        onboarded = server.onboard(till, MERCHANT, "https://till.example.com")
        item = {"item_id": menu.ident("offer Bibimbap")}
        order_id = uuid(desk.order(items=[item]))
        for _ in range(6):
            desk.settle()
            till.turn()

    store = stores.store(desk.store_id)
    assert store
    assert [one.fee for one in store.zones] == [3000]
    assert store.fulfilment == ("delivery", "takeaway")
    assert onboarded == 201
    assert till.told[order_id] == COLLECTED[:-1]
    assert till.orders[order_id]["merchant"]["id"] == MERCHANT
    assert till.orders[order_id]["items"][0]["name"] == "Bibimbap"
    assert {status for _, path, status in till.api.calls if "polling" in path} == {204}


@contextmanager
def reachable(address: str) -> Iterator[None]:
    """The till's public name leads to this machine: our way out refuses what is not public."""

    def out(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        here = url.replace("https://till.example.com", address)
        request = Request(here, body, dict(headers), method=method)  # noqa: S310 - this machine
        try:
            with urlopen(request, timeout=5) as answer:  # noqa: S310 - this machine
                return Reply(answer.status, {}, answer.read(), 0.01)
        except HTTPError as refused:
            with refused:
                return Reply(refused.code, {}, refused.read(), 0.01)

    with (
        fetching.getting_through(lambda url, headers: out("GET", url, headers, None)),
        posting.posting_through(lambda url, headers, body: out("POST", url, headers, body)),
    ):
        yield
