"""Orders of one store that are brought together, one door after the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

from chalicelib.couriers.optimising.city import Order, Spot, Terms, minutes


@dataclass(frozen=True, slots=True)
class Bundle:
    """A sequence of doors, timed from the moment when the food is in hand."""

    store_id: str
    orders: tuple[Order, ...]
    ready_at: float
    placed: float
    """The sum of when its orders were placed."""
    taken: float
    """The sum of the minutes from pickup to each door."""
    route: float
    """Minutes from pickup until the courier leaves the last door."""
    by: tuple[float, ...]
    """Until when it must be picked up so that each order is in time, the earliest first."""
    lost: tuple[float, ...]
    """Since when those are too late that nobody could bring in time any more, even alone."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How bundles are timed."""

    now: float
    terms: Terms
    stores: Mapping[str, Spot]
    metres_a_minute: float

    def bundle(self, orders: tuple[Order, ...]) -> Bundle:
        """These orders, of one store, in this sequence."""
        terms = self.terms
        at, after, taken = self.stores[orders[0].store_id], terms.pickup / 2, 0.0
        by, lost = [], []
        for order in orders:
            after += self._way(at, order.door) + terms.dropoff / 2
            taken += after
            last = order.placed_at + terms.latest - after
            if last < max(order.ready_at, self.now) and self._alone(order) < max(
                order.ready_at, self.now
            ):
                lost.append(max(self._alone(order), order.ready_at))
            else:
                by.append(last)
            after += terms.dropoff / 2
            at = order.door
        return Bundle(
            store_id=orders[0].store_id,
            orders=orders,
            ready_at=max(order.ready_at for order in orders),
            placed=sum(order.placed_at for order in orders),
            taken=taken,
            route=after,
            by=tuple(sorted(by)),
            lost=tuple(lost),
        )

    def joined(self, one: Bundle, other: Bundle) -> Bundle:
        """Both in the best sequence."""
        return min(map(self.bundle, permutations(one.orders + other.orders)), key=_rank)

    def _alone(self, order: Order) -> float:
        """Until when it would have to be picked up if it were brought alone."""
        way = self._way(self.stores[order.store_id], order.door)
        taken = self.terms.pickup / 2 + way + self.terms.dropoff / 2
        return order.placed_at + self.terms.latest - taken

    def _way(self, start: Spot, end: Spot) -> float:
        return minutes(start, end, self.metres_a_minute, self.terms.grain)


def _rank(each: Bundle) -> tuple[int, float, list[str]]:
    """Few that are too late, then short ways; what is equal is told apart by its ids."""
    late = sum(by < each.ready_at for by in each.by)
    return late, each.taken + each.route / 2, [order.order_id for order in each.orders]
