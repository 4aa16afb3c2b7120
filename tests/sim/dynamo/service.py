"""DynamoDB in memory: exact, fast, and deterministic, for the simulated world.

It speaks the JSON of DynamoDB's API. What a world may do to it (lag of indexes, late forgetting)
comes in as hooks. Conflicts and throttles are the caller's to inject.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.sim.dynamo import batches, definitions, queries, streams, transactions, writes
from tests.sim.dynamo.errors import RefusedError, missing_table
from tests.sim.dynamo.expressions import Expressions
from tests.sim.dynamo.keys import of_request
from tests.sim.dynamo.paths import only
from tests.sim.dynamo.storage import Key, Stored, Table
from tests.sim.dynamo.streams import Record
from tests.sim.dynamo.transactions import Tokens

type Body = dict[str, Any]
type Lag = Callable[[str, str], int]
type Forgets = Callable[[str, dict[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Change:
    """One write that changed something: the newest is the last of `Service.changes`."""

    table: str
    key: Key
    old: Stored | None
    new: Stored | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A moment to come back to: as many changes had been made, the last of them this one."""

    changes: int
    last: Change | None
    logs: Mapping[tuple[str, str], int]
    tokens: Tokens
    counts: tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]


def _never_late(_table: str, _index: str) -> int:
    return 0


def _keeps_all(_table: str, _item: dict[str, Any]) -> bool:
    return False


