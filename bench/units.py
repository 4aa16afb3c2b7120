"""What a call to DynamoDB costs in request units, counted from the items themselves.

Written after AWS's own rules, since moto's figures are wrong. Sources, read on 2026-11-22:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

type Raw = Mapping[str, Mapping[str, Any]]

WRITE_BYTES = 1024
READ_BYTES = 4096
TRANSACTION = 2
"""A transaction prepares and commits: each of its parts is paid for twice. Index writes are not."""
CONTAINER_BYTES = 3
LONGEST_NUMBER = 21


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index: its keys, and what else it projects (None: everything)."""

    name: str
    keys: frozenset[str]
    projects: frozenset[str] | None

    def entry(self, item: Raw | None) -> Raw | None:
        """What the index holds of an item, or None where a key of the index is missing."""
        if item is None or not self.keys <= item.keys():
            return None
        if self.projects is None:
            return item
        held = self.projects | self.keys | {"pk", "sk"}
        return {name: value for name, value in item.items() if name in held}


def size(item: Raw | None) -> int:
    """The bytes of an item: names and values."""
    return sum(len(name.encode()) + _size(value) for name, value in (item or {}).items())


def written(
    before: Raw | None, after: Raw | None, *, factor: int = 1, indexes: tuple[Index, ...] = ()
) -> int:
    """The write units of one put, update, delete or condition check, indexes included.

    An update is paid for by the larger of the item before and after it; a write that changes
    nothing, and one whose condition fails, are paid for too.
    """
    base = factor * _write_units(max(size(before), size(after)))
    return base + sum(index_writes(index, before, after) for index in indexes)


def index_writes(index: Index, before: Raw | None, after: Raw | None) -> int:
    """The write units of one index: none where nothing that it holds has changed."""
    old, new = index.entry(before), index.entry(after)
    if old == new:
        return 0
    if old is None or new is None:
        return _write_units(size(old or new))
    if any(old[key] != new[key] for key in index.keys):  # taken out here, put in there
        return _write_units(size(old)) + _write_units(size(new))
    return _write_units(max(size(old), size(new)))


def read(read_bytes: int, *, consistent: bool, factor: int = 1) -> float:
    """The read units of one get or query: 4 KB steps, half of it if eventually consistent."""
    steps = max(1, ceil(read_bytes / READ_BYTES))
    return factor * steps * (1.0 if consistent else 0.5)


def _write_units(written_bytes: int) -> int:
    return max(1, ceil(written_bytes / WRITE_BYTES))


def _size(value: Mapping[str, Any]) -> int:  # noqa: PLR0911 - one kind, one rule
    [(kind, held)] = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return _number(held)
        case "B":
            return len(base64.b64decode(held))
        case "BOOL" | "NULL":
            return 1
        case "SS":
            return sum(len(one.encode()) for one in held)
        case "NS":
            return sum(map(_number, held))
        case "L":
            return CONTAINER_BYTES + sum(1 + _size(one) for one in held)
        case "M":
            return CONTAINER_BYTES + sum(
                1 + len(name.encode()) + _size(one) for name, one in held.items()
            )
    raise ValueError(f"{kind} is not a kind of DynamoDB's that is used here")


def _number(text: str) -> int:
    """About one byte for two significant digits, and one more; a sign costs another."""
    digits = text.lstrip("-").replace(".", "").strip("0") or "0"
    return min(LONGEST_NUMBER, ceil(len(digits) / 2) + 1 + text.startswith("-"))
