"""Stars, summed by who hears of a rating: those of its store, and of the courier who brought it."""

from chalicelib.catalog import rating as stores
from chalicelib.core import dynamo, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.couriers.models import CourierStars, courier_key
from chalicelib.couriers.schemas import CourierRating
from chalicelib.orders import rating_counts
from chalicelib.orders.rating_counts import Uncounted

RACES = 4
ENOUGH = 5
"""So many have rated before a courier is told: of fewer they would know who it was."""


def count(order_id: str) -> None:
    """Count what sums do not hold yet of an order's rating, and show it. Safe to repeat.

    Raises BusyError (409) after too many races.
    """
    for _ in range(RACES):
        found = rating_counts.uncounted(order_id)
        if found is None:
            return
        if found.parts:
            try:
                parts.commit(*found.parts, *_sums(found))
            except BusyError:
                continue
        stores.tell(found.store_id)
        return
    raise BusyError


def _sums(found: Uncounted) -> list[Part]:
    made: list[Part] = []
    if found.of_store:
        made.append(stores.counted(found.store_id, found.of_store.stars, found.of_store.ratings))
    if found.of_courier and found.courier_id is not None:
        made.append(
            parts.upsert(
                CourierStars(courier_key(found.courier_id), CourierStars.SK),
                [
                    CourierStars.stars.add(found.of_courier.stars),
                    CourierStars.ratings.add(found.of_courier.ratings),
                ],
            )
        )
    return made


def read(caller: Caller) -> CourierRating:
    """What customers think of a courier, for themselves, once enough have said so."""
    found = dynamo.get(CourierStars, courier_key(caller.id), CourierStars.SK)
    count_ = int(found.ratings) if found else 0
    if found is None or count_ < ENOUGH:
        return CourierRating(count=count_)
    return CourierRating(count=count_, hundredths=100 * int(found.stars) // count_)
