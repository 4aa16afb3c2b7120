"""An operator may let a courier go on duty no more, and again: it is told, kept, and appealable.

Who has a job finishes it. The duty is ended here at once; should this die in between, the event's
bell has dispatch end it.
"""

from contextlib import suppress

from chalicelib.core import audit, clock, ids, notices
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM, Caller, Role
from chalicelib.couriers import leaving, profile, standing, status, working, zones
from chalicelib.couriers.errors import NotSuspendedError
from chalicelib.couriers.models import CourierHead
from chalicelib.couriers.standing_schemas import SUSPENSION, CourierRecord, NewSuspension
from chalicelib.couriers.status import CourierStatus, DutyStatus
from chalicelib.couriers.zone_models import OnDuty
from chalicelib.orders import appeals
from chalicelib.orders.appeal_schemas import AppealView
from chalicelib.people import operating

RESTORED = "courier.restored"
TOPIC = "suspension"


def suspend(caller: Caller, courier_id: str, new: NewSuspension) -> CourierRecord:
    """Let a courier go on duty no more. Safe to repeat. Raises NotFoundError (404)."""
    actor = caller.acting_as(Role.OPERATOR)

    def decide() -> tuple[Part, ...]:
        courier = _demand(courier_id)
        if standing.suspension(courier) is not None:
            return ()
        now = clock.stamp(clock.now())
        made = {
            "id": ids.new(SUSPENSION), "code": new.code, "reason": new.reason, "at": now,
        }  # fmt: skip
        data = {"suspension_id": made["id"], "code": new.code}
        duty = working.present(courier)
        return (
            *working.noted(
                courier, status.SUSPENDED, actor, [CourierHead.suspension.set(made)], data
            ),
            *(_leaving(duty, now) if duty is not None else ()),
            audit.entry(actor, status.SUSPENDED, courier_id, new.reason, data),
            notices.tell(courier_id, "courier_suspended", topic=TOPIC, actor=actor, data=data),
        )

    working.settle(decide)
    with suppress(BusyError):  # dispatch does it, then
        working.settle(lambda: _out(courier_id))
    return profile.record(courier_id)


def restore(caller: Caller, courier_id: str, reason: str) -> CourierRecord:
    """Let a courier go on duty again. Safe to repeat. Raises NotFoundError (404)."""
    actor = caller.acting_as(Role.OPERATOR)

    def decide() -> tuple[Part, ...]:
        courier = _demand(courier_id)
        if not courier.suspension:
            return ()
        data = {"suspension_id": str(courier.suspension["id"])}
        return (
            *working.noted(courier, RESTORED, actor, [CourierHead.suspension.remove()], data),
            audit.entry(actor, RESTORED, courier_id, reason, data),
            notices.tell(courier_id, "courier_restored", topic=TOPIC, actor=actor, data=data),
        )

    working.settle(decide)
    return profile.record(courier_id)


def appeal(caller: Caller, text: str, key: Key) -> tuple[AppealView, bool]:
    """Ask a person to look at one's suspension; and whether this repeats the request.

    Raises NotSuspendedError (409), and what `appeals.contest` raises.
    """
    courier = working.head(caller.id)
    if courier is None or not courier.suspension:
        raise NotSuspendedError(
            current_status=CourierStatus.ACTIVE, allowed_in=[CourierStatus.SUSPENDED]
        )
    return appeals.contest_suspension(caller, str(courier.suspension["id"]), text, key)


def _leaving(duty: OnDuty, now: str) -> tuple[Part, ...]:
    """The parts by which nobody offers them anything any more, and dispatch ends what is left."""
    left = working.change(duty, [OnDuty.status.set(DutyStatus.LEAVING), OnDuty.ends_by.set(now)])
    return left, zones.touch(duty.zone, duty.courier_id)


def _out(courier_id: str) -> tuple[Part, ...]:
    duty = working.present(_demand(courier_id))
    if duty is None or leaving.due(duty) is None:
        return ()
    return leaving.leave(duty, SYSTEM)


def _demand(courier_id: str) -> CourierHead:
    operating.demand_id(courier_id)
    found = working.head(courier_id)
    if found is None:
        raise NotFoundError
    return found
