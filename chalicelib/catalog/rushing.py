"""A rush: for a while a kitchen takes longer, and every promise says so. It ends by itself."""

from datetime import timedelta

from chalicelib.catalog import rights
from chalicelib.catalog.changing import Change, change
from chalicelib.catalog.errors import RushOverError
from chalicelib.catalog.models import StoreHead
from chalicelib.catalog.preparing import Rush
from chalicelib.catalog.reading import of_head
from chalicelib.catalog.schemas import StoreView
from chalicelib.catalog.staffing import demand
from chalicelib.catalog.stores import view
from chalicelib.core import audit, clock
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role

LONGEST = timedelta(days=1)


def begin(caller: Caller, store_id: str, wanted: Rush) -> StoreView:
    """Promise so many minutes more until a moment. A new rush replaces an old one.

    Raises RushOverError (400) for a moment that has passed, or that is more than a day ahead.
    """
    demand(caller, rights.STORE_RUSH, store_id)
    if not clock.now() < wanted.until <= clock.now() + LONGEST:
        raise RushOverError
    rush = wanted.model_dump(mode="json")

    def decide(head: StoreHead) -> Change | None:
        if head.rush == rush:
            return None
        return Change("store.rush_began", {"rush": rush}, rush, _kept(caller, head, "began"))

    return view(of_head(change(store_id, decide, actor=caller.actor)))


def end(caller: Caller, store_id: str) -> StoreView:
    """Promise the usual minutes again. Safe to repeat."""
    demand(caller, rights.STORE_RUSH, store_id)

    def decide(head: StoreHead) -> Change | None:
        rush = of_head(head).rush
        if rush is None or rush.until <= clock.now():
            return None
        return Change("store.rush_ended", {"rush": None}, {}, _kept(caller, head, "ended"))

    return view(of_head(change(store_id, decide, actor=caller.actor)))


def _kept(caller: Caller, head: StoreHead, what: str) -> tuple[Part, ...]:
    """That somebody else than the store's own people did it, who are known by the store's event."""
    role = Role.OPERATOR if Role.OPERATOR in caller.roles else Role.MERCHANT
    actor = caller.acting_as(role)
    return audit.by_operator(role, actor, f"store.rush_{what}", head.id, "rush")
