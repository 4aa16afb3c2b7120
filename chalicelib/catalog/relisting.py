"""Listing anew the stores of a city: those that an older release has listed otherwise, or not.

How far it is stands beside the city before anything is done, and moves on page by page. Whoever
asks does a page at a time; if nobody goes on for a minute, or whoever was at it has died, a sweep
does the rest.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from chalicelib.catalog import indexing, listing, listings, reading, rights
from chalicelib.catalog.changing import Change, change, load
from chalicelib.catalog.errors import StoreNotFoundError
from chalicelib.catalog.listing_schemas import Relisted, StorePage, StoreQuery
from chalicelib.catalog.models import StoreHead
from chalicelib.catalog.reading import NO_DIETS
from chalicelib.catalog.relist_models import RELISTS, Relisting
from chalicelib.core import audit, clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import SYSTEM, Caller

PATIENCE = timedelta(minutes=1)
"""So long whoever has asked for a page may take until they ask for the next."""
SWEPT_AT_ONCE = 50
BY_SWEEP = ""
"""Since when a city waits that a sweep is at: for ever, and so the next goes on at once."""


def relist(caller: Caller, query: StoreQuery) -> Relisted:
    """List one page of a city's live stores as this release does. Safe to repeat.

    Once begun, the city is listed to its end by a sweep, whether the next page is asked for or not.
    Raises CursorError (400) for a cursor that no page of this city gave.
    """
    role = rights.STORE_RELIST.demand(caller, own=False)
    page = listing.page(query)
    actor = caller.acting_as(role)
    at = _at(query.city, query.cursor, clock.stamp(clock.now()))
    parts.commit(
        *audit.by_operator(role, actor, "stores.relisted", query.city, "release"),
        parts.overwrite(at),
    )
    _list(page)
    _go_on(at, page.next_cursor, clock.stamp(clock.now()))
    return Relisted(count=len(page.data), next_cursor=page.next_cursor)


def waiting() -> Iterator[Relisting]:
    """Cities with which nobody has gone on for a minute."""
    before = clock.stamp(clock.now() - PATIENCE)
    yield from (one for one in dynamo.items(Relisting, RELISTS) if one.since < before)


def work(one: Relisting) -> None:
    """List the next page of a city of which somebody did not do all. Safe to repeat."""
    page = listing.page(StoreQuery(city=one.sk, cursor=one.cursor, limit=SWEPT_AT_ONCE))
    _list(page)
    _go_on(one, page.next_cursor, BY_SWEEP)


def _list(page: StorePage) -> None:
    for store in page.data:
        with suppress(BusyError, StoreNotFoundError):  # whoever changed it meanwhile has listed it
            _relist(store.id)
        with suppress(BusyError):
            indexing.follow(store.id)


def _go_on(done: Relisting, cursor: str | None, since: str) -> None:
    """Note that a page is done. Whoever else is at the city by now notes their own."""
    unchanged = Relisting.turn == done.turn
    said = parts.delete(Relisting(done.pk, done.sk), BusyError(), unchanged)
    if cursor is not None:
        said = parts.put(_at(done.sk, cursor, since), BusyError(), unchanged)
    with suppress(BusyError):
        parts.commit(said)


def _at(city: str, cursor: str | None, since: str) -> Relisting:
    return Relisting(RELISTS, city, cursor=cursor, turn=ids.token(80), since=since)


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
