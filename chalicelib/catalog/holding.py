"""What orders hold of what there is only so much of: items of a day, places of a kitchen.

A counter per item and service day, and one per window of the kitchen, stand beside their store. To
take is one conditional part, so that of many at once exactly the limit wins. The limit is that of
the quote: who was quoted twenty may have the twentieth. What has no limit is not counted.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from pynamodb.expressions.update import Action

from chalicelib.catalog.hours import instant, zone
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.models import (
    HeldCount,
    item_count_key,
    kitchen_count_key,
    kitchen_count_prefix,
    store_key,
)
from chalicelib.catalog.schemas import Store
from chalicelib.core import clock, dynamo, parts
from chalicelib.core.parts import Failure, Part
from chalicelib.core.schemas import Moment, Wire

DAY_BEGINS = "04:00"
ONE_DAY = timedelta(days=1)
KEPT = timedelta(days=14)
"""So long after its day a counter may be forgotten; whatever ends later gives nothing back."""


class Hold(Wire):
    """So many of what a counter counts. `item_id` is null for a place in the kitchen."""

    counter: str
    number: int
    limit: int
    ends: Moment
    item_id: str | None = None


def service_day(timezone: str, at: datetime) -> date:
    """The local day that a moment belongs to: it begins at 04:00, so that a night is one day."""
    today = at.astimezone(zone(timezone)).date()
    return today if at >= day_begins(timezone, today) else today - ONE_DAY


def day_begins(timezone: str, day: date) -> datetime:
    """The first moment of a service day, in UTC."""
    return instant(day, DAY_BEGINS, zone(timezone))


def window(timezone: str, minutes: int, at: datetime) -> tuple[datetime, datetime]:
    """The window of a kitchen that a moment lies in: counted from the service day's beginning.

    The last one is cut short where a day is no whole number of them.
    """
    day = service_day(timezone, at)
    first, length = day_begins(timezone, day), timedelta(minutes=minutes)
    begins = first + (at - first) // length * length
    return begins, min(begins + length, day_begins(timezone, day + ONE_DAY))


def wanted(
    store: Store, menu: Menu, quantities: Mapping[str, int], begins: datetime
) -> tuple[Hold, ...]:
    """What an order holds whose kitchen begins at a moment. Pure."""
    day = service_day(store.timezone, begins)
    ends = day_begins(store.timezone, day + ONE_DAY)
    holds = [
        Hold(
            counter=item_count_key(day.isoformat(), item.id),
            number=quantities[item.id],
            limit=item.per_day,
            ends=ends,
            item_id=item.id,
        )
        for item in menu.items
        if item.id in quantities and item.per_day is not None
    ]
    return (*holds, *_place(store, begins))


def _place(store: Store, begins: datetime) -> list[Hold]:
    if store.kitchen is None:
        return []
    opens, ends = window(store.timezone, store.kitchen.minutes, begins)
    counter = kitchen_count_key(store.kitchen.minutes, clock.stamp(opens))
    return [Hold(counter=counter, number=1, limit=store.kitchen.orders, ends=ends)]


def take(store_id: str, hold: Hold, failure: Failure) -> Part:
    """The part that takes it; its failed condition means that too little is left."""
    fits = HeldCount.taken <= hold.limit - hold.number
    if hold.number <= hold.limit:
        fits = HeldCount.taken.does_not_exist() | fits
    counter = _counter(store_id, hold)
    actions = [HeldCount.v.set(HeldCount.VERSION), *_moved(hold, hold.number)]
    return parts.update(counter, actions, failure, fits)


def give_back(store_id: str, holds: Sequence[Hold]) -> tuple[Part, ...]:
    """The parts that give it back. They go with the one write that ends the order, and so once.

    Nothing of what may be forgotten meanwhile: that no order can want any more.
    """
    return tuple(
        parts.upsert(_counter(store_id, hold), _moved(hold, -hold.number))
        for hold in holds
        if clock.now() < hold.ends + KEPT
    )


def _counter(store_id: str, hold: Hold) -> HeldCount:
    return HeldCount(store_key(store_id), hold.counter)


def _moved(hold: Hold, number: int) -> list[Action]:
    forgotten = HeldCount.expires_at.set(clock.forget_at(hold.ends + KEPT))
    return [HeldCount.taken.add(number), forgotten]


def left(store_id: str, holds: Sequence[Hold]) -> dict[str, int]:
    """What is left now, by counter: one read for items, one for the kitchen, none without holds."""
    items = [hold for hold in holds if hold.item_id is not None]
    taken: dict[str, int] = {}
    if len(items) > 1:
        prefix = items[0].counter.rpartition("#")[0] + "#"
        taken |= _counted(store_id, prefix)
    alone = [hold for hold in holds if hold.item_id is None or len(items) == 1]
    for hold in alone:
        found = dynamo.get(HeldCount, store_key(store_id), hold.counter)
        taken[hold.counter] = int(found.taken) if found else 0
    return {hold.counter: hold.limit - taken.get(hold.counter, 0) for hold in holds}


def _counted(store_id: str, prefix: str, after: str = "") -> dict[str, int]:
    found = dynamo.items(HeldCount, store_key(store_id), prefix=prefix, after=after)
    return {one.sk: int(one.taken) for one in found}


def places(store: Store, moments: Sequence[datetime]) -> list[int | None]:
    """How many more orders a kitchen may begin in the windows of some moments; None: any number.

    One read for each date that the windows begin on.
    """
    if store.kitchen is None:
        return [None] * len(moments)
    minutes, most = store.kitchen.minutes, store.kitchen.orders
    opened = (window(store.timezone, minutes, moment)[0] for moment in moments)
    keys = [kitchen_count_key(minutes, clock.stamp(begins)) for begins in opened]
    until = len(kitchen_count_prefix(minutes)) + len(date.min.isoformat())
    taken: dict[str, int] = {}
    for of_date in sorted({key[:until] for key in keys}):
        taken |= _counted(store.id, of_date)
    return [max(0, most - taken.get(key, 0)) for key in keys]


def free_windows(store: Store, after: datetime) -> list[datetime]:
    """When windows with a place begin, of those within a day after the one of a moment (1 read)."""
    if store.kitchen is None:
        return []
    minutes, full = store.kitchen.minutes, store.kitchen.orders
    begins, ends = window(store.timezone, minutes, after)
    prefix = kitchen_count_prefix(minutes)
    counted = _counted(store.id, prefix, kitchen_count_key(minutes, clock.stamp(begins)))
    found = []
    while ends < begins + ONE_DAY:
        if counted.get(kitchen_count_key(minutes, clock.stamp(ends)), 0) < full:
            found.append(ends)
        _, ends = window(store.timezone, minutes, ends)
    return found
