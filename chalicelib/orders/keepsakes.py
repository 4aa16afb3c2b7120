"""What a guest has kept (addresses, favourites, what they eat) goes to whoever claims them.

The account's own comes first: its default address stays, and what it says it eats. Each is one
transaction that puts the account's item as it was read, and removes the guest's.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import dynamo, parts
from chalicelib.core.dynamo import HEAD
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.orders.addresses import MOST_ADDRESSES
from chalicelib.orders.customer_models import (
    ADDRESSES,
    AddressBook,
    customer_key,
)
from chalicelib.orders.diet_models import DietItem, diet_key
from chalicelib.orders.shelves import DISHES, MOST_FAVOURITES, STORES

RACES = 6
TIMES_THE_LIMIT = 3
"""A claim goes beyond the limit of what somebody may keep, but not without an end."""


def hand_over(guest_id: str, account: str) -> None:
    """Let the account have what the guest has kept. Safe to repeat. Raises BusyError (409)."""
    for step in (_addresses, _favourites, _dishes, _diet):
        _until_done(step, guest_id, account)


def _until_done(step: Callable[[str, str], tuple[Part, ...]], guest_id: str, account: str) -> None:
    for _ in range(RACES):
        chosen = step(guest_id, account)
        if not chosen:
            return
        try:
            parts.commit(*chosen)
        except BusyError:
            continue
        return
    raise BusyError


def _addresses(guest_id: str, account: str) -> tuple[Part, ...]:
    theirs = dynamo.get(AddressBook, customer_key(guest_id), ADDRESSES)
    if theirs is None:
        return ()
    own = dynamo.get(AddressBook, customer_key(account), ADDRESSES)
    most = TIMES_THE_LIMIT * MOST_ADDRESSES
    merged = AddressBook(
        customer_key(account),
        ADDRESSES,
        version=int(own.version) + 1 if own else 1,
        default_id=(own.default_id if own else None) or theirs.default_id,
        addresses=_joined(theirs.addresses, own.addresses if own else {}, most),
    )
    as_read = AddressBook.version == own.version if own else None
    gone = parts.delete(theirs, BusyError(), AddressBook.version == theirs.version)
    return parts.put(merged, BusyError(), as_read), gone


def _favourites(guest_id: str, account: str) -> tuple[Part, ...]:
    return STORES.handed_over(guest_id, account, _favoured)


def _dishes(guest_id: str, account: str) -> tuple[Part, ...]:
    return DISHES.handed_over(guest_id, account, _favoured)


def _favoured(theirs: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    return _joined(theirs, own, TIMES_THE_LIMIT * MOST_FAVOURITES)


def _diet(guest_id: str, account: str) -> tuple[Part, ...]:
    theirs = dynamo.get(DietItem, diet_key(guest_id))
    if theirs is None:
        return ()
    gone = parts.forget(theirs)
    if dynamo.get(DietItem, diet_key(account)):
        return (gone,)
    kept = DietItem(diet_key(account), HEAD, content=theirs.content, agreed_at=theirs.agreed_at)
    return parts.put(kept, BusyError()), gone


def _joined(theirs: Mapping[str, Any], own: Mapping[str, Any], most: int) -> dict[str, Any]:
    """Both, the account's own last and so newest, and where they differ as the account has it."""
    found = {**{name: one for name, one in theirs.items() if name not in own}, **own}
    return dict(list(found.items())[-most:])
