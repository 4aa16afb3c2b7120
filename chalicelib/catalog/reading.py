"""What the domains above read of the catalog. Every read is consistent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.catalog import offers
from chalicelib.catalog.errors import MenuNotFoundError, StoreNotFoundError
from chalicelib.catalog.hours import is_open, next_opening, special_day
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.models import (
    STAFF,
    Availability,
    MenuVersion,
    StaffMember,
    StoreHead,
    menu_key,
    staff_key,
    store_key,
)
from chalicelib.catalog.schemas import Store, StoreIssue, StoreProblem
from chalicelib.catalog.standing import SoldOut, Standing
from chalicelib.catalog.status import SoldOutReason, StaffRole, StoreStatus
from chalicelib.catalog.zones import TRUSTED
from chalicelib.core import clock, dynamo
from chalicelib.core.rights import Caller, Role

NO_DIETS = "[]"
HEAD_FIELDS = (
    "id",
    "version",
    "status",
    "commission_basis_points",
    "confirm_seconds",
    "pause_reason",
    "paused_until",
    "menu_version",
    "created_at",
)


def store(store_id: str) -> Store | None:
    """The store as it is now (1 read), whatever its status."""
    head = dynamo.get(StoreHead, store_key(store_id))
    return of_head(head) if head else None


def several(store_ids: Sequence[str]) -> dict[str, Store]:
    """Stores by their ids, at most a hundred, in one trip; not read consistently."""
    keys = [(store_key(store_id), dynamo.HEAD) for store_id in store_ids]
    with dynamo.reading():
        heads = list(StoreHead.batch_get(keys)) if keys else []
    return {head.id: of_head(head) for head in heads}


@dataclass(frozen=True, slots=True)
class Offering:
    """A store, its menu, and what of it is sold out, as they stand at one `version` of them."""

    store: Store
    menu: Menu
    menu_version: int
    published_at: datetime | None
    sold_out: Mapping[str, SoldOut]
    version: int

    def standing(self, at: datetime) -> Standing:
        """What of the menu cannot be had at a moment."""
        return Standing(at, self.store.timezone, self.sold_out)


def offering(store_id: str) -> Offering | None:
    """A store and what it offers (2 reads, one after the other); an empty menu before the first.

    The availability decides which menu: it may be younger than the head that was read beside it,
    and an order from this offering will ask for the availability's version alone.
    """
    found = dynamo.beside(store_key(store_id), dynamo.HEAD, StoreHead, Availability)
    head, availability = found.get(StoreHead.SK), found.get(Availability.SK)
    if not isinstance(head, StoreHead):
        return None
    stands = availability if isinstance(availability, Availability) else None
    newest = max(int(head.menu_version), int(stands.menu_version) if stands else 0)
    version = menu_version(store_id, newest)
    return Offering(
        store=of_head(head),
        menu=menu_of(version) if version else Menu(categories=()),
        menu_version=newest,
        published_at=clock.parse(version.published_at) if version else None,
        sold_out=sold_out_of(stands.sold_out or {}) if stands else {},
        version=int(stands.version) if stands else 0,
    )


def demand_offering(store_id: str) -> Offering:
    """The same. Raises StoreNotFoundError, or MenuNotFoundError (404) before the first menu."""
    found = offering(store_id)
    if found is None:
        raise StoreNotFoundError
    if not found.menu_version:
        raise MenuNotFoundError
    return found


def store_and_menu(store_id: str) -> tuple[Store, Menu] | None:
    """The store and the menu that its head points to (2 reads); an empty menu before the first."""
    found = store(store_id)
    if found is None:
        return None
    version = menu_version(store_id, found.menu_version)
    return found, menu_of(version) if version else Menu(categories=())


def staff_role(store_id: str, user_id: str) -> StaffRole | None:
    """What a person is to a store (1 read); None: nothing."""
    member = dynamo.get(StaffMember, store_key(store_id), staff_key(user_id))
    return StaffRole(member.role) if member else None


def staff_of(store_id: str) -> list[str]:
    """The ids of everybody on a store's staff (1 read)."""
    members = dynamo.items(StaffMember, store_key(store_id), prefix=STAFF)
    return [member.sk.removeprefix(STAFF) for member in members]


