"""Items: put, read, changed and deleted one by one."""

from typing import Any

import pytest

from tests.sim.dynamo.port import COUNTED, SINGLE, THINGS, Port, plain, raw, refused

cites = pytest.mark.cites
wrong_in = pytest.mark.wrong_in


@cites("APIReference/API_GetItem.html")
def test_an_item_that_is_not_there_is_no_item(port: Port) -> None:
    assert port.get("a") is None


@cites("APIReference/API_AttributeValue.html")
def test_every_type_comes_back_as_it_was_put(port: Port) -> None:
    given: dict[str, Any] = {
        "s": "text", "n": 5, "t": True, "f": False, "nothing": None,
        "l": [1, "x", [None]], "m": {"deep": {"er": [True]}}, "ss": {"a", "b"}, "ns": {1, 2},
        "empty": "", "el": [], "em": {},
    }  # fmt: skip

    port.put("a", **given)

    assert port.get("a") == given


@cites("APIReference/API_AttributeValue.html")
@wrong_in(moto="our patch of it hands out items as they are, and it keeps bytes")
def test_bytes_come_back_as_they_were_put(port: Port) -> None:
    port.put("a", b=b"\x00\xff", bs={b"1", b"2"})

    assert port.get("a") == {"b": b"\x00\xff", "bs": {b"1", b"2"}}


@cites("APIReference/API_PutItem.html")
def test_a_put_replaces_the_whole_item(port: Port) -> None:
    port.put("a", old=1)
    port.put("a", new=2)

    assert port.get("a") == {"new": 2}


@cites("APIReference/API_PutItem.html")
def test_a_put_may_return_what_was_there(port: Port) -> None:
    port.put("a", n=1)

    item = raw({"pk": "a", "sk": "1", "n": 2})
    answer = port.client.put_item(TableName=THINGS, Item=item, ReturnValues="ALL_OLD")

    assert plain(answer["Attributes"])["n"] == 1


@cites("APIReference/API_PutItem.html")
def test_a_first_put_has_nothing_to_return(port: Port) -> None:
    item = raw({"pk": "a", "sk": "1"})

    answer = port.client.put_item(TableName=THINGS, Item=item, ReturnValues="ALL_OLD")

    assert "Attributes" not in answer


@cites("APIReference/API_PutItem.html#DDB-PutItem-request-ReturnValues")
def test_a_put_returns_nothing_but_what_was_there(port: Port) -> None:
    with refused("ValidationException"):
        port.client.put_item(
            TableName=THINGS, Item=raw({"pk": "a", "sk": "1"}), ReturnValues="ALL_NEW"
        )


@cites("APIReference/API_DeleteItem.html")
def test_deleting_twice_is_no_error(port: Port) -> None:
    port.put("a")
    for _ in range(2):
        port.client.delete_item(TableName=THINGS, Key=raw({"pk": "a", "sk": "1"}))

    assert port.get("a") is None


@cites("APIReference/API_DeleteItem.html#DDB-DeleteItem-request-ReturnValues")
def test_a_delete_may_return_what_was_there(port: Port) -> None:
    port.put("a", n=1)

    answer = port.client.delete_item(
        TableName=THINGS, Key=raw({"pk": "a", "sk": "1"}), ReturnValues="ALL_OLD"
    )

    assert plain(answer["Attributes"])["n"] == 1


@cites("APIReference/API_UpdateItem.html")
def test_an_update_of_nothing_makes_the_item(port: Port) -> None:
    port.update("SET n = :n", {":n": 1})

    assert port.get("a") == {"n": 1}


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("NONE", {}),
        ("ALL_OLD", {"pk": "a", "sk": "1", "n": 1, "same": 0}),
        ("UPDATED_OLD", {"n": 1}),
        ("ALL_NEW", {"pk": "a", "sk": "1", "n": 2, "same": 0, "more": 3}),
        ("UPDATED_NEW", {"n": 2, "more": 3}),
    ],
)
@cites("APIReference/API_UpdateItem.html#DDB-UpdateItem-request-ReturnValues")
def test_an_update_returns_what_it_is_asked_for(
    port: Port, wanted: str, shown: dict[str, object]
) -> None:
    port.put("a", n=1, same=0)

    answer = port.update("SET n = :n, more = :m", {":n": 2, ":m": 3}, ReturnValues=wanted)

    assert answer == shown


@cites("APIReference/API_UpdateItem.html#DDB-UpdateItem-request-ReturnValues")
def test_what_was_updated_deep_inside_is_returned_alone(port: Port) -> None:
    port.put("a", m={"x": 1, "y": 2})

    assert port.update("SET m.x = :n", {":n": 5}, ReturnValues="UPDATED_NEW") == {"m": {"x": 5}}


@cites("APIReference/API_GetItem.html#DDB-GetItem-request-ProjectionExpression")
def test_a_projection_reads_only_what_it_names(port: Port) -> None:
    port.put("a", m={"x": 1, "y": 2}, l=[1, 2, 3], n=1)

    found = port.client.get_item(
        TableName=THINGS,
        Key=raw({"pk": "a", "sk": "1"}),
        ProjectionExpression="#m.x, l[1], absent",
        ExpressionAttributeNames={"#m": "m"},
    )

    assert plain(found["Item"]) == {"m": {"x": 1}, "l": [2]}


@cites("developerguide/HowItWorks.CoreComponents.html")
def test_a_table_may_have_no_sort_key(port: Port) -> None:
    port.client.put_item(TableName=SINGLE, Item=raw({"id": "a", "n": 1}))

    found = port.client.get_item(TableName=SINGLE, Key=raw({"id": "a"}), ConsistentRead=True)

    assert plain(found["Item"]) == {"id": "a", "n": 1}


@cites("developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number")
def test_a_number_has_one_way_to_be_written(port: Port) -> None:
    for number in ("1.0", "+1", "01", "1e0", "1.000"):
        item = {**raw({"pk": "a", "sk": "1"}), "n": {"N": number}}
        port.client.put_item(TableName=THINGS, Item=item)

        found = port.client.get_item(TableName=THINGS, Key=raw({"pk": "a", "sk": "1"}))
        if port.name != "moto":  # which keeps it as it came
            assert found["Item"]["n"] == {"N": "1"}


@cites("developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number")
def test_equal_numbers_are_one_key(port: Port) -> None:
    for number in ("5", "5.0", "50e-1"):
        item = {"pk": {"S": "a"}, "n": {"N": number}}
        port.client.put_item(TableName=COUNTED, Item=item)

    assert port.query("pk = :a", {":a": "a"}, COUNTED)["Count"] == 1


@cites("APIReference/API_GetItem.html#API_GetItem_Errors")
def test_a_table_that_is_not_there_is_said_to_be_missing(port: Port) -> None:
    with refused("ResourceNotFoundException"):
        port.client.get_item(TableName="conformance-nowhere", Key=raw({"pk": "a", "sk": "1"}))


@cites("APIReference/API_CreateTable.html#API_CreateTable_Errors")
def test_a_table_is_made_once(port: Port) -> None:
    with refused("ResourceInUseException"):
        port.client.create_table(
            TableName=SINGLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        )


@cites("APIReference/API_DescribeTable.html")
def test_a_table_tells_its_keys_and_indexes(port: Port) -> None:
    described = port.client.describe_table(TableName=THINGS)["Table"]

    assert [key["AttributeName"] for key in described["KeySchema"]] == ["pk", "sk"]
    indexes = {one["IndexName"] for one in described["GlobalSecondaryIndexes"]}
    assert indexes == {"by_board", "due", "said"}
