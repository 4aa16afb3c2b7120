"""Whom to send where now: pure. A city goes in, decisions come out.

Everything that is open is assigned, for now; what need not be promised yet is not, and is assigned
anew at the next look. The model, its sources and what it is measured by: docs/dispatch.md.
"""

from dataclasses import dataclass
from operator import itemgetter

from chalicelib.couriers.optimising.assignment import FREE, Assigned, assign
from chalicelib.couriers.optimising.bundles import Bundle
from chalicelib.couriers.optimising.city import Bring, City, Decision, Go
from chalicelib.couriers.optimising.joining import WORTHWHILE, joins, with_joins
from chalicelib.couriers.optimising.pricing import Priced, Prices
from chalicelib.couriers.optimising.weights import WEIGHTS, Weights


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is meant to bring what, as things stand."""

    courier_id: str
    bundle: Bundle
    reached: float
    """When the courier could have the food in hand, if it were ready."""
    now: Decision | None
    """What must be told now, if anything must."""


def decide(city: City, weights: Weights = WEIGHTS) -> tuple[Decision, ...]:
    """What cannot wait for the next look, sorted by courier, in whatever order the city is told."""
    return tuple(each.now for each in meant(city, weights) if each.now is not None)


def meant(city: City, weights: Weights = WEIGHTS) -> list[Meant]:
    """Who is meant to bring what, sorted by courier."""
    prices = Prices(city, weights)
    if not prices.couriers:
        return []
    rows = [prices.price(each) for each in _singles(prices)]
    rows, found = _joined(prices, rows, _assigned(prices, rows))
    pairs = zip(found.columns, rows, strict=True)
    return [
        Meant(
            prices.couriers[courier].courier_id,
            priced.bundle,
            prices.reached(courier, priced.bundle),
            _due(prices, priced, courier),
        )
        for courier, priced in sorted(pairs, key=itemgetter(0))
        if courier != FREE
    ]


def _singles(prices: Prices) -> list[Bundle]:
    city = prices.city
    until = city.now + prices.weights.horizon
    thought_of = (each for each in city.orders if each.ready_at <= until)
    return [
        prices.ways.bundle((each,)) for each in sorted(thought_of, key=lambda each: each.order_id)
    ]


def _assigned(prices: Prices, rows: list[Priced]) -> Assigned:
    costs = [list(each.by_courier.items()) for each in rows]
    return assign(costs, [each.without for each in rows], len(prices.couriers))


def _joined(prices: Prices, rows: list[Priced], found: Assigned) -> tuple[list[Priced], Assigned]:
    """Join orders as long as that makes the whole cheaper."""
    for _ in range(prices.weights.rounds):
        chosen = joins(prices, rows, found)
        if not chosen:
            break
        for tried in (chosen, chosen[: (len(chosen) + 1) // 2], chosen[:1]):
            rows_then = with_joins(rows, tried)
            then = _assigned(prices, rows_then)
            if then.total < found.total - WORTHWHILE:
                rows, found = rows_then, then
                break
        else:
            break
    return rows, found


def _due(prices: Prices, priced: Priced, courier: int) -> Decision | None:
    """What this courier must be told now, so that nothing is lost by waiting for the next look."""
    city, one, taken = prices.city, prices.couriers[courier], priced.bundle
    if max(one.free_at, one.on_at) > city.now:
        return None
    step = city.terms.step
    reached = prices.reached(courier, taken)
    pickup = max(reached, taken.ready_at, city.now)
    there = one.store_id == taken.store_id
    if pickup + step > one.off_at or (there and pickup < city.now + step):
        return Bring(one.courier_id, tuple(order.order_id for order in taken.orders))
    if not there and reached + step > taken.ready_at:
        return Go(one.courier_id, taken.store_id)
    return None
