"""Slots: the moments for which a store can promise an order, as far as is known now.

They lie on the quarters of an hour. A slot is no reservation: placing takes the place in the
kitchen, and who comes too late is told the next slots, and never moved to one.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from chalicelib.catalog import holding, zones
from chalicelib.catalog import reading as catalog
from chalicelib.catalog import stores as visible_stores
from chalicelib.catalog.hours import instant, zone
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import Fulfilment
from chalicelib.core import clock
from chalicelib.core.rights import Caller
from chalicelib.orders import scheduling
from chalicelib.orders.scheduling import Task
from chalicelib.orders.slot_schemas import Slot, SlotList, SlotQuery

EVERY = timedelta(minutes=15)
ONE_DAY = timedelta(days=1)
WINDOW = timedelta(minutes=10)
"""As long as the window that a quote promises."""
NEXT = 5
"""So many slots are named to who came too late for one."""


def listing(caller: Caller, store_id: str, query: SlotQuery) -> SlotList:
    """The slots of a local day of a store. Raises StoreNotFoundError (404).

    Those of a delivery are none where the store does not bring to the point.
    """
    store = visible_stores.visible(caller, store_id)
    today = clock.now().astimezone(zone(store.timezone)).date()
    day = date.fromisoformat(query.date) if query.date else today
    minutes = _way_minutes(store, query)
    task = None if minutes is None else Task(store, query.items, minutes)
    return SlotList(
        store_id=store.id,
        date=day.isoformat(),
        timezone=store.timezone,
        fulfilment=query.fulfilment,
        items=list(of_day(task, day)) if task else [],
    )


def of_day(task: Task, day: date) -> Iterator[Slot]:
    """The slots of a local day whose kitchen has a place, in order (1 to 3 reads)."""
    local = zone(task.store.timezone)
    first, last = instant(day, "00:00", local), instant(day + ONE_DAY, "00:00", local)
    return _free(task, first, last)


def following(task: Task, moment: datetime) -> list[datetime]:
    """The next slots after a moment, of those within a day (1 to 3 reads)."""
    first = datetime.fromtimestamp(moment.timestamp() // _SECONDS * _SECONDS, moment.tzinfo)
    found = _free(task, first + EVERY, first + EVERY + ONE_DAY)
    return [slot.scheduled_for for slot, _ in zip(found, range(NEXT), strict=False)]


_SECONDS = EVERY.total_seconds()


def _free(task: Task, first: datetime, last: datetime) -> Iterator[Slot]:
    count = max(0, (last - first) // EVERY)
    grid = (first + number * EVERY for number in range(count))
    open_then = [one for one in grid if not scheduling.issues(task, one)]
    left = holding.places(task.store, [task.begins(one) for one in open_then])
    for moment, number in zip(open_then, left, strict=True):
        if number != 0:
            yield Slot(scheduled_for=moment, ends=moment + WINDOW, left=number)


def _way_minutes(store: Store, query: SlotQuery) -> int | None:
    """The minutes to the door, none to the counter; None where the store does not do this."""
    if query.fulfilment not in store.fulfilment:
        return None
    if query.fulfilment is not Fulfilment.DELIVERY:
        return 0
    if query.lon is None or query.lat is None:
        return max((one.eta_minutes for one in store.zones), default=None)
    found = zones.covering(store.zones, store.location, (query.lon, query.lat))
    return found.eta_minutes if found else None


def of_store(store_id: str, items: int, eta_minutes: int, moment: datetime) -> list[datetime]:
    """The next slots for what was quoted (2 to 4 reads); none where the store is gone."""
    store = catalog.store(store_id)
    return following(Task(store, items, eta_minutes), moment) if store else []
