"""Who a courier is, as stores and customers see them while there is a job for them."""

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.couriers import duty, working
from chalicelib.couriers.models import CourierHead, courier_key
from chalicelib.couriers.schemas import CourierProfile, CourierView

CHANGED = "courier.changed"


def put(caller: Caller, profile: CourierProfile) -> CourierView:
    """Say who one is, or who one is now. Repeating it changes nothing."""

    def decide() -> tuple[Part, ...]:
        courier = working.head(caller.id)
        if courier is None:
            return _new(caller, profile)
        if (courier.given_name, courier.vehicle) == (profile.given_name, profile.vehicle):
            return ()
        return _changed(courier, caller, profile)

    working.settle(decide)
    return read(caller)


def read(caller: Caller) -> CourierView:
    """The courier as they see themselves. Raises NotFoundError (404) before the first `put`."""
    courier = working.head(caller.id)
    if courier is None:
        raise NotFoundError("You have not said yet who you are: PUT /v1/courier.")
    standing = duty.of(courier)
    return CourierView(
        given_name=courier.given_name,
        vehicle=courier.vehicle,
        version=int(courier.version),
        duty=standing.status,
        zone=standing.zone,
        created_at=courier.created_at,
    )


def _new(caller: Caller, profile: CourierProfile) -> tuple[Part, ...]:
    head = CourierHead(
        courier_key(caller.id),
        dynamo.HEAD,
        id=caller.id,
        version=1,
        given_name=profile.given_name,
        vehicle=profile.vehicle,
        created_at=clock.stamp(clock.now()),
    )
    return parts.put(head, BusyError()), working.announce(caller.id, 1, CHANGED, caller.actor)


def _changed(courier: CourierHead, caller: Caller, profile: CourierProfile) -> tuple[Part, ...]:
    version = int(courier.version) + 1
    head = parts.update(
        CourierHead(courier_key(courier.id), dynamo.HEAD),
        [
            CourierHead.version.set(version),
            CourierHead.given_name.set(profile.given_name),
            CourierHead.vehicle.set(profile.vehicle),
        ],
        BusyError(),
        CourierHead.version == courier.version,
    )
    return head, working.announce(courier.id, version, CHANGED, caller.actor)
