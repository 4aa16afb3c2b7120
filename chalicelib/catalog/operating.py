"""What an operator decides about a store: whether it is live, and on what terms."""

from datetime import datetime

from chalicelib.catalog import rights
from chalicelib.catalog.changing import Change, change
from chalicelib.catalog.errors import StoreStateError
from chalicelib.catalog.models import StoreHead, city_shard
from chalicelib.catalog.reading import of_head
from chalicelib.catalog.schemas import StoreView, Terms
from chalicelib.catalog.status import (
    REACHED_BY,
    STORE_MOVES,
    StoreCommand,
    StoreStatus,
    allowed_commands,
)
from chalicelib.catalog.stores import view
from chalicelib.core import clock
from chalicelib.core.rights import Caller

EVENTS = {
    StoreCommand.APPROVE: "store.approved",
    StoreCommand.SUSPEND: "store.suspended",
}


def approve(caller: Caller, store_id: str) -> StoreView:
    """Make a store live: listed, and open in its hours. Safe to repeat."""
    role = rights.STORE_APPROVE.demand(caller, own=False)
    return _move(caller.acting_as(role), store_id, StoreCommand.APPROVE)


def suspend(caller: Caller, store_id: str) -> StoreView:
    """Take a live store off the list. Safe to repeat. Raises StoreStateError (409) for a draft."""
    role = rights.STORE_SUSPEND.demand(caller, own=False)
    return _move(caller.acting_as(role), store_id, StoreCommand.SUSPEND)


def set_terms(caller: Caller, store_id: str, terms: Terms) -> StoreView:
    """Set commission and time to confirm. Orders already quoted keep theirs. Safe to repeat."""
    role = rights.STORE_SET_TERMS.demand(caller, own=False)

    def decide(head: StoreHead) -> Change | None:
        if all(getattr(head, name) == value for name, value in terms):
            return None
        return Change("store.terms_set", dict(terms), terms.model_dump())

    return view(of_head(change(store_id, decide, actor=caller.acting_as(role))))


def _move(actor: str, store_id: str, command: StoreCommand) -> StoreView:
    def decide(head: StoreHead) -> Change | None:
        status = StoreStatus(head.status)
        if status is REACHED_BY[command]:
            return None
        target = STORE_MOVES.get((status, command))
        if target is None:
            raise StoreStateError(current_status=status, allowed_commands=allowed_commands(status))
        return Change(EVENTS[command], {"status": target, **_listing(head, target, clock.now())})

    return view(of_head(change(store_id, decide, actor=actor)))


def _listing(head: StoreHead, status: StoreStatus, now: datetime) -> dict[str, str | None]:
    """Only live stores carry the keys of `by_city`; the id makes each place in it unique."""
    if status is not StoreStatus.LIVE:
        return {"city_shard": None, "listed_at": None}
    return {
        "city_shard": city_shard(of_head(head).city, head.id),
        "listed_at": f"{clock.stamp(now)}#{head.id}",
    }
