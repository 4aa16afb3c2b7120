from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.core import dynamo
from tests.clocks import StandingClock

TABLE = "test-orders"


def _adding(sk: str = "HEAD") -> list[dict[str, Any]]:
    return [
        {
            "Update": {
                "TableName": TABLE,
                "Key": {"pk": {"S": "p"}, "sk": {"S": sk}},
                "UpdateExpression": "ADD n :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}},
            }
        }
    ]


def _n() -> str | None:
    found = dynamo.client().get_item(TableName=TABLE, Key={"pk": {"S": "p"}, "sk": {"S": "HEAD"}})
    return found["Item"]["n"]["N"] if "Item" in found else None


@pytest.mark.usefixtures("clock_at")
def test_a_token_answers_twice_and_acts_once() -> None:
    for _ in range(2):
        dynamo.client().transact_write_items(ClientRequestToken="a", TransactItems=_adding())

    assert _n() == "1"


def test_a_token_is_forgotten_after_ten_minutes(clock_at: StandingClock) -> None:
    dynamo.client().transact_write_items(ClientRequestToken="a", TransactItems=_adding())
    clock_at.move(601)
    dynamo.client().transact_write_items(ClientRequestToken="a", TransactItems=_adding())

    assert _n() == "2"


@pytest.mark.usefixtures("clock_at")
def test_a_token_refuses_other_parameters() -> None:
    dynamo.client().transact_write_items(ClientRequestToken="a", TransactItems=_adding())

    with pytest.raises(ClientError) as refused:
        dynamo.client().transact_write_items(ClientRequestToken="a", TransactItems=_adding("X"))

    assert refused.value.response["Error"]["Code"] == "IdempotentParameterMismatchException"


def test_a_failed_transaction_leaves_nothing_behind() -> None:
    dynamo.client().transact_write_items(TransactItems=_adding())
    failing = {
        "ConditionCheck": {
            "TableName": TABLE,
            "Key": {"pk": {"S": "q"}, "sk": {"S": "HEAD"}},
            "ConditionExpression": "attribute_exists(pk)",
        }
    }

    with pytest.raises(ClientError):
        dynamo.client().transact_write_items(TransactItems=[*_adding(), *_adding("NEW"), failing])

    assert _n() == "1"
    assert dynamo.client().scan(TableName=TABLE)["Count"] == 1


def test_every_test_begins_with_empty_tables() -> None:
    assert dynamo.client().scan(TableName=TABLE)["Count"] == 0
