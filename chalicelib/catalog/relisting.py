"""Listing anew the stores of a city: those that an older release has listed otherwise, or not."""

from contextlib import suppress

from chalicelib.catalog import indexing, listing, listings, reading, rights
from chalicelib.catalog.changing import Change, change, load
from chalicelib.catalog.listing_schemas import Relisted, StoreQuery
from chalicelib.catalog.models import StoreHead
from chalicelib.catalog.reading import NO_DIETS
from chalicelib.core import audit, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import SYSTEM, Caller


def relist(caller: Caller, query: StoreQuery) -> Relisted:
    """List one page of a city's live stores as this release does. Safe to repeat.

    Raises CursorError (400) for a cursor that no page of this city gave.
    """
    role = rights.STORE_RELIST.demand(caller, own=False)
    page = listing.page(query)
    actor = caller.acting_as(role)
    parts.commit(*audit.by_operator(role, actor, "stores.relisted", query.city, "release"))
    for store in page.data:
        with suppress(BusyError):  # whoever changed it meanwhile has listed it
            _relist(store.id)
        with suppress(BusyError):
            indexing.follow(store.id)
    return Relisted(count=len(page.data), next_cursor=page.next_cursor)


def _relist(store_id: str) -> None:
    head = load(store_id)
    if head.menu_version and not head.menu_diets:
        change(store_id, _with_diets, actor=SYSTEM)
        return
    rows = listings.follow(head, head)
    if rows:
        unchanged = StoreHead.version == head.version
        parts.commit(parts.check(StoreHead(head.pk, head.sk), BusyError(), unchanged), *rows)


def _with_diets(head: StoreHead) -> Change | None:
    """What a menu says of diets was not kept with the store before."""
    menu = reading.menu_version(head.id, int(head.menu_version))
    diets = reading.diets_of(reading.menu_of(menu)) if menu else NO_DIETS
    return Change("store.updated", {"menu_diets": diets}, {"changed": ["diets"]})
