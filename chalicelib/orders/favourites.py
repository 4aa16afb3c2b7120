"""A person's favourite stores: at most a hundred, in one small item."""

import re

from chalicelib.catalog import reading as stores
from chalicelib.catalog import stores as visible_stores
from chalicelib.catalog.errors import StoreNotFoundError
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import StoreStatus
from chalicelib.core import clock, ids, paging
from chalicelib.core.errors import InvalidError
from chalicelib.core.rights import Caller
from chalicelib.orders.errors import FavouriteLimitError
from chalicelib.orders.favourite_schemas import FavouritePage, FavouriteQuery, FavouriteView
from chalicelib.orders.shelves import MOST_FAVOURITES, STORES, Liked

STORE_ID = re.compile(ids.pattern("sto"))


def add(caller: Caller, store_id: str) -> FavouriteView:
    """Like a store that the caller may see. Safe to repeat, which does not make it newer.

    Raises StoreNotFoundError (404), FavouriteLimitError (409) for the 101st.
    """
    store = visible_stores.visible(caller, store_id)

    def decide(liked: Liked) -> Liked:
        if store_id in liked:
            return liked
        if len(liked) >= MOST_FAVOURITES:
            raise FavouriteLimitError
        return {**liked, store_id: clock.stamp(clock.now())}

    return _view(store, STORES.change(caller.id, decide)[store_id])


def remove(person_id: str, store_id: str) -> None:
    """Like a store no more. Safe to repeat.

    Raises StoreNotFoundError (404) for what is no id of a store.
    """
    if not STORE_ID.fullmatch(store_id):
        raise StoreNotFoundError

    def decide(liked: Liked) -> Liked:
        return {one: since for one, since in liked.items() if one != store_id}

    STORES.change(person_id, decide)


def listing(person_id: str, query: FavouriteQuery) -> FavouritePage:
    """A page of favourites, the newest first (2 reads). What became of a store is said.

    Raises InvalidError (400) for a cursor that no page gave.
    """
    _, liked = STORES.read(person_id)
    ordered = sorted(((since, store_id) for store_id, since in liked.items()), reverse=True)
    after = _place(query.cursor) if query.cursor else None
    left = [place for place in ordered if after is None or place < after]
    page = left[: query.limit]
    found = stores.several([store_id for _, store_id in page])
    items = [_view(found[one], since) for since, one in page if one in found]
    more = len(left) > len(page)
    return FavouritePage(items=items, next_cursor=_cursor(page[-1]) if more else None)


def of_person(person_id: str) -> dict[str, str]:
    """The ids of the stores that a person likes, and since when (1 read)."""
    return dict(STORES.read(person_id)[1])


def _view(store: Store, since: str) -> FavouriteView:
    return FavouriteView(
        store_id=store.id,
        names=store.names,
        since=clock.parse(since),
        listed=store.status is StoreStatus.LIVE,
    )


def _cursor(place: tuple[str, str]) -> str:
    return paging.encode({"since": place[0], "store_id": place[1]})


def _place(cursor: str) -> tuple[str, str]:
    found = paging.decode(cursor)
    since, store_id = found.get("since"), found.get("store_id")
    if found.keys() != {"since", "store_id"} or not isinstance(since, str):
        raise _not_ours()
    if not isinstance(store_id, str):
        raise _not_ours()
    return since, store_id


def _not_ours() -> InvalidError:
    return InvalidError(errors=[{"pointer": "?cursor", "detail": "not a cursor of this list"}])
