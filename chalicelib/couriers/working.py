"""What jobs do to couriers on duty: a job is taken, a job is over, who was leaving has left.

Nothing here touches the zone: who commits the parts adds one `zones.touch` to them.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from pynamodb.expressions.update import Action

from chalicelib.core import clock, dynamo, outbox, parts
from chalicelib.core.errors import BusyError, Value
from chalicelib.core.parts import Failure, Part
from chalicelib.couriers import hours
from chalicelib.couriers.models import CourierEvent, CourierHead, courier_key, shard_key
from chalicelib.couriers.status import DutyStatus
from chalicelib.couriers.zone_models import OnDuty

ON_DUTY = "courier.on_duty"
OFF_DUTY = "courier.off_duty"
RACES = 6


def head(courier_id: str) -> CourierHead | None:
    """The courier as they are now, or None for who has never said who they are."""
    return dynamo.get(CourierHead, courier_key(courier_id))


def on_duty(zone: str, courier_id: str) -> OnDuty | None:
    """A courier's duty in a zone as it is now, or None."""
    return dynamo.get(OnDuty, shard_key(zone, courier_id), courier_key(courier_id))


def present(courier: CourierHead) -> OnDuty | None:
    """The duty that a courier is on, or None for one who is off."""
    return on_duty(courier.zone, courier.id) if courier.zone else None


def change(duty: OnDuty, actions: Sequence[Action], failure: Failure | None = None) -> Part:
    """The part that changes a duty as it was read. Its failure is BusyError: read it again."""
    return parts.update(
        OnDuty.at(duty.zone, duty.courier_id),
        [OnDuty.version.set(int(duty.version) + 1), *actions],
        failure or BusyError(),
        OnDuty.version == duty.version,
    )


def no_offer() -> list[Action]:
    """That a courier is offered nothing any more."""
    return [OnDuty.offer_id.remove(), OnDuty.offer_until.remove()]


def freed(zone: str, courier_id: str, delivery_id: str, actor: str) -> tuple[Part, ...]:
    """The parts that take a job from a courier: none where they do not have it.

    Who wanted to leave, and has no other, goes off duty with it.
    """
    duty = on_duty(zone, courier_id)
    if duty is None or delivery_id not in duty.jobs:
        return ()
    left = [job for job in duty.jobs if job != delivery_id]
    if duty.status == DutyStatus.LEAVING and not left:
        return gone(duty, actor)
    over = [] if left else [OnDuty.ends_at.remove(), OnDuty.ends_near.remove()]
    return (change(duty, [OnDuty.jobs.set(left), *over]),)


def gone(duty: OnDuty, actor: str) -> tuple[Part, ...]:
    """The parts that end a duty. The item is deleted, and the last position with it.

    How long it was is kept.
    """
    ended = parts.delete(
        OnDuty.at(duty.zone, duty.courier_id), BusyError(), OnDuty.version == duty.version
    )
    kept = parts.overwrite(hours.spell(duty))
    courier = head(duty.courier_id)
    if courier is None or courier.zone != duty.zone:
        return (ended, kept)
    return (ended, kept, *moved(courier, None, OFF_DUTY, actor, zone=duty.zone))


def moved(
    courier: CourierHead, to: str | None, event_type: str, actor: str, *, zone: str
) -> tuple[Part, ...]:
    """The parts that note in which zone a courier works, if any, and announce it."""
    version = int(courier.version) + 1
    changed = parts.update(
        CourierHead(courier_key(courier.id), dynamo.HEAD),
        [
            CourierHead.version.set(version),
            CourierHead.zone.set(to) if to else CourierHead.zone.remove(),
        ],
        BusyError(),
        CourierHead.version == courier.version,
    )
    return changed, announce(courier.id, version, event_type, actor, zone)


def noted(
    courier: CourierHead,
    event_type: str,
    actor: str,
    actions: Sequence[Action] = (),
    data: Mapping[str, Value] | None = None,
) -> tuple[Part, Part]:
    """The parts that change what is said of a courier as they were read, and announce it."""
    version = int(courier.version) + 1
    changed = parts.update(
        CourierHead(courier_key(courier.id), dynamo.HEAD),
        [CourierHead.version.set(version), *actions],
        BusyError(),
        CourierHead.version == courier.version,
    )
    return changed, announce(courier.id, version, event_type, actor, data=data)


def announce(
    courier_id: str,
    version: int,
    event_type: str,
    actor: str,
    zone: str | None = None,
    data: Mapping[str, Value] | None = None,
) -> Part:
    """The part that puts an event under a courier. Ids and codes only."""
    return outbox.announce(
        CourierEvent,
        courier_key(courier_id),
        kind="courier",
        subject=courier_id,
        version=version,
        type=event_type,
        actor=actor,
        data={"courier_id": courier_id, **({"zone": zone} if zone else {}), **(data or {})},
    )


def position(courier: OnDuty) -> tuple[float, float]:
    """Where a courier was last, as longitude and latitude."""
    longitude, latitude = courier.location
    return float(longitude), float(latitude)


def age(courier: OnDuty) -> float:
    """For how many seconds a courier has not told where they are."""
    return (clock.now() - clock.parse(courier.located_at)).total_seconds()


def settle(decide: Callable[[], tuple[Part, ...]]) -> None:
    """Decide and commit until nothing is left to do.

    Raises what `decide` raises, and BusyError after too many races; `decide` may raise it to be
    asked again.
    """
    for _ in range(RACES):
        with suppress(BusyError):
            chosen = decide()
            if not chosen:
                return
            parts.commit(*chosen)
    if decide():
        raise BusyError
