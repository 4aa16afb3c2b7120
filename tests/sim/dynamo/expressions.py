"""A request's expressions with their placeholders. Each distinct text is read only once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.sim.dynamo import conditions, judging, updates
from tests.sim.dynamo.conditions import Tree
from tests.sim.dynamo.errors import InvalidError
from tests.sim.dynamo.judging import Judge
from tests.sim.dynamo.syntax import Path, Reader
from tests.sim.dynamo.updates import Update
from tests.sim.dynamo.values import Item, normal

type Names = tuple[tuple[str, str], ...]

EXPRESSIONS = (
    "ConditionExpression", "UpdateExpression", "KeyConditionExpression", "FilterExpression",
    "ProjectionExpression",
)  # fmt: skip
LEGACY = frozenset(
    {
        "AttributeUpdates", "AttributesToGet", "ConditionalOperator", "Expected", "KeyConditions",
        "QueryFilter", "ScanFilter",
    }
)  # fmt: skip
LARGEST = 4096


@dataclass(frozen=True, slots=True)
class Read[T]:
    """An expression that was read, and the placeholders that it uses."""

    made: T
    names: frozenset[str]
    values: frozenset[str]


def _reader(kind: str, text: str, names: Names) -> Reader:
    if len(text) > LARGEST:
        raise InvalidError(
            f"Invalid {kind}: Expression size has exceeded the maximum allowed size;"
            f" expression size: {len(text)}"
        )
    return Reader(kind, text, dict(names))


def _done[T](made: T, reader: Reader) -> Read[T]:
    return Read(made, frozenset(reader.used_names), frozenset(reader.used_values))


@lru_cache(maxsize=8192)
def _tree(kind: str, text: str, names: Names) -> Read[Tree]:
    reader = _reader(kind, text, names)
    return _done(conditions.read(reader), reader)


@lru_cache(maxsize=8192)
def _judge(kind: str, text: str, names: Names) -> Read[Judge]:
    read = _tree(kind, text, names)
    return Read(judging.compiled(read.made), read.names, read.values)


@lru_cache(maxsize=8192)
def _update(text: str, names: Names) -> Read[Update]:
    reader = _reader("UpdateExpression", text, names)
    return _done(updates.read(reader), reader)


@lru_cache(maxsize=8192)
def _projection(text: str, names: Names) -> Read[tuple[Path, ...]]:
    reader = _reader("ProjectionExpression", text, names)
    found = [reader.path()]
    while reader.accept(","):
        found.append(reader.path())
    reader.end()
    updates.without_overlap(reader, found)
    return _done(tuple(found), reader)


class Expressions:
    """What one request says. `finish` when all of its expressions were asked for."""

    __slots__ = ("_body", "_names", "_used", "names", "values")

    def __init__(self, body: Mapping[str, Any]) -> None:
        for name in LEGACY & body.keys():
            raise NotImplementedError(f"{name}: legacy parameters are not simulated")
        self._body = body
        self.names: Mapping[str, str] = body.get("ExpressionAttributeNames") or {}
        self.values: Item = {
            name: normal(value)[0]
            for name, value in (body.get("ExpressionAttributeValues") or {}).items()
        }
        self._names = tuple(self.names.items())
        self._used: set[str] = set()

    def condition(self, kind: str = "ConditionExpression") -> Judge | None:
        text = self._body.get(kind)
        return None if text is None else self._take(_judge(kind, text, self._names), kind)

    def key_condition(self) -> Tree | None:
        kind = "KeyConditionExpression"
        text = self._body.get(kind)
        return None if text is None else self._take(_tree(kind, text, self._names), kind)

    def filter_paths(self) -> set[str]:
        """The attributes that the filter looks at."""
        kind = "FilterExpression"
        read = _tree(kind, self._body[kind], self._names)
        return set(conditions.attributes(read.made))

    def update(self) -> Update | None:
        text = self._body.get("UpdateExpression")
        if text is None:
            return None
        made = self._take(_update(text, self._names), "UpdateExpression")
        made.check(self.values)
        return made

    def projection(self) -> tuple[Path, ...] | None:
        text = self._body.get("ProjectionExpression")
        if text is None:
            return None
        return self._take(_projection(text, self._names), "ProjectionExpression")

    def _take[T](self, read: Read[T], kind: str) -> T:
        if not read.values <= self.values.keys():
            missing = min(read.values - self.values.keys())
            raise InvalidError(
                f"Invalid {kind}: An expression attribute value used in expression is not defined;"
                f" attribute value: {missing}"
            )
        self._used |= read.names
        self._used |= read.values
        return read.made

    def finish(self) -> None:
        """Raises InvalidError for placeholders that no expression uses."""
        for kind, given in (("Names", self.names), ("Values", self.values)):
            said = f"ExpressionAttribute{kind}"
            if not given:
                if said in self._body:
                    raise InvalidError(f"{said} must not be empty")
                continue
            unused = given.keys() - self._used
            if unused and not any(name in self._body for name in EXPRESSIONS):
                raise InvalidError(f"{said} can only be specified when using expressions")
            if unused:
                raise InvalidError(
                    f"Value provided in {said} unused in expressions:"
                    f" keys: {{{', '.join(sorted(unused))}}}"
                )
