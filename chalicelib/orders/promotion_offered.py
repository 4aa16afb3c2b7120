"""What a store and the platform offer its customers now, for everybody to read before they order.

Codes are for whom they were told: what needs one is not listed. What is used up is not either.
"""

from collections.abc import Sequence

from chalicelib.catalog import stores
from chalicelib.core import clock, dynamo
from chalicelib.core.rights import Caller
from chalicelib.orders import promoting, promotions
from chalicelib.orders.promotion_counts import is_used_up
from chalicelib.orders.promotion_models import COUNT, PromotionCount, PromotionPlace, promotion_key
from chalicelib.orders.promotion_schemas import OfferedList, OfferedPromotion, Promotion


def offered(caller: Caller, store_id: str) -> OfferedList:
    """The promotions that apply by themselves at a store that the caller may see, at this moment.

    Two or three reads. Whether this customer may still have one, their quote says. Raises
    StoreNotFoundError (404).
    """
    store = stores.visible(caller, store_id)
    places = dynamo.found_heads([(PromotionPlace, key) for key in promoting.places(store)])
    live = [place for place in places if isinstance(place, PromotionPlace)]
    now = clock.now()
    running = [
        one
        for one in promoting.by_themselves(live)
        if promotions.covers(one, store) and one.runs(now)
    ]
    gone = _used_up(running)
    left = sorted((one for one in running if one.id not in gone), key=lambda one: one.id)
    return OfferedList(items=[_view(one) for one in reversed(left)])


def _used_up(running: Sequence[Promotion]) -> set[str]:
    """Which of these were given as often as they could be: one read for all that have a limit."""
    limited = {promotion_key(one.id): one for one in running if one.uses or one.budget}
    if not limited:
        return set()
    with dynamo.reading():
        counts = list(PromotionCount.batch_get([(key, COUNT) for key in limited]))
    return {limited[count.pk].id for count in counts if is_used_up(limited[count.pk], count)}


def _view(promotion: Promotion) -> OfferedPromotion:
    known = {name: getattr(promotion, name) for name in OfferedPromotion.model_fields}
    return OfferedPromotion(**known)
