"""What customers think of a store: a sum of stars beside its head, and a mean that lists show.

The sum changes with each rating, at the price of one small item. The mean is copied into each list
that the store is in, so it is told only once enough have rated, and then when it shows another
tenth, or a tenth more have rated.
"""

from chalicelib.catalog.changing import Change, change
from chalicelib.catalog.models import StarSum, StoreHead, store_key
from chalicelib.core import dynamo, parts
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM

ENOUGH = 5
"""So many have rated before a mean is shown: one alone would say who it was."""
STEP = 10
"""A mean is shown in tenths of a star: it is told in hundredths."""


def counted(store_id: str, stars: int, ratings: int) -> Part:
    """The part that counts stars. It has no condition: what makes it once goes with it."""
    return parts.upsert(
        StarSum(store_key(store_id), StarSum.SK),
        [StarSum.stars.add(stars), StarSum.ratings.add(ratings)],
    )


def tell(store_id: str) -> None:
    """Let lists show what the sum says by now. Safe to repeat; often nothing is to be told.

    Raises StoreNotFoundError (404), BusyError (409).
    """

    def decide(head: StoreHead) -> Change | None:
        found = dynamo.get(StarSum, head.pk, StarSum.SK)
        if found is None or int(found.ratings) < ENOUGH:
            return None
        count = int(found.ratings)
        mean = _rounded(int(found.stars), count)
        if not _is_news(head, mean, count):
            return None
        values = {"rating_hundredths": mean, "rating_count": count}
        return Change("store.rated", values, values)

    change(store_id, decide, actor=SYSTEM)


def _rounded(stars: int, count: int) -> int:
    """The mean in hundredths, rounded to whole tenths, halves up: integers only."""
    steps = 100 // STEP
    return (2 * stars * steps + count) // (2 * count) * STEP


def _is_news(head: StoreHead, mean: int, count: int) -> bool:
    if not head.rating_count or int(head.rating_hundredths) != mean:
        return True
    shown = int(head.rating_count)
    return abs(count - shown) * 10 >= shown
