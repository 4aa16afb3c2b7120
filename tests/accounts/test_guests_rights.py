"""Guests rate, appeal, take their data, are forgotten; operators shut them out, or let them in."""

import json
from pathlib import Path

import pytest

from chalicelib.core import clock, parts, sessions
from chalicelib.core.errors import BusyError
from chalicelib.insights import events
from chalicelib.notifications.models import DeviceItem, device_key, person_key
from chalicelib.orders import guests_suspended, limits
from chalicelib.people import guests, guests_forgotten
from chalicelib.people.guest_models import Guest
from tests import database, laws, pool
from tests.accounts.visiting import ADDRESS, DIET, HOME, Visitor, visitor
from tests.surroundings import SCHEDULE
from tests.world import Reply, World

WHY = {"reason": "Three stolen cards."}
PHONE = "/v1/devices/dev_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
DAY = 86_400


@pytest.fixture(autouse=True)
def _settled(world_at: World) -> None:
    assert world_at
    pool.settle(mina="mina@example.com")


def turn(world: World, guest_id: str, verb: str) -> Reply:
    return world.post(f"/v1/guests/{guest_id}/{verb}", WHY, token=world.operator())


def told(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["code"]


def brought(guest: Visitor, store_id: str) -> str:
    order_id = guest.order(store_id)
    guest.world.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    guest.world.pump()
    return order_id


def sweep(world: World) -> None:
    for _ in range(3):
        events.forget_people(SCHEDULE, None)
        world.clock.move(3600)


def everything() -> str:
    tables = ("orders", "quotes", "customers", "contacts", "promotions", "control")
    return json.dumps([laws.rows(name) for name in tables], default=str)


# --- what is theirs ------------------------------------------------------------------------------


def test_a_guest_rates_what_they_got_and_takes_all_that_is_known(world_at: World) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    order_id = brought(guest, store_id)
    said = {"store": 4, "comment": "Warm canary soup"}

    rated = guest.call("PUT", f"/v1/orders/{order_id}/rating", said)
    appealed = world_at.post(
        "/v1/appeals", {"limit": "failed_payments_limit", "text": "A canary's card"},
        token=guest.token, key="a",
    )  # fmt: skip
    foreign = visitor(world_at).call("PUT", f"/v1/orders/{order_id}/rating", said)
    taken = world_at.get("/v1/export", guest.token)

    assert (rated.status, appealed.status, foreign.status) == (200, 201, 404)
    assert [one["id"] for one in taken["orders"]] == [order_id]
    assert taken["ratings"][0]["comment"] == "Warm canary soup"
    assert taken["account"]["appeals"][0]["text"] == "A canary's card"
    assert visitor(world_at).call("GET", "/v1/export").json["orders"] == []


def test_a_guest_is_forgotten_as_anybody_is(world_at: World) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    live = guest.order(store_id)
    guest.call("PUT", f"/v1/addresses/{ADDRESS}", {**HOME, "road_address": "Canary Street 7"})
    guest.call("PUT", "/v1/diet", DIET)
    guest.call("PUT", PHONE, {"platform": "fcm", "token": "canary-token-1", "language": "ko"})
    said = {"limit": "cash_orders_limit", "text": "A canary appeals"}
    for number in range(2):  # the first is answered, the second is the last one: both go
        made = world_at.post("/v1/appeals", said, token=guest.token, key=str(number)).json
        if not number:
            path = f"/v1/appeals/{made['id']}/refuse"
            world_at.post(path, {"reason": "Canary says no"}, token=world_at.operator())

    in_the_way = guest.call("POST", "/v1/profile/deletion", {})
    world_at.cancel(live, guest.token)
    world_at.pump()
    asked = guest.call("POST", "/v1/profile/deletion", {})
    kept = [guest.call("DELETE", "/v1/profile/deletion").status]
    kept.append(guest.call("GET", "/v1/profile/deletion").json["status"])
    again = guest.call("POST", "/v1/profile/deletion", {})
    world_at.clock.move(14 * DAY + 1)
    sweep(world_at)

    assert in_the_way.json["in_the_way"][0]["code"] == "live_order"
    assert (asked.json["status"], again.json["status"], kept) == ("asked", "asked", [204, "none"])
    left = everything()
    assert "canary" not in left.lower()
    assert guests.find(guest.id) is None
    assert (guest.renew().status, guest.call("GET", "/v1/orders").status) == (401, 401)
    assert guest.claimed().status == 404


def test_who_claims_a_guest_before_they_are_forgotten_keeps_all_of_it(world_at: World) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    brought(guest, store_id)
    guest.call("PUT", f"/v1/addresses/{ADDRESS}", HOME)
    world_at.clock.move(2 * DAY)
    guest.tokens = guest.renew().json
    asked = guest.call("POST", "/v1/profile/deletion", {})
    world_at.clock.move(13 * DAY)
    claimed = guest.claimed()
    world_at.pump()

    world_at.clock.move(DAY + 1)
    sweep(world_at)

    assert (asked.status, claimed.status) == (200, 200)
    assert len(world_at.get("/v1/orders", world_at.customer())["items"]) == 1
    assert len(world_at.get("/v1/addresses", world_at.customer())["items"]) == 1
    found = guests.find(guest.id)
    assert found
    assert found.claimed_by == "mina"


def test_an_operator_has_a_guest_forgotten_whom_there_is(world_at: World) -> None:
    guest = visitor(world_at)
    nobody = guest.id[:-4] + "0000"

    answers = [
        world_at.post(f"/v1/people/{one}/delete", WHY, token=world_at.operator())
        for one in (guest.id, nobody)
    ]

    assert [one.status for one in answers] == [200, 404]


@pytest.mark.parametrize("races", [1, guests_forgotten.RACES])
def test_a_guests_end_is_tried_again(
    world_at: World, monkeypatch: pytest.MonkeyPatch, races: int
) -> None:
    guest, left, commit = visitor(world_at), [None] * races, parts.commit

    def overtaken(*chosen: parts.Part) -> None:
        if left:
            left.pop()
            raise BusyError
        commit(*chosen)

    monkeypatch.setattr(parts, "commit", overtaken)

    if races > 1:
        with pytest.raises(BusyError):
            guests_forgotten.shut_out(guest.id)
    guests_forgotten.shut_out(guest.id)
    guests_forgotten.shut_out(guest.id)

    assert guest.call("GET", "/v1/orders").status == 401


# --- shut out, let in ----------------------------------------------------------------------------


def test_a_guest_who_is_shut_out_does_nothing_more_until_let_in(world_at: World) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    order_id = guest.order(store_id)
    quote = world_at.quote(store_id, guest.token)

    out = [turn(world_at, guest.id, "suspend") for _ in range(2)]
    with pytest.MonkeyPatch.context() as slow:
        # Another process hears of the end of a guest's tokens up to ten seconds later.
        slow.setattr("chalicelib.core.sessions._recent", dict)
        late = [
            world_at.try_place(guest.token, quote["id"]),
            guest.call("PUT", "/v1/diet", DIET),
        ]
    sessions.forget()  # what the test itself knows of them
    shut = [guest.call("GET", "/v1/orders").status, told(guest.renew()), told(guest.claimed())]
    world_at.clock.move(60)
    back = [turn(world_at, guest.id, "restore") for _ in range(2)]
    world_at.clock.move(60)
    guest.tokens = guest.renew().json

    assert [one.status for one in (*out, *back)] == [200] * 4
    assert out[1].json["suspended_at"] == out[0].json["suspended_at"] is not None
    assert (out[0].json["orders"], back[0].json["suspended_at"]) == (1, None)
    assert [told(one) for one in late] == [(409, "guest_over")] * 2
    assert shut == [401, (409, "guest_suspended"), (409, "guest_suspended")]
    assert guest.call("GET", f"/v1/orders/{order_id}").json["status"] == "CREATED"
    kept = world_at.get(f"/v1/audit?subject={guest.id}", world_at.operator())["items"]
    assert [(one["action"], one["reason"]) for one in kept] == [
        ("guest.restored", WHY["reason"]), ("guest.suspended", WHY["reason"]),
    ]  # fmt: skip
    told_of = [one for one in laws.rows("orders") if one["pk"] == f"GUEST#{guest.id}"]
    assert [(one["type"], int(one["version"])) for one in told_of] == [
        ("guest.suspended", 1), ("guest.restored", 2),
    ]  # fmt: skip
    assert guest.claimed().status == 200


def test_who_claims_a_guest_that_is_shut_out_at_the_same_moment_is_told_so(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest, proven = visitor(world_at), guests.proven

    def overtaken(token: str) -> Guest:
        found = proven(token)
        monkeypatch.setattr(guests, "proven", proven)
        assert turn(world_at, guest.id, "suspend").status == 200
        return found

    monkeypatch.setattr(guests, "proven", overtaken)

    assert told(guest.claimed()) == (409, "guest_suspended")


def test_nobody_shuts_out_whom_there_is_not_or_whose_the_guest_is_by_now(world_at: World) -> None:
    guest = visitor(world_at)
    guest.claimed()

    over = turn(world_at, guest.id, "suspend")
    nobody = turn(world_at, guest.id[:-4] + "0000", "suspend")
    seen = world_at.get(f"/v1/guests/{guest.id}", world_at.operator())

    assert (told(over), nobody.status) == ((409, "guest_over"), 404)
    assert (seen["claimed"], seen["over"]) == (True, False)


@pytest.mark.parametrize("races", [1, guests_suspended.RACES])
def test_shutting_out_reads_anew_where_somebody_was_faster(
    world_at: World, monkeypatch: pytest.MonkeyPatch, races: int
) -> None:
    guest, left, commit = visitor(world_at), [None] * races, parts.commit

    def overtaken(*chosen: parts.Part) -> None:
        if left:
            left.pop()
            raise BusyError
        commit(*chosen)

    monkeypatch.setattr(parts, "commit", overtaken)
    status = turn(world_at, guest.id, "suspend").status

    assert status == (200 if races == 1 else 409)


# --- until when ----------------------------------------------------------------------------------


def test_what_is_kept_of_a_guest_says_until_when(world_at: World) -> None:
    guest = visitor(world_at)
    guest.call("PUT", PHONE, {"platform": "fcm", "token": "canary-token-1", "language": "ko"})
    said = {"limit": "cash_orders_limit", "text": "Please."}
    world_at.post("/v1/appeals", said, token=guest.token, key="a")

    until = guests.forgotten_at(guest.id)
    phone = DeviceItem.get(person_key(guest.id), device_key(PHONE.rpartition("/")[2]))
    contacts = [one["expires_at"] for one in database.rows("test-contacts")]
    appeals = [one["expires_at"] for one in laws.rows("promotions")]

    assert int(phone.expires_at) == until
    assert contacts == [until] * 3
    assert appeals == [until] * 4
    assert until
    kept = until - clock.wall_now() - guests.LIFE_SECONDS - guests.GRACE_SECONDS
    assert abs(kept) < 5


def test_the_page_says_how_long_everything_of_a_guest_lasts() -> None:
    page = (Path(__file__).parents[2] / "docs" / "decisions" / "guests.md").read_text()
    figures = {
        "`auth.TOKEN_SECONDS`": "15 minutes",
        "`guests.LIFE_SECONDS`": f"{guests.LIFE_SECONDS // DAY} days",
        "`guests.ORDERS_SECONDS`": f"{guests.ORDERS_SECONDS // DAY} days",
        "`guests.GRACE_SECONDS`": f"{guests.GRACE_SECONDS // DAY} days",
        "`guests.REPEAT_SECONDS`": f"{guests.REPEAT_SECONDS // 3600} hour",
        "`guests.MOST_ORDERS`": f"{guests.MOST_ORDERS}",
        "`limits.DEVICE_SECONDS`": f"{limits.DEVICE_SECONDS // DAY} days",
    }

    for name, said in figures.items():
        assert f"| {name} | {said} |" in page
