"""Forgetting somebody: their places and habits; of their orders, where they went and what was said.

What was bought, for how much, and when it was brought is bookkeeping and stays, under an id that
tells nobody's name any more.
"""

from collections.abc import Iterator
from typing import Any

from chalicelib.core import dynamo, parts
from chalicelib.core.errors import BusyError
from chalicelib.orders import rating, reading
from chalicelib.orders.customer_models import (
    ADDRESSES,
    FAVOURITE_ITEMS,
    FAVOURITES,
    AddressBook,
    FavouriteItems,
    Favourites,
    customer_key,
)
from chalicelib.orders.diet_models import DietItem, diet_key
from chalicelib.orders.models import BODY, OrderBody, order_key
from chalicelib.orders.rating_models import RatingItem

PAGE = 100
SAID = frozenset({"note", "courier_note", "drop_off", "address_id", "recipient"})
"""What of an order, and of its lines, tells of a person."""


def habits(person_id: str) -> None:
    """Keep no address, no favourite and nothing of what somebody eats. Safe to repeat."""
    pk = customer_key(person_id)
    parts.commit(
        parts.forget(AddressBook(pk, ADDRESSES)),
        parts.forget(Favourites(pk, FAVOURITES)),
        parts.forget(FavouriteItems(pk, FAVOURITE_ITEMS)),
        parts.forget(DietItem(diet_key(person_id), dynamo.HEAD)),
    )


def ids_of(person_id: str) -> Iterator[str]:
    """The ids of all of somebody's orders, page by page."""
    cursor: str | None = None
    while True:
        found = reading.of_customer(person_id, limit=PAGE, cursor=cursor)
        yield from (order.id for order in found.items)
        cursor = found.next_cursor
        if cursor is None:
            return


def orders(person_id: str) -> None:
    """Take out of somebody's orders what tells of them, one write for each. Safe to repeat."""
    for order_id in ids_of(person_id):
        body = dynamo.get(OrderBody, order_key(order_id), BODY)
        if body is None:
            continue
        left = without(body.content)
        if left != body.content:
            changed = [OrderBody.content.set(left)]
            parts.commit(parts.update(body, changed, BusyError(), OrderBody.pk.exists()))


def words(person_id: str) -> None:
    """Take the words out of somebody's ratings: their stars stay. Safe to repeat."""
    for order_id in ids_of(person_id):
        found = rating.find(order_id)
        if found is not None and found.comment:
            gone = [RatingItem.comment.remove()]
            parts.commit(parts.update(found, gone, BusyError(), RatingItem.pk.exists()))


def without(said: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same without anything that tells of a person, however deep it lies. Pure."""
    if isinstance(said, dict):
        return {name: without(value) for name, value in said.items() if name not in SAID}
    if isinstance(said, list):
        return [without(one) for one in said]
    return said
