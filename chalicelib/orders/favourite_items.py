"""A person's favourite dishes: at most a hundred, in one small item."""

import re
from typing import Any

from chalicelib.catalog import reading as stores
from chalicelib.catalog import stores as visible_stores
from chalicelib.catalog.errors import StoreNotFoundError
from chalicelib.core import clock
from chalicelib.core.errors import NotFoundError
from chalicelib.core.rights import Caller
from chalicelib.orders.errors import FavouriteLimitError
from chalicelib.orders.favourite_schemas import FavouriteItemList, FavouriteItemView
from chalicelib.orders.favourites import STORE_ID
from chalicelib.orders.shelves import DISHES, MOST_FAVOURITES, Liked

ITEM_ID = re.compile(r"[a-z0-9-]{1,40}")


def add(caller: Caller, store_id: str, item_id: str) -> FavouriteItemView:
    """Like a dish of a store that the caller may see. Safe to repeat, which makes it no newer.

    Raises StoreNotFoundError or NotFoundError (404), FavouriteLimitError (409) for the 101st.
    """
    visible_stores.visible(caller, store_id)
    found = stores.store_and_menu(store_id)
    dishes = {one.id: one for one in found[1].items} if found else {}
    if item_id not in dishes:
        raise NotFoundError
    names = dict(dishes[item_id].names)
    key = _key(store_id, item_id)

    def decide(liked: Liked) -> Liked:
        if key in liked:
            return liked
        if len(liked) >= MOST_FAVOURITES:
            raise FavouriteLimitError
        return {**liked, key: {"since": clock.stamp(clock.now()), "names": names}}

    return _view(key, DISHES.change(caller.id, decide)[key])


def remove(person_id: str, store_id: str, item_id: str) -> None:
    """Like a dish no more. Safe to repeat.

    Raises StoreNotFoundError or NotFoundError (404) for what is no id of a store, of a dish.
    """
    if not STORE_ID.fullmatch(store_id):
        raise StoreNotFoundError
    if not ITEM_ID.fullmatch(item_id):
        raise NotFoundError
    gone = _key(store_id, item_id)
    DISHES.change(person_id, lambda liked: {key: one for key, one in liked.items() if key != gone})


def listing(person_id: str) -> FavouriteItemList:
    """All of them, the newest first (1 read)."""
    _, liked = DISHES.read(person_id)
    ordered = sorted(liked.items(), key=lambda one: (one[1]["since"], one[0]), reverse=True)
    return FavouriteItemList(items=[_view(key, one) for key, one in ordered])


def _key(store_id: str, item_id: str) -> str:
    return f"{store_id}/{item_id}"


def _view(key: str, one: dict[str, Any]) -> FavouriteItemView:
    store_id, _, item_id = key.partition("/")
    return FavouriteItemView(
        store_id=store_id, item_id=item_id, names=one["names"], since=clock.parse(one["since"])
    )
