"""Searching a city for stores and for what is on their menus.

A question asks for at most three lists of stores and one batch of heads, whatever there is: the
shortest list that is whole is gone through, or of the first one what lies around the point from
which is asked. Where nothing is found, it is looked for once more with a typing error allowed.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.catalog import cells, misspelt, search_views, words
from chalicelib.catalog.menu_schemas import Names
from chalicelib.catalog.models import STORE
from chalicelib.catalog.search_models import TextRow, text_key
from chalicelib.catalog.search_places import HERE_ON, Place, decoded, encoded
from chalicelib.catalog.search_schemas import FoundItem, SearchPage, SearchQuery
from chalicelib.catalog.search_views import NEAR_METRES, Hit
from chalicelib.catalog.words import Term
from chalicelib.catalog.zones import Corner, distance
from chalicelib.core.dynamo import reading as answering

MOST_LISTS = 3
MOST_TERMS = 8
ROWS = 60
SHOWN_ITEMS = 5
NAMED, OF_ITS_NAME, CALLED, HELD, NEARLY = range(5)
"""How good a match is: the store is called so, or holds it in its name; a dish is called so, or
holds it; or nearly."""

type Holds = Callable[[Iterable[str], Term], bool]


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of a list, and where more of it is; None: that was all."""

    rows: Sequence[TextRow]
    following: Place | None


def page(query: SearchQuery) -> SearchPage:
    """Live stores that hold every word, the better and nearer first.

    Raises CursorError (400) for a cursor of another search.
    """
    asked = words.terms(query.q)[:MOST_TERMS]
    if not asked:
        return SearchPage(data=())
    if query.cursor:
        place = decoded(query.cursor, [*_keys(asked), *_near_keys(asked)])
        again = _near_rows(query, asked) if place.near else _rows(query.city, place)
        return _shown(query, asked, place, again)
    place, listed = _listed(query, asked)
    hits = _hits(query, asked, place, listed)
    if not hits and listed.following is None:
        near = Place(_near_keys(asked)[0], *_around(query), near=True)
        return _shown(query, asked, near, _near_rows(query, asked))
    return _shown(query, asked, place, listed)


def _shown(query: SearchQuery, asked: Sequence[Term], place: Place, listed: Rows) -> SearchPage:
    hits = [hit for hit in _hits(query, asked, place, listed) if place.is_due(hit.rank)]
    shown, following = hits[: query.limit], listed.following
    if len(hits) > query.limit:
        following = replace(place, past=shown[-1].rank)
    return SearchPage(
        data=search_views.views(query, shown), next_cursor=encoded(following) if following else None
    )


# --- reading ---------------------------------------------------------------------------------


def _listed(query: SearchQuery, asked: Sequence[Term]) -> tuple[Place, Rows]:
    """The shortest list that is whole, or what of the first one is around here."""
    places = [Place(key, *_around(query)) for key in _keys(asked)[:MOST_LISTS]]
    lists = [(place, _rows(query.city, place)) for place in places]
    return min(
        lists,
        key=lambda one: (
            one[1].following is not None, 0 if one[1].following else len(one[1].rows),
        ),
    )  # fmt: skip


def _near_rows(query: SearchQuery, asked: Sequence[Term]) -> Rows:
    """What of at most three lists is around here: in one of them is whatever has one error."""
    found: dict[str, TextRow] = {}
    for key in _near_keys(asked)[:MOST_LISTS]:
        for row in _rows(query.city, Place(key, *_around(query))).rows:
            found.setdefault(_store_of(row), row)
    return Rows(list(found.values()), None)


def _around(query: SearchQuery) -> tuple[str, str]:
    """From where on the curve through the city to look: both ways, or all from its beginning."""
    if query.lon is None or query.lat is None:
        return HERE_ON, ""
    here = cells.along((query.lon, query.lat))
    return here, here


def _keys(asked: Sequence[Term]) -> list[str]:
    """One key of each term, then further ones."""
    return _one_of_each([term.keys for term in asked])


def _near_keys(asked: Sequence[Term]) -> list[str]:
    return _one_of_each([misspelt.keys(term) for term in asked])


def _one_of_each(keys: Sequence[Sequence[str]]) -> list[str]:
    firsts = [some[0] for some in keys]
    return list(dict.fromkeys([*firsts, *(key for some in keys for key in some)]))


def _rows(city: str, place: Place) -> Rows:
    """The next rows of a list both ways, read as they were a moment ago."""
    key, found, ends = text_key(city, place.key), [], []
    for start, ahead in ((place.up, True), (place.down, False)):
        if not start:
            ends.append("")
            continue
        condition = TextRow.sk > start if ahead else TextRow.sk < start
        with answering():
            read = TextRow.query(
                key, condition, limit=ROWS, page_size=ROWS, scan_index_forward=ahead
            )
            some = list(read)
        found += some
        ends.append(str(some[-1].sk) if read.last_evaluated_key is not None else "")
    up, down = ends
    return Rows(found, replace(place, up=up, down=down, past=None) if up or down else None)


def _store_of(row: TextRow) -> str:
    """The key of a row's store. Rows of older releases have no place on the curve."""
    return row.sk[row.sk.index(STORE) :]


# --- judging ---------------------------------------------------------------------------------


def _hits(query: SearchQuery, asked: Sequence[Term], place: Place, listed: Rows) -> list[Hit]:
    """What holds every term, the better and nearer first. A store that is moving counts once."""
    point = (query.lon, query.lat) if query.lon is not None and query.lat is not None else None
    found: dict[str, Hit] = {}
    for row in listed.rows:
        hit = _hit(row, asked, "".join(words.runs(query.q)), point, near=place.near)
        if hit is not None:
            found[hit.pk] = hit
    return sorted(found.values(), key=lambda hit: hit.rank)


def _hit(
    row: TextRow, asked: Sequence[Term], question: str, point: Corner | None, *, near: bool = False
) -> Hit | None:
    told, pk = json.loads(row.hits), _store_of(row)
    own = [*told["names"].values()]
    holds = misspelt.holds if near else words.holds
    items = [
        FoundItem.model_construct(id=id_, names=names, price=price)
        for id_, names, price in told["items"]
        if _holds_all([*names.values(), *own], asked, holds) and _holds_any(names, asked, holds)
    ]
    of_its_name = _holds_all(own, asked, holds)
    if not items and not of_its_name:
        return None
    items.sort(key=lambda item: not _is_called(item.names, question))
    quality = HELD
    if near:
        quality = NEARLY
    elif of_its_name:
        quality = NAMED if _begins(told["names"], question) else OF_ITS_NAME
    elif _is_called(items[0].names, question):
        quality = CALLED
    away = round(distance(told["at"], point)) if point and "at" in told else 0
    return Hit(pk, int(told["menu"]), items[:SHOWN_ITEMS], (quality, away // NEAR_METRES, pk))


def _is_called(names: Names, question: str) -> bool:
    return any("".join(words.runs(name)) == question for name in names.values())


def _begins(names: Names, question: str) -> bool:
    return any("".join(words.runs(name)).startswith(question) for name in names.values())


def _holds_all(texts: Sequence[str], asked: Sequence[Term], holds: Holds) -> bool:
    return all(holds(texts, term) for term in asked)


def _holds_any(names: Names, asked: Sequence[Term], holds: Holds) -> bool:
    return any(holds(names.values(), term) for term in asked)
