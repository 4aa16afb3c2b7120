"""The stores of a city, in the order in which they were listed.

The index is sharded, so a page merges 16 queries; each fetches a few heads at a time, and only the
shards that are due fetch more.
"""

import base64
import binascii
import re
from heapq import merge
from itertools import islice

from chalicelib.catalog.errors import CursorError
from chalicelib.catalog.listing_schemas import StorePage, StoreQuery
from chalicelib.catalog.models import ByCity, StoreHead, city_shards
from chalicelib.catalog.reading import of_head
from chalicelib.catalog.stores import view
from chalicelib.core import ids
from chalicelib.core.dynamo import SHARDS, reading

PLACE = re.compile(rf"[0-9TZ:.-]{{24}}#{ids.pattern('sto')[1:-1]}")


def page(query: StoreQuery) -> StorePage:
    """Live stores of a city. A store listed meanwhile comes last: no page is shifted by it.

    Raises CursorError (400) for a cursor that no page of this city gave.
    """
    after = _decode(query.city, query.cursor) if query.cursor else ""
    found = _heads(query.city, after, query.limit + 1)
    shown = found[: query.limit]
    more = len(found) > query.limit
    return StorePage(
        data=tuple(view(of_head(head)) for head in shown),
        next_cursor=_encode(query.city, str(shown[-1].listed_at)) if more else None,
    )


def _heads(city: str, after: str, count: int) -> list[StoreHead]:
    condition = ByCity.listed_at > after if after else None
    with reading():
        shards = [
            StoreHead.by_city.query(shard, condition, limit=count, page_size=count // SHARDS + 2)
            for shard in city_shards(city)
        ]
        return list(islice(merge(*shards, key=lambda head: str(head.listed_at)), count))


def _encode(city: str, place: str) -> str:
    return base64.urlsafe_b64encode(f"{city}/{place}".encode()).decode()


def _decode(city: str, cursor: str) -> str:
    try:
        found, _, place = base64.urlsafe_b64decode(cursor.encode()).decode().partition("/")
    except (binascii.Error, ValueError):
        raise CursorError from None
    if found != city or not PLACE.fullmatch(place):
        raise CursorError
    return place
