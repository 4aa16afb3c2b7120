"""What counts as a number, and as true or false."""

import pytest

from tests.world import Reply, World


def _quote(world: World, quantity: str) -> Reply:
    store_id, token = world.store(), world.customer()
    items = f'[{{"item_id": "bibimbap", "quantity": {quantity}}}]'
    body = f'{{"store_id": "{store_id}", "fulfilment": "takeaway", "items": {items}}}'
    return world.call("POST", "/v1/quotes", raw=body.encode(), token=token)


@pytest.mark.parametrize("written", ["2", "2.0", "20e-1", "0.2e1"])
def test_a_number_without_a_fraction_is_an_integer_however_it_is_written(
    world_at: World, written: str
) -> None:
    answer = _quote(world_at, written)

    assert answer.status == 201
    assert answer.json["priced"]["lines"][0]["quantity"] == 2


@pytest.mark.parametrize("written", ["2.5", "true", '"2"', "[2]", "9007199254740993.0"])
def test_what_is_no_integer_is_not_made_one(world_at: World, written: str) -> None:
    answer = _quote(world_at, written)

    assert (answer.status, answer.json["code"]) == (400, "invalid")
    assert {one["pointer"] for one in answer.json["errors"]} == {"/items/0/quantity"}


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_what_json_does_not_know_as_a_number_is_not_json(world_at: World, written: str) -> None:
    answer = _quote(world_at, written)

    assert (answer.status, answer.json["code"]) == (400, "bad_request")


@pytest.mark.parametrize("written", ["0", "1", '"true"', "[]"])
def test_only_true_and_false_are_true_or_false(world_at: World, written: str) -> None:
    body = f'{{"method": "card", "agreed": {written}}}'
    answer = world_at.call(
        "POST", "/v1/payment-methods", raw=body.encode(), token=world_at.customer(),
        headers={"Idempotency-Key": "one"},
    )  # fmt: skip

    assert (answer.status, answer.json["code"]) == (400, "invalid")


def test_a_moment_is_written_and_not_counted(world_at: World) -> None:
    body = {"owner": "usr-mina", "amount": 5000, "currency": "KRW", "usable_until": 0}

    answer = world_at.post("/v1/balances", body, token=world_at.operator(), key="one")

    assert (answer.status, answer.json["code"]) == (400, "invalid")
