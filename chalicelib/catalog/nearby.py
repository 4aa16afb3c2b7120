"""Stores near a point: those that bring there, or that somebody there may walk to.

Open ones come first, until a page of rows has none; then the others. Both from quick (or near) to
slow. Each page reads as many
rows as it is asked for stores, three times over, however many stores a city has: so a page may be
short where few of them match.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import islice

from chalicelib.catalog import areas, cards, cells, conditions, offers
from chalicelib.catalog.cells import Cell
from chalicelib.catalog.errors import CursorError
from chalicelib.catalog.listings import BRINGS, NEAR, NEAR_METRES, REACH_METRES
from chalicelib.catalog.models import CellRow, cell_key
from chalicelib.catalog.nearby_schemas import Filters, NearbyPage, NearbyQuery, NearbyStore
from chalicelib.catalog.reading import why_closed
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import DeliveredBy, Fulfilment
from chalicelib.catalog.zones import Corner, SmallOrder, distance
from chalicelib.core import clock, ids, paging
from chalicelib.core.dynamo import reading
from chalicelib.core.errors import InvalidError

ROWS_FOR_ONE = 3
FEWEST_ROWS = 30
ALL = "~"
"""After every row."""
PLACE = re.compile(rf"(\d{{3}}#\d{{4}}#{ids.pattern('sto')[1:-1]})?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: after which row, as of which moment.

    `ended` is the row up to which the open ones have been shown, once no more are looked for.
    """

    cell: str
    at: datetime
    after: str = ""
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A store that was found, and the row that it was found in."""

    row: str
    store: NearbyStore
    way: int
    delivered_by: DeliveredBy


def page(query: NearbyQuery) -> NearbyPage:
    """Stores that match, and where to go on. Three queries and one read, whatever is found.

    Raises CursorError (400) for a cursor that was not given for this place.
    """
    point = (query.lon, query.lat)
    here = cells.at(point)
    place = _decode(query.cursor, here[-1].name) or Place(here[-1].name, clock.now())
    rows, more = _window(query.fulfilment, here, place.after, _rows_for(query.limit))
    boxes = {cell_key(_family(query.fulfilment), cell.name): cell for cell in here}
    found = [_match(row, boxes[row.pk], point, query, place.at) for row in rows]
    matches = [match for match in found if match is not None]
    shown, following = _cut(query, place, matches, rows[-1].sk if more else None)
    return NearbyPage(data=_ordered(shown), next_cursor=_encode(following) if following else None)


def _cut(
    query: NearbyQuery, place: Place, matches: Sequence[Match], last_row: str | None
) -> tuple[list[Match], Place | None]:
    """What is shown of the matches, and where the next page begins. `last_row`: more rows follow.

    Where the first rows have no open ones, or are all that there are, others follow on that page.
    """
    wanted = [match for match in matches if _is_due(place, match)]
    shown = wanted[: query.limit]
    if len(wanted) > query.limit:
        return shown, replace(place, after=shown[-1].row)
    if last_row is not None and (shown or place.ended or query.open_now):
        return shown, replace(place, after=last_row)
    if place.ended or query.open_now:
        return shown, None
    rest = replace(place, after="", ended=last_row or ALL)
    return _with_the_rest(query, place, rest, shown, matches, last_row)


def _with_the_rest(
    query: NearbyQuery, place: Place, rest: Place, shown: list[Match],
    matches: Sequence[Match], last_row: str | None,
) -> tuple[list[Match], Place | None]:  # fmt: skip
    """No more open ones are looked for. What the first page has left over follows at once."""
    if place.after:
        return shown, rest
    closed = [match for match in matches if match.store.closed is not None]
    room = closed[: query.limit - len(shown)]
    if len(closed) > len(room):
        return shown + room, replace(rest, after=room[-1].row if room else "")
    return shown + room, replace(rest, after=last_row) if last_row else None


def _is_due(place: Place, match: Match) -> bool:
    """Open ones at first; then all but the open ones that have been shown."""
    is_open = match.store.closed is None
    if not place.ended:
        return is_open
    return not is_open or match.row > place.ended


def _ordered(shown: Sequence[Match]) -> tuple[NearbyStore, ...]:
    """Of one page: what is open first, then what is there soonest, then what is nearest."""
    slowed = conditions.of_cities({match.store.city for match in shown})
    return tuple(
        sorted(
            (_slowed(match, slowed.get(match.store.city, conditions.USUAL)) for match in shown),
            key=lambda one: (
                one.closed is not None, one.eta_minutes, one.distance_metres, one.id,
            ),
        )
    )  # fmt: skip


def _slowed(match: Match, present: conditions.Conditions) -> NearbyStore:
    way = conditions.way_minutes(match.way, match.delivered_by, present)
    eta = match.store.eta_minutes + way - match.way
    store, now = match.store, clock.now()
    shown = offers.shown(store.offers, present.offers, store.currency, now)
    return store.model_copy(update={"eta_minutes": eta, "offers": shown})


# --- reading ---------------------------------------------------------------------------------


def _rows_for(limit: int) -> int:
    return max(FEWEST_ROWS, ROWS_FOR_ONE * limit)


def _family(fulfilment: Fulfilment) -> str:
    return BRINGS if fulfilment is Fulfilment.DELIVERY else NEAR


def _window(
    fulfilment: Fulfilment, here: Sequence[Cell], after: str, count: int
) -> tuple[list[CellRow], bool]:
    """The next rows of the cells of a point, in their common order, and whether more follow.

    Read as they were a moment ago, at half the price: a list decides nothing.
    """
    condition = CellRow.sk > after if after else None
    lists, more = [], False
    with reading():
        for cell in here:
            key = cell_key(_family(fulfilment), cell.name)
            found = CellRow.query(key, condition, limit=count, page_size=count)
            lists.append(list(found))
            more = more or found.last_evaluated_key is not None
    rows = list(islice(merge(*lists, key=lambda row: str(row.sk)), count))
    return rows, more or sum(map(len, lists)) > len(rows)


def _match(row: CellRow, cell: Cell, point: Corner, wanted: Filters, at: datetime) -> Match | None:
    """The store of a row, if it is wanted and its zones reach the point."""
    card = cards.read(row.card)
    store = card.store
    away = distance(store.location.coordinates, point)
    if not _is_wanted(store, wanted) or away > _farthest(wanted.fulfilment):
        return None
    terms = None
    if wanted.fulfilment is Fulfilment.DELIVERY:
        terms = areas.terms_at(card.zones, store.location.coordinates, cell.box, point)
        if terms is None:
            return None
    way = terms["eta"] if terms else 0
    return Match(row.sk, _view(store, terms, round(away), at), way, store.delivered_by)


def _is_wanted(store: Store, wanted: Filters) -> bool:
    return (
        wanted.fulfilment in store.fulfilment
        and (wanted.cuisine is None or wanted.cuisine in store.cuisines)
        and (wanted.diet is None or wanted.diet in store.diets)
        and (
            wanted.max_price_level is None
            or (store.price_level is not None and store.price_level <= wanted.max_price_level)
        )
        and (
            wanted.min_rating is None
            or (store.rating is not None and store.rating.hundredths >= wanted.min_rating)
        )
    )


def _farthest(fulfilment: Fulfilment) -> int:
    return REACH_METRES if fulfilment is Fulfilment.DELIVERY else NEAR_METRES


def _view(store: Store, terms: areas.Clipped | None, metres: int, at: datetime) -> NearbyStore:
    return NearbyStore.model_construct(
        **{name: getattr(store, name) for name in NearbyStore.model_fields if hasattr(store, name)},
        distance_metres=metres,
        eta_minutes=store.pace.minutes(at, items=1) + (terms["eta"] if terms else 0),
        delivery_fee=terms["fee"] if terms else None,
        minimum=terms["minimum"] if terms else None,
        small_order=_small_order(terms),
        closed=why_closed(store, at),
    )


def _small_order(terms: areas.Clipped | None) -> SmallOrder | None:
    if terms is None or "small" not in terms:
        return None
    below, fee = terms["small"]
    return SmallOrder.model_construct(below=below, fee=fee)


# --- cursors ---------------------------------------------------------------------------------


def _encode(place: Place) -> str:
    return paging.encode(
        {"cell": place.cell, "at": clock.stamp(place.at), "after": place.after,
         "ended": place.ended}
    )  # fmt: skip


def _decode(cursor: str | None, cell: str) -> Place | None:
    if cursor is None:
        return None
    try:
        told = paging.decode(cursor)
    except InvalidError:
        raise CursorError from None
    at, after, ended = told.get("at"), told.get("after"), told.get("ended")
    if (
        told.get("cell") != cell
        or not (isinstance(at, str) and MOMENT.fullmatch(at))
        or not (isinstance(after, str) and PLACE.fullmatch(after))
        or not (isinstance(ended, str) and (ended == ALL or PLACE.fullmatch(ended)))
    ):
        raise CursorError
    try:
        return Place(cell, clock.parse(at), after, ended)
    except ValueError:
        raise CursorError from None
