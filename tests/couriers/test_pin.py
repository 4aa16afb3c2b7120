"""The PIN: four digits, five tries, whoever guesses and however many at once."""

import json
from collections import Counter
from collections.abc import Callable

import boto3
import pytest

from chalicelib.core import secrets
from chalicelib.core.settings import settings
from chalicelib.couriers import moving, proving
from tests import faults, laws, people
from tests.couriers.street import TO_THE_DOOR, Rider, Street, at_once, events, wrong
from tests.faults import Script
from tests.world import Reply

type Said = Callable[[], list[dict[str, object]]]


def _at_the_door(street: Street, rider: Rider) -> tuple[str, str, str]:
    """The delivery, its order, and the PIN."""
    order_id = street.order()
    delivery = street.job(rider, *TO_THE_DOOR, order_id=order_id)
    return delivery.id, order_id, street.pin(order_id)


def _give(rider: Rider, delivery_id: str, pin: str) -> Reply:
    return rider.step(delivery_id, "delivered", body={"pin": pin})


def test_the_right_pin_hands_the_order_over_and_is_asked_for_once(
    street: Street, jun: Rider
) -> None:
    delivery_id, _, pin = _at_the_door(street, jun)

    first, second = _give(jun, delivery_id, pin), _give(jun, delivery_id, pin)

    assert (first.status, second.status) == (200, 200)
    assert first.json["version"] == second.json["version"]
    assert moving.demand(delivery_id).pin_tries == 1


def test_after_the_hand_over_another_pin_is_no_guess(street: Street, jun: Rider) -> None:
    delivery_id, _, pin = _at_the_door(street, jun)
    _give(jun, delivery_id, pin)

    assert _give(jun, delivery_id, wrong(pin)).status == 200
    assert moving.demand(delivery_id).pin_tries == 1


def test_a_wrong_pin_says_how_many_tries_are_left(street: Street, jun: Rider) -> None:
    delivery_id, order_id, pin = _at_the_door(street, jun)

    answers = [_give(jun, delivery_id, wrong(pin)) for _ in range(5)]

    assert {(one.status, one.json["code"]) for one in answers} == {(409, "wrong_pin")}
    assert [one.json["tries_left"] for one in answers] == [4, 3, 2, 1, 0]
    assert street.world.seen(order_id)["status"] == "DISPATCHED"
    assert jun.get(f"/v1/deliveries/{delivery_id}")["pin_tries_left"] == 0


def test_the_fifth_try_may_be_the_right_one(street: Street, jun: Rider) -> None:
    delivery_id, _, pin = _at_the_door(street, jun)
    for _ in range(4):
        _give(jun, delivery_id, wrong(pin))

    assert _give(jun, delivery_id, pin).status == 200


def test_after_five_wrong_ones_the_right_one_is_not_even_compared(
    street: Street, jun: Rider
) -> None:
    delivery_id, _, pin = _at_the_door(street, jun)
    for _ in range(5):
        _give(jun, delivery_id, wrong(pin))

    answer = _give(jun, delivery_id, pin)

    assert (answer.status, answer.json["code"]) == (409, "pin_locked")
    assert "ask support" in answer.json["detail"]
    assert moving.demand(delivery_id).status == "ARRIVED_AT_CUSTOMER"


