"""A break: nobody offers anything, no position is taken, and the time does not count as worked."""

from chalicelib.core import clock
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.couriers import answering, duty, working, zones
from chalicelib.couriers.errors import OffDutyError, OnAJobError
from chalicelib.couriers.schemas import DutyView
from chalicelib.couriers.status import DutyStatus
from chalicelib.couriers.zone_models import OnDuty

ON_BREAK = "courier.on_break"


def begin(caller: Caller) -> DutyView:
    """Take a break. An offer that waits is declined. Repeating it changes nothing.

    Raises OffDutyError (409), OnAJobError (409): what is in hand is finished first.
    """

    def decide() -> tuple[Part, ...]:
        courier = working.head(caller.id)
        found = working.present(courier) if courier else None
        if courier is None or found is None:
            raise OffDutyError
        if found.jobs:
            raise OnAJobError
        if found.status == DutyStatus.BREAK:
            return ()
        if found.offer_id:
            return answering.dropped(found, caller.actor)
        begun = [
            OnDuty.status.set(DutyStatus.BREAK),
            OnDuty.paused_at.set(clock.stamp(clock.now())),
            OnDuty.ends_by.remove(),
        ]
        return (
            working.change(found, begun),
            *working.moved(courier, found.zone, ON_BREAK, caller.actor, zone=found.zone),
            zones.touch(found.zone, found.courier_id),
        )

    working.settle(decide)
    return duty.read(caller)


def end(caller: Caller) -> DutyView:
    """Go on after a break. Repeating it changes nothing.

    Raises OffDutyError (409), and what going on duty raises.
    """

    def decide() -> tuple[Part, ...]:
        courier = working.head(caller.id)
        found = working.present(courier) if courier else None
        if courier is None or found is None:
            raise OffDutyError
        if found.status != DutyStatus.BREAK:
            return ()
        return duty.stayed(courier, found, caller)

    working.settle(decide)
    return duty.read(caller)
