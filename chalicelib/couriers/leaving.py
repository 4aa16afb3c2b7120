"""How a duty ends: at once, or when the job in hand is done. Nothing takes a job from anybody."""

from datetime import datetime, timedelta

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.couriers import answering, working, zones
from chalicelib.couriers.status import DUTY_ENDS, DutyStatus
from chalicelib.couriers.zone_models import OnDuty


def leave(duty: OnDuty, actor: str) -> tuple[Part, ...]:
    """The next parts by which a courier goes off duty; none where their job alone is waited for.

    An offer that waits for an answer is declined first.
    """
    if duty.offer_id:
        return answering.dropped(duty, actor)
    if not duty.jobs:
        return *working.gone(duty, actor), zones.touch(duty.zone, duty.courier_id)
    if duty.status == DutyStatus.LEAVING:
        return ()
    leaving = working.change(duty, [OnDuty.status.set(DutyStatus.LEAVING)])
    return leaving, zones.touch(duty.zone, duty.courier_id)


def due(duty: OnDuty) -> datetime | None:
    """When a duty has to be ended by the clock. None: never, or a job alone is waited for."""
    waits = duty.status == DutyStatus.LEAVING and bool(duty.jobs) and not duty.offer_id
    return clock.parse(duty.ends_by) if duty.ends_by and not waits else None


def end(duty: OnDuty) -> None:
    """Do the next thing by which an overdue duty ends. Raises BusyError where it has changed."""
    parts.commit(*leave(duty, SYSTEM))


WARNED = timedelta(minutes=15)


def warning_due(duty: OnDuty) -> datetime | None:
    """When a courier is to be told that their duty ends. None: it does not, or they were told."""
    ends = due(duty)
    return None if ends is None or duty.warned_for == duty.ends_by else ends - WARNED


def warn(duty: OnDuty) -> None:
    """Tell a courier that their duty ends soon. Raises BusyError where it has changed."""
    courier = working.head(duty.courier_id)
    if courier is None:
        raise BusyError
    parts.commit(
        *working.moved(courier, duty.zone, DUTY_ENDS, SYSTEM, zone=duty.zone),
        working.change(duty, [OnDuty.warned_for.set(str(duty.ends_by))]),
        zones.touch(duty.zone, duty.courier_id),
    )
