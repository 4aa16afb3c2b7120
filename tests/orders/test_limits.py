"""What one person may have under way or go wrong with; and that a person can be asked about it."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib.core import parts
from chalicelib.orders import limits, tallies
from chalicelib.orders.errors import CashLimitError
from chalicelib.orders.limits import LimitName
from chalicelib.orders.models import OrderHead
from tests import laws, people
from tests.couriers.riders import Riders
from tests.world import Reply, World

CASH = {"method": "cash"}
WHY = {"reason": "Spoken with."}
PHONE = "5b2f0e1c-6d2a-4c37-9a0f-3f1de7a5c884"


def try_order(
    world: World, store_id: str, *payments: Mapping[str, object], user: str = "mina"
) -> Reply:
    token = world.customer(user)
    return world.try_place(token, world.quote(store_id, token)["id"], *payments)


def tally(of: str = "person#mina") -> laws.Row:
    found = [row for row in laws.rows("promotions") if row["pk"] == f"TALLY#{of}"]
    return found[0] if found else {}


def appeal(world: World, limit: str, key: str = "a", device: str | None = None) -> Reply:
    said = {"limit": limit, "text": "It was not me."}
    headers = {"Idempotency-Key": key, **({"Device-Id": device} if device else {})}
    return world.call("POST", "/v1/appeals", said, token=world.customer(), headers=headers)


def answer(world: World, appeal_id: str, verdict: str) -> Reply:
    return world.post(f"/v1/appeals/{appeal_id}/{verdict}", WHY, token=world.operator())


def decline(world: World, store_id: str, user: str = "mina") -> Reply:
    """An order whose payment the bank declines, of which Stripe tells; and given up."""
    placed = try_order(world, store_id, user=user)
    if placed.status == 201:
        [payment] = placed.json["payments"]
        world.pay(payment, "pm_card_chargeDeclined")
        world.pump()
        world.cancel(placed.json["order_id"], world.customer(user))
    return placed


def told(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["code"]


# --- how many wait -------------------------------------------------------------------------------


def test_no_more_orders_wait_for_their_payment_than_may(world_at: World) -> None:
    store_id, most = world_at.store(), limits.TABLE[LimitName.WAITING].most

    replies = [try_order(world_at, store_id) for _ in range(7)]

    placed = [one for one in replies if one.status == 201]
    refused = [one for one in replies if one.status != 201]
    assert len(placed) == most
    assert {told(one) for one in refused} == {(409, "orders_waiting_limit")}
    assert {(one.json["limit"], one.json["most"], one.json["appeal"]) for one in refused} == {
        ("orders_waiting_limit", most, "/v1/appeals")
    }
    assert int(tally()["waiting"]) == most
    assert try_order(world_at, store_id, user="hana").status == 201


def test_of_fifty_transactions_at_once_exactly_the_limit_wins(world_at: World) -> None:
    assert world_at
    most, barrier = 50, Barrier(50)

    def place(number: int) -> str:
        own = parts.upsert(OrderHead.at(f"ord_{number}"), [OrderHead.id.set(str(number))])
        barrier.wait()
        try:
            parts.commit(own, *tallies.take("mina", None, ["waiting", "cash"], by_stripe=True))
        except CashLimitError:
            return "refused"
        return "placed"

    with ThreadPoolExecutor(most) as pool:
        answers = list(pool.map(place, range(most)))

    assert answers.count("placed") == limits.TABLE[LimitName.CASH].most
    assert answers.count("refused") == most - answers.count("placed")
    assert len(laws.rows("orders")) == answers.count("placed")


def test_an_order_that_is_paid_given_up_or_lapses_makes_room_for_another(world_at: World) -> None:
    store_id = world_at.store()
    placed = [try_order(world_at, store_id).json for _ in range(5)]
    full = try_order(world_at, store_id)

    for payment in placed[0]["payments"]:
        world_at.pay(payment)
    assert world_at.confirm(placed[0]["order_id"]).status == 200
    after_payment = try_order(world_at, store_id)
    world_at.cancel(placed[1]["order_id"])
    after_cancelling = try_order(world_at, store_id)
    world_at.tick(700)

    assert [one.status for one in (full, after_payment, after_cancelling)] == [409, 201, 201]
    assert int(tally()["waiting"]) == 0


# --- cash ----------------------------------------------------------------------------------------


def test_who_is_new_has_one_order_in_cash_under_way_until_one_was_brought(world_at: World) -> None:
    store_id = world_at.store()
    first = try_order(world_at, store_id, CASH)
    second = try_order(world_at, store_id, CASH)
    by_card = try_order(world_at, store_id)
    steps = ("confirm", "preparing", "ready", "picked-up")
    world_at.command(first.json["order_id"], *steps, store_id=store_id)

    known = [try_order(world_at, store_id, CASH) for _ in range(2)]

    assert [one.status for one in (first, second, by_card)] == [201, 409, 201]
    assert told(second) == (409, "cash_orders_limit")
    assert [one.status for one in known] == [201, 201]


def test_an_order_in_cash_that_is_given_up_does_not_make_anybody_known(world_at: World) -> None:
    store_id = world_at.store()
    for _ in range(3):
        placed = try_order(world_at, store_id, CASH)
        assert placed.status == 201
        world_at.cancel(placed.json["order_id"])

    assert (int(tally()["cash_open"]), "cash_brought" in tally()) == (0, False)


# --- what goes wrong -----------------------------------------------------------------------------


def test_who_gives_up_three_orders_that_were_made_gets_no_other_for_a_month(
    world_at: World,
) -> None:
    store_id = world_at.store()
    for _ in range(3):
        order_id = world_at.paid_order(store_id)
        world_at.command(order_id, "confirm", "preparing", store_id=store_id)
        assert world_at.cancel(order_id).status == 200
        world_at.clock.move(86_400)
    refused = try_order(world_at, store_id)

    world_at.clock.move(27 * 86_400)
    later = try_order(world_at, store_id)

    assert told(refused) == (409, "refused_orders_limit")
    assert refused.json["until"].startswith("2026-12-22")
    assert later.status == 201


def test_an_order_that_nobody_takes_at_the_door_counts_and_a_free_cancellation_does_not(
    world_at: World,
) -> None:
    riders = Riders(world_at)
    order_id = riders.carried()
    riders.step("jun", order_id, "heading-to-customer", "arrived-at-customer")
    world_at.pass_time(600, step=300)
    path = f"/v1/deliveries/{riders.delivery(order_id).id}/undeliverable"
    said = {"code": "customer_absent"}
    assert world_at.post(path, said, token=riders.token("jun")).status == 200
    free = world_at.paid_order(riders.store_id)
    world_at.cancel(free)

    assert len(json.loads(str(tally()["refused"]))) == 1


def test_who_fails_to_pay_five_times_within_an_hour_waits_for_the_rest_of_it(
    world_at: World,
) -> None:
    store_id = world_at.store()
    for _ in range(5):
        assert decline(world_at, store_id).status == 201
        world_at.clock.move(60)

    refused = decline(world_at, store_id)
    in_cash = try_order(world_at, store_id, CASH)
    world_at.clock.move(3600)
    later = try_order(world_at, store_id)

    assert told(refused) == (409, "failed_payments_limit")
    assert [one.status for one in (in_cash, later)] == [201, 201]


def test_a_card_that_many_try_stops_whoever_tries_it_next(world_at: World) -> None:
    store_id = world_at.store()
    for user in ("ann", "ben", "cho", "dan", "eun"):
        assert decline(world_at, store_id, user).status == 201

    assert told(decline(world_at, store_id, "eun")) == (409, "failed_payments_limit")
    assert decline(world_at, store_id, "ann").status == 201


# --- appealing -----------------------------------------------------------------------------------


def test_a_granted_appeal_lifts_the_limit_for_that_person_and_is_kept(world_at: World) -> None:
    store_id = world_at.store()
    for _ in range(6):
        refused = try_order(world_at, store_id)

    made = appeal(world_at, refused.json["code"])
    again = appeal(world_at, refused.json["code"])
    another = appeal(world_at, refused.json["code"], key="b")
    [waiting] = world_at.get("/v1/appeals/waiting", world_at.operator())["items"]
    granted = [answer(world_at, waiting["id"], "grant") for _ in range(2)]

    assert [one.status for one in (made, again, another)] == [201, 201, 409]
    assert (again.json["id"], another.json["code"]) == (made.json["id"], "appeal_waiting")
    assert [one.json["status"] for one in granted] == ["granted"] * 2
    assert told(answer(world_at, waiting["id"], "refuse")) == (409, "appeal_answered")
    assert try_order(world_at, store_id).status == 201
    assert world_at.get("/v1/appeals/waiting", world_at.operator())["items"] == []
    [mine] = world_at.get("/v1/appeals", world_at.customer())["items"]
    assert (mine["reason"], mine["status"]) == ("Spoken with.", "granted")
    [kept] = world_at.get("/v1/audit?subject=mina", world_at.operator())["items"]
    assert (kept["action"], kept["reason"]) == ("appeal.granted", "Spoken with.")
    world_at.clock.move(91 * 86_400)
    for _ in range(6):
        last = try_order(world_at, store_id)
    assert last.status == 409


def test_a_refused_appeal_changes_nothing_and_leaves_room_for_another(world_at: World) -> None:
    made = appeal(world_at, "cash_orders_limit").json

    refused = answer(world_at, made["id"], "refuse")
    next_one = appeal(world_at, "cash_orders_limit", key="b")
    unknown = answer(world_at, "apl_01JD9Z6M7Q3W8K5N2R4T6V8X0Y", "grant")

    assert (refused.status, refused.json["lifted_until"]) == (200, None)
    assert (next_one.status, unknown.status) == (201, 404)
    assert "cash_lifted" not in tally()


@pytest.mark.parametrize("limit", LimitName)
def test_every_limit_can_be_lifted_by_an_appeal(world_at: World, limit: LimitName) -> None:
    made = appeal(world_at, limit, device=PHONE).json

    assert answer(world_at, made["id"], "grant").status == 200
    item = laws.rows("promotions")
    assert any(name.endswith("_lifted") for row in item for name in row)


def test_nobody_sees_or_answers_anothers_appeal(world_at: World) -> None:
    made = appeal(world_at, "cash_orders_limit").json

    hana = world_at.customer("hana")
    owner = people.person("merchant", "owner")

    assert world_at.get("/v1/appeals", hana)["items"] == []
    path = f"/v1/appeals/{made['id']}/grant"
    assert [world_at.post(path, WHY, token=one).status for one in (hana, owner)] == [403, 403]
