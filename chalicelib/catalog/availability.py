"""What is sold out, apart from the menu's versions: said by the till, ended by the clock.

It is one small item per store that changes with the store's head, in one transaction. It says which
menu stands, too: so one version of it stands for all that an order relies on.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.catalog import reading, rights, standing
from chalicelib.catalog.changing import Change, change
from chalicelib.catalog.errors import (
    MenuMovedError,
    MenuNotFoundError,
    NotOnMenuError,
    SoldOutOverError,
    StoreNotFoundError,
    TooMuchSoldOutError,
)
from chalicelib.catalog.holding import DAY_BEGINS
from chalicelib.catalog.hours import next_local, next_opening
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.menu_views import AvailabilityView, BackRequest, Dish, SoldOutRequest
from chalicelib.catalog.models import Availability, StoreHead, store_key
from chalicelib.catalog.reading import Offering
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.staffing import demand
from chalicelib.catalog.status import Returns
from chalicelib.catalog.stores import demand_visible
from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import Value
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller

MOST_SOLD_OUT = 200

type Entries = dict[str, dict[str, Any]]


def sell_out(caller: Caller, store_id: str, wanted: SoldOutRequest) -> AvailabilityView:
    """Take things off the menu for a while. Said again, it changes what was said before.

    Raises SoldOutOverError (400) for a moment that has passed, NotOnMenuError (400) for what the
    menu has not, TooMuchSoldOutError (409) above 200 things.
    """
    demand(caller, rights.AVAILABILITY_SET, store_id)
    now = clock.now()
    if wanted.until is not None and wanted.until <= now:
        raise SoldOutOverError

    def decide(head: StoreHead) -> Change | None:
        menu = _menu(head)
        _demand_known(menu, wanted.things)
        until = _returns_at(reading.of_head(head), wanted, now)
        said = {"until": clock.stamp(until) if until else None, "reason": wanted.reason.value}
        old = _stored(head)
        new = {**old, **{thing.key: said for thing in wanted.things}}
        if new == old:
            return None
        kept = _worth_keeping(new, menu, now)
        if len(kept) > MOST_SOLD_OUT:
            raise TooMuchSoldOutError
        return _change(head, kept, {"sold_out": _keys(wanted.things), **said})

    change(store_id, decide, actor=caller.actor)
    return _view(reading.demand_offering(store_id))


def bring_back(caller: Caller, store_id: str, wanted: BackRequest) -> AvailabilityView:
    """Put things back that were sold out. Safe to repeat: what is not sold out stays so."""
    demand(caller, rights.AVAILABILITY_SET, store_id)

    def decide(head: StoreHead) -> Change | None:
        old, back = _stored(head), {thing.key for thing in wanted.things}
        if not back & old.keys():
            return None
        left = {key: said for key, said in old.items() if key not in back}
        return _change(head, left, {"back": _keys(wanted.things)})

    change(store_id, decide, actor=caller.actor)
    return _view(reading.demand_offering(store_id))


def read(caller: Caller, store_id: str) -> AvailabilityView:
    """What cannot be had now, of a store that the caller may see.

    Raises StoreNotFoundError, or MenuNotFoundError (404) before the first menu.
    """
    found = reading.offering(store_id)
    if found is None:
        raise StoreNotFoundError
    demand_visible(caller, found.store)
    if not found.menu_version:
        raise MenuNotFoundError
    return _view(found)


def still(store_id: str, version: int) -> Part:
    """The part that demands that menu and availability are what they were at a version.

    Its failure is MenuMovedError: look again at what there is (`reading.offering`).
    """
    unchanged = Availability.version == version if version else Availability.pk.does_not_exist()
    item = Availability(store_key(store_id), Availability.SK)
    return parts.check(item, MenuMovedError(), unchanged)


def menu_stands(head: StoreHead, menu_version: int) -> Part:
    """The part that notes which menu stands from the next version of the head on."""
    return parts.upsert(
        Availability(head.pk, Availability.SK),
        [
            Availability.version.set(int(head.version) + 1),
            Availability.menu_version.set(menu_version),
        ],
    )


def _change(head: StoreHead, entries: Entries, data: Mapping[str, Value]) -> Change:
    item = Availability(
        head.pk,
        Availability.SK,
        version=int(head.version) + 1,
        menu_version=int(head.menu_version),
        sold_out=entries,
    )
    return Change("store.availability_changed", {}, data, [parts.overwrite(item)])


def _menu(head: StoreHead) -> Menu:
    version = reading.menu_version(head.id, int(head.menu_version))
    if version is None:
        raise MenuNotFoundError
    return reading.menu_of(version)


def _stored(head: StoreHead) -> Entries:
    """Read after the head: whoever changes it in between fails the head's condition."""
    found = dynamo.get(Availability, head.pk, Availability.SK)
    return dict(found.sold_out or {}) if found else {}


def _worth_keeping(entries: Entries, menu: Menu, now: datetime) -> Entries:
    """Without what has come back, and without what the menu has no more."""
    known, out = standing.keys(menu), reading.sold_out_of(entries)
    return {key: entries[key] for key, one in out.items() if key in known and one.holds(now)}


def _demand_known(menu: Menu, things: Sequence[Dish]) -> None:
    known = standing.keys(menu)
    errors = [
        {"code": "not_on_menu", "pointer": f"/things/{number}", "detail": f"no {thing.key}"}
        for number, thing in enumerate(things)
        if thing.key not in known
    ]
    if errors:
        raise NotOnMenuError(errors=errors)


def _returns_at(store: Store, wanted: SoldOutRequest, now: datetime) -> datetime | None:
    match wanted.returns:
        case Returns.AT:
            return wanted.until
        case Returns.NEXT_SERVICE_DAY:
            return next_local(store.timezone, DAY_BEGINS, now)
        case Returns.NEXT_OPENING:
            return next_opening(store.hours, store.timezone, now, store.special_hours)
        case Returns.BY_HAND:
            return None


def _keys(things: Sequence[Dish]) -> list[str]:
    return sorted({thing.key for thing in things})


def _view(found: Offering) -> AvailabilityView:
    return AvailabilityView(
        store_id=found.store.id,
        menu_version=found.menu_version,
        unavailable=tuple(found.standing(clock.now()).of(found.menu)),
    )
