"""A customer's address book: at most twenty places, of which one is the default.

The app makes an address's id once and keeps it, so that putting it twice makes one address.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.core import dynamo, ids, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.preconditions import Demand
from chalicelib.core.rights import Caller, Right
from chalicelib.orders.address_schemas import AddressList, AddressView, NewAddress
from chalicelib.orders.customer_models import ADDRESSES, AddressBook, customer_key
from chalicelib.orders.errors import AddressLimitError
from chalicelib.orders.schemas import DropOff
from chalicelib.people import guests

MOST_ADDRESSES = 20
RACES = 4
ADDRESS_ID = re.compile(ids.pattern("adr"))


@dataclass(frozen=True, slots=True)
class Book:
    """A person's addresses as they were read, the oldest first."""

    version: int = 0
    default_id: str | None = None
    addresses: dict[str, Mapping[str, Any]] = field(default_factory=dict)


type Decide = Callable[[Book], Book]


def listing(person_id: str) -> AddressList:
    """Every address of a person, the default one first, then the newest."""
    book = _read(person_id)
    found = [_view(book, address_id) for address_id in reversed(book.addresses)]
    return AddressList(items=sorted(found, key=lambda one: not one.default))


def read(address_id: str, caller: Caller, right: Right) -> AddressView:
    """An address of the caller's own. Raises NotFoundError (404)."""
    book = _read(caller.id)
    right.demand(caller, own=address_id in book.addresses)
    return _view(book, address_id)


def put(person_id: str, address_id: str, new: NewAddress, demand: Demand) -> AddressView:
    """Add an address, or replace it. Safe to repeat.

    Raises NotFoundError (404) for what is no id of an address, AddressLimitError (409) for the
    21st, PreconditionError (412) where it is not as its owner has seen it.
    """
    _demand_id(address_id)

    def decide(book: Book) -> Book:
        is_new = address_id not in book.addresses
        demand(None if is_new else _view(book, address_id))
        if is_new and len(book.addresses) >= MOST_ADDRESSES:
            raise AddressLimitError
        said = new.model_dump(mode="json", exclude={"default"})
        first = book.default_id is None
        return replace(
            book,
            addresses={**book.addresses, address_id: said},
            default_id=address_id if new.default or first else book.default_id,
        )

    return _view(_change(person_id, decide), address_id)


def remove(person_id: str, address_id: str, demand: Demand) -> None:
    """Forget an address. Of those that are left the newest is then the default. Safe to repeat.

    Raises NotFoundError (404) for what is no id of an address, PreconditionError (412).
    """
    _demand_id(address_id)

    def decide(book: Book) -> Book:
        if address_id not in book.addresses:
            return book
        demand(_view(book, address_id))
        kept = {name: one for name, one in book.addresses.items() if name != address_id}
        default_id = book.default_id
        if default_id == address_id:
            default_id = next(reversed(kept), None)
        return replace(book, addresses=kept, default_id=default_id)

    _change(person_id, decide)


def drop_off(person_id: str, address_id: str) -> DropOff | None:
    """Where an address is, as a quote keeps it: a copy. None: there is no such address (1 read)."""
    book = _read(person_id)
    if address_id not in book.addresses:
        return None
    found = _view(book, address_id)
    return DropOff(
        location=found.location,
        address=found.line,
        entrance_code=found.entrance_code,
        leave_at_door=found.leave_at_door,
    )


def _demand_id(address_id: str) -> None:
    if not ADDRESS_ID.fullmatch(address_id):
        raise NotFoundError


def _read(person_id: str) -> Book:
    found = dynamo.get(AddressBook, customer_key(person_id), ADDRESSES)
    if found is None:
        return Book()
    return Book(int(found.version), found.default_id, found.addresses)


def _change(person_id: str, decide: Decide) -> Book:
    """Read, decide, write; on a race read again. Raises what `decide` raises, BusyError (409).

    GuestOverError (409) for a guest whom somebody has claimed meanwhile.
    """
    for _ in range(RACES):
        book = _read(person_id)
        changed = decide(book)
        if changed == book:
            return book
        item = AddressBook(
            customer_key(person_id),
            ADDRESSES,
            version=book.version + 1,
            default_id=changed.default_id,
            addresses=changed.addresses,
            expires_at=guests.forgotten_at(person_id),
        )
        as_read = AddressBook.version == book.version if book.version else None
        try:
            parts.commit(parts.put(item, BusyError(), as_read), *guests.present(person_id))
        except BusyError:
            continue
        return changed
    raise BusyError


def _view(book: Book, address_id: str) -> AddressView:
    said = {**book.addresses[address_id], "default": address_id == book.default_id}
    return AddressView.model_validate({**said, "id": address_id}, extra="ignore")
