"""The meter, held against small writes whose units can be counted by hand."""

from collections.abc import Iterator

import boto3
import pytest

from bench import meter as meters
from bench import town
from bench.meter import Meter, UnknownCallError
from chalicelib.core import dynamo, outbox, parts
from chalicelib.core.errors import BusyError
from chalicelib.orders.models import OrderEvent
from tests import tables

PLACE = {"TableName": "test-orders", "Key": {"pk": {"S": "ORDER#1"}, "sk": {"S": "HEAD"}}}
HEAD = {"pk": {"S": "ORDER#1"}, "sk": {"S": "HEAD"}}
LISTED = {**HEAD, "customer_id": {"S": "mina"}, "listed_at": {"S": "now"}}


@pytest.fixture
def meter() -> Iterator[Meter]:
    with meters.counting(town.indexes(tables.template(), "test")) as counting:
        dynamo.forget_connections()
        yield counting
    dynamo.forget_connections()


def test_indexes_are_those_of_the_template() -> None:
    found = {index.name: index for index in town.indexes(tables.template(), "shop")["shop-orders"]}

    assert {*found} == {"by_customer", "by_store", "due", "late", "undelivered"}
    assert found["due"].projects == frozenset()
    assert found["by_customer"].projects is None


def test_a_put_is_counted_with_every_index_that_it_enters(meter: Meter) -> None:
    with meter.invocation("APIHandler", "test") as run:
        dynamo.client().put_item(TableName="test-orders", Item=LISTED)

    [call] = run.calls
    assert call.written == {"orders HEAD": 1, "orders/by_customer HEAD": 1}


def test_an_event_is_written_in_a_transaction_and_marked_in_an_index(meter: Meter) -> None:
    event = outbox.announce(
        OrderEvent, "ORDER#1", kind="order", subject="ord_1", version=7,
        type="order.created", actor="test",
    )  # fmt: skip
    check = parts.check(OrderEvent("ORDER#1", "HEAD"), BusyError(), OrderEvent.pk.does_not_exist())

    with meter.invocation("APIHandler", "test") as run:
        parts.commit(event, check)

    [call] = run.calls
    assert call.kind == "DynamoDB TransactWriteItems"
    assert call.written == {"orders EVT": 2, "orders/undelivered EVT": 1, "orders HEAD": 2}


def test_a_write_happens_once_though_two_listen_for_it(meter: Meter) -> None:
    add = {"UpdateExpression": "ADD calls :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}

    with meter.invocation("APIHandler", "test"):
        dynamo.client().update_item(**PLACE, **add)

    held = dynamo.client().get_item(**PLACE)["Item"]
    assert held["calls"] == {"N": "1"}


def test_reads_are_counted_by_how_they_are_read(meter: Meter) -> None:
    dynamo.client().put_item(TableName="test-orders", Item={**HEAD, "x": {"S": "x" * 5000}})

    with meter.invocation("APIHandler", "test") as run:
        dynamo.client().get_item(**PLACE)
        dynamo.client().get_item(**PLACE, ConsistentRead=True)
        dynamo.client().query(
            TableName="test-orders", IndexName="due", KeyConditionExpression="due_shard = :s",
            ExpressionAttributeValues={":s": {"S": "DUE#00"}},
        )  # fmt: skip

    assert [call.read for call in run.calls] == [{"orders": 1}, {"orders": 2}, {"orders/due": 0.5}]


def test_what_is_not_known_cannot_be_free(meter: Meter) -> None:
    with meter.invocation("APIHandler", "test"):
        with pytest.raises(UnknownCallError):
            dynamo.client().scan(TableName="test-orders")
        with pytest.raises(UnknownCallError):
            boto3.client("sns", region_name="us-east-1").list_topics()


def test_nothing_is_counted_outside_of_a_run(meter: Meter) -> None:
    dynamo.client().put_item(TableName="test-orders", Item=HEAD)

    assert meter.invocations == []


def test_what_a_run_prints_is_kept_for_its_log(meter: Meter) -> None:
    with meter.invocation("RingBells", "test") as run:
        print("one")  # noqa: T201 - what a function prints is what Lambda logs
        print("two")  # noqa: T201 - the same

    assert run.lines == ["one", "two"]
