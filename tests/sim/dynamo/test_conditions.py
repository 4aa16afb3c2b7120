"""Conditions: what is true of which item."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sim.dynamo.port import Port, plain, refused

cites = pytest.mark.cites
wrong_in = pytest.mark.wrong_in

OPERATORS = "developerguide/Expressions.OperatorsAndFunctions.html"
ITEM: dict[str, Any] = {
    "n": 5, "s": "hello", "l": [1, "two"], "m": {"deep": 1}, "ss": {"a", "b"}, "ns": {1, 2},
    "t": True, "nothing": None, "b": b"abc",
}  # fmt: skip

TRUE: list[tuple[str, dict[str, Any]]] = [
    ("n = :v", {":v": 5}),
    ("n <> :v", {":v": 6}),
    ("n <> :v", {":v": "5"}),
    ("n < :v", {":v": 10}),
    ("n >= :v", {":v": 5}),
    ("s < :v", {":v": "hellp"}),
    ("n BETWEEN :a AND :z", {":a": 5, ":z": 7}),
    ("n IN (:a, :z)", {":a": 4, ":z": 5}),
    ("s BETWEEN :a AND :z", {":a": "h", ":z": "i"}),
    ("attribute_exists(m.deep)", {}),
    ("attribute_not_exists(m.deeper)", {}),
    ("attribute_not_exists(l[2])", {}),
    ("attribute_exists(nothing)", {}),
    ("attribute_type(nothing, :v)", {":v": "NULL"}),
    ("attribute_type(ss, :v)", {":v": "SS"}),
    ("begins_with(s, :v)", {":v": "hel"}),
    ("contains(s, :v)", {":v": "ell"}),
    ("contains(ss, :v)", {":v": "a"}),
    ("contains(ns, :v)", {":v": 2}),
    ("contains(l, :v)", {":v": "two"}),
    ("size(s) = :v", {":v": 5}),
    ("size(l) < :v", {":v": 3}),
    ("size(m) = :v", {":v": 1}),
    ("size(ss) = :v", {":v": 2}),
    ("size(b) = :v", {":v": 3}),
    ("l[1] = :v", {":v": "two"}),
    ("m = :v", {":v": {"deep": 1}}),
    ("ss = :v", {":v": {"b", "a"}}),
    ("NOT n = :v", {":v": 6}),
    ("n = :v OR n = :w AND s = :w", {":v": 5, ":w": 1}),
    ("NOT (n = :v AND s = :v)", {":v": 5}),
    ("absent <> :v", {":v": 1}),
    ("NOT absent = :v", {":v": 1}),
    ("t = :v and n = :n", {":v": True, ":n": 5}),
]
FALSE: list[tuple[str, dict[str, Any]]] = [
    ("n = :v", {":v": "5"}),
    ("absent = :v", {":v": 1}),
    ("absent < :v", {":v": 1}),
    ("absent BETWEEN :v AND :w", {":v": 1, ":w": 2}),
    ("absent IN (:v)", {":v": 1}),
    ("contains(l, :v)", {":v": "tw"}),
    ("contains(ss, :v)", {":v": 1}),
    ("begins_with(s, :v)", {":v": "ello"}),
    ("attribute_exists(l[2])", {}),
    ("attribute_exists(m.deep.deeper)", {}),
    ("(n = :v OR n = :w) AND s = :w", {":v": 5, ":w": 1}),
    ("attribute_type(n, :v)", {":v": "S"}),
]


@pytest.mark.parametrize(("condition", "values"), TRUE, ids=[one for one, _ in TRUE])
@cites(OPERATORS)
def test_a_condition_holds(port: Port, condition: str, values: dict[str, Any]) -> None:
    port.put("a", **ITEM)

    assert port.holds(condition, values)


@pytest.mark.parametrize(("condition", "values"), FALSE, ids=[one for one, _ in FALSE])
@cites(OPERATORS)
def test_a_condition_does_not_hold(port: Port, condition: str, values: dict[str, Any]) -> None:
    port.put("a", **ITEM)

    assert not port.holds(condition, values)


@cites("developerguide/Expressions.ConditionExpressions.html")
def test_an_item_that_is_not_there_has_no_attribute(port: Port) -> None:
    assert not port.holds("attribute_exists(pk)")
    assert port.holds("attribute_not_exists(pk)")


@cites("developerguide/Expressions.ConditionExpressions.html")
def test_a_failed_condition_changes_nothing(port: Port) -> None:
    port.put("a", n=1)

    assert not port.holds("n = :n", {":n": 2})
    assert port.get("a") == {"n": 1}


@cites(
    "APIReference/API_UpdateItem.html#DDB-UpdateItem-request-ReturnValuesOnConditionCheckFailure"
)
def test_a_failed_condition_shows_the_item_when_asked_to(port: Port) -> None:
    port.put("a", n=1)

    with pytest.raises(ClientError) as failed:
        port.update(
            "SET n = :n",
            {":n": 2},
            ConditionExpression="n = :n",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    shown: Any = failed.value.response
    assert plain(shown["Item"]) == {"pk": "a", "sk": "1", "n": 1}


@cites(
    "APIReference/API_UpdateItem.html#DDB-UpdateItem-request-ReturnValuesOnConditionCheckFailure"
)
def test_a_failed_condition_shows_nothing_when_not_asked_to(port: Port) -> None:
    port.put("a", n=1)

    with refused("ConditionalCheckFailedException", "The conditional request failed") as failed:
        port.update("SET n = :n", {":n": 2}, ConditionExpression="n = :n")

    assert "Item" not in failed.value.response


@cites("developerguide/Expressions.ExpressionAttributeNames.html")
def test_a_name_stands_for_any_attribute(port: Port) -> None:
    item: dict[str, Any] = {"with.dot": 1, "status": 2, "9": 3}
    port.put("a", **item)

    names = {"#d": "with.dot", "#s": "status", "#n": "9"}
    condition = "attribute_exists(#d) AND #s = :two AND #n > :two"
    assert port.holds(condition, {":two": 2}, ExpressionAttributeNames=names)


@cites("developerguide/ReservedWords.html")
def test_a_reserved_word_needs_a_name(port: Port) -> None:
    with refused("ValidationException", "reserved keyword"):
        port.update("SET n = :n", {":n": 1}, ConditionExpression="attribute_not_exists(status)")


@cites(OPERATORS)
@wrong_in(moto="it compares across types, and breaks")
def test_what_is_of_another_type_is_neither_less_nor_more(port: Port) -> None:
    port.put("a", **ITEM)

    assert not port.holds("n < :v", {":v": "9"})
    assert not port.holds("n > :v", {":v": "9"})


@cites(OPERATORS)
@wrong_in(moto="it breaks")
def test_what_is_not_there_has_no_size(port: Port) -> None:
    assert not port.holds("size(absent) < :v", {":v": 9})


@pytest.mark.parametrize(
    "condition",
    ["n =", "n = = :n", "(n = :n", "n = :n)", "n :n", "n = :n AND", "n BETWEEN :n"],
)
@wrong_in(moto="it breaks instead of refusing")
@cites(
    "developerguide/Expressions.OperatorsAndFunctions.html#Expressions.OperatorsAndFunctions.Syntax"
)
def test_a_condition_that_makes_no_sense_is_refused(port: Port, condition: str) -> None:
    with refused("ValidationException"):
        port.holds(condition, {":n": 1})


@cites(OPERATORS)
def test_a_function_that_there_is_not_is_refused(port: Port) -> None:
    with refused("ValidationException"):
        port.holds("unknown(n)")


@cites(
    "developerguide/Expressions.OperatorsAndFunctions.html#Expressions.OperatorsAndFunctions.Comparators"
)
def test_text_is_compared_by_its_bytes(port: Port) -> None:
    port.put("a", s="\uff5e")

    assert port.holds("s < :v", {":v": "\U0001f600"})
    assert port.holds("s > :v", {":v": "Z"})


@cites(
    "developerguide/Expressions.OperatorsAndFunctions.html#Expressions.OperatorsAndFunctions.Functions"
)
@wrong_in(moto="it counts characters")
def test_the_size_of_text_is_that_of_its_bytes(port: Port) -> None:
    port.put("a", s="é€")

    assert port.holds("size(s) = :v", {":v": 5})


@cites("APIReference/API_DeleteItem.html")
def test_a_delete_may_depend_on_a_condition(port: Port) -> None:
    with refused("ConditionalCheckFailedException"):
        port.client.delete_item(
            TableName="conformance-things",
            Key={"pk": {"S": "a"}, "sk": {"S": "1"}},
            ConditionExpression="attribute_exists(pk)",
        )
