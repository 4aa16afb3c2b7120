"""What lists say of promotions, kept up by the clock: within a minute of a promotion's change.

That a place waits for it is written with the promotion, so that nobody who dies in between leaves a
list that says something else. That a promotion waits, which may be used up now or may be had again,
is written with the order that takes or gives back of it.
"""

from collections.abc import Iterator

from chalicelib.catalog import merchants, offering
from chalicelib.catalog import reading as stores
from chalicelib.catalog.errors import StoreNotFoundError
from chalicelib.catalog.offers import MOST_SHOWN, Offer
from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.parts import Part
from chalicelib.core.telemetry import log
from chalicelib.orders import promotion_news
from chalicelib.orders.promoting import by_themselves, promotion_of
from chalicelib.orders.promotion_counts import WAITING, is_used_up
from chalicelib.orders.promotion_models import (
    COUNT,
    PromotionCount,
    PromotionHead,
    PromotionPlace,
    WaitingBadge,
    place_key,
    promotion_key,
)
from chalicelib.orders.promotion_places import places_of
from chalicelib.orders.promotion_schemas import AmountOff, Percentage, Promotion

SWEPT_AT_ONCE = 20
LOOKED_AT = 200
RANK = {"free_delivery": 0, "percentage": 1, "amount": 2, "item": 3}


def waits(place: str) -> Part:
    """The part that says that lists do not yet say what applies at a place."""
    return parts.overwrite(WaitingBadge(WAITING, place, turn=ids.token(80)))


def waiting() -> Iterator[WaitingBadge]:
    """Places and promotions that wait, from anywhere among them.

    Those that orders let wait again each minute keep no other from its turn.
    """
    found = dynamo.items(WaitingBadge, WAITING, limit=LOOKED_AT)
    first = int(ids.uniform(0, len(found)))
    yield from (found[first:] + found[:first])[:SWEPT_AT_ONCE]


def work(one: WaitingBadge) -> None:
    """Let lists say what applies at a place. Whoever changes it meanwhile lets it wait again."""
    _tell(one.sk)
    unchanged = WaitingBadge.turn == one.turn
    try:
        parts.commit(parts.delete(WaitingBadge(one.pk, one.sk), _ChangedError(), unchanged))
    except _ChangedError:
        log("What applies at a place has changed again", subject=one.sk)


class _ChangedError(Exception):
    """Somebody has changed what applies there."""


def _tell(place: str) -> None:
    if place.startswith("pro_"):
        head = dynamo.get(PromotionHead, promotion_key(place))
        for one in places_of(promotion_of(head.content).scope) if head else ():
            _tell(one)
        promotion_news.noticed(place)
    elif place.startswith("sto_"):
        _tell_store(place)
    elif place.startswith("mer_"):
        for store_id in merchants.stores_of(place):
            _tell_store(store_id)
    else:
        offering.tell_of_city(place, _offers(place))


def _tell_store(store_id: str) -> None:
    store = stores.store(store_id)
    if store is None:
        raise StoreNotFoundError
    offering.tell_of_store(store_id, _offers(store_id, store.merchant_id))


def _offers(*places: str) -> list[Offer]:
    """What applies by itself at these places, the plainest first."""
    found = [dynamo.get(PromotionPlace, place_key(place)) for place in places]
    live = [one for one in by_themselves([place for place in found if place]) if not _is_gone(one)]
    made = [_offer(one) for one in sorted(live, key=_order)]
    return made[: 2 * MOST_SHOWN]


def _is_gone(promotion: Promotion) -> bool:
    """Whether nobody can have it any more, as things are (1 read, where it is limited)."""
    if promotion.is_over(clock.now()):
        return True
    if promotion.uses is None and promotion.budget is None:
        return False
    count = dynamo.get(PromotionCount, promotion_key(promotion.id), COUNT)
    return count is not None and is_used_up(promotion, count)


def _order(promotion: Promotion) -> tuple[int, str]:
    return RANK[promotion.benefit.type], promotion.id


def _offer(promotion: Promotion) -> Offer:
    benefit = promotion.benefit
    return Offer(
        type=benefit.type,
        basis_points=benefit.basis_points if isinstance(benefit, Percentage) else None,
        amount=benefit.amount if isinstance(benefit, AmountOff) else None,
        minimum=promotion.minimum,
        first_order=promotion.first_order,
        currency=promotion.currency,
        begins=promotion.begins,
        ends=promotion.ends,
    )
