"""How long somebody may be on duty, and how long they have to rest: an operator's rule of a city.

A working day goes on until somebody has rested for as long as the rule says; neither in it nor in
any 24 hours are they on duty for longer than the most. Breaks do not count. Pure, but for `before`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core import clock, dynamo
from chalicelib.couriers.errors import HoursUsedError
from chalicelib.couriers.hours_models import SPELL, Spell
from chalicelib.couriers.models import courier_key
from chalicelib.couriers.standing_schemas import HoursRule
from chalicelib.couriers.status import DutyStatus
from chalicelib.couriers.zone_models import OnDuty

KEPT_SECONDS = 90 * 86_400.0
LOOKED_BACK = timedelta(days=7)
DAY, LEAST = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Worked:
    """A time on duty. `net` is without its breaks."""

    since: datetime
    until: datetime
    net: timedelta


def demand_rested(courier_id: str, rule: HoursRule, running: Worked | None = None) -> datetime:
    """When somebody who goes on working now has to stop. Raises HoursUsedError (409)."""
    now = clock.now()
    done = [*before(courier_id, now), *([running] if running else ())]
    free = may_start_at(rule, done, now)
    if free is not None:
        raise HoursUsedError(may_start_at=clock.stamp(free))
    return now + left(rule, done, now)


def left(rule: HoursRule, done: Sequence[Worked], now: datetime) -> timedelta:
    """How long somebody may go on. What was long ago falls out of the 24 hours meanwhile."""
    most, may = timedelta(minutes=rule.most_minutes), timedelta(0)
    for _ in range(rule.most_minutes):
        more = most - _in_24_hours(done, now + may)
        if more <= may:
            break
        may = more
    return min(most - _in_this_day(rule, done, now)[0], may)


def may_start_at(rule: HoursRule, done: Sequence[Worked], now: datetime) -> datetime | None:
    """From when on somebody may go on duty again. None: now, for a minute at least."""
    most = timedelta(minutes=rule.most_minutes) - LEAST
    moments = []
    in_day, last = _in_this_day(rule, done, now)
    if in_day > most:
        moments.append(last + timedelta(minutes=rule.rest_minutes))
    if _in_24_hours(done, now) > most:
        moments.append(_frees(done, now, _in_24_hours(done, now) - most))
    return max(moments, default=None)


def of(duty: OnDuty) -> Worked:
    """How long a duty has lasted until now."""
    now, since = clock.now(), clock.parse(duty.since)
    paused = timedelta(seconds=float(duty.paused_seconds or 0))
    if duty.status == DutyStatus.BREAK and duty.paused_at:
        paused += now - clock.parse(duty.paused_at)
    return Worked(since, now, max(now - since - paused, timedelta(0)))


def spell(duty: OnDuty) -> Spell:
    """What is kept of a duty that ends now."""
    worked = of(duty)
    return Spell(
        courier_key(duty.courier_id),
        f"{SPELL}{duty.since}",
        zone=duty.zone,
        since=duty.since,
        until=clock.stamp(worked.until),
        seconds=int(worked.net.total_seconds()),
        expires_at=clock.forget_at(clock.after(KEPT_SECONDS)),
    )


def before(courier_id: str, now: datetime) -> list[Worked]:
    """The duties of the last week, the oldest first."""
    return between(courier_id, now, now)


def between(courier_id: str, since: datetime, until: datetime) -> list[Worked]:
    """The duties that began before one moment, and not more than a week before the other."""
    first, last = (f"{SPELL}{clock.stamp(one)}" for one in (since - LOOKED_BACK, until))
    found = dynamo.items(Spell, courier_key(courier_id), prefix=SPELL, after=first)
    return [
        Worked(clock.parse(one.since), clock.parse(one.until), timedelta(seconds=int(one.seconds)))
        for one in found
        if one.sk <= last
    ]


def _in_this_day(
    rule: HoursRule, done: Sequence[Worked], now: datetime
) -> tuple[timedelta, datetime]:
    """What was worked since the last full rest, and when the last of it ended."""
    rest, used, begins = timedelta(minutes=rule.rest_minutes), timedelta(0), now
    latest_first = sorted(done, key=lambda one: one.until, reverse=True)
    for one in latest_first:
        if begins - one.until >= rest:
            break
        used, begins = used + one.net, one.since
    return used, latest_first[0].until if latest_first else now


def _in_24_hours(done: Sequence[Worked], now: datetime) -> timedelta:
    return sum((_inside(one, now) for one in done), start=timedelta(0))


def _inside(one: Worked, now: datetime) -> timedelta:
    """What of a duty lies in the last 24 hours: its breaks are taken to lie before."""
    return min(one.net, max(one.until - max(one.since, now - DAY), timedelta(0)))


def _frees(done: Sequence[Worked], now: datetime, excess: timedelta) -> datetime:
    """When so much of what was worked is more than 24 hours ago."""
    for one in sorted(done, key=lambda one: one.since):
        inside = _inside(one, now)
        if inside >= excess:
            return one.until - inside + excess + DAY
        excess -= inside
    return now + DAY
