"""How a duty ends: at once, or when the job in hand is done. Nothing takes a job from anybody."""

from datetime import datetime

from chalicelib.core import clock, parts
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.couriers import answering, working, zones
from chalicelib.couriers.status import DutyStatus
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
