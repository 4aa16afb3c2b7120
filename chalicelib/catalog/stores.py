"""Stores: how they come to be, how they are read, and what their people change."""

import json

from chalicelib.catalog import cities, indexing, reading, rights
from chalicelib.catalog.changing import Change, announce, change, commit_once, load
from chalicelib.catalog.errors import MerchantNotFoundError, StoreNotFoundError
from chalicelib.catalog.merchants import owns, still_owns, with_store
from chalicelib.catalog.models import (
    StaffMember,
    StoreHead,
    WorkPlace,
    person_key,
    staff_key,
    store_key,
)
from chalicelib.catalog.schemas import (
    NewStore,
    Store,
    StoreDetails,
    StoreOrigin,
    StorePatch,
    StoreView,
    Terms,
)
from chalicelib.catalog.staffing import demand, may_see_unlisted
from chalicelib.catalog.status import StaffRole, StoreStatus
from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.rights import Caller, Right

SEARCHED = frozenset({"names", "location"})
"""By what of itself a store is found."""
PRICED = frozenset({"location", "zones", "delivered_by"})
"""What the fee rules of a city look at."""


def create(caller: Caller, new: NewStore, key: Key) -> tuple[StoreView, bool]:
    """A draft of a store, its creator its owner, and whether this only repeats the request.

    Raises MerchantNotFoundError (404) unless the caller owns the merchant, CityMismatchError (400)
    for one that does not fit into its city, KeyReusedError (422) where the key came with another
    body before.
    """
    try:
        rights.STORE_CREATE.demand(caller, own=owns(new.merchant_id, caller.id))
    except NotFoundError:
        raise MerchantNotFoundError from None
    cities.demand_store(new)
    head = _draft(new)
    owner = StaffMember(head.pk, staff_key(caller.id), role=StaffRole.OWNER)
    data = {"merchant_id": new.merchant_id, "kind": new.kind, "city": new.city}
    subject, repeated = commit_once(
        key,
        head.id,
        parts.put(head, BusyError()),
        parts.put(owner, BusyError()),
        parts.overwrite(WorkPlace(person_key(caller.id), head.pk, role=StaffRole.OWNER)),
        with_store(new.merchant_id, head.id),
        still_owns(new.merchant_id, caller.id),
        announce(head.id, 1, "store.created", actor=caller.actor, data=data),
    )
    return view(reading.of_head(load(subject))), repeated


def _draft(new: NewStore) -> StoreHead:
    store_id = ids.new("sto")
    terms = Terms()
    return StoreHead(
        store_key(store_id),
        dynamo.HEAD,
        id=store_id,
        version=1,
        status=StoreStatus.DRAFT,
        origin=new.model_dump_json(include=set(StoreOrigin.model_fields)),
        details=new.model_dump_json(include=set(StoreDetails.model_fields)),
        owners=1,
        commission_basis_points=terms.commission_basis_points,
        confirm_seconds=terms.confirm_seconds,
        menu_version=0,
        created_at=clock.stamp(clock.now()),
    )


def read(caller: Caller, store_id: str) -> StoreView:
    """A live store to anybody; any store to its people, its machine and operators.

    Raises StoreNotFoundError (404).
    """
    return view(visible(caller, store_id))


def visible(caller: Caller, store_id: str) -> Store:
    """The store, if the caller may see it. Raises StoreNotFoundError (404)."""
    store = reading.of_head(load(store_id))
    demand_visible(caller, store)
    return store


def demand_visible(caller: Caller, store: Store) -> None:
    """Raises StoreNotFoundError (404) where the caller may not see a store."""
    if store.status is not StoreStatus.LIVE and not may_see_unlisted(caller, store.id):
        raise StoreNotFoundError


def update(
    caller: Caller, store_id: str, patch: StorePatch, right: Right = rights.STORE_UPDATE
) -> StoreView:
    """Change what the patch names. Changing nothing announces nothing.

    Raises CityMismatchError (400) for a place or fees that do not fit into its city.
    """
    demand(caller, right, store_id)
    given = patch.model_dump(mode="json", exclude_unset=True)

    def decide(head: StoreHead) -> Change | None:
        if patch.location is not None:
            cities.demand_place(reading.of_head(head).city, patch.location)
        old = json.loads(head.details)
        new = {**old, **given}
        changed = sorted(name for name in given if new[name] != old.get(name))
        if not changed:
            return None
        if set(changed) & PRICED:
            details = StoreDetails.model_validate(new, extra="ignore")
            cities.demand_fees(reading.of_head(head).city, details)
        text = json.dumps(new, ensure_ascii=False, separators=(",", ":"))
        also = [indexing.waits(store_id)] if SEARCHED & set(changed) else []
        return Change("store.updated", {"details": text}, {"changed": changed}, also)

    changed = view(reading.of_head(change(store_id, decide, actor=caller.actor)))
    if SEARCHED & patch.model_fields_set:
        indexing.follow(store_id)
    return changed


def view(store: Store) -> StoreView:
    """The store, and whether it takes orders, and is in a rush, at this moment."""
    closed = reading.why_closed(store, clock.now())
    hurried = store.rush and clock.now() < store.rush.until
    now = clock.now()
    own = tuple(one for one in store.offers if one.runs(now))
    shown = {**dict(store), "rush": store.rush if hurried else None, "offers": own}
    return StoreView.model_construct(**shown, closed=closed)
