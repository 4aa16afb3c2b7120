"""What an operator decides about a store: whether it is live, and on what terms."""

from datetime import datetime

from chalicelib.catalog import completeness, rights
from chalicelib.catalog.changing import Change, change, load
from chalicelib.catalog.completeness import Missing, Readiness
from chalicelib.catalog.errors import StoreIncompleteError, StoreStateError
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.models import StoreHead, city_shard
from chalicelib.catalog.reading import menu_of, menu_version, of_head
from chalicelib.catalog.schemas import NewTerms, StoreView, Terms
from chalicelib.catalog.staffing import demand
from chalicelib.catalog.status import (
    REACHED_BY,
    STORE_MOVES,
    StoreCommand,
    StoreStatus,
    allowed_commands,
)
from chalicelib.catalog.stores import view
from chalicelib.core import audit, clock, notices
from chalicelib.core.rights import Caller

EVENTS = {
    StoreCommand.APPROVE: "store.approved",
    StoreCommand.SUSPEND: "store.suspended",
}
NOTICES = {
    (StoreStatus.DRAFT, StoreCommand.APPROVE): "store_live",
    (StoreStatus.SUSPENDED, StoreCommand.APPROVE): "store_restored",
    (StoreStatus.LIVE, StoreCommand.SUSPEND): "store_suspended",
}
"""What a store's owners are told of each move."""


def approve(caller: Caller, store_id: str, reason: str) -> StoreView:
    """Make a store live: listed, and open in its hours. Safe to repeat.

    Raises StoreIncompleteError (409) with what is missing.
    """
    role = rights.STORE_APPROVE.demand(caller, own=False)
    return _move(caller.acting_as(role), store_id, StoreCommand.APPROVE, reason)


def suspend(caller: Caller, store_id: str, reason: str) -> StoreView:
    """Take a live store off the list. Safe to repeat. Raises StoreStateError (409) for a draft."""
    role = rights.STORE_SUSPEND.demand(caller, own=False)
    return _move(caller.acting_as(role), store_id, StoreCommand.SUSPEND, reason)


def readiness(caller: Caller, store_id: str) -> Readiness:
    """What a store needs to be live, for its office and for operators."""
    demand(caller, rights.STORE_READINESS, store_id)
    head = load(store_id)
    lacks = _missing(head)
    return Readiness(
        store_id=store_id,
        status=StoreStatus(head.status),
        complete=not lacks,
        missing=lacks,
    )


def set_terms(caller: Caller, store_id: str, new: NewTerms) -> StoreView:
    """Set commission and time to confirm. Orders already quoted keep theirs. Safe to repeat."""
    role = rights.STORE_SET_TERMS.demand(caller, own=False)
    actor, terms = caller.acting_as(role), Terms.model_validate(new.model_dump(exclude={"reason"}))

    def decide(head: StoreHead) -> Change | None:
        if all(getattr(head, name) == value for name, value in terms):
            return None
        kept = audit.entry(actor, "store.terms_set", store_id, new.reason, terms.model_dump())
        return Change("store.terms_set", dict(terms), terms.model_dump(), [kept])

    return view(of_head(change(store_id, decide, actor=actor)))


def _missing(head: StoreHead) -> list[Missing]:
    version = menu_version(head.id, int(head.menu_version))
    return completeness.missing(of_head(head), menu_of(version) if version else Menu(categories=()))


def _demand_complete(head: StoreHead) -> None:
    if lacks := _missing(head):
        raise StoreIncompleteError(missing=[lack.model_dump(mode="json") for lack in lacks])


def _move(actor: str, store_id: str, command: StoreCommand, reason: str) -> StoreView:
    def decide(head: StoreHead) -> Change | None:
        status = StoreStatus(head.status)
        if status is REACHED_BY[command]:
            return None
        target = STORE_MOVES.get((status, command))
        if target is None:
            raise StoreStateError(current_status=status, allowed_commands=allowed_commands(status))
        if target is StoreStatus.LIVE:
            _demand_complete(head)
        kept = audit.entry(actor, EVENTS[command], store_id, reason)
        values = {"status": target, **_listing(head, target, clock.now())}
        what = NOTICES[status, command]
        told = notices.tell(
            store_id, what, topic=f"store#{store_id}", actor=actor, data={"store_id": store_id}
        )
        return Change(EVENTS[command], values, also=[kept, told])

    return view(of_head(change(store_id, decide, actor=actor)))


def _listing(head: StoreHead, status: StoreStatus, now: datetime) -> dict[str, str | None]:
    """Only live stores carry the keys of `by_city`; the id makes each place in it unique."""
    if status is not StoreStatus.LIVE:
        return {"city_shard": None, "listed_at": None}
    return {
        "city_shard": city_shard(of_head(head).city, head.id),
        "listed_at": f"{clock.stamp(now)}#{head.id}",
    }
