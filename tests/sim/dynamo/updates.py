"""Update expressions: read once, then applied to any item.

Every operand is taken from the item as it was before the update.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.sim.dynamo import paths
from tests.sim.dynamo.conditions import At
from tests.sim.dynamo.errors import InvalidError
from tests.sim.dynamo.judging import Held
from tests.sim.dynamo.syntax import Path, Reader, written
from tests.sim.dynamo.values import Item, Value, added, as_set

type Make = Callable[[Held, Held], Value]
type Change = tuple[Path, str]

CLAUSES = frozenset({"SET", "REMOVE", "ADD", "DELETE"})
ADDED_TO = frozenset({"N", "SS", "NS", "BS"})
TAKEN_FROM = frozenset({"SS", "NS", "BS"})


@dataclass(slots=True)
class Update:
    """What an update expression does."""

    sets: list[tuple[Path, Make]] = field(default_factory=list)
    removes: list[Path] = field(default_factory=list)
    adds: list[Change] = field(default_factory=list)
    deletes: list[Change] = field(default_factory=list)

    def touched(self) -> list[Path]:
        changed = [path for path, _ in (*self.sets, *self.adds, *self.deletes)]
        return [*changed, *self.removes]

    def check(self, values: Mapping[str, Value]) -> None:
        """What ADD and DELETE are given must be of a type that they take. Raises InvalidError."""
        for name, changes, allowed in (
            ("ADD", self.adds, ADDED_TO),
            ("DELETE", self.deletes, TAKEN_FROM),
        ):
            for _, value in changes:
                if not values[value].keys() <= allowed:
                    raise InvalidError(
                        "Invalid UpdateExpression: Incorrect operand type for operator or function;"
                        f" operator: {name}, operand type: {_type_name(values[value])}"
                    )

    def apply(self, old: Held, values: Held) -> Item:
        """The item after the update. Raises InvalidError."""
        new: Item = dict(old)
        for path, value in [(path, make(old, values)) for path, make in self.sets]:
            paths.put(new, path, value)
        for path, name in self.adds:
            before = paths.find(old, path)
            made = values[name] if before is None else _sum(before, values[name])
            paths.put(new, path, made)
        for path, name in self.deletes:
            _take_out(new, path, paths.find(old, path), values[name])
        for path in self.removes:
            paths.drop(new, path)
        return new


def _type_name(value: Value) -> str:
    kind = next(iter(value))
    return {"S": "STRING", "L": "LIST", "M": "MAP", "N": "NUMBER"}.get(kind, kind)


def read(reader: Reader) -> Update:
    """Raises InvalidError."""
    update = Update()
    seen: set[str] = set()
    while reader.peek():
        clause = reader.take().upper()
        if clause not in CLAUSES:
            reader.at -= 1
            raise reader.unexpected()
        if clause in seen:
            raise reader.wrong(
                f'The "{clause}" section can only be used once in an update expression;'
            )
        seen.add(clause)
        _action(reader, clause, update)
        while reader.accept(","):
            _action(reader, clause, update)
    without_overlap(reader, update.touched())
    update.sets.sort(key=lambda one: [str(part).zfill(9) for part in one[0]])
    update.removes.sort(key=lambda path: [str(part).zfill(9) for part in path], reverse=True)
    return update


def _action(reader: Reader, clause: str, update: Update) -> None:
    path = reader.path()
    if clause == "REMOVE":
        update.removes.append(path)
    elif clause == "ADD":
        update.adds.append((path, reader.value()))
    elif clause == "DELETE":
        update.deletes.append((path, reader.value()))
    else:
        reader.expect("=")
        update.sets.append((path, _sum_of(reader)))


def _sum_of(reader: Reader) -> Make:
    left = _operand(reader)
    for word, sign in (("+", 1), ("-", -1)):
        if reader.accept(word):
            right = _operand(reader)
            return lambda item, values: _arithmetic(left(item, values), right(item, values), sign)
    return left


def _operand(reader: Reader) -> Make:
    if reader.peek().startswith(":"):
        name = reader.value()
        return lambda _, values: values[name]
    if reader.peek(1) == "(":
        return _function(reader)
    path = reader.path()
    return lambda item, _: _demanded(item, path)


def _function(reader: Reader) -> Make:
    name = reader.take()
    reader.expect("(")
    at = At(reader.path()) if name == "if_not_exists" else None
    first = None if at else _operand(reader)
    reader.expect(",")
    second = _operand(reader)
    reader.expect(")")
    if at:
        return lambda item, values: paths.find(item, at.path) or second(item, values)
    if name != "list_append" or first is None:
        raise reader.wrong(f"Invalid function name; function: {name}")
    return lambda item, values: _joined(first(item, values), second(item, values))


def _demanded(item: Held, path: Path) -> Value:
    found = paths.find(item, path)
    if found is None:
        raise InvalidError(
            "The provided expression refers to an attribute that does not exist in the item"
        )
    return found


def _wrong_type() -> InvalidError:
    return InvalidError("An operand in the update expression has an incorrect data type")


def _arithmetic(left: Value, right: Value, sign: int) -> Value:
    if "N" not in left or "N" not in right:
        raise _wrong_type()
    return {"N": added(left["N"], right["N"], sign=sign)}


def _joined(left: Value, right: Value) -> Value:
    if "L" not in left or "L" not in right:
        raise _wrong_type()
    return {"L": [*left["L"], *right["L"]]}


def _sum(before: Value, more: Value) -> Value:
    ((kind, inner),) = before.items()
    if kind not in more or kind not in ADDED_TO:
        raise _wrong_type()
    if kind == "N":
        return {"N": added(inner, more["N"])}
    return as_set(kind, [*inner, *more[kind]])


def _take_out(item: Item, path: Path, before: Value | None, less: Value) -> None:
    if before is None:
        return
    ((kind, inner),) = before.items()
    if kind not in less:
        raise _wrong_type()
    left = [one for one in inner if one not in less[kind]]
    if left:
        paths.put(item, path, {kind: left})
    else:
        paths.drop(item, path)


def without_overlap(reader: Reader, touched: list[Path]) -> None:
    for number, one in enumerate(touched):
        for other in touched[number + 1 :]:
            shorter = min(len(one), len(other))
            if one[:shorter] == other[:shorter]:
                raise reader.wrong(
                    "Two document paths overlap with each other; must remove or rewrite one of"
                    f" these paths; path one: [{written(one)}], path two: [{written(other)}]"
                )
