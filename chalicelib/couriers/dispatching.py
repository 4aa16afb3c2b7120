"""Runs of dispatch: whoever should be asked now is asked, and what is overdue is done.

One run at a time holds a zone's lease. It reads supply and demand, acts, and ends only when the
zone's counters stand where they stood before it read. A run that dies, or two at once, harm
nothing: every write is conditional on what was read. See docs/decisions/dispatch-runs.md.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.dynamo import HEAD, SHARDS
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.telemetry import log
from chalicelib.couriers import leaving, offering, pressing, supply, waking, watching, withdrawing
from chalicelib.couriers.errors import ImpossibleStepError, OfferGoneError
from chalicelib.couriers.matching import Decision, Plan, Policy, ZoneState
from chalicelib.couriers.models import zone_key
from chalicelib.couriers.supply import Supply
from chalicelib.couriers.zone_models import OpenDelivery, ZoneHead

LEASE_SECONDS = 10.0
"""Of the wall: it outlasts a run, and not a city's minute."""
PASSES = 5
NOTHING: list[int] = []
"""The changes of which no run has seen the end: they differ from any."""
SWEEP_LIMIT = 200
RACES = (BusyError, OfferGoneError, ImpossibleStepError)
"""What it means that others were faster. Their change has touched the zone: read it again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How a run has left its zone: up to which changes, and when to look again."""

    changes: list[int]
    wake: datetime | None
    supply_percent: int | None = None


def optimised(state: ZoneState) -> Plan:
    """What the optimiser decides. It is imported by who runs dispatch alone, never by the API."""
    from chalicelib.couriers.optimising.asking import least_waiting

    return least_waiting(state)


def run(zone: str, policy: Policy = optimised) -> None:
    """Look at a zone: nothing is done where nothing has changed and nothing is due. Safe to repeat.

    Where another is at it, it is looked at again in a second.
    """
    head = dynamo.get(ZoneHead, zone_key(zone), HEAD)
    read = supply.read(zone)
    if head is not None and head.seen == read.changes:
        if not _is_due(head) or _rests(head, read, policy):
            return
    elif head is None and not any(read.changes):
        return
    lease = ids.token(80)
    try:
        parts.commit(_taking(zone, lease, head))
    except BusyError:
        waking.zone_soon(zone)
        return
    seen = _passes(zone, policy, read.changes, clock.wall_now() + LEASE_SECONDS / 2)
    _leave(zone, lease, head, seen)
    log("A zone was dispatched", subject=zone)


def overdue() -> Iterator[str]:
    """Zones that a run should look at by now, as the index has them; the zone itself decides."""
    now = clock.stamp(clock.now())
    for shard in range(SHARDS):
        with dynamo.reading():
            for head in ZoneHead.due.query(
                f"DUE#{shard:02d}", ZoneHead.due_at <= now, limit=SWEEP_LIMIT
            ):
                yield head.pk.removeprefix("ZONE#")


def _is_due(head: ZoneHead) -> bool:
    return _passed(clock.parse(head.due_at) if head.due_at else None, clock.now())


def _rests(head: ZoneHead, read: Supply, policy: Policy) -> bool:
    """Note when to look again, where nothing has changed and nothing is to be done after all.

    Most looks are of this kind: they take no lease and write one item. False: somebody must act, or
    another run has begun.
    """
    plan = policy(supply.state(read))
    if plan.decisions or any(_chores(read, plan)):
        return False
    wake = _next_wake(read, plan.next_wake)
    timing = (
        [ZoneHead.due_at.set(clock.stamp(wake))]
        if wake
        else [ZoneHead.due_shard.remove(), ZoneHead.due_at.remove()]
    )
    unchanged = ZoneHead.lease.does_not_exist() & (ZoneHead.due_at == head.due_at)
    try:
        parts.commit(
            parts.update(ZoneHead(zone_key(head.zone), HEAD), timing, BusyError(), unchanged)
        )
    except BusyError:
        return False
    if wake is not None:
        waking.zone_at(head.zone, wake)
    return True


def _passes(zone: str, policy: Policy, changes: list[int], until: float) -> Seen:
    """Read and act until nothing more changes, a few times at most, and not for too long."""
    for _ in range(PASSES):
        read = supply.read(zone)
        as_read, asked_at = _act(read, policy)
        before, changes = changes, supply.changes(zone)
        if as_read and before == changes:
            return Seen(changes, _next_wake(read, asked_at), pressing.percent(read))
        if clock.wall_now() >= until:
            break
    return Seen(NOTHING, clock.after(waking.SOON))


def _act(read: Supply, policy: Policy) -> tuple[bool, datetime | None]:
    """Do what is overdue, or else what the policy decides.

    Returns whether everything stands as it was read, and when the policy wants to be asked again.
    """
    plan = policy(supply.state(read))
    chores = list(_chores(read, plan))
    for chore in chores:
        _try(chore)
    if chores:
        return False, None
    for decision in plan.decisions:
        _try(partial(_ask, read, decision))
    return not plan.decisions, plan.next_wake


def _chores(read: Supply, plan: Plan) -> Iterator[Callable[[], None]]:
    """What is overdue."""
    yield from _expiries(read)
    yield from _looks(read)
    yield from _ends(read)
    yield from _tidings(read, plan)


