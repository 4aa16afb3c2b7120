"""The stores that a person likes."""

from typing import Annotated

from pydantic import Field

from chalicelib.catalog.menu_schemas import Names, Slug
from chalicelib.core.schemas import Moment, Page, Wire
from chalicelib.orders.schemas import StoreId


class FavouriteQuery(Page):
    """How many of one's favourites to list."""


class FavouriteView(Wire):
    """A store that a person likes. Whether it takes orders now, the store itself says."""

    store_id: StoreId
    names: Names
    since: Moment
    listed: Annotated[bool, Field(description="False: it is not open to the public at present.")]


class FavouritePage(Wire):
    """A page of favourites, the newest first."""

    items: list[FavouriteView]
    next_cursor: str | None = None


class FavouriteItemView(Wire):
    """A dish that a person likes. What it costs now, and whether it is there, its menu says."""

    store_id: StoreId
    item_id: Slug
    names: Annotated[Names, Field(description="As it was called when it was liked.")]
    since: Moment


class FavouriteItemList(Wire):
    """Every dish that a person likes, the newest first: at most a hundred."""

    items: list[FavouriteItemView]
