"""Which orders go together: those whose joint way costs less than two couriers' time is worth."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from chalicelib.couriers.optimising.assignment import FREE, Assigned
from chalicelib.couriers.optimising.pricing import Priced, Prices

WORTHWHILE = 1e-6
"""Minutes. Less is rounding."""

type Join = tuple[float, int, int, Priced]
"""What it would save, and which two rows become which one."""


def joins(prices: Prices, rows: Sequence[Priced], found: Assigned) -> list[Join]:
    """What is worth joining at the worth that couriers have now: each row once, the best first."""
    stores = defaultdict(list)
    for row, priced in enumerate(rows):
        stores[priced.bundle.store_id].append(row)
    promising = [
        join
        for same in stores.values()
        for one, other in combinations(same, 2)
        for join in _join(prices, rows, found, one, other)
    ]
    taken: set[int] = set()
    best = []
    for join in sorted(promising, key=lambda each: each[:3]):
        if not taken & {join[1], join[2]}:
            taken |= {join[1], join[2]}
            best.append(join)
    return best


def with_joins(rows: Sequence[Priced], chosen: Sequence[Join]) -> list[Priced]:
    """The rows, with these joined."""
    gone = {row for _, one, other, _ in chosen for row in (one, other)}
    kept = [priced for row, priced in enumerate(rows) if row not in gone]
    return kept + [priced for *_, priced in chosen]


def _join(
    prices: Prices, rows: Sequence[Priced], found: Assigned, one: int, other: int
) -> Iterator[Join]:
    first, second = rows[one], rows[other]
    if len(first.bundle.orders) + len(second.bundle.orders) > prices.city.terms.carries:
        return
    priced = prices.joined(first, second)
    if not priced.by_courier:
        return
    apart = sum(
        rows[row].at(found.columns[row]) + _worth(found, found.columns[row]) for row in (one, other)
    )
    together = min(cost + found.worth[courier] for courier, cost in priced.by_courier.items())
    if apart - together > WORTHWHILE:
        yield together - apart, one, other, priced


def _worth(found: Assigned, courier: int) -> float:
    return 0.0 if courier == FREE else found.worth[courier]
