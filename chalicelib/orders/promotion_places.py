"""What applies by itself at a place: one item for a store, a merchant's stores or a city.

A quote reads three of them at once. Each is written as it was read: of two who change one at once
neither is lost.
"""

from collections.abc import Mapping

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.orders.errors import PromotionsFullError
from chalicelib.orders.promoting import promotion_of
from chalicelib.orders.promotion_models import PromotionPlace, place_key
from chalicelib.orders.promotion_schemas import AtMerchant, AtStores, Promotion, Scope

MOST_AT_ONCE = 30
"""So many promotions apply by themselves at one place: a quote reads them all."""


def places_of(scope: Scope) -> list[str]:
    """Where a promotion that applies by itself is looked for, each place once."""
    if isinstance(scope, AtStores):
        return sorted(set(scope.store_ids))
    if isinstance(scope, AtMerchant):
        return [scope.merchant_id]
    return sorted(set(scope.cities))


def shown_at(place: str, promotion: Promotion) -> Part:
    """The part that lets it apply by itself at a place, where what is over is dropped."""
    found = dynamo.get(PromotionPlace, place_key(place))
    live = dict(found.live) if found else {}
    now = clock.now()
    live = {ident: one for ident, one in live.items() if not promotion_of(one).is_over(now)}
    if len(live) >= MOST_AT_ONCE:
        raise PromotionsFullError
    return _place(place, found, {**live, promotion.id: promotion.model_dump_json()})


def hidden_at(place: str, promotion_id: str) -> Part:
    """The part that lets it apply no more at a place."""
    found = dynamo.get(PromotionPlace, place_key(place))
    live = dict(found.live) if found else {}
    live.pop(promotion_id, None)
    return _place(place, found, live)


def _place(place: str, found: PromotionPlace | None, live: Mapping[str, str]) -> Part:
    """The part that says what applies at a place, as it was read. Failure: BusyError."""
    version = int(found.version) if found else 0
    item = PromotionPlace(place_key(place), dynamo.HEAD, live=live, version=version + 1)
    return parts.put(item, BusyError(), PromotionPlace.version == version if found else None)
