"""What the tables hold, followed write by write: invariants read it without asking the database."""

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.sim.dynamo.storage import Stored

type Row = dict[str, Any]
type Key = tuple[str, str]

DUE = ("due_at", "bell_at")


@dataclass(frozen=True, slots=True)
class Change:
    """One item before and after a write. None: there was none, or is none any more."""

    table: str
    key: Key
    old: Row | None
    new: Row | None

    @property
    def row(self) -> Row:
        """Whichever there is."""
        return self.new or self.old or {}


def plain(raw: Mapping[str, Any]) -> Row:
    """An item as plain values."""
    if isinstance(raw, Stored):
        return raw.plain()
    return {name: _plain(value) for name, value in raw.items()}


def _plain(value: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever an item holds
    kind, held = next(iter(value.items()))
    if kind == "N":
        return int(held) if held.lstrip("-").isdigit() else float(held)
    if kind == "M":
        return {name: _plain(one) for name, one in held.items()}
    if kind == "L":
        return [_plain(one) for one in held]
    if kind == "NULL":
        return None
    if kind in {"SS", "NS"}:
        return set(held)
    return held


class Shadow:
    """Every item by table, partition and sort key; and when the first of an index is due."""

    def __init__(self, peek: Callable[[str, str, str], Mapping[str, Any] | None]) -> None:
        self._peek = peek
        self._tables: dict[str, dict[str, dict[str, Row]]] = {}
        self._due: dict[tuple[str, str], list[tuple[float, str, str]]] = {}
        self.news: list[Change] = []
        self.due_changed: Callable[[], None] = lambda: None

    def note(self, keys: list[tuple[str, str, str]]) -> None:
        """These items may have been written."""
        for table, pk, sk in keys:
            raw = self._peek(table, pk, sk)
            short = table.partition("-")[2]
            partition = self._tables.setdefault(short, {}).setdefault(pk, {})
            old = partition.get(sk)
            new = plain(raw) if raw is not None else None
            if old == new:
                continue
            if new is None:
                del partition[sk]
            else:
                partition[sk] = new
                self._note_due(short, pk, sk, old, new)
            self.news.append(Change(short, (pk, sk), old, new))

    def _note_due(self, table: str, pk: str, sk: str, old: Row | None, new: Row) -> None:
        for name in DUE:
            if name in new and (old is None or old.get(name) != new[name]):
                at = datetime.fromisoformat(new[name]).timestamp()
                heapq.heappush(self._due.setdefault((table, name), []), (at, pk, sk))
                self.due_changed()

    def next_due(self, table: str, name: str) -> float | None:
        """When the first item of a table is due by that attribute."""
        heap = self._due.get((table, name), [])
        while heap:
            at, pk, sk = heap[0]
            row = self.get(table, pk, sk)
            if row and name in row and datetime.fromisoformat(row[name]).timestamp() == at:
                return at
            heapq.heappop(heap)
        return None

    def get(self, table: str, pk: str, sk: str = "HEAD") -> Row | None:
        return self._tables.get(table, {}).get(pk, {}).get(sk)

    def partition(self, table: str, pk: str) -> dict[str, Row]:
        return self._tables.get(table, {}).get(pk, {})

    def rows(self, table: str) -> Iterator[Row]:
        for partition in list(self._tables.get(table, {}).values()):
            yield from list(partition.values())

    def partitions(self, table: str, prefix: str) -> Iterator[tuple[str, dict[str, Row]]]:
        """Every partition whose key begins so, and in which there is something."""
        for pk, partition in list(self._tables.get(table, {}).items()):
            if partition and pk.startswith(prefix):
                yield pk, partition
