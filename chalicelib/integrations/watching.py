"""The heartbeat of a store's app: whose is missing for five minutes in its hours is paused.

A beat is one small write. The sweep looks at a store when its app might be missing, and both decide
by the watch as it stands: a beat between the look and the pause undoes the pause's condition, and
the beat that comes after lifts the pause. docs/decisions/unanswered-orders.md
"""

from datetime import datetime, timedelta

from pynamodb.expressions.update import Action

from chalicelib.catalog import hours, pausing
from chalicelib.catalog import reading as stores
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import PauseReason, StoreStatus
from chalicelib.core import clock, dynamo, ids, notices, parts
from chalicelib.core.dynamo import SHARDS
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM, Caller
from chalicelib.core.telemetry import log
from chalicelib.integrations import pinging, reach, rights
from chalicelib.integrations.models import store_key
from chalicelib.integrations.standing import demand
from chalicelib.integrations.watch_models import WATCH, Watch
from chalicelib.integrations.watch_schemas import HeartbeatView

BEAT_SECONDS = 60
MISSING = timedelta(minutes=5)
LOOK_SOON = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
"""Hours may change meanwhile: so long at most nobody looks."""
NOTICES_APART = timedelta(hours=1)
"""An app that comes and goes all evening does not ring everybody's phone each time."""


class ChangedError(Exception):
    """The watch is not any more as it was read: somebody else was at it."""


def beat(caller: Caller, store_id: str) -> HeartbeatView:
    """Note that a store's app is there. What its absence has paused goes on at once.

    Costs one write. Raises StoreUnknownError (404), ForbiddenError (403).
    """
    demand(caller, rights.STORE_HEARTBEAT, store_id)
    now = clock.now()
    seen = parts.update(
        Watch.at(store_id), _seen(store_id, now), ChangedError(), Watch.away.does_not_exist()
    )
    resumed = False
    try:
        parts.commit(seen)
    except ChangedError:
        resumed = _come_back(store_id, now)
    return HeartbeatView(
        store_id=store_id,
        seen_at=now,
        next_within_seconds=clock.wall(BEAT_SECONDS),
        resumed=resumed,
    )


def put_away(caller: Caller, store_id: str) -> None:
    """Watch a store's app no more, until it beats again. Safe to repeat."""
    demand(caller, rights.STORE_HEARTBEAT, store_id)
    _forget(store_id)


def find(store_id: str) -> Watch | None:
    return dynamo.get(Watch, store_key(store_id), WATCH)


def look(store_id: str) -> None:
    """Do to a store what its app's silence demands, if its time has come. Safe to repeat and race.

    Raises UnavailableError, and BusyError where the store changes all the time.
    """
    now, watch = clock.now(), find(store_id)
    if watch is None or not watch.due_at or clock.parse(watch.due_at) > now:
        return
    store = stores.store(store_id)
    if store is None or not watch.seen_at:
        _forget(store_id)
        return
    again = next_look(store, clock.parse(watch.seen_at), now)
    if again is None:
        again = _spoken_for(store, watch, now)
    try:
        if again is not None or not _pause(watch, store_id, now):
            _put_off(watch, store_id, again or now + MISSING)
    except ChangedError:
        log("A store's app was heard meanwhile", store=store_id)


def _spoken_for(store: Store, watch: Watch, now: datetime) -> datetime | None:
    """When to look again at a store whose app is silent, where its webhooks speak for it, or may.

    One that took something long ago is sent a ping: what becomes of it decides, in a minute.
    """
    reached = reach.of(store, watch)
    if reached.sure:
        log("A silent app was no matter: its store is reached otherwise", store=store.id)
        return now + MISSING
    for endpoint in reached.to_ask:
        pinging.ping(endpoint)
        log("A webhook was asked whether it is there", endpoint=endpoint.id, store=store.id)
    return now + LOOK_SOON if reached.to_ask or reached.asked else None


def watched(pk: str, sk: str) -> str | None:
    """The store whose watch has these keys; None: they are of something else."""
    return pk.removeprefix(store_key("")) if sk == WATCH else None


