"""Queries and scans: which items, in which order, page by page."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from tests.sim.dynamo.port import COUNTED, THINGS, Port, plain, raw, refused

cites = pytest.mark.cites
wrong_in = pytest.mark.wrong_in

QUERY = "APIReference/API_Query.html"
KEYS = "developerguide/Query.KeyConditionExpressions.html"
PAGING = "developerguide/Query.Pagination.html"
ALL = {":a": "a"}


def _sks(found: list[dict[str, Any]]) -> str:
    return "".join(item["sk"] for item in found)


@pytest.fixture(autouse=True)
def _seven_items(port: Port) -> None:
    for number in "3152476":
        port.put("a", number, n=int(number), even=int(number) % 2 == 0)
    port.put("b", "9")


@cites(QUERY)
def test_a_query_reads_one_partition_in_order(port: Port) -> None:
    assert _sks(port.items("pk = :a", ALL)) == "1234567"


@cites("APIReference/API_Query.html#DDB-Query-request-ScanIndexForward")
def test_a_query_may_read_backwards(port: Port) -> None:
    assert _sks(port.items("pk = :a", ALL, ScanIndexForward=False)) == "7654321"


@pytest.mark.parametrize(
    ("condition", "values", "found"),
    [
        ("sk = :v", {":v": "3"}, "3"),
        ("sk < :v", {":v": "3"}, "12"),
        ("sk <= :v", {":v": "3"}, "123"),
        ("sk > :v", {":v": "5"}, "67"),
        ("sk >= :v", {":v": "5"}, "567"),
        ("sk BETWEEN :v AND :w", {":v": "2", ":w": "4"}, "234"),
        ("sk BETWEEN :v AND :w", {":v": "35", ":w": "55"}, "45"),
        ("begins_with(sk, :v)", {":v": "3"}, "3"),
        ("begins_with(sk, :v)", {":v": "33"}, ""),
        ("sk > :v", {":v": "9"}, ""),
    ],
)
@cites(KEYS)
def test_a_range_of_sort_keys(
    port: Port, condition: str, values: dict[str, Any], found: str
) -> None:
    assert _sks(port.items(f"pk = :a AND {condition}", {**ALL, **values})) == found


@cites(KEYS)
def test_the_keys_may_be_named_and_stand_in_any_order(port: Port) -> None:
    names = {"#h": "pk", "#r": "sk"}

    found = port.items("#r > :v AND #h = :a", {**ALL, ":v": "6"}, ExpressionAttributeNames=names)

    assert _sks(found) == "7"


@cites(KEYS)
def test_a_prefix_ends_where_it_ends(port: Port) -> None:
    for sk in ("EVT#", "EVT#1", "EVT#\uffff", "EVT#\U0010ffff", "EVT$", "EVT"):
        port.put("p", sk)

    found = port.items("pk = :p AND begins_with(sk, :v)", {":p": "p", ":v": "EVT#"})

    assert [one["sk"] for one in found] == ["EVT#", "EVT#1", "EVT#\uffff", "EVT#\U0010ffff"]


@cites(QUERY)
def test_sort_keys_of_text_are_in_the_order_of_their_bytes(port: Port) -> None:
    for sk in ("é", "z", "Z", "\U0001f600", "\uff5e", "10", "9"):
        port.put("p", sk)

    found = port.items("pk = :p", {":p": "p"})

    assert [one["sk"] for one in found] == ["10", "9", "Z", "z", "é", "\uff5e", "\U0001f600"]


@cites(QUERY)
def test_sort_keys_that_are_numbers_are_in_the_order_of_numbers(port: Port) -> None:
    for number in (10, 9, -1, 0, 100):
        port.client.put_item(TableName=COUNTED, Item=raw({"pk": "a", "n": number}))

    found = port.query("pk = :a AND n >= :n", {":a": "a", ":n": 0}, COUNTED)

    assert [plain(one)["n"] for one in found["Items"]] == [0, 9, 10, 100]


@cites(PAGING)
def test_pages_follow_each_other_without_gap_or_overlap(port: Port) -> None:
    seen, start = "", None
    while True:
        more: dict[str, Any] = {"ExclusiveStartKey": start} if start else {}
        page = port.query("pk = :a", ALL, Limit=3, **more)
        seen += _sks([plain(item) for item in page["Items"]])
        start = page.get("LastEvaluatedKey")
        if start is None:
            break
        assert plain(start) == {"pk": "a", "sk": seen[-1]}

    assert seen == "1234567"


@cites(PAGING)
def test_pages_may_be_read_backwards(port: Port) -> None:
    start = raw({"pk": "a", "sk": "4"})

    found = port.items("pk = :a", ALL, ScanIndexForward=False, ExclusiveStartKey=start)

    assert _sks(found) == "321"


@cites(PAGING)
def test_a_page_goes_on_after_an_item_that_is_gone(port: Port) -> None:
    port.client.delete_item(TableName=THINGS, Key=raw({"pk": "a", "sk": "4"}))

    found = port.items("pk = :a", ALL, ExclusiveStartKey=raw({"pk": "a", "sk": "4"}))

    assert _sks(found) == "567"


@cites(PAGING)
def test_a_page_goes_on_within_its_range(port: Port) -> None:
    start = raw({"pk": "a", "sk": "3"})

    found = port.items(
        "pk = :a AND sk BETWEEN :v AND :w",
        {**ALL, ":v": "2", ":w": "5"},
        ExclusiveStartKey=start,
    )

    assert _sks(found) == "45"


@cites(PAGING)
@wrong_in(moto="it looks whether there is more")
def test_a_page_that_ends_with_the_partition_does_not_know_it(port: Port) -> None:
    page = port.query("pk = :a", ALL, Limit=7)

    assert "LastEvaluatedKey" in page


@cites("developerguide/Query.FilterExpression.html")
def test_a_filter_hides_what_was_read_all_the_same(port: Port) -> None:
    page = port.query("pk = :a", {**ALL, ":t": True}, FilterExpression="even = :t", Limit=4)

    assert _sks([plain(item) for item in page["Items"]]) == "24"
    assert (page["Count"], page["ScannedCount"]) == (2, 4)
    assert plain(page["LastEvaluatedKey"])["sk"] == "4"


@cites("APIReference/API_Query.html#DDB-Query-request-Select")
def test_items_may_be_counted_only(port: Port) -> None:
    page = port.query("pk = :a", ALL, Select="COUNT")

    assert page["Count"] == 7
    assert "Items" not in page


@cites("APIReference/API_Query.html#DDB-Query-request-ProjectionExpression")
def test_a_query_may_read_some_attributes_only(port: Port) -> None:
    found = port.items("pk = :a AND sk = :v", {**ALL, ":v": "4"}, ProjectionExpression="n")

    assert found == [{"n": 4}]


@cites("APIReference/API_Query.html")
def test_a_partition_that_is_not_there_is_empty(port: Port) -> None:
    page = port.query("pk = :a", {":a": "nobody"})

    assert page["Items"] == []
    assert "LastEvaluatedKey" not in page


@cites("developerguide/Query.Pagination.html")
def test_a_page_holds_one_megabyte(port: Port) -> None:
    for number in range(5):
        port.put("large", str(number), text="x" * 300_000)

    page = port.query("pk = :a", {":a": "large"})

    assert page["Count"] in {3, 4}  # the megabyte ends within the fourth
    rest = port.query("pk = :a", {":a": "large"}, ExclusiveStartKey=page["LastEvaluatedKey"])
    assert page["Count"] + rest["Count"] == 5


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        ("sk = :v", {":v": "1"}),
        ("pk > :v", {":v": "1"}),
        pytest.param("pk = :v OR sk = :v", {":v": "1"}, marks=wrong_in(moto="it reads no further")),
        ("pk = :v AND n = :v", {":v": "1"}),
        pytest.param(
            "pk = :v AND sk <> :v", {":v": "1"}, marks=wrong_in(moto="it takes any comparison")
        ),
        ("pk = :v AND contains(sk, :v)", {":v": "1"}),
    ],
)
@cites(KEYS)
def test_what_is_no_range_of_keys_is_refused(
    port: Port, condition: str, values: dict[str, Any]
) -> None:
    with refused("ValidationException"):
        port.query(condition, values)


@cites("developerguide/Query.FilterExpression.html")
@wrong_in(moto="it filters by any attribute")
def test_a_filter_never_looks_at_keys(port: Port) -> None:
    with refused("ValidationException", "Primary key attribute: sk"):
        port.query("pk = :a", {**ALL, ":v": "1"}, FilterExpression="sk > :v")


@cites("APIReference/API_Query.html#DDB-Query-request-Limit")
def test_a_page_of_nothing_is_refused(port: Port) -> None:
    with pytest.raises((ClientError, ParamValidationError)):
        port.query("pk = :a", ALL, Limit=0)


@cites("APIReference/API_Scan.html")
def test_a_scan_reads_everything_once(port: Port) -> None:
    seen: list[str] = []
    start = None
    while True:
        more: dict[str, Any] = {"ExclusiveStartKey": start} if start else {}
        page = port.client.scan(TableName=THINGS, Limit=3, **more)
        seen += [item["pk"]["S"] + item["sk"]["S"] for item in page["Items"]]
        start = page.get("LastEvaluatedKey")
        if start is None:
            break

    assert sorted(seen) == ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "b9"]


@cites("APIReference/API_Scan.html#DDB-Scan-request-FilterExpression")
def test_a_scan_may_be_filtered(port: Port) -> None:
    page = port.client.scan(
        TableName=THINGS,
        FilterExpression="n > :n",
        ExpressionAttributeValues=raw({":n": 5}),
    )

    assert sorted(item["sk"]["S"] for item in page["Items"]) == ["6", "7"]
    assert page["ScannedCount"] == 8


@cites("developerguide/Scan.html#Scan.ParallelScan")
def test_the_segments_of_a_scan_are_the_whole(port: Port) -> None:
    found = [
        item["pk"]["S"] + item["sk"]["S"]
        for segment in range(3)
        for item in port.client.scan(TableName=THINGS, Segment=segment, TotalSegments=3)["Items"]
    ]

    assert len(found) == len(set(found)) == 8
