"""Streams: one record for each change, with both images."""

import pytest

from tests.sim.dynamo.port import THINGS, Port, part, plain, putting, raw, refused

cites = pytest.mark.cites
wrong_in = pytest.mark.wrong_in

STREAMS = "developerguide/Streams.html"
RECORD = "APIReference/API_streams_Record.html"


@cites(RECORD)
def test_a_change_is_an_insert_then_a_modification_then_a_removal(port: Port) -> None:
    port.put("a", n=1)
    port.put("a", n=2)
    port.client.delete_item(TableName=THINGS, Key=raw({"pk": "a", "sk": "1"}))

    assert [one["eventName"] for one in port.records(THINGS)] == ["INSERT", "MODIFY", "REMOVE"]


@cites("APIReference/API_streams_StreamRecord.html")
def test_a_record_holds_the_images_before_and_after(port: Port) -> None:
    port.put("a", n=1)
    port.update("SET n = :n", {":n": 2})

    said = port.records(THINGS)[1]["dynamodb"]

    assert plain(said["OldImage"])["n"] == 1
    assert plain(said["NewImage"])["n"] == 2
    assert plain(said["Keys"]) == {"pk": "a", "sk": "1"}


@cites(STREAMS)
@wrong_in(moto="it makes a record of every request")
def test_what_changes_nothing_leaves_no_record(port: Port) -> None:
    port.put("a", n=1)
    port.put("a", n=1)
    port.update("SET n = :n", {":n": 1})

    assert len(port.records(THINGS)) == 1


@cites(STREAMS)
def test_what_is_refused_leaves_no_record(port: Port) -> None:
    port.put("a", n=1)

    with refused("TransactionCanceledException"):
        port.transact(
            ("Put", putting("b")), ("Put", putting("a", condition="attribute_not_exists(pk)"))
        )

    assert len(port.records(THINGS)) == 1


@cites(STREAMS)
@wrong_in(moto="an update that makes its item leaves two")
def test_a_transaction_leaves_a_record_for_each_item(port: Port) -> None:
    port.put("c")

    port.transact(
        ("Put", putting("a")),
        ("Update", part("b", "SET n = :v", {":v": 1})),
        ("ConditionCheck", part("c", ConditionExpression="attribute_exists(pk)")),
    )

    changed = [plain(one["dynamodb"]["Keys"])["pk"] for one in port.records(THINGS)]
    assert changed == ["c", "a", "b"]


@cites(STREAMS)
def test_the_records_of_an_item_come_in_the_order_of_its_changes(port: Port) -> None:
    for number in range(5):
        port.put("a", n=number)

    images = [plain(one["dynamodb"]["NewImage"])["n"] for one in port.records(THINGS)]
    assert images == [0, 1, 2, 3, 4]


@cites("APIReference/API_streams_StreamRecord.html")
def test_sequence_numbers_grow_and_no_record_has_anothers(memory: Port) -> None:
    for number in range(12):
        memory.put("a", n=number)

    records = memory.records(THINGS)
    numbers = [one["dynamodb"]["SequenceNumber"] for one in records]
    assert numbers == sorted(numbers, key=int)
    assert len({one["eventID"] for one in records}) == len(set(numbers)) == 12


@cites("developerguide/Streams.Lambda.html")
def test_a_record_is_of_the_shape_that_lambda_receives(memory: Port) -> None:
    memory.put("a", n=1)

    (record,) = memory.records(THINGS)

    assert record["eventSource"] == "aws:dynamodb"
    assert record["eventVersion"] == "1.1"
    assert f"table/{THINGS}/stream/" in record["eventSourceARN"]
    assert record["dynamodb"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert isinstance(record["dynamodb"]["ApproximateCreationDateTime"], float)
