"""Random stories on moto and on the table in memory end alike, answer by answer.

Stories keep to what the product does, and to what moto is not known to be wrong about.
"""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.dynamodb.models import dynamodb_backends

from chalicelib.core import clock
from tests import moto_truth
from tests.clocks import StandingClock
from tests.sim.dynamo import definitions
from tests.sim.dynamo.conftest import client_of, records_of_moto, serving
from tests.sim.dynamo.port import DEFINITIONS, THINGS, Port, code, plain, raw
from tests.sim.dynamo.service import Service
from tests.tables import ACCOUNT, REGION

type Step = tuple[str, dict[str, Any]]

KEYS = st.tuples(st.sampled_from("ab"), st.sampled_from("123"))
SMALL = st.integers(-2, 3)
VALUES = st.one_of(
    SMALL,
    st.sampled_from(["", "x", "yy"]),
    st.booleans(),
    st.lists(SMALL, max_size=2),
    st.dictionaries(st.sampled_from(["x", "y"]), SMALL, max_size=2),
    st.sets(st.sampled_from("pqr"), min_size=1, max_size=3),
)
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "n": SMALL,
        "other_one": VALUES,
        "tags": st.sets(st.sampled_from("pqr"), min_size=1),
        "queue": st.lists(SMALL, max_size=3),
        "board": st.sampled_from(["u", "v"]),
        "at": st.sampled_from(["5", "6", "7"]),
        "m": st.fixed_dictionaries({"x": SMALL}),
    },
)
CONDITIONS = st.sampled_from(
    [
        None,
        ("attribute_not_exists(pk)", {}),
        ("attribute_exists(pk)", {}),
        ("n = :c", {":c": 1}),
        ("attribute_exists(n) AND n >= :c", {":c": 1}),
        ("attribute_not_exists(n) OR n < :c", {":c": 2}),
        ("n IN (:c, :d)", {":c": 0, ":d": 1}),
        ("attribute_exists(n) AND n BETWEEN :c AND :d", {":c": 0, ":d": 2}),
        ("contains(tags, :c)", {":c": "p"}),
        ("NOT contains(tags, :c) AND attribute_exists(tags)", {":c": "q"}),
        ("attribute_exists(queue) AND size(queue) > :c", {":c": 1}),
        ("attribute_exists(m.x)", {}),
        ("m.x <> :c", {":c": 1}),
        ("begins_with(board, :c)", {":c": "u"}),
    ]
)
CHANGES = st.sampled_from(
    [
        ("SET n = :v", {":v": 1}),
        ("SET n = n + :v", {":v": 1}),
        ("SET n = if_not_exists(n, :v) + :v", {":v": 1}),
        ("ADD n :v", {":v": -1}),
        ("ADD tags :v", {":v": {"q", "r"}}),
        ("DELETE tags :v", {":v": {"p", "q"}}),
        ("SET queue = list_append(if_not_exists(queue, :e), :v)", {":v": [9], ":e": []}),
        ("REMOVE queue[0], n", {}),
        ("SET board = :v, #at = :w", {":v": "u", ":w": "6"}),
        ("REMOVE board", {}),
        ("SET m = :v REMOVE other_one", {":v": {"x": 7}}),
        ("SET m.x = :v", {":v": 2}),
        ("SET other_one = n", {}),
    ]
)


