"""Pauses: a store stops taking orders for a while, by its people or by the platform."""

from chalicelib.catalog import rights
from chalicelib.catalog.changing import Change, change
from chalicelib.catalog.errors import PauseOverError
from chalicelib.catalog.models import StoreHead
from chalicelib.catalog.reading import of_head
from chalicelib.catalog.schemas import Store, StorePause, StoreView
from chalicelib.catalog.staffing import demand
from chalicelib.catalog.stores import view
from chalicelib.core import clock
from chalicelib.core.rights import SYSTEM, Caller


def pause(caller: Caller, store_id: str, wanted: StorePause) -> StoreView:
    """Take no orders until a moment, or until somebody resumes. A new pause replaces an old one.

    Raises PauseOverError (400) for a moment that has passed.
    """
    demand(caller, rights.STORE_PAUSE, store_id)
    return view(_pause(store_id, wanted, caller.actor))


def impose(store_id: str, wanted: StorePause) -> Store:
    """The platform's own pause, of a store that does not answer. Leaves a running pause alone."""
    return _pause(store_id, wanted, SYSTEM, unless_paused=True)


def resume(caller: Caller, store_id: str) -> StoreView:
    """Take orders again. Safe to repeat."""
    demand(caller, rights.STORE_RESUME, store_id)

    def decide(head: StoreHead) -> Change | None:
        if not of_head(head).is_paused(clock.now()):
            return None
        return Change("store.resumed", {"pause_reason": None, "paused_until": None})

    return view(of_head(change(store_id, decide, actor=caller.actor)))


def _pause(store_id: str, wanted: StorePause, actor: str, *, unless_paused: bool = False) -> Store:
    if wanted.until is not None and wanted.until <= clock.now():
        raise PauseOverError
    until = clock.stamp(wanted.until) if wanted.until else None

    def decide(head: StoreHead) -> Change | None:
        if unless_paused and of_head(head).is_paused(clock.now()):
            return None
        if (head.pause_reason, head.paused_until) == (wanted.reason, until):
            return None
        values = {"pause_reason": wanted.reason, "paused_until": until}
        return Change("store.paused", values, {"reason": wanted.reason, "until": until})

    return of_head(change(store_id, decide, actor=actor))
