"""HTTP of what somebody orders again: reordering, and favourites."""

from chalicelib.catalog.errors import StoreNotFoundError
from chalicelib.core.errors import BusyError, InvalidError, NotFoundError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.orders import favourite_items, favourites, reordering, rights
from chalicelib.orders.errors import FavouriteLimitError, OrdersStoppedError, QuoteProblemError
from chalicelib.orders.favourite_schemas import (
    FavouriteItemList,
    FavouriteItemView,
    FavouritePage,
    FavouriteQuery,
    FavouriteView,
)
from chalicelib.orders.reorder_schemas import ReorderRequest, ReorderView
from chalicelib.orders.routes import QUOTES
from chalicelib.people.errors import GuestOverError

api = Api(__name__)


@api.post(
    "/v1/orders/{order_id}/reorder", rights.ORDER_REORDER, status=201, limit=QUOTES,
    errors=(NotFoundError, QuoteProblemError, OrdersStoppedError),
)  # fmt: skip
def reorder(caller: Caller, body: ReorderRequest, order_id: str) -> ReorderView:
    """Quote an old order of one's own again, at today's prices.

    What is gone is left out and told, what is dearer or cheaper is told with both prices. Nothing
    is ordered: the new quote is.
    """
    return reordering.again(order_id, caller, body, rights.ORDER_REORDER)


@api.get("/v1/favourites", rights.FAVOURITE_LIST, errors=(InvalidError,))
def list_favourites(caller: Caller, query: FavouriteQuery) -> FavouritePage:
    """List one's favourite stores, the newest first."""
    return favourites.listing(caller.id, query)


@api.put(
    "/v1/favourites/{store_id}", rights.FAVOURITE_SET,
    errors=(StoreNotFoundError, FavouriteLimitError, GuestOverError, BusyError),
)  # fmt: skip
def set_favourite(caller: Caller, store_id: str) -> FavouriteView:
    """Like a store. Repeating it changes nothing."""
    return favourites.add(caller, store_id)


@api.delete(
    "/v1/favourites/{store_id}",
    rights.FAVOURITE_REMOVE,
    errors=(StoreNotFoundError, GuestOverError, BusyError),
)
def remove_favourite(caller: Caller, store_id: str) -> None:
    """Like a store no more. Repeating it changes nothing."""
    favourites.remove(caller.id, store_id)


@api.get("/v1/favourite-items", rights.FAVOURITE_LIST)
def list_favourite_items(caller: Caller) -> FavouriteItemList:
    """List one's favourite dishes, the newest first."""
    return favourite_items.listing(caller.id)


@api.put(
    "/v1/favourite-items/{store_id}/{item}", rights.FAVOURITE_SET,
    errors=(StoreNotFoundError, NotFoundError, FavouriteLimitError, BusyError),
)  # fmt: skip
def set_favourite_item(caller: Caller, store_id: str, item: str) -> FavouriteItemView:
    """Like a dish. Repeating it changes nothing."""
    return favourite_items.add(caller, store_id, item)


@api.delete(
    "/v1/favourite-items/{store_id}/{item}", rights.FAVOURITE_REMOVE,
    errors=(StoreNotFoundError, NotFoundError, BusyError),
)  # fmt: skip
def remove_favourite_item(caller: Caller, store_id: str, item: str) -> None:
    """Like a dish no more. Repeating it changes nothing."""
    favourite_items.remove(caller.id, store_id, item)
