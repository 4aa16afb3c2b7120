"""Which orders are past their promise: an index says where to look, the order itself decides."""

from collections.abc import Iterator
from heapq import merge
from itertools import islice

from pynamodb.expressions.update import Action

from chalicelib.catalog import reading as stores
from chalicelib.core import clock, dynamo, ids, paging
from chalicelib.core.dynamo import SHARDS
from chalicelib.core.errors import NotFoundError
from chalicelib.core.paging import Listed
from chalicelib.core.rights import Caller, Right
from chalicelib.orders.models import Late, OrderHead
from chalicelib.orders.order import Order, of
from chalicelib.orders.status import LATE_WHILE

RANGE = "late_from"
PAGE = 25

type Place = tuple[str, str, str]


def expected(store_id: str, ends: str) -> list[Action]:
    """That an order is late from a moment on, unless it is there."""
    return [OrderHead.late_shard.set(shard_of(store_id)), OrderHead.late_from.set(ends)]


def over() -> list[Action]:
    """That an order is waited for no longer."""
    return [OrderHead.late_shard.remove(), OrderHead.late_from.remove()]


def shard_of(store_id: str) -> str:
    """All orders of a store lie in one shard, so that its own list is one query."""
    return _shard(ids.spread(store_id, SHARDS))


def of_store(
    store_id: str, caller: Caller, right: Right, *, limit: int, cursor: str | None
) -> Listed[Order]:
    """A store's orders that are past their promise, the longest first. Raises NotFoundError (404).

    A page may be shorter than its limit: the index lags, and what has just been brought is left
    out.
    """
    right.demand(caller, own=stores.speaks_for(caller, store_id))
    found = _page([shard_of(store_id)], store_id, limit, cursor)
    if not found.items and stores.store(store_id) is None:  # an operator may ask for any store
        raise NotFoundError
    return found


def of_all(*, limit: int, cursor: str | None) -> Listed[Order]:
    """The same for an operator, of every store."""
    return _page([_shard(number) for number in range(SHARDS)], None, limit, cursor)


def _shard(number: int) -> str:
    return f"LATE#{number:02d}"


def _page(shards: list[str], store_id: str | None, limit: int, cursor: str | None) -> Listed[Order]:
    after = paging.place(cursor, RANGE) if cursor else None
    with dynamo.reading():
        queries = [_places(shard, store_id, after) for shard in shards]
        found = list(islice(merge(*queries), limit + 1))
    shown = [order for _, pk, _ in found[:limit] if (order := _late(pk))]
    more = paging.encode_place(found[limit - 1], RANGE) if len(found) > limit else None
    return Listed(shown, more)


def _places(shard: str, store_id: str | None, after: Place | None) -> Iterator[Place]:
    """Where late orders lie, in order: read lazily, a few at a time."""
    now = clock.stamp(clock.now())
    known = Late.late_from.between(after[0], now) if after else Late.late_from <= now
    own = OrderHead.store_id == store_id if store_id else None
    for head in OrderHead.late.query(shard, known, own, page_size=PAGE):
        place = (str(head.late_from), str(head.pk), str(head.sk))
        if after is None or place > after:
            yield place


def _late(pk: str) -> Order | None:
    """The order, if it is still waited for and past its promise."""
    head = dynamo.get(OrderHead, pk)
    order = of(head) if head else None
    if order is None or order.status not in LATE_WHILE or order.promised_until > clock.now():
        return None
    return order