def _said(key: tuple[str, str], condition: Any) -> dict[str, Any]:  # noqa: ANN401 - one of CONDITIONS
    said: dict[str, Any] = {"TableName": THINGS, "Key": raw({"pk": key[0], "sk": key[1]})}
    if condition is not None:
        text, values = condition
        said |= {
            "ConditionExpression": text, "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }  # fmt: skip
        if values:
            said["ExpressionAttributeValues"] = raw(values)
    return said


def _put(key: tuple[str, str], attributes: Any, condition: Any) -> Step:  # noqa: ANN401 - drawn
    said = _said(key, condition)
    said["Item"] = {**said.pop("Key"), **raw(attributes)}
    return "Put", said


def _update(key: tuple[str, str], change: Any, condition: Any) -> Step:  # noqa: ANN401 - drawn
    said = _said(key, condition)
    expression, values = change
    said["UpdateExpression"] = expression
    if "#at" in expression:
        said["ExpressionAttributeNames"] = {"#at": "at"}
    if values:
        said["ExpressionAttributeValues"] = {
            **said.get("ExpressionAttributeValues", {}), **raw(values),
        }  # fmt: skip
    return "Update", said


PUTS = st.builds(_put, KEYS, ATTRIBUTES, CONDITIONS)
UPDATES = st.builds(_update, KEYS, CHANGES, CONDITIONS)
DELETES = st.builds(lambda key, condition: ("Delete", _said(key, condition)), KEYS, CONDITIONS)
WRITES = st.one_of(PUTS, UPDATES, DELETES)
TRANSACTIONS = st.builds(
    lambda steps, token: ("Transact", {"steps": steps, "token": token}),
    st.lists(WRITES, min_size=1, max_size=4),
    st.sampled_from([None, None, "t1", "t2"]),
)
QUERIES = st.builds(
    lambda condition, forward, limit: ("Query", {"said": condition, "f": forward, "n": limit}),
    st.sampled_from(
        [
            (None, "pk = :a", {":a": "a"}),
            (None, "pk = :a AND sk > :b", {":a": "a", ":b": "1"}),
            (None, "pk = :a AND sk BETWEEN :b AND :c", {":a": "b", ":b": "1", ":c": "2"}),
            ("by_board", "board = :a", {":a": "u"}),
            ("by_board", "board = :a AND #at <= :b", {":a": "v", ":b": "6"}),
        ]
    ),
    st.booleans(),
    st.sampled_from([1, 2, 50]),
)
WAITS = st.builds(lambda seconds: ("Wait", {"seconds": seconds}), st.sampled_from([1, 700]))
STORIES = st.lists(st.one_of(WRITES, WRITES, TRANSACTIONS, QUERIES, WAITS), min_size=1, max_size=25)


def _do(port: Port, step: Step) -> Any:  # noqa: ANN401 - an answer
    try:
        return _answer(port, *step)
    except ClientError as error:
        return _refusal(error)


def _answer(port: Port, verb: str, said: dict[str, Any]) -> Any:  # noqa: ANN401 - an answer
    if verb == "Transact":
        more = {"ClientRequestToken": said["token"]} if said["token"] else {}
        items = [{name: one} for name, one in said["steps"]]
        port.client.transact_write_items(TransactItems=items, **more)
        return "done"
    if verb == "Query":
        return _read_all(port, said)
    returns = "ALL_NEW" if verb == "Update" else "ALL_OLD"
    answer = getattr(port.client, f"{verb.lower()}_item")(**said, ReturnValues=returns)
    return plain(answer.get("Attributes", {}))


def _refusal(error: ClientError) -> Any:  # noqa: ANN401 - what was refused, comparable
    response: Any = error.response
    reasons = response.get("CancellationReasons", [])
    invalid = {"ValidationException", "ValidationError"}
    if invalid & {code(error), *(one["Code"] for one in reasons)}:
        return "invalid"  # moto refuses the request as such instead of naming the part
    shown = [(one["Code"], plain(one.get("Item", {}))) for one in reasons]
    return code(error), shown, plain(response.get("Item", {}))


def _read_all(port: Port, said: dict[str, Any]) -> list[Any]:
    """Page by page; the items of an index under one key are in no order."""
    index, condition, values = said["said"]
    more: dict[str, Any] = {"ScanIndexForward": said["f"], "Limit": said["n"]}
    more |= {"IndexName": index} if index else {}
    more |= {"ExpressionAttributeNames": {"#at": "at"}} if "#at" in condition else {}
    found: list[dict[str, Any]] = []
    while True:
        page = port.query(condition, values, **more)
        found += [plain(item) for item in page["Items"]]
        if "LastEvaluatedKey" not in page:
            break
        more["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    if index:
        ordered = [item["at"] for item in found]
        assert ordered == sorted(ordered, reverse=not said["f"])
        found.sort(key=lambda item: (item["at"], item["pk"], item["sk"]))
    return found


def _state(port: Port) -> list[Any]:
    rows = [plain(item) for item in port.client.scan(TableName=THINGS)["Items"]]
    return sorted(rows, key=lambda row: (row["pk"], row["sk"]))


def _changes(records: list[dict[str, Any]]) -> list[Any]:
    """What a stream tells.

    Moto tells too what changed nothing, and tells an update that makes its item in two steps.
    """
    told: list[Any] = []
    for record in records:
        said = record["dynamodb"]
        key, old, new = (plain(said.get(name, {})) for name in ("Keys", "OldImage", "NewImage"))
        if old == new:
            continue
        if told and told[-1] == (key, key):
            told.pop()
        told.append((key, new))
    return told


@pytest.fixture
def _tables(moto_instead: None) -> None:
    assert moto_instead is None
    for one in DEFINITIONS:
        client_of("moto").create_table(**one)


def _empty() -> None:
    moto_truth.forget_tokens()
    table = dynamodb_backends[ACCOUNT][REGION].tables[THINGS]
    table.items.clear()
    if table.stream_shard is not None:
        table.stream_shard.items.clear()


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=STORIES)
@pytest.mark.usefixtures("_tables")
def test_a_story_ends_alike_on_moto_and_in_memory(
    story: list[Step], clock_at: StandingClock
) -> None:
    _empty()
    service = Service(clock.wall_now)
    definitions.lay(service, DEFINITIONS, None)
    moto = Port("moto", client_of("moto"), records_of_moto)
    with serving(service):
        memory = Port("memory", client_of("memory"), service.records)
        for step in story:
            if step[0] == "Wait":
                clock_at.move(step[1]["seconds"])
                continue
            assert _do(memory, step) == _do(moto, step), step

        assert _state(memory) == _state(moto)
        assert _changes(memory.records(THINGS)) == _changes(moto.records(THINGS))
