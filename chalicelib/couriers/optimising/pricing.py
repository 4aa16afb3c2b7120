"""What it costs that a courier brings a bundle, and what it costs that nobody does: in minutes."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from chalicelib.couriers.optimising.bundles import Bundle, Ways
from chalicelib.couriers.optimising.city import City, Courier, minutes
from chalicelib.couriers.optimising.weights import Weights

REMOTE = 1.25
"""Where even the first who could come takes long, going without takes so many times as long."""


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """A bundle with what it costs by each courier who is considered, and without any."""

    bundle: Bundle
    by_courier: dict[int, float]
    without: float

    def at(self, courier: int) -> float:
        """Its cost by this courier; by none, if it is negative."""
        return self.without if courier < 0 else self.by_courier[courier]


class Prices:
    """Prices at one moment. Couriers are known by their place in `couriers`."""

    def __init__(self, city: City, weights: Weights) -> None:
        self.city = city
        self.weights = weights
        self.couriers = sorted(
            (each for each in city.couriers if _counts(each, city.now + weights.horizon, city.now)),
            key=lambda each: (each.turn, each.courier_id),
        )
        fastest = max((each.metres_a_minute for each in self.couriers), default=1.0)
        self.ways = Ways(city.now, city.terms, city.stores, fastest)
        self._free = [max(each.free_at, each.on_at, city.now) for each in self.couriers]
        self._share = [self._share_of(each) for each in self.couriers]
        self._least_share = min(self._share, default=0.0)
        self._off = [each.off_at for each in self.couriers]
        self._joined: dict[tuple[Priced, Priced], Priced] = {}
        self._arrivals: dict[str, dict[int, float]] = {}

    def reached(self, courier: int, bundle: Bundle) -> float:
        """When this courier could have the food in hand, if it were ready."""
        return self._at(bundle.store_id)[courier] + self.city.terms.pickup / 2

    def price(self, bundle: Bundle, among: Iterable[int] | None = None) -> Priced:
        """Its cost by those of these who cost less than going without, the best of them."""
        without = self._without(bundle)
        start = max(bundle.ready_at, self.city.now)
        size, work, half = self._size(bundle), self.weights.work, self.city.terms.pickup / 2
        fixed = bundle.taken - bundle.placed + work * bundle.route
        first = bundle.by[0] if bundle.by else math.inf
        share, free, ride = self._share, self._free, self.weights.ride
        refused = frozenset[str]().union(*(order.refused for order in bundle.orders))
        costs: list[tuple[float, int]] = []
        until = (without - fixed) / size - self._least_share
        for courier, arrival in self._arriving(bundle.store_id, among):
            if arrival + half > until:
                break
            pickup = max(arrival + half, start)
            if pickup > self._off[courier]:
                continue
            if refused and self.couriers[courier].courier_id in refused:
                continue
            cost = size * (pickup + share[courier]) + fixed + work * (pickup - free[courier])
            cost += ride * max(0.0, arrival - free[courier])
            if pickup > first:
                cost += self.weights.late * sum(pickup > by for by in bundle.by)
            if cost < without:
                costs.append((cost, courier))
        costs.sort()
        del costs[self.weights.couriers :]
        return Priced(bundle, {courier: cost for cost, courier in costs}, without)

    def joined(self, one: Priced, other: Priced) -> Priced:
        """Both together, among who was considered for either."""
        known = self._joined.get((one, other))
        if known is None:
            among = {*one.by_courier, *other.by_courier}
            known = self.price(self.ways.joined(one.bundle, other.bundle), among)
            self._joined[one, other] = known
        return known

    def _arriving(self, store_id: str, among: Iterable[int] | None) -> Iterable[tuple[int, float]]:
        arrivals = self._at(store_id)
        if among is None:
            return arrivals.items()
        return sorted(((one, arrivals[one]) for one in among), key=itemgetter(1, 0))

    def _at(self, store_id: str) -> dict[int, float]:
        """When each courier would be at a store, the first first."""
        if store_id not in self._arrivals:
            spot, grain = self.city.stores[store_id], self.city.terms.grain
            there = [
                (
                    one.there_at
                    if one.store_id == store_id
                    else free + minutes(one.spot, spot, one.metres_a_minute, grain),
                    courier,
                )
                for courier, (one, free) in enumerate(zip(self.couriers, self._free, strict=True))
            ]
            self._arrivals[store_id] = {courier: arrival for arrival, courier in sorted(there)}
        return self._arrivals[store_id]

    def _without(self, bundle: Bundle) -> float:
        now, weights = self.city.now, self.weights
        soonest = next(iter(self._at(bundle.store_id).values()), now) - now
        pickup = max(bundle.ready_at, now + max(weights.wait, REMOTE * soonest))
        cost = self._size(bundle) * pickup + bundle.taken - bundle.placed
        cost += weights.work * bundle.route
        start = max(bundle.ready_at, now)
        pressing = sum(min(1.0, max(0.0, 1 - (by - start) / weights.risk)) for by in bundle.by)
        pressing += sum(
            max(0.0, start - since - weights.behind) / weights.risk for since in bundle.lost
        )
        return cost + weights.late * pressing

    def _size(self, bundle: Bundle) -> float:
        """How many wait for it, where a lost order's waiting counts for less."""
        return len(bundle.by) + self.weights.lost * len(bundle.lost)

    def _share_of(self, courier: Courier) -> float:
        """What speaks against giving this courier one more order, rather than somebody else."""
        terms = self.city.terms
        guaranteed = terms.guaranteed / terms.pay
        on_duty = (courier.off_at - courier.on_at) / 60
        so_far = max(0.0, self.city.now - courier.on_at) / 60
        beyond = courier.done + 1 - guaranteed * on_duty
        ahead = courier.done / (so_far + 1) - guaranteed
        share = self.weights.pay * min(1.0, max(0.0, beyond))
        return share + self.weights.fair * min(1.0, max(-1.0, ahead))


def _counts(courier: Courier, until: float, now: float) -> bool:
    return courier.off_at >= now and max(courier.free_at, courier.on_at) <= until
