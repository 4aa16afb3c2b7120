"""The tables that tests stand on: empty at first, and able to be what they were."""

import boto3
import pytest

from chalicelib.core import dynamo
from tests import database

TABLE = "test-orders"
ONE = {"pk": {"S": "p"}, "sk": {"S": "HEAD"}}
OTHER = {"pk": {"S": "q"}, "sk": {"S": "EVT#1"}}


@pytest.mark.parametrize("_again", range(2))
def test_every_test_begins_with_empty_tables(_again: int) -> None:
    assert dynamo.client().scan(TableName=TABLE)["Count"] == 0

    dynamo.client().put_item(TableName=TABLE, Item=ONE)


def test_what_was_kept_is_laid_out_again_with_its_indexes_and_its_stream() -> None:
    listed = {**ONE, "customer_id": {"S": "mina"}, "listed_at": {"S": "now"}}
    dynamo.client().put_item(TableName=TABLE, Item=listed)
    kept = database.keep()
    dynamo.client().put_item(TableName=TABLE, Item={**ONE, "n": {"N": "1"}})
    dynamo.client().put_item(TableName=TABLE, Item=OTHER)

    database.lay_out(kept)

    assert database.raw(TABLE) == [listed]
    assert database.recorded(TABLE) == 1
    found = dynamo.client().query(
        TableName=TABLE,
        IndexName="by_customer",
        KeyConditionExpression="customer_id = :c",
        ExpressionAttributeValues={":c": {"S": "mina"}},
    )
    assert found["Count"] == 1


def test_other_services_are_motos() -> None:
    client = boto3.client("sqs", region_name="us-east-1")

    url = client.create_queue(QueueName="any")["QueueUrl"]

    assert client.list_queues()["QueueUrls"] == [url]
