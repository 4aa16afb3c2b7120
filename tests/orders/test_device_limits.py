"""What one device may have under way or go wrong with, whoever orders on it."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib.core import clock, devices, parts
from chalicelib.orders import limits, tallies
from chalicelib.orders.errors import DeviceCashLimitError
from chalicelib.orders.limits import LimitName
from chalicelib.orders.models import OrderHead
from tests import laws
from tests.accounts.visiting import Visitor, visitor
from tests.orders.test_limits import CASH, WHY, told
from tests.world import Reply, World

PHONE = "5b2f0e1c-6d2a-4c37-9a0f-3f1de7a5c884"
OTHER = "0190f6c2-7d5e-7a11-8c3b-2f9d4e6a7b10"
STORED = ("orders", "promotions", "payments", "quotes", "control", "customers")


def order(world: World, store_id: str, token: str, *payments: object, on: str | None) -> Reply:
    quote = world.quote(store_id, token)["id"]
    return world.try_place(token, quote, *payments, device=on)  # type: ignore[arg-type] # any


def pay_for(world: World, guest: Visitor, placed: Reply) -> None:
    for payment in placed.json["payments"]:
        world.pay(payment)
    assert guest.call("POST", f"/v1/orders/{placed.json['order_id']}/payments/confirm")


def on_device() -> laws.Row:
    [found] = [one for one in laws.rows("promotions") if one["pk"].startswith("TALLY#device#")]
    return found


def appeal(world: World, token: str, limit: str, on: str | None, key: str = "a") -> Reply:
    headers = {"Idempotency-Key": key, **({"Device-Id": on} if on else {})}
    said = {"limit": limit, "text": "It was my sister."}
    return world.call("POST", "/v1/appeals", said, token=token, headers=headers)


def test_a_new_guest_on_the_same_phone_does_not_begin_anew(world_at: World) -> None:
    store_id, most = world_at.store(), limits.TABLE[LimitName.DEVICE_WAITING].most
    guests = [visitor(world_at) for _ in range(most + 1)]

    placed = [order(world_at, store_id, one.token, on=PHONE) for one in guests]
    elsewhere = order(world_at, store_id, guests[-1].token, on=OTHER)
    shouted = order(world_at, store_id, guests[-1].token, on=PHONE.upper())
    pay_for(world_at, guests[0], placed[0])
    after = order(world_at, store_id, guests[-1].token, on=PHONE)

    assert [one.status for one in placed] == [201] * most + [409]
    assert told(placed[-1]) == told(shouted) == (409, "device_orders_waiting_limit")
    assert placed[-1].json["appeal"] == "/v1/appeals"
    assert (elsewhere.status, after.status) == (201, 201)


def test_a_guest_whose_app_does_not_say_its_device_has_one_order_waiting(world_at: World) -> None:
    store_id, guest = world_at.store(), visitor(world_at)

    first, second = (order(world_at, store_id, guest.token, on=None) for _ in range(2))
    said = order(world_at, store_id, guest.token, on=PHONE)
    account = [order(world_at, store_id, world_at.customer(), on=None) for _ in range(2)]
    made = appeal(world_at, guest.token, "unknown_device_limit", on=None).json
    world_at.post(f"/v1/appeals/{made['id']}/grant", WHY, token=world_at.operator())
    lifted = order(world_at, store_id, guest.token, on=None)

    assert first.status == 201
    assert told(second) == (409, "unknown_device_limit")
    assert said.status == 201
    assert [one.status for one in account] == [201, 201]
    assert lifted.status == 201
    [tally] = [one for one in laws.rows("promotions") if one["pk"] == f"TALLY#person#{guest.id}"]
    assert tally["expires_at"]


def test_what_goes_wrong_on_a_phone_counts_for_whoever_orders_on_it_next(world_at: World) -> None:
    store_id = world_at.store()
    refused, failed = (
        limits.TABLE[one].most for one in (LimitName.DEVICE_REFUSED, LimitName.DEVICE_FAILED)
    )
    for number in range(refused):
        token = world_at.customer(f"somebody-{number}")
        placed = order(world_at, store_id, token, on=PHONE).json
        world_at.pay(placed["payments"][0])
        world_at.confirm(placed["order_id"], f"somebody-{number}")
        world_at.command(placed["order_id"], "confirm", "preparing", store_id=store_id)
        assert world_at.cancel(placed["order_id"], token).status == 200
    for number in range(failed):
        token = world_at.customer(f"another-{number}")
        placed = order(world_at, store_id, token, on=OTHER).json
        world_at.pay(placed["payments"][0], "pm_card_visa_chargeDeclined")
        world_at.pump()
        world_at.cancel(placed["order_id"], token)

    stopped = [
        order(world_at, store_id, world_at.customer("eun"), on=one) for one in (PHONE, OTHER)
    ]
    world_at.clock.move(30 * 86_400)
    later = [order(world_at, store_id, world_at.customer("eun"), on=one) for one in (PHONE, OTHER)]

    assert [one.json.get("code") for one in stopped] == [
        "device_refused_orders_limit", "device_failed_payments_limit",
    ]  # fmt: skip
    assert [one.status for one in later] == [201, 201]


def test_of_first_orders_in_cash_a_phone_has_two_until_one_was_brought(world_at: World) -> None:
    store_id = world_at.store()
    placed = [
        order(world_at, store_id, world_at.customer(who), CASH, on=PHONE)
        for who in ("ann", "ben", "cho")
    ]
    steps = ("confirm", "preparing", "ready", "picked-up")
    world_at.command(placed[0].json["order_id"], *steps, store_id=store_id)

    known = order(world_at, store_id, world_at.customer("cho"), CASH, on=PHONE)

    assert [one.status for one in placed] == [201, 201, 409]
    assert told(placed[2]) == (409, "device_cash_orders_limit")
    assert known.status == 201
    [over] = [one for one in laws.rows("orders") if one.get("status") == "PICKED_UP"]
    assert "device" not in over
    assert int(on_device()["cash_brought"]) == 1


def test_of_fifty_people_on_one_phone_at_once_exactly_the_limit_wins(world_at: World) -> None:
    assert world_at
    most, barrier = 50, Barrier(50)
    hashed = devices.read(PHONE).hashed

    def place(number: int) -> bool:
        own = parts.upsert(OrderHead.at(f"ord_{number}"), [OrderHead.id.set(str(number))])
        barrier.wait()
        try:
            counted = tallies.take(f"person-{number}", hashed, ["waiting", "cash"], by_stripe=True)
            parts.commit(own, *counted)
        except DeviceCashLimitError:
            return False
        return True

    with ThreadPoolExecutor(most) as pool:
        won = sum(pool.map(place, range(most)))

    assert won == limits.TABLE[LimitName.DEVICE_CASH].most
    assert len(laws.rows("orders")) == won
    people = [one for one in laws.rows("promotions") if one["pk"].startswith("TALLY#person#")]
    assert len(people) == won


def test_an_answer_lifts_a_devices_limit_for_that_device_and_no_other(world_at: World) -> None:
    store_id, guest = world_at.store(), visitor(world_at)
    for _ in range(5):
        order(world_at, store_id, world_at.customer(), on=PHONE)
        order(world_at, store_id, world_at.customer("hana"), on=OTHER)
    name = "device_orders_waiting_limit"
    unsaid = appeal(world_at, guest.token, name, on=None)
    made = appeal(world_at, guest.token, name, on=PHONE)

    answers = [
        world_at.post(f"/v1/appeals/{made.json['id']}/grant", WHY, token=world_at.operator())
        for _ in range(2)
    ]

    assert told(unsaid) == (422, "device_unsaid")
    assert made.status == 201
    assert "device" not in made.json
    assert [one.json["status"] for one in answers] == ["granted", "granted"]
    tried = [order(world_at, store_id, guest.token, on=one) for one in (PHONE, OTHER)]
    assert [one.status for one in tried] == [201, 409]
    assert [one for one in laws.rows("promotions") if one.get("device")] == []
    [mine] = world_at.get("/v1/appeals", guest.token)["items"]
    assert (mine["status"], mine["reason"]) == ("granted", "Spoken with.")


@pytest.mark.parametrize(
    "said",
    [
        "", "x", "0" * 36, "00000000-0000-0000-0000-000000000000", PHONE + "0",
        PHONE + "\n" + OTHER,
        "FFFFFFFF-ffff-FFFF-ffff-FFFFFFFFFFFF", f"{{{PHONE}}}", PHONE.replace("-", ""),
        "4242-4242-4242-4242", "\uff15b2f0e1c-6d2a-4c37-9a0f-3f1de7a5c884", "a" * 9000,
        "#pk", "null",
    ],
)  # fmt: skip
def test_what_is_no_id_of_a_device_is_refused_and_nothing_is_ordered(
    world_at: World, said: str
) -> None:
    store_id, token = world_at.store(), world_at.customer()

    answer = order(world_at, store_id, token, on=said or " ")

    assert (answer.status, answer.json["code"]) == (400, "invalid")
    assert answer.json["errors"][0]["pointer"] == "/Device-Id"
    assert said not in answer.json["errors"][0]["detail"] or not said
    assert [one for one in laws.rows("orders") if one["sk"] == "HEAD"] == []


def test_a_device_is_kept_as_a_hash_which_goes_and_is_never_told(
    world_at: World, capsys: pytest.CaptureFixture[str]
) -> None:
    store_id, token = world_at.store(), world_at.customer()
    placed = order(world_at, store_id, token, on=PHONE)
    order_id = placed.json["order_id"]
    hashed = str(devices.read(PHONE).hashed)

    shown = [placed.text, json.dumps(world_at.get(f"/v1/orders/{order_id}", token))]
    events = [one for one in laws.rows("orders") if one["sk"].startswith("EVT#")]
    stored = json.dumps([laws.rows(name) for name in STORED], default=str)
    logged = capsys.readouterr()
    world_at.cancel(order_id)

    assert hashed in stored
    assert PHONE not in stored
    for told_of in (*shown, json.dumps(events, default=str), logged.out, logged.err):
        assert PHONE not in told_of
        assert hashed not in told_of
    assert [one for one in laws.rows("orders") if one.get("device")] == []
    kept = int(on_device()["expires_at"]) - clock.wall_now()
    assert limits.DEVICE_SECONDS - 5 <= kept <= limits.DEVICE_SECONDS
