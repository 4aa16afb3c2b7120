"""What can be searched of a store: a row for each key of its names and of its menu's.

Too many for one transaction, so first it is noted which rows there may be, then they are written,
then noted that they are whole. That a store waits for this is written with what changed it, and
gone at the end: a sweep follows whoever died in between. A row of another menu than the store's own
is passed over. docs/decisions/search.md
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import batched

from chalicelib.catalog import cells, reading, words
from chalicelib.catalog.menu_schemas import Menu, MenuItem
from chalicelib.catalog.models import store_key
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.search_models import (
    TEXT,
    WAITING_TEXTS,
    SearchText,
    TextRow,
    WaitingText,
    text_key,
)
from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part

LAYOUT = 2
MOST_KEYS = 1_500
MOST_ITEMS = 20
"""In one row: more of the same word does not help to choose."""
MOST_OF_STORE = 60
"""In a row of the store's own name, where a further word is looked for in its menu."""
AT_ONCE = 50
TRIES = 3
PATIENCE = timedelta(minutes=1)
"""So long who publishes is left alone."""
SWEPT_AT_ONCE = 20

type Rows = dict[str, str]
type Places = set[tuple[str, str]]


def waits(store_id: str) -> Part:
    """The part that says that a store's rows are to be brought up: goes with what changes them."""
    now = clock.stamp(clock.now())
    return parts.overwrite(WaitingText(WAITING_TEXTS, store_key(store_id), since=now))


def waiting() -> Iterator[str]:
    """The ids of stores that have waited too long: nobody is at them any more."""
    before = clock.stamp(clock.now() - PATIENCE)
    found = dynamo.items(WaitingText, WAITING_TEXTS, limit=SWEPT_AT_ONCE)
    return (one.sk.partition("#")[2] for one in found if one.since < before)


def follow(store_id: str) -> None:
    """Bring the search up to what a store and its menu say now. Safe to repeat."""
    for _ in range(TRIES):
        found = reading.store_and_menu(store_id)
        if found is None:
            parts.commit(parts.forget(_waiting(store_id)))
            return
        if _follow(*found):
            return


def rows(store: Store, menu: Menu) -> Rows:
    """What is stored under each key: the store's names and the items that hold it. Pure."""
    own = {key for name in store.names.values() for key in words.keys(name)}
    by_key: dict[str, list[MenuItem]] = {key: [] for key in sorted(own)}
    for item in menu.items:
        for key in sorted(_keys(item) | own):
            by_key.setdefault(key, []).append(item)
    return {
        key: _row(store, items[: MOST_OF_STORE if key in own else MOST_ITEMS])
        for key, items in list(by_key.items())[:MOST_KEYS]
    }


def place(store: Store) -> str:
    """The second key of a store's rows: near stores come near each other."""
    return f"{cells.along(store.location.coordinates)}#{store_key(store.id)}"


def _keys(item: MenuItem) -> set[str]:
    return {key for name in item.names.values() for key in words.keys(name)}


def _row(store: Store, items: Iterable[MenuItem]) -> str:
    said: Mapping[str, object] = {
        "menu": store.menu_version,
        "names": store.names,
        "at": store.location.coordinates,
        "items": [[item.id, item.names, item.price] for item in items],
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _follow(store: Store, menu: Menu) -> bool:
    """Whether the rows are whole now. False: another has begun meanwhile, perhaps with less."""
    pk, here = store_key(store.id), place(store)
    noted = dynamo.get(SearchText, pk, TEXT)
    said = json.dumps([LAYOUT, store.menu_version, store.names, here], ensure_ascii=False)
    if noted is not None and noted.whole and noted.said == said:
        parts.commit(parts.forget(_waiting(store.id)))
        return True
    made, before = rows(store, menu), _noted(noted)
    wanted = {(key, here) for key in made}
    turn = ids.token(80)
    parts.commit(
        parts.overwrite(_note(pk, before | wanted, said, turn, whole=False)), waits(store.id)
    )
    for some in batched(made.items(), AT_ONCE, strict=False):
        parts.commit(
            *(parts.overwrite(TextRow(text_key(store.city, key), here, hits=row))
              for key, row in some)
        )  # fmt: skip
    for gone in batched(sorted(before - wanted), AT_ONCE, strict=False):
        parts.commit(*(parts.forget(TextRow(text_key(store.city, key), at)) for key, at in gone))
    try:
        whole = _note(pk, wanted, said, turn, whole=True)
        parts.commit(
            parts.put(whole, BusyError(), SearchText.turn == turn),
            parts.forget(_waiting(store.id)),
        )
    except BusyError:
        return False
    return True


def _waiting(store_id: str) -> WaitingText:
    return WaitingText(WAITING_TEXTS, store_key(store_id))


def _noted(noted: SearchText | None) -> Places:
    """Where there are rows, or may be. Those of older releases have the store's key alone."""
    if noted is None:
        return set()
    places = json.loads(noted.places) if noted.places else [noted.pk]
    return {(key, at) for key in json.loads(noted.keys) for at in places}


def _note(pk: str, rows_: Places, said: str, turn: str, *, whole: bool) -> SearchText:
    keys, places = ({one[part] for one in rows_} for part in (0, 1))
    kept, at = (
        json.dumps(sorted(one), ensure_ascii=False, separators=(",", ":")) for one in (keys, places)
    )
    return SearchText(pk, TEXT, keys=kept, places=at, said=said, turn=turn, whole=whole)