def _expiries(read: Supply) -> Iterator[Callable[[], None]]:
    """Offers whose time has passed, one of each delivery, and each offer once."""
    now, seen = clock.stamp(clock.now()), set[str]()
    for opened in read.deliveries.values():
        past = [live for live in opened.offers if live["until"] <= now]
        if past and past[0]["offer_id"] not in seen:
            seen.add(past[0]["offer_id"])
            yield partial(_expire, read, opened, past[0])


def _looks(read: Supply) -> Iterator[Callable[[], None]]:
    """Couriers whose silence is to be looked into."""
    now = clock.now()
    for courier in read.couriers.values():
        if _passed(watching.silence_due(courier), now):
            yield partial(watching.look, courier)


def _ends(read: Supply) -> Iterator[Callable[[], None]]:
    """Duties that have to end by now, or soon."""
    now = clock.now()
    for courier in read.couriers.values():
        if _passed(leaving.due(courier), now):
            yield partial(leaving.end, courier)
        elif _passed(leaving.warning_due(courier), now):
            yield partial(leaving.warn, courier)


def _tidings(read: Supply, plan: Plan) -> Iterator[Callable[[], None]]:
    """Customers to be told that nobody was found: not while it is too early to ask somebody."""
    now = clock.now()
    for opened in read.deliveries.values():
        if not _passed(watching.nobody_due(opened), now):
            continue
        later = plan.later.get(opened.delivery_id)
        if later is not None:
            yield partial(watching.postpone, opened, later)
        else:
            yield partial(watching.tell_nobody, opened)


def _try(act: Callable[[], None]) -> None:
    """Do one thing, unless others were faster: their change has touched the zone."""
    with suppress(*RACES):
        act()


def _expire(read: Supply, opened: OpenDelivery, live: Mapping[str, str]) -> None:
    parts.commit(*withdrawing.expire(opened, live, read.couriers.get(live["courier_id"])))


def _ask(read: Supply, decision: Decision) -> None:
    asked = [read.deliveries[one] for one in (decision.delivery_id, *decision.along)]
    courier = read.couriers[decision.courier_id]
    stops = [(offering.as_read(opened), opened) for opened in asked]
    parts.commit(*offering.offer(stops, courier, decision))


def _next_wake(read: Supply, asked_at: datetime | None) -> datetime | None:
    """The first moment at which something is due though nothing changes."""
    moments = [
        asked_at,
        *map(watching.next_look, read.couriers.values()),
        *map(leaving.due, read.couriers.values()),
        *map(leaving.warning_due, read.couriers.values()),
        *map(watching.nobody_due, read.deliveries.values()),
        *(
            clock.parse(live["until"])
            for opened in read.deliveries.values()
            for live in opened.offers
        ),
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def _passed(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _taking(zone: str, lease: str, head: ZoneHead | None) -> Part:
    """The part that takes a zone. Should its run die, the zone is due when the lease ends.

    Where it is due already, as at every wake, it stays so: moving it would be two index writes.
    """
    free = ZoneHead.lease.does_not_exist() | (ZoneHead.leased_until <= clock.wall_now())
    actions = [
        ZoneHead.zone.set(zone),
        ZoneHead.v.set(ZoneHead.VERSION),
        ZoneHead.lease.set(lease),
        ZoneHead.leased_until.set(clock.wall_now() + LEASE_SECONDS),
    ]
    lease_ends = clock.stamp(clock.after(LEASE_SECONDS))
    if head is not None and head.due_at and head.due_at <= lease_ends:
        free &= ZoneHead.due_at == head.due_at
    else:
        actions += [ZoneHead.due_shard.set(_due_shard(zone)), ZoneHead.due_at.set(lease_ends)]
    return parts.update(ZoneHead(zone_key(zone), HEAD), actions, BusyError(), free)


def _leave(zone: str, lease: str, head: ZoneHead | None, seen: Seen) -> None:
    """Give a zone back, and see to it that the next run comes in time.

    A message that is under way and comes earlier does as well: it is not sent twice.
    """
    coming = clock.parse(head.due_at) if head and head.due_at else None
    if coming is not None and coming <= clock.now():
        coming = None
    wake = seen.wake
    kept = wake is not None and coming is not None and coming <= wake
    due_at = coming if kept else wake
    try:
        parts.commit(*_leaving(zone, lease, seen, due_at, head))
    except BusyError:
        log("A run of dispatch outlived its lease", subject=zone)
    if due_at is not None and not kept:
        waking.zone_at(zone, due_at)


def _leaving(
    zone: str, lease: str, seen: Seen, due_at: datetime | None, head: ZoneHead | None
) -> list[Part]:
    due = (
        [ZoneHead.due_shard.remove(), ZoneHead.due_at.remove()]
        if due_at is None
        else [ZoneHead.due_at.set(clock.stamp(due_at))]
    )
    told, said = pressing.said(zone, seen.supply_percent, head)
    leaving = parts.update(
        ZoneHead(zone_key(zone), HEAD),
        [
            ZoneHead.lease.remove(),
            ZoneHead.leased_until.remove(),
            ZoneHead.seen.set(seen.changes),
            *due,
            *told,
        ],
        BusyError(),
        ZoneHead.lease == lease,
    )
    return [leaving, *said]


def _due_shard(zone: str) -> str:
    return f"DUE#{ids.spread(zone, SHARDS):02d}"
