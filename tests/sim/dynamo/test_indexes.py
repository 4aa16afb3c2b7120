"""Global secondary indexes: sparse, projected, and never consistent."""

from typing import Any

import pytest

from tests.sim.dynamo.port import THINGS, Port, plain, raw, refused

cites = pytest.mark.cites
wrong_in = pytest.mark.wrong_in

GSI = "developerguide/GSI.html"
ON_BOARD = {":b": "x"}


def _board(port: Port, **more: object) -> list[str]:
    found = port.items("board = :b", ON_BOARD, IndexName="by_board", **more)
    return [str(one["pk"]) for one in found]


def _sees(port: Port, *wanted: str) -> None:
    port.wait_until(lambda: _board(port) == list(wanted))


@cites(GSI)
def test_an_index_reads_in_the_order_of_its_own_keys(port: Port) -> None:
    for pk, at in (("a", "3"), ("b", "1"), ("c", "2")):
        port.put(pk, board="x", at=at)

    _sees(port, "b", "c", "a")
    assert _board(port, ScanIndexForward=False) == ["a", "c", "b"]


@cites("developerguide/bp-indexes-general-sparse-indexes.html")
def test_an_item_without_the_keys_is_not_in_the_index(port: Port) -> None:
    port.put("a", board="x")
    port.put("b", at="1")
    port.put("c", board="x", at="1")

    _sees(port, "c")


@cites("developerguide/bp-indexes-general-sparse-indexes.html")
def test_an_item_leaves_the_index_with_its_key(port: Port) -> None:
    port.put("a", board="x", at="1")
    _sees(port, "a")

    port.update("REMOVE board")

    _sees(port)


@cites(GSI)
def test_an_item_moves_with_its_key(port: Port) -> None:
    port.put("a", board="x", at="1")
    port.put("b", board="x", at="2")
    port.update("SET #a = :v", {":v": "3"}, ExpressionAttributeNames={"#a": "at"})
    _sees(port, "b", "a")

    port.update("SET board = :v", {":v": "y"})

    _sees(port, "b")


@cites(GSI)
def test_a_deleted_item_leaves_the_index(port: Port) -> None:
    port.put("a", board="x", at="1")
    port.client.delete_item(TableName=THINGS, Key=raw({"pk": "a", "sk": "1"}))

    _sees(port)


@cites(GSI)
def test_an_index_may_hold_several_items_under_one_key(port: Port) -> None:
    for sk in "123":
        port.put("a", sk, board="x", at="1")

    _sees(port, "a", "a", "a")


@cites("developerguide/GSI.html#GSI.Projections")
def test_an_index_of_keys_only_shows_keys_only(port: Port) -> None:
    port.put("a", shard="s", due=5, kind="k", more=1)
    values, names = {":s": "s", ":d": 9}, {"#s": "shard"}

    def seen() -> list[dict[str, object]]:
        return port.items(
            "#s = :s AND due < :d", values, IndexName="due", ExpressionAttributeNames=names
        )

    port.wait_until(lambda: len(seen()) == 1)
    assert seen() == [{"pk": "a", "sk": "1", "shard": "s", "due": 5}]


@cites("developerguide/GSI.html#GSI.Projections")
def test_an_index_may_include_some_attributes(port: Port) -> None:
    port.put("a", board="x", due=5, kind="k", more=1)

    def seen() -> list[dict[str, object]]:
        return port.items("board = :b", ON_BOARD, IndexName="said")

    port.wait_until(lambda: len(seen()) == 1)
    assert seen() == [{"pk": "a", "sk": "1", "board": "x", "due": 5, "kind": "k"}]


@cites("APIReference/API_Query.html#DDB-Query-request-ConsistentRead")
def test_an_index_is_never_read_consistently(port: Port) -> None:
    with refused("ValidationException", "global secondary indexes"):
        port.query("board = :b", ON_BOARD, IndexName="by_board", ConsistentRead=True)


@cites("APIReference/API_Query.html#DDB-Query-request-IndexName")
@wrong_in(moto="it has another code for it")
def test_an_index_that_is_not_there_is_refused(port: Port) -> None:
    with refused("ValidationException"):
        port.query("board = :b", ON_BOARD, IndexName="nowhere")


@cites("developerguide/GSI.html#GSI.Querying")
def test_an_index_is_paged_by_its_keys_and_the_tables(port: Port) -> None:
    for pk, at in (("a", "1"), ("b", "1"), ("c", "2")):
        port.put(pk, board="x", at=at)
    port.wait_until(lambda: len(_board(port)) == 3)

    page = port.query("board = :b", ON_BOARD, IndexName="by_board", Limit=2)
    last = page["LastEvaluatedKey"]

    assert set(last) == {"pk", "sk", "board", "at"}
    assert _board(port, ExclusiveStartKey=last) == ["c"]


@cites("developerguide/GSI.html#GSI.Querying")
def test_pages_end_between_items_of_one_key(port: Port) -> None:
    for sk in "1234":
        port.put("a", sk, board="x", at="1")
    port.wait_until(lambda: len(_board(port)) == 4)
    seen: list[str] = []
    start = None
    while True:
        more: dict[str, Any] = {"ExclusiveStartKey": start} if start else {}
        page = port.query("board = :b", ON_BOARD, IndexName="by_board", Limit=1, **more)
        seen += [str(plain(one)["sk"]) for one in page["Items"]]
        start = page.get("LastEvaluatedKey")
        if start is None:
            break

    assert sorted(seen) == list("1234")


@cites("developerguide/GSI.html#GSI.ItemUpdates")
@wrong_in(moto="it looks only when an item is updated")
def test_a_key_of_an_index_has_its_type(port: Port) -> None:
    with refused("ValidationException", "Type mismatch"):
        port.put("a", board=1, at="1")


@cites("developerguide/GSI.html#GSI.ItemUpdates")
def test_an_update_cannot_give_an_indexs_key_another_type(port: Port) -> None:
    port.put("a", board="x", at="1")

    with refused("ValidationException"):
        port.update("SET board = :v", {":v": 1})


@cites("developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.String")
def test_a_key_of_an_index_is_not_empty(port: Port) -> None:
    with refused("ValidationException"):
        port.put("a", board="", at="1")


@cites("developerguide/GSI.html#GSI.Scanning")
def test_an_index_may_be_scanned(port: Port) -> None:
    port.put("a", board="x", at="1")
    port.put("b")

    port.wait_until(lambda: port.client.scan(TableName=THINGS, IndexName="by_board")["Count"] == 1)


@cites("developerguide/GSI.html#GSI.Projections")
def test_attributes_that_are_not_in_the_index_are_not_there_to_select(port: Port) -> None:
    with refused("ValidationException"):
        port.query("board = :b", ON_BOARD, IndexName="said", Select="ALL_ATTRIBUTES")
