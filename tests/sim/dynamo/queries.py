"""Query and Scan: which items a request reads, page by page.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any

from tests.sim.dynamo import keys, paths
from tests.sim.dynamo.errors import InvalidError, invalid
from tests.sim.dynamo.expressions import Expressions
from tests.sim.dynamo.ranges import KeyRange
from tests.sim.dynamo.storage import Index, Partitions, Stored, Table
from tests.sim.dynamo.syntax import Path
from tests.sim.dynamo.values import Item, normal_item, order

type Body = dict[str, Any]
type Lag = Callable[[str, str], int]

LARGEST_PAGE = 1024 * 1024


@dataclass(slots=True)
class Page:
    """What one request reads, until a limit ends it."""

    expressions: Expressions
    limit: int | None
    judge: Any
    projection: tuple[Path, ...] | None
    items: list[Item] = field(default_factory=list)
    scanned: int = 0
    size: int = 0
    last: Stored | None = None

    def take(self, found: Iterable[Stored]) -> None:
        for item in found:
            if self.size + item.size > LARGEST_PAGE and self.scanned:
                return
            self.scanned += 1
            self.size += item.size
            self.last = item
            if self.judge is None or self.judge(item, self.expressions.values):
                kept = item if self.projection is None else paths.only(item, self.projection)
                self.items.append(kept)
            if self.scanned == self.limit:
                return
        self.last = None


def read(table: Table, body: Body, lag: Lag, *, scan: bool) -> tuple[Page, Body]:
    """The page and the answer. Raises InvalidError."""
    index = _index(table, body)
    expressions = Expressions(body)
    tree = None if scan else expressions.key_condition()
    if not scan and tree is None:
        raise InvalidError(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in"
            " the request."
        )
    judge = expressions.condition("FilterExpression")
    projection = expressions.projection()
    expressions.finish()
    _check(table, index, body, projection)
    consistent = body.get("ConsistentRead", False)
    behind = 0 if consistent else lag(table.name, index.name if index else "")
    source = (index or table).as_of(behind)
    page = Page(expressions, body.get("Limit"), judge, projection)
    if scan:
        page.take(_scanned(table, index, source, body))
    else:
        wanted = KeyRange.of(tree, index or table, expressions.values)
        _check_filter(expressions, judge, wanted)
        page.take(_queried(table, index, source, wanted, body))
    return page, _answer(table, index, page, body)


def _answer(table: Table, index: Index | None, page: Page, body: Body) -> Body:
    answer: Body = {"Count": len(page.items), "ScannedCount": page.scanned}
    if body.get("Select") != "COUNT":
        answer["Items"] = page.items
    if page.last is not None:
        answer["LastEvaluatedKey"] = table.keys_only(page.last, index)
    return answer


def _index(table: Table, body: Body) -> Index | None:
    name = body.get("IndexName")
    if name is None:
        return None
    if name not in table.indexes:
        raise InvalidError(f"The table does not have the specified index: {name}")
    if body.get("ConsistentRead"):
        raise InvalidError("Consistent reads are not supported on global secondary indexes")
    return table.indexes[name]


def _check(
    table: Table, index: Index | None, body: Body, projection: tuple[Path, ...] | None
) -> None:
    limit = body.get("Limit")
    if limit is not None and limit < 1:
        raise InvalidError(
            f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy"
            " constraint: Member must have value greater than or equal to 1"
        )
    if index is None or index.kept is None:
        return
    if body.get("Select") == "ALL_ATTRIBUTES":
        raise invalid(
            "Select type ALL_ATTRIBUTES is not supported for global secondary index"
            f" {index.name} because its projection type is not ALL"
        )
    missing = [path[0] for path in projection or () if path[0] not in index.kept]
    if missing:
        raise invalid(
            f"Global secondary index {index.name} does not project {missing} of {table.name}"
        )


def _check_filter(expressions: Expressions, judge: object, wanted: KeyRange) -> None:
    if judge is None:
        return
    for name in wanted.names:
        if name in expressions.filter_paths():
            raise InvalidError(
                "Filter Expression can only contain non-primary key attributes: Primary key"
                f" attribute: {name}"
            )


def _start(table: Table, index: Index | None, body: Body) -> tuple[Any, Any] | None:
    """The hash key and the place after which reading goes on."""
    given = body.get("ExclusiveStartKey")
    if not given:
        return None
    item = normal_item(given)[0]
    try:
        wanted = table.keys_only(item, index)
        key = keys.of_request(table, {name: item[name] for name in table.key_names})
        if item.keys() != wanted.keys():
            raise InvalidError("The provided starting key is invalid")
    except KeyError:
        raise InvalidError("The provided starting key is invalid") from None
    if index is None:
        return key
    ranged = order(item[index.range_key]) if index.range_key else ""
    return order(item[index.hash_key]), (ranged, *key)


def _queried(
    table: Table, index: Index | None, source: Partitions, wanted: KeyRange, body: Body
) -> Iterator[Stored]:
    start = _start(table, index, body)
    if start and start[0] != wanted.hash_value:
        raise InvalidError("The provided starting key is outside query boundaries")
    partition = source.get(wanted.hash_value)
    if partition is None:
        return
    first, last = wanted.within(partition)
    places, items = partition.order, partition.items
    if body.get("ScanIndexForward", True):
        if start:
            first = max(first, bisect_right(places, start[1]))
        numbers = range(first, last)
    else:
        if start:
            last = min(last, bisect_left(places, start[1]))
        numbers = range(last - 1, first - 1, -1)
    for number in numbers:
        yield items[places[number]]


def _scanned(table: Table, index: Index | None, source: Partitions, body: Body) -> Iterator[Stored]:
    start = _start(table, index, body)
    total, segment = body.get("TotalSegments", 1), body.get("Segment", 0)
    begun = (_spot(start[0]), start[1]) if start else None
    for spot, hash_value in sorted((_spot(value), value) for value in source):
        if int(spot[:8], 16) % total != segment:
            continue
        partition = source[hash_value]
        for place in partition.order:
            if begun is None or (spot, place) > begun:
                yield partition.items[place]


def _spot(hash_value: object) -> str:
    """Partitions come in no order that anybody could use."""
    return md5(str(hash_value).encode(), usedforsecurity=False).hexdigest()
