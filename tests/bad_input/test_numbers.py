"""What counts as a number, and as true or false."""

import pytest

from tests.world import Reply, World


def _quote(world: World, quantity: str) -> Reply:
    store_id, token = world.store(), world.customer()
    items = f'[{{"item_id": "bibimbap", "quantity": {quantity}}}]'
    body = f'{{"store_id": "{store_id}", "fulfilment": "takeaway", "items": {items}}}'
    return world.call("POST", "/v1/quotes", raw=body.encode(), token=token)


@pytest.mark.parametrize(
    "written", ["2.5", "2.0", "2e0", "true", '"2"', "[2]", "NaN", "Infinity", "1e400"]
)
def test_what_is_no_integer_is_not_made_one(world_at: World, written: str) -> None:
    answer = _quote(world_at, written)

    assert (answer.status, answer.json["code"]) == (400, "invalid")
    assert {one["pointer"] for one in answer.json["errors"]} == {"/items/0/quantity"}


@pytest.mark.parametrize("written", ["0", "1", '"true"', "[]"])
def test_only_true_and_false_are_true_or_false(world_at: World, written: str) -> None:
    body = f'{{"method": "card", "agreed": {written}}}'
    answer = world_at.call(
        "POST", "/v1/payment-methods", raw=body.encode(), token=world_at.customer(),
        headers={"Idempotency-Key": "one"},
    )  # fmt: skip

    assert (answer.status, answer.json["code"]) == (400, "invalid")


def test_a_moment_is_written_and_not_counted(world_at: World) -> None:
    body = {"owner": "usr-mina", "amount": 5000, "currency": "KRW", "usable_until": 0,
            "reason": "Goodwill."}  # fmt: skip

    answer = world_at.post("/v1/balances", body, token=world_at.operator(), key="one")

    assert (answer.status, answer.json["code"]) == (400, "invalid")
