"""What promotions take off a price, and which of several count: pure rules, integers.

Each looks at the price before any discount, and none takes more than is left of what it is off.
They are taken off in one order (items, amounts, percentages, delivery; then by id), whatever the
order in which they were written or found. Of all sets that may stand together the one that saves
the customer most counts; of those that save as much, the smaller, then the first by id.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from chalicelib.catalog.schemas import Store
from chalicelib.core import money
from chalicelib.orders.components import Reduction
from chalicelib.orders.price_schemas import Line, Sponsored
from chalicelib.orders.promotion_schemas import (
    AmountOff,
    AtMerchant,
    AtStores,
    Benefit,
    FreeDelivery,
    ItemAt,
    Percentage,
    Promotion,
    Sponsors,
    Taken,
)

MOST_OF_A_GROUP = 6
"""Of one group so many are weighed against the others: those that would save most alone."""
_RANK: Mapping[str, int] = {"item": 0, "amount": 1, "percentage": 2, "free_delivery": 3}


@dataclass(frozen=True, slots=True)
class Basket:
    """What a price is made of before discounts. `base_prices` are those of items, by their ids."""

    lines: Sequence[Line]
    delivery_fee: int
    currency: str
    base_prices: Mapping[str, int]

    @property
    def items(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The promotions that count, and what each takes off."""

    pairs: tuple[tuple[Promotion, Reduction], ...] = ()

    @property
    def reductions(self) -> tuple[Reduction, ...]:
        return tuple(reduction for _, reduction in self.pairs)

    @property
    def saved(self) -> int:
        return sum(reduction.amount for _, reduction in self.pairs)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(promotion.id for promotion, _ in self.pairs)

    def by_line(self, number: int) -> int:
        """What is taken off one line."""
        return sum(reduction.by_line[number] for _, reduction in self.pairs)

    def taken(self) -> list[Taken]:
        """What an order takes of them."""
        return [
            Taken(
                promotion_id=promotion.id,
                amount=reduction.amount,
                of_delivery=bool(reduction.of_delivery),
                uses=promotion.uses,
                budget=promotion.budget,
                per_customer=promotion.per_customer,
                first_order=promotion.first_order,
            )
            for promotion, reduction in self.pairs
        ]


NOTHING = Chosen()


def covers(promotion: Promotion, store: Store) -> bool:
    """Whether a promotion is for a store."""
    scope = promotion.scope
    if promotion.currency != store.currency:
        return False
    if isinstance(scope, AtStores):
        return store.id in scope.store_ids
    if isinstance(scope, AtMerchant):
        return store.merchant_id == scope.merchant_id
    return store.city in scope.cities


def best(promotions: Iterable[Promotion], basket: Basket) -> Chosen:
    """Which of these count for the basket, whatever the order in which they are named."""
    worth = [(saved((one,), basket), one) for one in promotions]
    useful = sorted((pair for pair in worth if pair[0]), key=lambda pair: (-pair[0], pair[1].id))
    sets = _sets([one for _, one in useful])
    best_ = min(
        sets,
        key=lambda those: (-saved(those, basket), len(those), sorted(one.id for one in those)),
    )
    return applied(best_, basket)


def saved(promotions: Iterable[Promotion], basket: Basket) -> int:
    """What `applied` takes off in all, not saying of what: for all the sets that are weighed."""
    left, fee = [line.amount for line in basket.lines], basket.delivery_fee
    whole, unit = sum(left) + fee, money.step(basket.currency)
    rest: int | None = None
    for one in _in_order(promotions):
        if isinstance(one.benefit, ItemAt):
            by_line = _of_item(one.benefit, basket, left)
            left = [have - off for have, off in zip(left, by_line, strict=True)]
        elif isinstance(one.benefit, FreeDelivery):
            fee -= min(fee, _most(one.benefit.most, fee))
        else:
            have = sum(left) if rest is None else rest
            rest = have - min(_wanted(one.benefit, basket.items), have) // unit * unit
    return whole - fee - (sum(left) if rest is None else rest)


def _in_order(promotions: Iterable[Promotion]) -> list[Promotion]:
    return sorted(promotions, key=lambda one: (_RANK[one.benefit.type], one.id))


def _sets(useful: Sequence[Promotion]) -> Iterator[tuple[Promotion, ...]]:
    """What may stand together: one that stands alone, or one at most of each group."""
    groups: dict[str, list[Promotion | None]] = {}
    for one in useful:
        if one.group is None:
            yield (one,)
        else:
            groups.setdefault(one.group, [None]).append(one)
    weighed = [those[: MOST_OF_A_GROUP + 1] for those in groups.values()]
    for those in product(*weighed):
        yield tuple(one for one in those if one)


def applied(promotions: Sequence[Promotion], basket: Basket) -> Chosen:
    """What each of these takes off, one after the other."""
    left, fee = [line.amount for line in basket.lines], basket.delivery_fee
    pairs = []
    for one in _in_order(promotions):
        by_line, of_delivery = _off(one.benefit, basket, left, fee)
        amount = sum(by_line) + of_delivery
        if amount:
            left = [have - off for have, off in zip(left, by_line, strict=True)]
            fee -= of_delivery
            sponsors = _sponsored(one.sponsors, amount)
            pairs.append((one, Reduction(one.id, one.names, tuple(by_line), of_delivery, sponsors)))
    return Chosen(tuple(pairs))


def _off(benefit: Benefit, basket: Basket, left: Sequence[int], fee: int) -> tuple[list[int], int]:
    """What is taken off each line, of which so much is left to pay, and off the delivery fee."""
    if isinstance(benefit, FreeDelivery):
        return [0 for _ in left], min(fee, _most(benefit.most, fee))
    if isinstance(benefit, ItemAt):
        return _of_item(benefit, basket, left), 0
    wanted = _wanted(benefit, basket.items)
    unit = money.step(basket.currency)
    amount = min(wanted, sum(left)) // unit * unit
    return money.allocate(amount, left), 0


def _wanted(benefit: Percentage | AmountOff, items: int) -> int:
    if isinstance(benefit, AmountOff):
        return benefit.amount
    return min(money.portion(items, benefit.basis_points), _most(benefit.most, items))


def _most(most: int | None, otherwise: int) -> int:
    return otherwise if most is None else most


def _of_item(benefit: ItemAt, basket: Basket, left: Sequence[int]) -> list[int]:
    units = benefit.units
    off = max(0, basket.base_prices.get(benefit.item_id, 0) - benefit.price)
    found = []
    for line, have in zip(basket.lines, left, strict=True):
        fitting = min(units, line.quantity) if line.item_id == benefit.item_id else 0
        units -= fitting
        found.append(min(have, off * fitting))
    return found


def _sponsored(sponsors: Sponsors, amount: int) -> tuple[Sponsored, ...]:
    platform, merchant = money.allocate(amount, [sponsors.platform, sponsors.merchant])
    parts = [
        Sponsored(by="platform", amount=platform),
        Sponsored(by="merchant", amount=merchant),
    ]
    return tuple(part for part in parts if part.amount)
