"""On duty and off: who may be asked, and where.

The duty is one item in its zone. When it ends, the item is deleted, and the position with it.
"""

from datetime import datetime

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.couriers import hours, leaving, standing, working, zones
from chalicelib.couriers.errors import NoProfileError, OnDutyElsewhereError
from chalicelib.couriers.hours import Worked
from chalicelib.couriers.models import CourierHead
from chalicelib.couriers.schemas import DutyRequest, DutyView
from chalicelib.couriers.status import DutyStatus, Vehicle
from chalicelib.couriers.zone_models import OnDuty

KEPT_SECONDS = 86_400.0
"""How long DynamoDB keeps a duty, and its position, of which nothing is heard any more."""


def start(caller: Caller, request: DutyRequest) -> DutyView:
    """Go on duty, or stay: who was leaving stays on, and a break ends. Repeating changes nothing.

    Raises NoProfileError (409) for who has not said who they are, OnDutyElsewhereError (409), and
    what `standing.demand_active` and `hours.demand_rested` raise for who is not fit for it.
    """

    def decide() -> tuple[Part, ...]:
        courier = working.head(caller.id)
        if courier is None:
            raise NoProfileError
        duty = working.present(courier)
        if duty is not None and duty.zone != request.zone:
            raise OnDutyElsewhereError(zone=duty.zone)
        if duty is not None and duty.status == DutyStatus.ON:
            return ()
        if duty is not None:
            return stayed(courier, duty, caller)
        return _begun(courier, request, caller)

    working.settle(decide)
    return read(caller)


def end(caller: Caller) -> DutyView:
    """Go off duty: at once, or when the job in hand is done. Repeating it changes nothing.

    An offer that waits for an answer is declined with it.
    """

    def decide() -> tuple[Part, ...]:
        courier = working.head(caller.id)
        duty = working.present(courier) if courier else None
        return leaving.leave(duty, caller.actor) if duty is not None else ()

    working.settle(decide)
    return read(caller)


def read(caller: Caller) -> DutyView:
    """How the caller stands, read consistently."""
    courier = working.head(caller.id)
    return of(courier) if courier else DutyView(status=DutyStatus.OFF)


def of(courier: CourierHead) -> DutyView:
    """How a courier stands. An offer whose time has passed is none."""
    duty = working.present(courier)
    if duty is None:
        return DutyView(status=DutyStatus.OFF)
    asked = duty.offer_until is not None and clock.parse(duty.offer_until) > clock.now()
    return DutyView(
        status=duty.status,
        zone=duty.zone,
        since=duty.since,
        vehicle=duty.vehicle,
        jobs=tuple(duty.jobs),
        offer_id=duty.offer_id if asked else None,
        ends_by=duty.ends_by,
        break_since=duty.paused_at,
    )


def _begun(courier: CourierHead, request: DutyRequest, caller: Caller) -> tuple[Part, ...]:
    ends = _ends_by(courier, request.zone, request.vehicle)
    duty = OnDuty.at(request.zone, courier.id)
    duty.courier_id, duty.zone, duty.status = courier.id, request.zone, DutyStatus.ON
    duty.vehicle, duty.version, duty.jobs = request.vehicle, 1, []
    duty.location, duty.sequence = list(request.location.coordinates), 0
    duty.since = duty.located_at = clock.stamp(clock.now())
    duty.ends_by = clock.stamp(ends) if ends else None
    duty.expires_at = clock.forget_at(clock.after(KEPT_SECONDS))
    return (
        parts.put(duty, BusyError()),
        *working.moved(courier, request.zone, working.ON_DUTY, caller.actor, zone=request.zone),
        zones.touch(request.zone, courier.id),
    )


def stayed(courier: CourierHead, duty: OnDuty, caller: Caller) -> tuple[Part, ...]:
    """The parts by which who was leaving, or had a break, may be asked again."""
    worked = hours.of(duty)
    ends = _ends_by(courier, duty.zone, Vehicle(duty.vehicle), worked)
    paused = int((worked.until - worked.since - worked.net).total_seconds())
    actions = [
        OnDuty.status.set(DutyStatus.ON),
        OnDuty.ends_by.set(clock.stamp(ends)) if ends else OnDuty.ends_by.remove(),
        *([OnDuty.paused_at.remove()] if duty.paused_at else []),
        *([OnDuty.paused_seconds.set(paused)] if paused else []),
    ]
    return (
        working.change(duty, actions),
        *working.moved(courier, duty.zone, working.ON_DUTY, caller.actor, zone=duty.zone),
        zones.touch(duty.zone, duty.courier_id),
    )


def _ends_by(
    courier: CourierHead, zone: str, vehicle: Vehicle, running: Worked | None = None
) -> datetime | None:
    """When the duty of who may be on duty has to end. Raises what is in the way (409)."""
    found = standing.demand_active(courier, zone, vehicle)
    ends = [found.until] if found.until else []
    if found.hours is not None:
        ends.append(hours.demand_rested(courier.id, found.hours, running))
    return min(ends, default=None)
