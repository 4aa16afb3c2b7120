"""Pauses: a store stops taking orders for a while, by its people or by the platform."""

from collections.abc import Mapping, Sequence

from chalicelib.catalog import rights
from chalicelib.catalog.changing import Change, change
from chalicelib.catalog.errors import PauseOverError
from chalicelib.catalog.models import StoreHead
from chalicelib.catalog.reading import of_head
from chalicelib.catalog.schemas import Store, StorePause, StoreView
from chalicelib.catalog.staffing import demand
from chalicelib.catalog.status import PauseReason, StoreStatus
from chalicelib.catalog.stores import view
from chalicelib.core import clock
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM, Caller

RESUMED: Mapping[str, None] = {"pause_reason": None, "paused_until": None}


def pause(caller: Caller, store_id: str, wanted: StorePause) -> StoreView:
    """Take no orders until a moment, or until somebody resumes. A new pause replaces an old one.

    Raises PauseOverError (400) for a moment that has passed.
    """
    demand(caller, rights.STORE_PAUSE, store_id)
    if wanted.until is not None and wanted.until <= clock.now():
        raise PauseOverError
    until = clock.stamp(wanted.until) if wanted.until else None

    def decide(head: StoreHead) -> Change | None:
        if (head.pause_reason, head.paused_until) == (wanted.reason, until):
            return None
        values = {"pause_reason": wanted.reason, "paused_until": until}
        return Change("store.paused", values, {"reason": wanted.reason, "until": until})

    return view(of_head(change(store_id, decide, actor=caller.actor)))


def impose(store_id: str, reason: PauseReason, *, also: Sequence[Part] = ()) -> Store | None:
    """The platform's own pause, of a live store that does not answer: it lasts until it is ended.

    `also` is written with it. None: it runs another pause already, which is left alone, or it is
    not live; nothing is written then.
    """
    imposed = [False]

    def decide(head: StoreHead) -> Change | None:
        imposed[:] = [head.status == StoreStatus.LIVE and not of_head(head).is_paused(clock.now())]
        if not imposed[0]:
            return None
        values = {"pause_reason": reason, "paused_until": None}
        return Change("store.paused", values, {"reason": reason, "until": None}, also)

    head = change(store_id, decide, actor=SYSTEM)
    return of_head(head) if imposed[0] else None


def lift(store_id: str, reason: PauseReason, *, also: Sequence[Part] = ()) -> bool:
    """End the platform's own pause, if it still is for that reason; `also` is written with it.

    False: it is over, or another's by now, and nothing is written.
    """
    lifted = [False]

    def decide(head: StoreHead) -> Change | None:
        lifted[:] = [head.pause_reason == reason]
        return Change("store.resumed", RESUMED, also=also) if lifted[0] else None

    change(store_id, decide, actor=SYSTEM)
    return lifted[0]


def resume(caller: Caller, store_id: str) -> StoreView:
    """Take orders again. Safe to repeat."""
    demand(caller, rights.STORE_RESUME, store_id)

    def decide(head: StoreHead) -> Change | None:
        if not of_head(head).is_paused(clock.now()):
            return None
        return Change("store.resumed", RESUMED)

    return view(of_head(change(store_id, decide, actor=caller.actor)))
