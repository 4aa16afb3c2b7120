"""Searching a city for stores and for what is on their menus.

A question asks for at most three lists of stores and one batch of heads, whatever there is: the
shortest list that is whole is gone through, or a page of the first one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.catalog import conditions, reading, words
from chalicelib.catalog.errors import CursorError
from chalicelib.catalog.menu_schemas import Names
from chalicelib.catalog.models import StoreHead, TextRow, text_key
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.search_schemas import FoundItem, FoundStore, SearchPage, SearchQuery
from chalicelib.catalog.status import Fulfilment, StoreStatus
from chalicelib.catalog.words import Term
from chalicelib.catalog.zones import Corner, covering, distance
from chalicelib.core import clock, paging
from chalicelib.core.dynamo import HEAD
from chalicelib.core.dynamo import reading as answering
from chalicelib.core.errors import InvalidError

MOST_LISTS = 3
MOST_TERMS = 8
ROWS = 60
SHOWN_ITEMS = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A store's row that holds every term, with the items that do."""

    pk: str
    menu: int
    items: Sequence[FoundItem]


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of a list, and whether more of it follows."""

    key: str
    rows: Sequence[TextRow]
    more: bool


def page(query: SearchQuery) -> SearchPage:
    """Live stores that hold every word. Raises CursorError (400) for a cursor of another search."""
    asked = words.terms(query.q)[:MOST_TERMS]
    if not asked:
        return SearchPage(data=())
    listed = _listed(query, asked)
    hits = [hit for row in listed.rows if (hit := _hit(row, asked)) is not None]
    shown, ended = hits[: query.limit], None
    if len(hits) > query.limit:
        ended = shown[-1].pk
    elif listed.more:
        ended = str(listed.rows[-1].sk)
    following = paging.encode({"key": listed.key, "after": ended}) if ended else None
    return SearchPage(data=_views(query, shown), next_cursor=following)


# --- reading ---------------------------------------------------------------------------------


def _listed(query: SearchQuery, asked: Sequence[Term]) -> Rows:
    """The shortest list that is whole, or the first."""
    keys = _keys(asked)
    if query.cursor:
        key, after = _decode(query.cursor, keys)
        return _rows(query.city, key, after)
    lists = [_rows(query.city, key, "") for key in keys[:MOST_LISTS]]
    return min(lists, key=lambda one: (one.more, 0 if one.more else len(one.rows)))


def _keys(asked: Sequence[Term]) -> list[str]:
    """One key of each term, then further ones."""
    firsts = [term.keys[0] for term in asked]
    return list(dict.fromkeys([*firsts, *(key for term in asked for key in term.keys)]))


def _rows(city: str, key: str, after: str) -> Rows:
    condition = TextRow.sk > after if after else None
    with answering():
        found = TextRow.query(text_key(city, key), condition, limit=ROWS, page_size=ROWS)
        rows = list(found)
    return Rows(key, rows, found.last_evaluated_key is not None)


def _hit(row: TextRow, asked: Sequence[Term]) -> Hit | None:
    told = json.loads(row.hits)
    own = [*told["names"].values()]
    items = [
        FoundItem.model_construct(id=id_, names=names, price=price)
        for id_, names, price in told["items"]
        if _holds_all([*names.values(), *own], asked) and _holds_any(names, asked)
    ]
    if not items and not _holds_all(own, asked):
        return None
    return Hit(str(row.sk), int(told["menu"]), items[:SHOWN_ITEMS])


def _holds_all(texts: Sequence[str], asked: Sequence[Term]) -> bool:
    return all(words.holds(texts, term) for term in asked)


def _holds_any(names: Names, asked: Sequence[Term]) -> bool:
    return any(words.holds(names.values(), term) for term in asked)


def _decode(cursor: str, keys: Sequence[str]) -> tuple[str, str]:
    try:
        told = paging.decode(cursor)
    except InvalidError:
        raise CursorError from None
    key, after = told.get("key"), told.get("after")
    if key not in keys or not (isinstance(after, str) and paging.KEY_PART.fullmatch(after)):
        raise CursorError
    return str(key), after


# --- views -----------------------------------------------------------------------------------


def _views(query: SearchQuery, hits: Sequence[Hit]) -> tuple[FoundStore, ...]:
    """The stores as they are now: who is not live, or has another menu, is passed over."""
    stores = _stores(hits)
    point = (query.lon, query.lat) if query.lon is not None and query.lat is not None else None
    slow = conditions.of_city(query.city) if hits and point else conditions.USUAL
    found = [
        _view(store, hit, point, slow)
        for hit in hits
        if (store := stores.get(hit.pk)) is not None
        and store.status is StoreStatus.LIVE
        and store.menu_version == hit.menu
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                one.closed is not None,
                point is not None and one.delivery_fee is None,
                one.distance_metres or 0,
                one.id,
            ),
        )
    )


def _stores(hits: Sequence[Hit]) -> Mapping[str, Store]:
    with answering():
        heads = StoreHead.batch_get([(hit.pk, HEAD) for hit in hits]) if hits else ()
        return {str(head.pk): reading.of_head(head) for head in heads}


def _view(store: Store, hit: Hit, point: Corner | None, slow: conditions.Conditions) -> FoundStore:
    place, zone = store.location, None
    if point and Fulfilment.DELIVERY in store.fulfilment:
        zone = covering(store.zones, place, point)
    way = conditions.way_minutes(zone.eta_minutes, store.delivered_by, slow) if zone else 0
    known: dict[str, Any] = {
        name: getattr(store, name) for name in FoundStore.model_fields if hasattr(store, name)
    }
    return FoundStore.model_construct(
        **known,
        distance_metres=round(distance(place.coordinates, point)) if point else None,
        eta_minutes=store.pace.minutes(clock.now(), items=1) + way,
        delivery_fee=zone.fee if zone else None,
        minimum=zone.minimum if zone else None,
        closed=reading.why_closed(store, clock.now()),
        items=tuple(hit.items),
    )
