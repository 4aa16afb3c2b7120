"""Where items are: partitions in the order of their sort keys, indexes with a memory, streams.

Items are never changed in place, so old and new ones may be handed out and kept.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any

from tests.sim.dynamo.values import Item, Value, order, plain

type Scalar = Any  # str, Decimal or bytes: what a key sorts by
type Key = tuple[Scalar, Scalar]
type Place = tuple[Scalar, Scalar, Scalar]

NO_RANGE = ""


class Stored(dict[str, Value]):
    """An item in a table, with its size, and as Python has it."""

    __slots__ = ("_plain", "size")

    def __init__(self, item: Mapping[str, Value], size: int) -> None:
        super().__init__(item)
        self.size = size
        self._plain: dict[str, Any] | None = None

    def plain(self) -> dict[str, Any]:
        if self._plain is None:
            self._plain = {name: plain(value) for name, value in self.items()}
        return self._plain


class Partition:
    """The items of one hash key, in order. In an index the place holds the item's own key too."""

    __slots__ = ("items", "order", "range_of")

    def __init__(self, range_of: Callable[[Any], Scalar] | None) -> None:
        self.order: list[Any] = []
        self.items: dict[Any, Stored] = {}
        self.range_of = range_of

    def put(self, place: Any, item: Stored | None) -> None:  # noqa: ANN401 - a range key or a Place
        if item is not None:
            if place not in self.items:
                insort(self.order, place)
            self.items[place] = item
        elif self.items.pop(place, None) is not None:
            del self.order[bisect_left(self.order, place)]

    def copy(self) -> "Partition":
        made = Partition(self.range_of)
        made.order, made.items = list(self.order), dict(self.items)
        return made


type Partitions = dict[Scalar, Partition]
type LoggedChange = tuple[Scalar, Any, Stored | None, Stored | None]


class Index:
    """A global secondary index: sparse, with its own projection, able to answer from the past."""

    def __init__(
        self, name: str, keys: tuple[str, str | None], kept: tuple[str, ...] | None
    ) -> None:
        self.name = name
        self.hash_key, self.range_key = keys
        self.kept = kept
        self.partitions: Partitions = {}
        self.log: list[LoggedChange] = []

    def change(self, key: Key, old: Stored | None, new: Stored | None) -> None:
        """Follow a write of the table. Only what changes in the index is remembered."""
        before, after = self._place(key, old), self._place(key, new)
        if before is None and after is None:
            return
        gone = self._projected(old) if before else None
        come = self._projected(new) if after else None
        if before == after:
            if gone != come and before:
                self._put(*before, gone, come)
            return
        if before:
            self._put(*before, gone, None)
        if after:
            self._put(*after, None, come)

    def _put(
        self, hash_value: Scalar, place: Place, old: Stored | None, new: Stored | None
    ) -> None:
        self.log.append((hash_value, place, old, new))
        _partition(self.partitions, hash_value, itemgetter(0)).put(place, new)

    def _place(self, key: Key, item: Stored | None) -> tuple[Scalar, Place] | None:
        if item is None or self.hash_key not in item:
            return None
        if self.range_key is None:
            return order(item[self.hash_key]), (NO_RANGE, *key)
        if self.range_key not in item:
            return None
        return order(item[self.hash_key]), (order(item[self.range_key]), *key)

    def _projected(self, item: Stored | None) -> Stored | None:
        if item is None or self.kept is None:
            return item
        return Stored({name: item[name] for name in self.kept if name in item}, item.size)

    def as_of(self, behind: int) -> Partitions:
        """The partitions as they were so many changes of this index ago."""
        return _rewound(self.partitions, self.log, behind)

    def forget(self, length: int) -> None:
        """Take back the newest changes, down to so many."""
        while len(self.log) > length:
            hash_value, place, old, _ = self.log.pop()
            self.partitions[hash_value].put(place, old)


def _rewound(partitions: Partitions, log: list[LoggedChange], behind: int) -> Partitions:
    """The partitions as they were so many changes ago: those that have changed since are copies."""
    if behind <= 0:
        return partitions
    past = dict(partitions)
    own: set[Scalar] = set()
    for hash_value, place, old, _ in reversed(log[-behind:]):
        if hash_value not in own:
            own.add(hash_value)
            past[hash_value] = past[hash_value].copy()
        past[hash_value].put(place, old)
    return past


def _partition(
    partitions: Partitions, hash_value: Scalar, range_of: Callable[[Any], Scalar] | None
) -> Partition:
    found = partitions.get(hash_value)
    if found is None:
        found = partitions[hash_value] = Partition(range_of)
    return found


class Table:
    """A table with its indexes. Knows nothing of requests."""

    def __init__(
        self, name: str, keys: tuple[str, str | None], kinds: Mapping[str, str],
        indexes: Iterable[Index], view: str | None, definition: Mapping[str, Any],
    ) -> None:  # fmt: skip
        self.name = name
        self.hash_key, self.range_key = keys
        self.kinds = kinds
        self.indexes = {index.name: index for index in indexes}
        self.view = view
        self.definition = definition
        self.lives_until: str | None = None
        self.partitions: Partitions = {}
        self.log: list[LoggedChange] = []
        self.key_names = tuple(name for name in keys if name is not None)
        self.index_keys = {
            key: index.name
            for index in self.indexes.values()
            for key in (index.hash_key, index.range_key)
            if key is not None and key not in self.key_names
        }

    def key_of(self, item: Mapping[str, Value]) -> Key:
        if self.range_key is None:
            return order(item[self.hash_key]), NO_RANGE
        return order(item[self.hash_key]), order(item[self.range_key])

    def get(self, key: Key) -> Stored | None:
        partition = self.partitions.get(key[0])
        return None if partition is None else partition.items.get(key[1])

    def put(self, key: Key, item: Stored | None) -> None:
        """Put or remove an item. The indexes follow."""
        partition = _partition(self.partitions, key[0], None)
        old = partition.items.get(key[1])
        partition.put(key[1], item)
        self.log.append((*key, old, item))
        for index in self.indexes.values():
            index.change(key, old, item)

    def put_back(self, key: Key, item: Stored | None) -> None:
        """Undo a write: the indexes are taken back by their own logs."""
        self.partitions[key[0]].put(key[1], item)
        self.log.pop()

    def as_of(self, behind: int) -> Partitions:
        """The partitions as they were so many changes of this table ago."""
        return _rewound(self.partitions, self.log, behind)

    def items(self) -> Iterable[Stored]:
        """All items in the order of their keys, whatever order they came in."""
        for hash_value in sorted(self.partitions):
            partition = self.partitions[hash_value]
            for place in partition.order:
                yield partition.items[place]

    def keys_only(self, item: Mapping[str, Value], index: Index | None = None) -> Item:
        """The attributes by which reading goes on after an item."""
        names = (*self.key_names, index.hash_key, index.range_key) if index else self.key_names
        return {name: item[name] for name in names if name is not None}
