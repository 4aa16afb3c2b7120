"""Key conditions: one hash key, and from which range key to which.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.sim.dynamo.conditions import Ask, At, Between, Both, Compare, Given, Tree
from tests.sim.dynamo.errors import InvalidError
from tests.sim.dynamo.storage import Index, Partition, Table
from tests.sim.dynamo.values import Value, order


@dataclass(slots=True)
class KeyRange:
    """A hash key, and the range keys from where to where."""

    names: tuple[str, ...]
    hash_value: Any
    sign: str = ""
    bounds: tuple[Any, ...] = ()

    @staticmethod
    def of(tree: Tree | None, keyed: Table | Index, values: Mapping[str, Value]) -> "KeyRange":
        names = tuple(name for name in (keyed.hash_key, keyed.range_key) if name is not None)
        conditions = {name: (sign, given) for name, sign, given in _conditions(tree)}
        if keyed.hash_key not in conditions:
            raise InvalidError(f"Query condition missed key schema element: {keyed.hash_key}")
        sign, given = conditions.pop(keyed.hash_key)
        if sign != "=" or conditions.keys() - set(names):
            raise InvalidError("Query key condition not supported")
        found = KeyRange(names, order(values[given[0]]))
        for range_sign, range_given in conditions.values():
            found.sign = range_sign
            found.bounds = tuple(order(values[one]) for one in range_given)
            if range_sign == "BETWEEN" and found.bounds[0] > found.bounds[1]:
                raise InvalidError(
                    "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to"
                    " be greater than or equal to lower bound"
                )
        return found

    def within(self, partition: Partition) -> tuple[int, int]:
        """From which to before which of the partition's places."""
        places, key = partition.order, partition.range_of
        if not self.sign:
            return 0, len(places)
        low, high = self.bounds[0], self.bounds[-1]
        if self.sign == "begins_with":
            length = len(low)

            def start(place: Any) -> Any:  # noqa: ANN401 - as keys are
                return (key(place) if key else place)[:length]

            return bisect_left(places, low, key=start), bisect_right(places, low, key=start)
        first = (
            bisect_right(places, low, key=key)
            if self.sign == ">"
            else (bisect_left(places, low, key=key) if self.sign in {"=", ">=", "BETWEEN"} else 0)
        )
        last = (
            bisect_left(places, high, key=key)
            if self.sign == "<"
            else (
                bisect_right(places, high, key=key)
                if self.sign in {"=", "<=", "BETWEEN"}
                else len(places)
            )
        )
        return first, max(first, last)


def _conditions(tree: Tree | None) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each key with its sign and its values."""
    match tree:
        case Both(left, right):
            yield from _conditions(left)
            yield from _conditions(right)
        case Compare(sign, At((str(name),)), Given(value)) if sign != "<>":
            yield name, sign, (value,)
        case Between(At((str(name),)), Given(low), Given(high)):
            yield name, "BETWEEN", (low, high)
        case Ask("begins_with", (At((str(name),)), Given(value))):
            yield name, "begins_with", (value,)
        case _:
            raise InvalidError("Invalid operator used in KeyConditionExpression")
