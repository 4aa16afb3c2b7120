"""Which stream records reach a function: FilterCriteria as Lambda evaluates them.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

type Json = Any
"""What ``json.loads`` may return."""
type Pattern = Mapping[str, Json]

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "=": lambda value, bound: value == bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
}
_ABSENT = object()


class PatternRefused(ValueError):  # noqa: N818 - it names what happened, as NotInvoked does
    """The pattern says something that Lambda's filter syntax does not know."""


def parse(filters: Iterable[Mapping[str, str]]) -> tuple[Pattern, ...]:
    """The patterns of ``FilterCriteria.Filters``, checked.

    Raises PatternRefused where AWS would refuse the mapping, so that a misspelt filter is not
    found out by records that never arrive.
    """
    patterns = []
    for one in filters:
        try:
            pattern = json.loads(one["Pattern"])
        except ValueError as error:
            raise PatternRefused(f"the filter pattern is not JSON: {one['Pattern']}") from error
        _check(pattern)
        patterns.append(pattern)
    return tuple(patterns)


def passes(patterns: tuple[Pattern, ...], record: Mapping[str, Any]) -> bool:
    """Whether the record reaches the function: no pattern at all, or one that matches."""
    return not patterns or any(matches(pattern, record) for pattern in patterns)


def matches(pattern: Pattern, event: Mapping[str, Any]) -> bool:
    """Every field of the pattern must hold; the rules of one field are alternatives."""
    return all(_field(key, rule, event) for key, rule in pattern.items())


def _field(key: str, rule: Json, event: Mapping[str, Any]) -> bool:
    if key == "$or":
        return any(matches(alternative, event) for alternative in rule)
    value = event.get(key, _ABSENT)
    if isinstance(rule, dict):
        return matches(rule, value if isinstance(value, dict) else {})
    # A set or a list in the record matches when one of its members does.
    candidates = value if isinstance(value, list) and value else [value]
    return any(_holds(one, candidate) for one in rule for candidate in candidates)


def _holds(rule: Json, value: Json) -> bool:
    if not isinstance(rule, dict):
        return _same(rule, value)
    [(operator, operand)] = rule.items()
    return _OPERATORS[operator](operand, value)


def _same(wanted: Json, value: Json) -> bool:
    # JSON keeps true and 1 apart, Python does not.
    return isinstance(wanted, bool) == isinstance(value, bool) and bool(wanted == value)


def _exists(wanted: Json, value: Json) -> bool:
    # Only leaves exist for a filter: an inner node counts as absent.
    return (value is not _ABSENT and not isinstance(value, dict)) is wanted


def _anything_but(banned: Json, value: Json) -> bool:
    if value is _ABSENT:
        return False
    rules = banned if isinstance(banned, list) else [banned]
    return not any(_holds(rule, value) for rule in rules)


def _numeric(bounds: Json, value: Json) -> bool:
    # DynamoDB writes numbers as strings ({"N": "7"}), and those are no numbers to a filter.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return all(_COMPARE[operator](value, bound) for operator, bound in pairs)


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "prefix": lambda prefix, value: isinstance(value, str) and value.startswith(prefix),
    "suffix": lambda suffix, value: isinstance(value, str) and value.endswith(suffix),
    "equals-ignore-case": lambda wanted, value: (
        isinstance(value, str) and value.casefold() == wanted.casefold()
    ),
    "exists": _exists,
    "anything-but": _anything_but,
    "numeric": _numeric,
}


def _check(pattern: Json) -> None:
    if not isinstance(pattern, dict) or not pattern:
        raise PatternRefused(f"a pattern is an object with at least one field: {pattern!r}")
    for key, rule in pattern.items():
        if key == "$or":
            for alternative in rule:
                _check(alternative)
        elif isinstance(rule, dict):
            _check(rule)
        elif not isinstance(rule, list) or not rule:
            raise PatternRefused(f"the rules of {key!r} stand in a list: {rule!r}")
        else:
            for one in rule:
                _check_rule(one)


def _check_rule(rule: Json) -> None:
    if not isinstance(rule, dict):
        return
    if len(rule) != 1 or next(iter(rule)) not in _OPERATORS:
        raise PatternRefused(f"unknown filter rule: {rule!r}")
    [(operator, operand)] = rule.items()
    if operator == "numeric":
        well_formed = isinstance(operand, list) and operand and len(operand) % 2 == 0
        if not well_formed or any(sign not in _COMPARE for sign in operand[::2]):
            raise PatternRefused(f"unknown numeric rule: {operand!r}")
    if operator == "anything-but":
        for one in operand if isinstance(operand, list) else [operand]:
            _check_rule(one)