def next_look(store: Store, seen_at: datetime, now: datetime) -> datetime | None:
    """When to look at a store again whose app was heard last then; None: it is missing. Pure.

    It is missing where the store is open, and was open five minutes ago, and has not been heard
    since. Who is paused, or not live, has nothing to miss.
    """
    if now < seen_at + MISSING:
        return seen_at + MISSING
    if store.status is not StoreStatus.LIVE or store.is_paused(now):
        return now + MISSING
    if _is_open(store, now):
        return None if _is_open(store, now - MISSING) else now + LOOK_SOON
    opens = hours.next_opening(store.hours, store.timezone, now, store.special_hours)
    return min(now + LONGEST_WAIT, opens + MISSING) if opens else now + LONGEST_WAIT


def is_missing(seen_at: datetime, now: datetime) -> bool:
    """Whether an app that was heard last then has been silent for too long. Pure."""
    return now >= seen_at + MISSING


def _is_open(store: Store, at: datetime) -> bool:
    return hours.is_open(store.hours, store.timezone, at, store.special_hours)


def _come_back(store_id: str, now: datetime) -> bool:
    """Lift the pause that the absence made, if it still is that one. Whether it was."""
    back = parts.update(
        Watch.at(store_id),
        [*_seen(store_id, now), Watch.away.remove()],
        ChangedError(),
        Watch.away.exists(),
    )
    try:
        if pausing.lift(store_id, PauseReason.NO_HEARTBEAT, also=[back]):
            log("A store's app came back", store=store_id)
            return True
        parts.commit(back)
    except ChangedError:
        log("Another device of the store came back first", store=store_id)
    return False


def _pause(watch: Watch, store_id: str, now: datetime) -> bool:
    """Whether the store was paused by this: its own pauses are left alone."""
    told = watch.noticed_at
    quiet = bool(told) and now < clock.parse(told) + NOTICES_APART
    actions = [Watch.away.set(True), Watch.due_shard.remove(), Watch.due_at.remove()]
    if not quiet:
        actions.append(Watch.noticed_at.set(clock.stamp(now)))
    as_read = (Watch.seen_at == watch.seen_at) & Watch.away.does_not_exist()
    gone = parts.update(Watch.at(store_id), actions, ChangedError(), as_read)
    also = [gone] if quiet else [gone, notice(store_id, "store_paused_silent")]
    paused = pausing.impose(store_id, PauseReason.NO_HEARTBEAT, also=also)
    if paused:
        log("A store was paused, since its app is silent", store=store_id)
    return paused is not None


def notice(store_id: str, what: str) -> Part:
    """The part by which a store's staff is told why the platform has paused it."""
    topic, data = f"store_pause#{store_id}", {"store_id": store_id}
    return notices.tell(store_id, what, topic=topic, actor=SYSTEM, data=data)


def _put_off(watch: Watch, store_id: str, again: datetime) -> None:
    due = [Watch.due_at.set(clock.stamp(again))]
    parts.commit(
        parts.update(Watch.at(store_id), due, ChangedError(), Watch.due_at == watch.due_at)
    )


def _forget(store_id: str) -> None:
    gone = [Watch.seen_at.remove(), Watch.due_shard.remove(), Watch.due_at.remove()]
    try:
        parts.commit(parts.update(Watch.at(store_id), gone, ChangedError(), Watch.pk.exists()))
    except ChangedError:
        log("A store was not watched", store=store_id)


def _seen(store_id: str, now: datetime) -> list[Action]:
    """That the app was heard. When to look stays what it is, if it is said: that is no write more.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
    """
    shard = f"DUE#{ids.spread(store_id, SHARDS):02d}"
    due_at = clock.stamp(now + MISSING)
    return [
        Watch.v.set(Watch.VERSION),
        Watch.seen_at.set(clock.stamp(now)),
        Watch.due_shard.set(Watch.due_shard | shard),
        Watch.due_at.set(Watch.due_at | due_at),
    ]
