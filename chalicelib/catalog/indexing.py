"""What can be searched of a store: a row for each key of its names and of its menu's.

Too many for one transaction, so first it is noted which rows there may be, then they are written,
then noted that they are whole. Whoever dies in between is followed by whoever publishes, renames
or relists; a row of another menu than the store's own is passed over. docs/decisions/search.md
"""

import json
from collections.abc import Iterable, Mapping
from itertools import batched

from chalicelib.catalog import reading, words
from chalicelib.catalog.menu_schemas import Menu, MenuItem
from chalicelib.catalog.models import TEXT, SearchText, TextRow, store_key, text_key
from chalicelib.catalog.schemas import Store
from chalicelib.core import dynamo, ids, parts
from chalicelib.core.errors import BusyError

LAYOUT = 1
MOST_KEYS = 1_500
MOST_ITEMS = 20
"""In one row: more of the same word does not help to choose."""
MOST_OF_STORE = 60
"""In a row of the store's own name, where a further word is looked for in its menu."""
AT_ONCE = 50
TRIES = 3

type Rows = dict[str, str]


def follow(store_id: str) -> None:
    """Bring the search up to what a store and its menu say now. Safe to repeat."""
    for _ in range(TRIES):
        found = reading.store_and_menu(store_id)
        if found is None or _follow(*found):
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


def _keys(item: MenuItem) -> set[str]:
    return {key for name in item.names.values() for key in words.keys(name)}


def _row(store: Store, items: Iterable[MenuItem]) -> str:
    said: Mapping[str, object] = {
        "menu": store.menu_version,
        "names": store.names,
        "items": [[item.id, item.names, item.price] for item in items],
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _follow(store: Store, menu: Menu) -> bool:
    """Whether the rows are whole now. False: another has begun meanwhile, perhaps with less."""
    pk = store_key(store.id)
    noted = dynamo.get(SearchText, pk, TEXT)
    said = json.dumps([LAYOUT, store.menu_version, store.names], ensure_ascii=False)
    if noted is not None and noted.whole and noted.said == said:
        return True
    wanted, before = rows(store, menu), set(json.loads(noted.keys)) if noted else set()
    turn = ids.token(80)
    parts.commit(parts.overwrite(_note(pk, before | wanted.keys(), said, turn, whole=False)))
    for some in batched(wanted.items(), AT_ONCE, strict=False):
        parts.commit(
            *(parts.overwrite(TextRow(text_key(store.city, key), pk, hits=row))
              for key, row in some)
        )  # fmt: skip
    for gone in batched(sorted(before - wanted.keys()), AT_ONCE, strict=False):
        parts.commit(*(parts.forget(TextRow(text_key(store.city, key), pk)) for key in gone))
    try:
        whole = _note(pk, wanted.keys(), said, turn, whole=True)
        parts.commit(parts.put(whole, BusyError(), SearchText.turn == turn))
    except BusyError:
        return False
    return True


def _note(pk: str, keys: Iterable[str], said: str, turn: str, *, whole: bool) -> SearchText:
    kept = json.dumps(sorted(keys), ensure_ascii=False, separators=(",", ":"))
    return SearchText(pk, TEXT, keys=kept, said=said, turn=turn, whole=whole)
