"""Orders that a store does not answer: noted as they escalate, and three missed pause the store.

The bell of the order's own event leads here, and the sweep of bells behind it: what is noted twice
is noted once, and of two who count the same misses one pauses. docs/decisions/unanswered-orders.md
"""

from datetime import datetime, timedelta

from pynamodb.expressions.update import Action

from chalicelib.catalog import pausing
from chalicelib.catalog.status import PauseReason
from chalicelib.core import clock, dynamo, parts
from chalicelib.core.outbox import EventItem
from chalicelib.core.telemetry import log
from chalicelib.integrations import watching
from chalicelib.integrations.models import store_key
from chalicelib.integrations.watch_models import ESCALATION, Escalation, Watch
from chalicelib.orders import reading as orders
from chalicelib.orders.status import CONFIRMATION_OVERDUE, EVENT_TYPES, OrderStatus

MISSES = 3
WINDOW = timedelta(minutes=30)
KEPT = timedelta(days=1)
CANCELLED = EVENT_TYPES[OrderStatus.CANCELLED]
HEARD = frozenset({CONFIRMATION_OVERDUE, CANCELLED})
NO_RESPONSE = "merchant_no_response"


class OlderError(Exception):
    """What is noted is newer, or was counted before."""


def hear(order_id: str, version: int, event_type: str) -> None:
    """Note a reminder or a miss of an order, and pause its store after the third. Safe to repeat.

    Raises UnavailableError, and BusyError where the store changes all the time.
    """
    if event_type not in HEARD:
        return
    found = orders.events_after(order_id, version - 1, 1)
    if not found or found[0].type != event_type:
        return
    event = found[0]
    store_id = str(event.data["store_id"])
    if event_type == CONFIRMATION_OVERDUE:
        _note_reminder(store_id, event)
    elif event.data.get("code") == NO_RESPONSE:
        _note_miss(store_id, event)
        judge(store_id)


def of_store(store_id: str) -> list[Escalation]:
    """The orders that a store let wait within a day, in the order of their placing."""
    return dynamo.items(Escalation, store_key(store_id), prefix=ESCALATION)


def missed(escalations: list[Escalation], watch: Watch | None, now: datetime) -> list[str]:
    """When orders were missed that still count: within half an hour, since the last pause. Pure."""
    since = clock.stamp(now - WINDOW)
    if watch is not None and watch.spent_at:
        since = max(since, watch.spent_at)
    return sorted(one.missed_at for one in escalations if one.missed_at and one.missed_at > since)


def judge(store_id: str) -> None:
    """Pause a store that has missed three orders in half an hour, unless it is paused already."""
    watch = watching.find(store_id)
    misses = missed(of_store(store_id), watch, clock.now())
    if len(misses) < MISSES:
        return
    spent_at = watch.spent_at if watch else None
    unspent = Watch.spent_at == spent_at if spent_at else Watch.spent_at.does_not_exist()
    actions = [Watch.v.set(Watch.VERSION), Watch.spent_at.set(misses[-1])]
    spent = parts.update(Watch.at(store_id), actions, OlderError(), unspent)
    told = watching.notice(store_id, "store_paused_unanswered")
    try:
        if pausing.impose(store_id, PauseReason.NO_RESPONSE, also=[spent, told]):
            log("A store was paused, since it let orders wait", store=store_id, count=len(misses))
    except OlderError:
        log("The same misses were counted by somebody else", store=store_id)


def _note_reminder(store_id: str, event: EventItem) -> None:
    item, number = Escalation.at(store_id, event.subject), int(event.data["reminder"])
    newer = Escalation.reminder.does_not_exist() | (Escalation.reminder < number)
    actions = [
        *_about(event),
        Escalation.v.set(Escalation.VERSION),
        Escalation.reminder.set(number),
        Escalation.reminded_at.set(event.at),
    ]
    try:
        parts.commit(parts.update(item, actions, OlderError(), newer))
    except OlderError:
        log("A reminder was noted before", order=event.subject)


def _note_miss(store_id: str, event: EventItem) -> None:
    actions = [*_about(event), Escalation.missed_at.set(event.at)]
    parts.commit(parts.upsert(Escalation.at(store_id, event.subject), actions))


def _about(event: EventItem) -> list[Action]:
    forgotten = clock.forget_at(clock.parse(event.at) + KEPT)
    return [Escalation.order_id.set(event.subject), Escalation.expires_at.set(forgotten)]
