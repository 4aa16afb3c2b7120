"""What sums hold of a rating: each version of it is counted once, whoever hears of it how often."""

from dataclasses import dataclass

from chalicelib.core import parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.orders import rating as ratings
from chalicelib.orders.rating_models import RatingItem


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much sums of stars change, and by how many ratings."""

    stars: int
    ratings: int

    def __bool__(self) -> bool:
        return bool(self.stars or self.ratings)


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A rating, what sums do not hold of it yet, and the part that says that they do.

    The part goes with the sums, once: its failure is BusyError.
    """

    store_id: str
    courier_id: str | None
    of_store: Difference
    of_courier: Difference
    parts: tuple[Part, ...]


def uncounted(order_id: str) -> Uncounted | None:
    """What is to be counted of an order's rating; without parts, where nothing is. None: no rating.

    Reads 2.
    """
    rating = ratings.find(order_id)
    if rating is None:
        return None
    known = rating.counted or {}
    now = {"version": int(rating.version), "store": int(rating.store_stars)}
    if rating.courier_stars is not None:
        now["courier"] = int(rating.courier_stars)
    counted = (
        RatingItem.counted == rating.counted
        if rating.counted
        else RatingItem.counted.does_not_exist()
    )
    mark = parts.update(
        RatingItem.at(rating.store_id, rating.id),
        [RatingItem.counted.set(now)],
        BusyError(),
        (RatingItem.version == rating.version) & counted,
    )
    return Uncounted(
        rating.store_id,
        rating.courier_id,
        _difference(known.get("store"), now["store"]),
        _difference(known.get("courier"), now.get("courier")),
        (mark,) if known.get("version") != now["version"] else (),
    )


def _difference(was: int | None, is_: int | None) -> Difference:
    return Difference((is_ or 0) - (was or 0), (is_ is not None) - (was is not None))
