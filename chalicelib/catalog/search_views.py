"""What was found in a search, as it is shown: the stores as they are now, in their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.catalog import conditions, offers, reading
from chalicelib.catalog.models import StoreHead
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.search_places import Rank
from chalicelib.catalog.search_schemas import FoundItem, FoundStore, SearchQuery
from chalicelib.catalog.status import Fulfilment, StoreStatus
from chalicelib.catalog.zones import Corner, covering, distance
from chalicelib.core import clock
from chalicelib.core.dynamo import HEAD
from chalicelib.core.dynamo import reading as answering

NEAR_METRES = 500
"""Stores that lie as near as this to each other are as near: there the rating decides."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A store's row that holds every term, with the items that do. `rank`: quality, steps, key."""

    pk: str
    menu: int
    items: Sequence[FoundItem]
    rank: Rank


def views(query: SearchQuery, hits: Sequence[Hit]) -> tuple[FoundStore, ...]:
    """The stores as they are now: who is not live, or has another menu, is passed over."""
    stores = _stores(hits)
    point = (query.lon, query.lat) if query.lon is not None and query.lat is not None else None
    slow = conditions.of_city(query.city) if hits else conditions.USUAL
    found = [
        (_order(hit.rank[0], view, point), view)
        for hit in hits
        if (store := stores.get(hit.pk)) is not None
        and store.status is StoreStatus.LIVE
        and store.menu_version == hit.menu
        for view in (_view(store, hit, point, slow),)
    ]
    return tuple(view for _, view in sorted(found, key=lambda pair: pair[0]))


def _order(quality: int, one: FoundStore, point: Corner | None) -> tuple[Any, ...]:
    """Better, open, brought here, nearer (as far as it matters), better rated, nearer."""
    away = one.distance_metres or 0
    return (
        quality,
        one.closed is not None,
        point is not None and one.delivery_fee is None,
        away // NEAR_METRES,
        -(one.rating.hundredths if one.rating else 0),
        away,
        one.id,
    )


def _stores(hits: Sequence[Hit]) -> Mapping[str, Store]:
    with answering():
        heads = StoreHead.batch_get([(hit.pk, HEAD) for hit in hits]) if hits else ()
        return {str(head.pk): reading.of_head(head) for head in heads}


def _view(store: Store, hit: Hit, point: Corner | None, slow: conditions.Conditions) -> FoundStore:
    place, zone = store.location, None
    if point and Fulfilment.DELIVERY in store.fulfilment:
        zone = covering(store.zones, place, point)
    way = conditions.way_minutes(zone.eta_minutes, store.delivered_by, slow) if zone else 0
    known: dict[str, Any] = {
        name: getattr(store, name) for name in FoundStore.model_fields if hasattr(store, name)
    }
    known["offers"] = offers.shown(store.offers, slow.offers, store.currency, clock.now())
    return FoundStore.model_construct(
        **known,
        distance_metres=round(distance(place.coordinates, point)) if point else None,
        eta_minutes=store.pace.minutes(clock.now(), items=1) + way,
        delivery_fee=zone.fee if zone else None,
        minimum=zone.minimum if zone else None,
        small_order=zone.small_order if zone else None,
        closed=reading.why_closed(store, clock.now()),
        items=tuple(hit.items),
    )
