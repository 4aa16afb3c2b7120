"""Where stores are listed: a row in each cell that a store brings to, or that it is near.

The rows of a store change in the transaction that changes the store: at most 45 go and 45 come.
See docs/decisions/discovery.md.
"""

import json
from collections.abc import Iterator

from chalicelib.catalog import areas, cards, cells
from chalicelib.catalog.cells import Cell
from chalicelib.catalog.models import LISTING, CellRow, Listing, StoreHead, cell_key
from chalicelib.catalog.reading import of_head
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import Fulfilment, StoreStatus
from chalicelib.catalog.zones import distance
from chalicelib.core import dynamo, parts
from chalicelib.core.parts import Part

LAYOUT = 1
"""Raised when rows become other ones: a store is then listed anew with its next change."""
BRINGS, NEAR = "brings", "near"
REACH_METRES = 30_000
"""How far from its place a store is listed at most, however far it brings."""
NEAR_METRES = 2_000
"""How far somebody goes to collect a meal, or to eat it: half an hour's walk at most."""
MOST_BRINGS, MOST_NEAR = 30, 15

type Rows = dict[tuple[str, str], str]


def rows(store: Store) -> Rows:
    """The cards of a store by their keys: none unless it is live. Pure."""
    if store.status is not StoreStatus.LIVE:
        return {}
    return dict([*_brings(store), *_near(store)])


def follow(old: StoreHead, new: StoreHead) -> list[Part]:
    """The parts that list a store as it is about to be. What is listed already is not written."""
    before, after = of_head(old), of_head(new)
    if StoreStatus.LIVE not in {before.status, after.status}:
        return []
    listing = dynamo.get(Listing, old.pk, LISTING)
    was, is_ = rows(before), rows(after)
    if listing is not None and listing.layout == LAYOUT and was == is_:
        return []
    return listed(old.pk, listing, is_)


def listed(pk: str, listing: Listing | None, wanted: Rows) -> list[Part]:
    """The parts that list a store in these rows and no others."""
    there = [tuple(key) for key in json.loads(listing.rows)] if listing else []
    gone = [key for key in there if key not in wanted]
    keys = json.dumps(list(wanted), separators=(",", ":"))
    return [
        *(parts.forget(CellRow(*key)) for key in gone),
        *(parts.overwrite(CellRow(*key, card=card)) for key, card in wanted.items()),
        parts.overwrite(Listing(pk, LISTING, rows=keys, layout=LAYOUT)),
    ]


def _brings(store: Store) -> Iterator[tuple[tuple[str, str], str]]:
    """Of each cell the quickest store comes first, as far as its zones say."""
    if Fulfilment.DELIVERY not in store.fulfilment:
        return
    place = store.location
    found = cells.cover(
        place.coordinates,
        min(REACH_METRES, max((areas.reach(zone, place) for zone in store.zones), default=0)),
        MOST_BRINGS,
        lambda box: any(areas.clip(zone, place, box) for zone in store.zones),
    )
    for cell in found:
        zones = [areas.clip(zone, place, cell.box) for zone in store.zones]
        clipped = [zone for zone in zones if zone is not None]
        minutes = store.preparation_minutes + min(zone["eta"] for zone in clipped)
        yield _key(BRINGS, cell, store, minutes), cards.written(store, clipped)


def _near(store: Store) -> Iterator[tuple[tuple[str, str], str]]:
    """Of each cell the nearest store comes first."""
    if not {Fulfilment.TAKEAWAY, Fulfilment.DINE_IN} & {*store.fulfilment}:
        return
    card = cards.written(store, [])
    place = store.location.coordinates
    for cell in cells.cover(place, NEAR_METRES, MOST_NEAR, lambda _: True):
        yield _key(NEAR, cell, store, 0), card


def _key(family: str, cell: Cell, store: Store, minutes: int) -> tuple[str, str]:
    away = round(distance(store.location.coordinates, cell.box.centre) / 100)
    return cell_key(family, cell.name), f"{minutes:03d}#{away:04d}#{store.id}"