def test_of_a_hundred_guesses_at_once_exactly_five_are_evaluated(
    street: Street, jun: Rider, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery_id, _, pin = _at_the_door(street, jun)
    guesses = [f"{number:04d}" for number in range(10_000) if f"{number:04d}" != pin][:100]
    compared: list[str] = []
    compare = proving.is_right

    def counting(delivery: str, given: str) -> bool:
        compared.append(given)
        return compare(delivery, given)

    monkeypatch.setattr(proving, "is_right", counting)
    token = jun.token

    def guess(pin: str) -> Callable[[], Reply]:
        path = f"/v1/deliveries/{delivery_id}/delivered"
        return lambda: street.world.post(path, {"pin": pin}, token=token)

    answers = at_once(*map(guess, guesses))

    assert Counter(one.json["code"] for one in answers) == {"wrong_pin": 5, "pin_locked": 95}
    assert len(compared) == 5
    assert moving.demand(delivery_id).pin_tries == 5


def test_of_right_pins_at_once_all_succeed_and_the_order_is_delivered_once(
    street: Street, jun: Rider
) -> None:
    delivery_id, order_id, pin = _at_the_door(street, jun)

    answers = at_once(*[lambda: _give(jun, delivery_id, pin)] * 4)

    assert {one.status for one in answers} == {200}
    assert events(delivery_id).count("delivery.order_delivered") == 1
    told = [
        row["type"]
        for row in laws.rows("orders")
        if row["pk"] == f"ORDER#{order_id}" and "type" in row
    ]
    assert told.count("order.delivered") == 1


def test_before_the_door_a_pin_costs_no_try(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, *TO_THE_DOOR[:3], order_id=order_id)

    answer = _give(jun, delivery.id, street.pin(order_id))

    assert (answer.status, answer.json["code"]) == (409, "impossible_step")
    assert moving.demand(delivery.id).pin_tries == 0


def test_an_order_that_was_given_up_takes_no_try(street: Street, jun: Rider) -> None:
    delivery_id, order_id, pin = _at_the_door(street, jun)
    street.world.cancel(order_id, street.world.operator())

    answer = _give(jun, delivery_id, pin)

    assert (answer.status, answer.json["code"]) == (409, "impossible_move")
    assert moving.demand(delivery_id).pin_tries == 0


def test_another_courier_guesses_nothing(street: Street, jun: Rider) -> None:
    delivery_id, _, pin = _at_the_door(street, jun)
    mia = street.rider("mia")

    assert _give(mia, delivery_id, pin).status == 404
    assert moving.demand(delivery_id).pin_tries == 0


def test_another_attempt_has_another_pin_and_every_pin_four_digits(world_at: object) -> None:
    assert world_at

    pins = [proving.pin(f"dlv_{number}") for number in range(300)]

    assert all(len(pin) == 4 and pin.isdigit() for pin in pins)
    assert len(set(pins)) > 280
    assert pins[:50] == [proving.pin(f"dlv_{number}") for number in range(50)]


def test_a_pin_outlives_the_change_of_the_signing_key(street: Street, jun: Rider) -> None:
    delivery_id, order_id, shown_before = _at_the_door(street, jun)
    _sign_with("new", "own-1")

    shown_after = street.pin(order_id)

    assert proving.is_right(delivery_id, shown_before)
    assert proving.is_right(delivery_id, shown_after)
    assert not proving.is_right(delivery_id, _neither(shown_before, shown_after))


def test_only_the_customer_is_shown_the_pin_and_only_while_it_is_carried(
    street: Street, jun: Rider
) -> None:
    order_id = street.order()
    path = f"/v1/orders/{order_id}/delivery"
    delivery = street.job(jun, order_id=order_id)
    customer, machine = street.world.customer(), people.machine(street.store_id)
    owner = people.person("merchant", "owner")
    shown = [street.world.get(path, customer)["pin"]]
    for step in TO_THE_DOOR:
        jun.step(delivery.id, step)
        shown.append(street.world.get(path, customer)["pin"])
        others = [street.world.get(path, one) for one in (machine, owner, street.world.operator())]
        assert {one["pin"] for one in others} == {None}
    pin = str(shown[-1])
    jun.step(delivery.id, "delivered", body={"pin": pin})
    shown.append(street.world.get(path, customer)["pin"])

    assert shown == [None, None, None, pin, pin, pin, None]


def test_the_pin_is_stored_nowhere_and_said_nowhere(street: Street, jun: Rider, said: Said) -> None:
    delivery_id, _, pin = _at_the_door(street, jun)
    _give(jun, delivery_id, wrong(pin))
    _give(jun, delivery_id, pin)

    tables = ("couriers", "orders", "ledger", "control", "payments")
    values = [value for table in tables for row in laws.rows(table) for value in row.values()]
    lines = [value for line in said() for value in line.values()]

    assert pin not in [str(value) for value in values]
    assert f'"{pin}"' not in json.dumps(values, default=str)
    assert pin not in [str(value) for value in lines]
    assert "A delivery's last try was spent" not in str(lines)


def _sign_with(*kids: str) -> None:
    """Sign with a new key; the old one still verifies."""
    secrets.forget()
    made = {"own-1": people.machine_key(), "new": people.machine_key().replace("M", "N", 1)}
    held = {"keys": [{"kid": kid, "private_key": made[kid]} for kid in kids]}
    boto3.client("ssm", region_name="us-east-1").put_parameter(
        Name=f"{settings().parameters}/signing",
        Value=json.dumps(held),
        Type="SecureString",
        Overwrite=True,
    )


def _neither(*pins: str) -> str:
    return next(f"{number:04d}" for number in range(10) if f"{number:04d}" not in pins)


def test_who_reads_the_order_just_after_it_was_delivered_finds_it_delivered(
    street: Street, jun: Rider
) -> None:
    delivery_id, _, pin = _at_the_door(street, jun)
    script, others = Script(), list[int]()

    def deliver_between(_: str) -> None:
        reads = [call for call in script.calls if call.endswith("GetItem")]
        if len(reads) == 2 and not others:
            others.append(0)
            others[:] = [_give(jun, delivery_id, pin).status]

    script.before = deliver_between
    with faults.following(script):
        answer = _give(jun, delivery_id, pin)

    assert others == [200]
    assert (answer.status, answer.json["status"]) == (200, "ORDER_DELIVERED")
    assert events(delivery_id).count("delivery.order_delivered") == 1
