"""The code of an order that its store hands over: shown to its customer, tried five times."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.orders import codes
from tests import laws, people, shopfront
from tests.couriers.street import at_once, wrong
from tests.world import Reply, World

BROUGHT: dict[str, Any] = {"fulfilment": "delivery", "drop_off": shopfront.DOOR}
TAKEAWAY: dict[str, Any] = {}


def ready(world: World, *more: str, **changed: Any) -> tuple[str, str]:  # noqa: ANN401 - any JSON
    """A store, and an order of it that waits for its customer."""
    store_id = world.store()
    order_id = world.paid_order(store_id, **changed)
    world.command(order_id, "confirm", "ready", *more, store_id=store_id)
    return store_id, order_id


def shown(world: World, order_id: str) -> str | None:
    """What its customer is shown."""
    code: str | None = world.get(f"/v1/orders/{order_id}", world.customer())["hand_over_code"]
    return code


def check(world: World, store_id: str, order_id: str, code: str | None) -> Reply:
    path = f"/v1/orders/{order_id}/check-code"
    return world.post(path, {"code": code}, token=people.machine(store_id))


@pytest.mark.parametrize(
    ("more", "changed"), [((), TAKEAWAY), ((), BROUGHT), (("dispatch",), BROUGHT)]
)
def test_what_its_customer_shows_is_right_and_can_be_asked_again(
    world_at: World, more: tuple[str, ...], changed: dict[str, Any]
) -> None:
    store_id, order_id = ready(world_at, *more, **changed)
    code = shown(world_at, order_id)

    answers = [check(world_at, store_id, order_id, code) for _ in range(7)]

    assert {one.status for one in answers} == {200}
    [tries] = [row for row in laws.rows("orders") if row["sk"] == "CODE"]
    assert tries["tries"] == 1


def test_after_it_was_right_a_wrong_one_is_still_wrong(world_at: World) -> None:
    store_id, order_id = ready(world_at)
    code = codes.code(order_id)
    check(world_at, store_id, order_id, code)

    refused = check(world_at, store_id, order_id, wrong(code))

    assert (refused.status, refused.json["code"]) == (409, "wrong_code")


def test_a_wrong_code_says_how_many_tries_are_left_and_then_none_is_compared(
    world_at: World,
) -> None:
    store_id, order_id = ready(world_at)
    code = codes.code(order_id)

    answers = [check(world_at, store_id, order_id, wrong(code)) for _ in range(5)]
    locked = check(world_at, store_id, order_id, code)

    assert {(one.status, one.json["code"]) for one in answers} == {(409, "wrong_code")}
    assert [one.json["tries_left"] for one in answers] == [4, 3, 2, 1, 0]
    assert (locked.status, locked.json["code"]) == (409, "code_locked")
    handed = world_at.command(order_id, "picked-up", store_id=store_id)
    assert handed.json["status"] == "PICKED_UP"


def test_of_a_hundred_guesses_at_once_exactly_five_are_compared(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id, order_id = ready(world_at)
    code = codes.code(order_id)
    guesses = [f"{number:04d}" for number in range(10_000) if f"{number:04d}" != code][:100]
    compared: list[str] = []
    compare = codes.is_right

    def counting(order: str, given: str) -> bool:
        compared.append(given)
        return compare(order, given)

    monkeypatch.setattr(codes, "is_right", counting)
    path, token = f"/v1/orders/{order_id}/check-code", people.machine(store_id)

    def guess(code: str) -> Callable[[], Reply]:
        return lambda: world_at.post(path, {"code": code}, token=token)

    answers = at_once(*map(guess, guesses))

    assert Counter(one.json["code"] for one in answers) == {"wrong_code": 5, "code_locked": 95}
    assert len(compared) == 5


@pytest.mark.parametrize("steps", [("confirm",), ("confirm", "preparing"), ()])
def test_before_it_is_ready_there_is_no_code_to_ask_for(
    world_at: World, steps: tuple[str, ...]
) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    if steps:
        world_at.command(order_id, *steps, store_id=store_id)

    refused = check(world_at, store_id, order_id, codes.code(order_id))

    assert shown(world_at, order_id) is None
    assert (refused.status, refused.json["code"]) == (409, "impossible_move")
    assert [row for row in laws.rows("orders") if row["sk"] == "CODE"] == []


def test_what_is_served_or_brought_by_couriers_has_none(world_at: World) -> None:
    store_id, served = ready(world_at, fulfilment="dine_in")
    world_at.patch_store(store_id, delivered_by="platform")
    brought = world_at.paid_order(store_id, **BROUGHT)
    world_at.command(brought, "confirm", "ready", store_id=store_id)

    for order_id in (served, brought):
        assert shown(world_at, order_id) is None
        assert check(world_at, store_id, order_id, codes.code(order_id)).status == 409


def test_only_its_customer_is_shown_the_code_and_only_while_it_waits_for_them(
    world_at: World,
) -> None:
    store_id, order_id = ready(world_at)
    path = f"/v1/orders/{order_id}"
    code = codes.code(order_id)

    own = shown(world_at, order_id)
    others = [
        world_at.get(path, one)["hand_over_code"]
        for one in (people.machine(store_id), people.person("merchant", "owner"))
    ]
    world_at.command(order_id, "picked-up", store_id=store_id)

    assert (own, others) == (code, [None, None])
    assert shown(world_at, order_id) is None


def test_a_code_is_stored_nowhere_and_is_no_couriers_pin(world_at: World) -> None:
    from chalicelib.couriers import proving

    store_id, order_id = ready(world_at)
    code = codes.code(order_id)
    check(world_at, store_id, order_id, wrong(code))
    check(world_at, store_id, order_id, code)

    values = [value for row in laws.rows("orders") for value in row.values()]

    assert f'"{code}"' not in json.dumps(values, default=str)
    made = {(codes.code(f"ord_{one}"), proving.pin(f"ord_{one}")) for one in range(50)}
    assert sum(mine == theirs for mine, theirs in made) < 5
