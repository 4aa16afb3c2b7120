"""Compiles a condition's tree into a function of an item and the request's values.

A value that is not there compares as nothing: only `<>` and NOT are true of it.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from tests.sim.dynamo import paths
from tests.sim.dynamo.conditions import (
    Ask,
    At,
    Between,
    Both,
    Compare,
    Either,
    Given,
    Not,
    OneOf,
    Operand,
    Size,
    Tree,
)
from tests.sim.dynamo.errors import InvalidError
from tests.sim.dynamo.values import Value, order, raw_bytes

type Held = Mapping[str, Value]
type Judge = Callable[[Held, Held], bool]
type Fetch = Callable[[Held, Held], Value | None]

ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
ORDERED = frozenset({"S", "N", "B"})
KINDS = frozenset({"S", "N", "B", "SS", "NS", "BS", "BOOL", "NULL", "L", "M"})


def compiled(tree: Tree) -> Judge:
    match tree:
        case Both(left, right):
            first, second = compiled(left), compiled(right)
            return lambda item, values: first(item, values) and second(item, values)
        case Either(left, right):
            first, second = compiled(left), compiled(right)
            return lambda item, values: first(item, values) or second(item, values)
        case Not(inner):
            judge = compiled(inner)
            return lambda item, values: not judge(item, values)
        case Ask():
            return _function(tree)
    return _comparison(tree)


def _comparison(tree: Compare | Between | OneOf) -> Judge:
    match tree:
        case Compare("=", left, right):
            first, second = fetching(left), fetching(right)
            return lambda item, values: _equal(first(item, values), second(item, values))
        case Compare("<>", left, right):
            first, second = fetching(left), fetching(right)
            return lambda item, values: not _equal(first(item, values), second(item, values))
        case Compare(sign, left, right):
            first, second, holds = fetching(left), fetching(right), ORDERINGS[sign]
            return lambda item, values: _ordered(holds, first(item, values), second(item, values))
        case Between(what, low, high):
            first, least, most = fetching(what), fetching(low), fetching(high)
            return lambda item, values: _between(
                first(item, values), least(item, values), most(item, values)
            )
        case OneOf(what, options):
            first, choices = fetching(what), [fetching(one) for one in options]
            return lambda item, values: any(
                _equal(first(item, values), choice(item, values)) for choice in choices
            )


def _function(tree: Ask) -> Judge:
    first = fetching(tree.arguments[0])
    if tree.function == "attribute_exists":
        return lambda item, values: first(item, values) is not None
    if tree.function == "attribute_not_exists":
        return lambda item, values: first(item, values) is None
    second = fetching(tree.arguments[1])
    holds = {"attribute_type": _has_type, "begins_with": _begins, "contains": _contains}
    judge = holds[tree.function]
    return lambda item, values: judge(first(item, values), second(item, values))


def fetching(operand: Operand) -> Fetch:
    match operand:
        case At((str(name),)):
            return lambda item, _: item.get(name)
        case At(path):
            return lambda item, _: paths.find(item, path)
        case Given(name):
            return lambda _, values: values[name]
        case Size(of):
            inner = fetching(of)
            return lambda item, values: _size(inner(item, values))


def _equal(left: Value | None, right: Value | None) -> bool:
    return left is not None and left == right


def _ordered(holds: Callable[[Any, Any], bool], left: Value | None, right: Value | None) -> bool:
    if left is None or right is None or left.keys() != right.keys():
        return False
    return left.keys() <= ORDERED and holds(order(left), order(right))


def _between(what: Value | None, low: Value | None, high: Value | None) -> bool:
    return _ordered(operator.ge, what, low) and _ordered(operator.le, what, high)


def _size(value: Value | None) -> Value | None:
    if value is None:
        return None
    ((kind, inner),) = value.items()
    if kind == "S":
        return {"N": str(len(inner.encode()))}
    if kind == "B":
        return {"N": str(len(raw_bytes(inner)))}
    if kind in {"SS", "NS", "BS", "L", "M"}:
        return {"N": str(len(inner))}
    return None


def _has_type(value: Value | None, wanted: Value | None) -> bool:
    kind = (wanted or {}).get("S")
    if kind not in KINDS:
        raise InvalidError(
            "Invalid ConditionExpression: Invalid attribute type name found; type:"
            f" {kind}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
        )
    return value is not None and kind in value


def _begins(value: Value | None, start: Value | None) -> bool:
    if start is None or value is None:
        return False
    if not start.keys() <= {"S", "B"}:
        raise InvalidError(
            "Invalid ConditionExpression: Incorrect operand type for operator or function;"
            f" operator or function: begins_with, operand type: {next(iter(start))}"
        )
    same = value.keys() == start.keys()
    return same and bool(order(value).startswith(order(start)))


def _contains(value: Value | None, part: Value | None) -> bool:
    if value is None or part is None:
        return False
    ((kind, inner),) = value.items()
    ((part_kind, part_inner),) = part.items()
    if kind == "L":
        return part in inner
    if kind in {"SS", "NS", "BS"}:
        return part_kind == kind[0] and part_inner in inner
    if kind != part_kind or kind not in {"S", "B"}:
        return False
    return bool(order(part) in order(value))