def owners_of(store_id: str) -> list[str]:
    """The ids of a store's owners (1 read)."""
    members = dynamo.items(StaffMember, store_key(store_id), prefix=STAFF)
    return [one.sk.removeprefix(STAFF) for one in members if one.role == StaffRole.OWNER]


def speaks_for(caller: Caller, store_id: str) -> bool:
    """Whether the caller is the store's machine (no read) or one of its staff (1 read)."""
    if Role.STORE in caller.roles and store_id in caller.stores:
        return True
    return Role.MERCHANT in caller.roles and staff_role(store_id, caller.id) is not None


def why_closed(store: Store, at: datetime) -> StoreIssue | None:
    """Why a store takes no orders at a moment; None: it does. Pure.

    `opens_at` is when it next does, as far as hours and pause say.
    """
    if store.status is StoreStatus.DRAFT:
        return StoreIssue(code=StoreProblem.NOT_LIVE, detail="The store is not open yet.")
    if store.status is StoreStatus.SUSPENDED:
        return StoreIssue(code=StoreProblem.SUSPENDED, detail="The store is suspended.")
    if store.is_paused(at):
        return StoreIssue(
            code=StoreProblem.PAUSED,
            detail="The store takes no orders for a while.",
            opens_at=_open_from(store, store.paused_until) if store.paused_until else None,
        )
    if not is_open(store.hours, store.timezone, at, store.special_hours):
        day = special_day(store.special_hours, store.timezone, at)
        return StoreIssue(
            code=StoreProblem.CLOSED,
            detail="The store is closed at that time.",
            opens_at=next_opening(store.hours, store.timezone, at, store.special_hours),
            reason=day.reason if day else None,
        )
    return None


def _open_from(store: Store, at: datetime) -> datetime | None:
    if is_open(store.hours, store.timezone, at, store.special_hours):
        return at
    return next_opening(store.hours, store.timezone, at, store.special_hours)


# --- from stored items, for this domain ------------------------------------------------------


def menu_version(store_id: str, version: int) -> MenuVersion | None:
    return dynamo.get(MenuVersion, store_key(store_id), menu_key(version)) if version else None


def menu_of(stored: MenuVersion) -> Menu:
    return Menu.model_validate_json(stored.body, extra="ignore")


def sold_out_of(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, SoldOut]:
    """What an availability holds. A reason that newer code has added is another one."""
    return {
        key: SoldOut(
            until=clock.parse(said["until"]) if said.get("until") else None,
            reason=SoldOutReason(said["reason"])
            if said.get("reason") in SoldOutReason
            else SoldOutReason.OTHER,
        )
        for key, said in stored.items()
    }


def diets_of(menu: Menu) -> str:
    """The diets for which a menu has anything at all, as a head holds them."""
    return json.dumps(sorted({diet for item in menu.items for diet in item.diets}))


def _rating(head: StoreHead) -> dict[str, int] | None:
    if not head.rating_count:
        return None
    return {"hundredths": int(head.rating_hundredths), "count": int(head.rating_count)}


def of_head(head: StoreHead) -> Store:
    """The store that a head holds. Fields that newer code has added are passed over."""
    return Store.model_validate(
        {
            **json.loads(head.origin),
            **json.loads(head.details),
            **{name: getattr(head, name) for name in HEAD_FIELDS},
            "rush": head.rush or None,
            "diets": json.loads(head.menu_diets or NO_DIETS),
            "rating": _rating(head),
            "offers": offers.read(head.offers),
        },
        extra="ignore",
        context=TRUSTED,
    )
