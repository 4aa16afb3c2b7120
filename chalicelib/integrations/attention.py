"""What asks for a store's attention, read together: escalations, misses, heartbeat, pause."""

from datetime import datetime

from chalicelib.catalog import reading as stores
from chalicelib.catalog.schemas import Store
from chalicelib.core import clock
from chalicelib.core.rights import Caller
from chalicelib.integrations import rights, unanswered, watching
from chalicelib.integrations.errors import StoreUnknownError
from chalicelib.integrations.standing import demand
from chalicelib.integrations.watch_models import Escalation, Watch
from chalicelib.integrations.watch_schemas import (
    EscalationView,
    Heartbeat,
    HeartbeatState,
    Misses,
    PausedBy,
    StoreAttention,
)
from chalicelib.orders import reading as orders
from chalicelib.orders.status import OrderStatus

SHOWN = 20


def of_store(caller: Caller, store_id: str) -> StoreAttention:
    """Raises StoreUnknownError (404), ForbiddenError (403)."""
    demand(caller, rights.STORE_ATTENTION, store_id)
    store = stores.store(store_id)
    if store is None:
        raise StoreUnknownError
    now, watch = clock.now(), watching.find(store_id)
    found = unanswered.of_store(store_id)
    return StoreAttention(
        store_id=store_id,
        paused=_paused(store, now),
        heartbeat=_heartbeat(watch, now),
        misses=Misses(
            count=len(unanswered.missed(found, watch, now)),
            pause_at=unanswered.MISSES,
            window_seconds=int(unanswered.WINDOW.total_seconds()),
        ),
        escalations=[seen for one in found[: -SHOWN - 1 : -1] if (seen := _view(one))],
    )


def _paused(store: Store, now: datetime) -> PausedBy | None:
    if store.pause_reason is None or not store.is_paused(now):
        return None
    return PausedBy(reason=store.pause_reason, until=store.paused_until)


def _heartbeat(watch: Watch | None, now: datetime) -> Heartbeat:
    if watch is None or not watch.seen_at:
        return Heartbeat(state=HeartbeatState.NEVER)
    seen_at = clock.parse(watch.seen_at)
    missing = watching.is_missing(seen_at, now)
    return Heartbeat(
        state=HeartbeatState.MISSING if missing else HeartbeatState.BEATING,
        seen_at=seen_at,
        missing_from=seen_at + watching.MISSING,
    )


def _view(one: Escalation) -> EscalationView | None:
    order = orders.find(one.order_id)
    if order is None:
        return None
    return EscalationView(
        order_id=order.id,
        status=order.status,
        reminders=int(one.reminder or 0),
        reminded_at=clock.parse(one.reminded_at) if one.reminded_at else None,
        confirm_by=order.confirm_by if order.status is OrderStatus.CREATED else None,
        missed_at=clock.parse(one.missed_at) if one.missed_at else None,
    )