class Service:
    """One region's DynamoDB.

    `clock` gives seconds since the epoch. `lag(table, index)` says how many of an index's changes a
    read of it does not see yet (of the table's own where the index is "", for reads that are not
    consistent); `forgets(table, item)` which expired items `expire` removes.
    """

    def __init__(
        self, clock: Callable[[], float], *, lag: Lag = _never_late, forgets: Forgets = _keeps_all
    ) -> None:
        self.clock = clock
        self.lag = lag
        self.forgets = forgets
        self.tables: dict[str, Table] = {}
        self.tokens: Tokens = {}
        self.changes: list[Change] = []
        self.streams: dict[str, list[Record]] = {}
        self.reads: Counter[tuple[str, str]] = Counter()
        self.writes: Counter[tuple[str, str]] = Counter()
        self._operations: dict[str, Callable[[Body], Body]] = {
            "PutItem": lambda body: self._write("Put", body),
            "UpdateItem": lambda body: self._write("Update", body),
            "DeleteItem": lambda body: self._write("Delete", body),
            "GetItem": self._get,
            "Query": lambda body: self._read(body, scan=False),
            "Scan": lambda body: self._read(body, scan=True),
            "BatchGetItem": lambda body: batches.get(self, body),
            "BatchWriteItem": lambda body: batches.write(self, body),
            "TransactWriteItems": lambda body: transactions.write(self, body),
            "TransactGetItems": lambda body: transactions.get(self, body),
            "CreateTable": lambda body: definitions.create(self, body),
            "DescribeTable": lambda body: definitions.describe(self, body),
            "ListTables": lambda _: {"TableNames": sorted(self.tables)},
            "UpdateTimeToLive": lambda body: definitions.let_die(self, body),
            "DescribeTimeToLive": lambda body: definitions.describe_life(self, body),
        }

    def handle(self, operation: str, body: Body) -> tuple[int, Body]:
        """Answer a request with status and body. The body is not to be changed afterwards."""
        try:
            return 200, self._operations[operation](body)
        except RefusedError as refused:
            return 400, refused.body()

    def table(self, name: str) -> Table:
        if name not in self.tables:
            raise missing_table(name)
        return self.tables[name]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All items of a table as Python has them. They are shared: only look."""
        return [item.plain() for item in self.tables[table].items()]

    def records(self, table: str, since: int = 0) -> list[dict[str, Any]]:
        """The stream's records but for the first `since`, as Lambda receives them."""
        view = self.tables[table].view
        if view is None:
            return []
        records = self.streams.get(table, [])
        return [streams.shown(one, self.tables[table], view) for one in records[since:]]

    def change(self, table: Table, key: Key, new: Stored | None, *, by_age: bool = False) -> None:
        """Make one write that was decided. One that changes nothing leaves no record."""
        old = table.get(key)
        if old is new or (old is not None and new is not None and old == new):
            return
        table.put(key, new)
        self.changes.append(Change(table.name, key, old, new))
        if table.view is not None:
            number = len(self.changes)
            record = Record(number, self.clock(), old, new, by_age=by_age)
            self.streams.setdefault(table.name, []).append(record)

    def expire(self) -> int:
        """Remove the expired items that `forgets` says. How many they were."""
        gone = [
            (table, table.key_of(item))
            for table in self.tables.values()
            for item in table.items()
            if self._is_expired(table, item) and self.forgets(table.name, item.plain())
        ]
        for table, key in gone:
            self.change(table, key, None, by_age=True)
        return len(gone)

    def snapshot(self) -> Snapshot:
        """A moment to restore later. Cheap: everything since is undone one by one."""
        logs = {
            (table.name, index.name): len(index.log)
            for table in self.tables.values()
            for index in table.indexes.values()
        }
        last = self.changes[-1] if self.changes else None
        counts = self.reads.copy(), self.writes.copy()
        return Snapshot(len(self.changes), last, logs, dict(self.tokens), counts)

    def restore(self, moment: Snapshot) -> None:
        """Back to a moment of this very history. Raises ValueError for one that was undone."""
        count = moment.changes
        if len(self.changes) < count or (count and self.changes[count - 1] is not moment.last):
            raise ValueError("that moment was undone")
        while len(self.changes) > count:
            undone = self.changes.pop()
            self.tables[undone.table].put_back(undone.key, undone.old)
        for table in self.tables.values():
            for index in table.indexes.values():
                index.forget(moment.logs.get((table.name, index.name), 0))
        for records in self.streams.values():
            while records and records[-1].number > count:
                records.pop()
        self.tokens = dict(moment.tokens)
        self.reads, self.writes = (counts.copy() for counts in moment.counts)

    def commit(self, planned: Iterable[tuple[writes.Write, Stored | None]]) -> None:
        for write, new in planned:
            self.change(write.table, write.key, new)

    def _write(self, verb: str, body: Body) -> Body:
        table = self.table(body["TableName"])
        self.writes[table.name, verb] += 1
        planned = writes.plan(verb, table, body)
        new = planned.decide()
        old = table.get(planned.key)
        self.change(table, planned.key, new)
        size = max(old.size if old else 0, new.size if new else 0)
        return planned.answer(old, new) | capacity(body, table.name, writes.units(size))

    def _get(self, body: Body) -> Body:
        table = self.table(body["TableName"])
        self.reads[table.name, "Get"] += 1
        expressions = Expressions(body)
        projection = expressions.projection()
        expressions.finish()
        hash_value, place = of_request(table, body["Key"])
        behind = 0 if body.get("ConsistentRead") else self.lag(table.name, "")
        partition = table.as_of(behind).get(hash_value)
        item = partition.items.get(place) if partition else None
        units = _read_units(item.size if item else 0, body)
        used = capacity(body, table.name, units)
        if item is None:
            return used
        return {"Item": only(item, projection) if projection else item} | used

    def _read(self, body: Body, *, scan: bool) -> Body:
        table = self.table(body["TableName"])
        self.reads[table.name, "Scan" if scan else "Query"] += 1
        page, answer = queries.read(table, body, self.lag, scan=scan)
        return answer | capacity(body, table.name, _read_units(page.size, body))

    def _is_expired(self, table: Table, item: Stored) -> bool:
        until = item.get(table.lives_until or "", {}).get("N")
        return until is not None and float(until) <= self.clock()


def _read_units(size: int, body: Body) -> float:
    units = max(1, -(-size // 4096))
    return float(units) if body.get("ConsistentRead") else units / 2


def capacity(body: Body, table: str, units: float) -> Body:
    """ConsumedCapacity, when it was asked for."""
    if body.get("ReturnConsumedCapacity", "NONE") == "NONE":
        return {}
    return {"ConsumedCapacity": {"TableName": table, "CapacityUnits": float(units)}}
