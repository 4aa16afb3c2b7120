"""Reading and changing an item along document paths. Nothing is changed in place."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.sim.dynamo.errors import InvalidError
from tests.sim.dynamo.syntax import Path
from tests.sim.dynamo.values import Item, Value

type Tree = dict[str | int, "Tree | None"]


def find(item: Mapping[str, Value], path: Path) -> Value | None:
    """The value at a path, or None."""
    found: Value | None = item.get(path[0])  # type: ignore[arg-type] # a path begins with a name
    for part in path[1:]:
        if found is None:
            return None
        found = _step(found, part)
    return found


def _step(value: Value, part: str | int) -> Value | None:
    if isinstance(part, str):
        inside: Value | None = value.get("M", {}).get(part)
        return inside
    listed: list[Value] = value.get("L", [])
    return listed[part] if part < len(listed) else None


def put(item: Item, path: Path, value: Value) -> None:
    """Put a value at a path of an item that is ours to change. Raises InvalidError."""
    first = str(path[0])
    item[first] = value if len(path) == 1 else _put(item.get(first), path[1:], value)


def _put(holder: Value | None, path: Path, value: Value) -> Value:
    part, rest = path[0], path[1:]
    kind = "M" if isinstance(part, str) else "L"
    if holder is None or kind not in holder:
        raise _astray()
    if isinstance(part, str):
        inside: Item = dict(holder["M"])
        inside[part] = _put(inside.get(part), rest, value) if rest else value
        return {"M": inside}
    listed: list[Value] = list(holder["L"])
    if part < len(listed):
        listed[part] = _put(listed[part], rest, value) if rest else value
    elif rest:
        raise _astray()
    else:
        listed.append(value)
    return {"L": listed}


def drop(item: Item, path: Path) -> None:
    """Remove what is at a path of an item that is ours to change. Raises InvalidError."""
    first = str(path[0])
    if len(path) == 1:
        item.pop(first, None)
    else:
        item[first] = _drop(item.get(first), path[1:])


def _drop(holder: Value | None, path: Path) -> Value:
    part, rest = path[0], path[1:]
    kind = "M" if isinstance(part, str) else "L"
    if holder is None or kind not in holder:
        raise _astray()
    if isinstance(part, str):
        inside: Item = dict(holder["M"])
        if rest:
            inside[part] = _drop(inside.get(part), rest)
        else:
            inside.pop(part, None)
        return {"M": inside}
    listed: list[Value] = list(holder["L"])
    if rest:
        if part >= len(listed):
            raise _astray()
        listed[part] = _drop(listed[part], rest)
    else:
        del listed[part : part + 1]
    return {"L": listed}


def _astray() -> InvalidError:
    return InvalidError("The document path provided in the update expression is invalid for update")


def only(item: Mapping[str, Value], paths: Iterable[Path]) -> Item:
    """What of an item lies at some paths, in its own shape."""
    tree: Tree = {}
    for path in paths:
        branch = tree
        for part in path[:-1]:
            branch = branch.setdefault(part, {})  # type: ignore[assignment] # no path ends in another
        branch[path[-1]] = None
    made: Item = {}
    for name, below in tree.items():
        value = item.get(str(name))
        kept = _only(value, below) if value is not None else None
        if kept is not None:
            made[str(name)] = kept
    return made


def _only(value: Value, tree: Tree | None) -> Value | None:
    if tree is None:
        return value
    if "M" in value:
        inside = only(value["M"], _paths({k: v for k, v in tree.items() if isinstance(k, str)}))
        return {"M": inside} if inside else None
    numbers = sorted(part for part in tree if isinstance(part, int))
    listed: list[Any] = [
        _only(value["L"][number], tree[number])
        for number in numbers
        if "L" in value and number < len(value["L"])
    ]
    kept = [one for one in listed if one is not None]
    return {"L": kept} if kept else None


def _paths(tree: Tree) -> Iterable[Path]:
    for part, below in tree.items():
        if below is None:
            yield (part,)
        else:
            for rest in _paths(below):
                yield (part, *rest)
