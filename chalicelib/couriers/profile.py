"""Who a courier is, as stores and customers see them while there is a job for them."""

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.couriers import documents, duty, standing, working
from chalicelib.couriers.models import CourierHead, courier_key
from chalicelib.couriers.schemas import SigningUp
from chalicelib.couriers.standing_schemas import CourierRecord, SignedUp
from chalicelib.couriers.status import Vehicle
from chalicelib.people import operating

CHANGED = "courier.changed"


def put(caller: Caller, profile: SigningUp) -> SignedUp:
    """Say who one is, or who one is now. Repeating it changes nothing."""

    def decide() -> tuple[Part, ...]:
        courier = working.head(caller.id)
        if courier is None:
            return _new(caller, profile)
        said = (profile.given_name, profile.vehicle, profile.city or courier.city)
        if (courier.given_name, courier.vehicle, courier.city) == said:
            return ()
        return _changed(courier, caller, profile)

    working.settle(decide)
    return read(caller)


def read(caller: Caller) -> SignedUp:
    """The courier as they see themselves. Raises NotFoundError (404) before the first `put`."""
    courier = working.head(caller.id)
    if courier is None:
        raise NotFoundError("You have not said yet who you are: PUT /v1/courier.")
    return view(courier)


def record(courier_id: str) -> CourierRecord:
    """A courier as an operator sees them. Raises NotFoundError (404)."""
    operating.demand_id(courier_id)
    courier = working.head(courier_id)
    if courier is None:
        raise NotFoundError
    shown = [documents.shown(one) for one in reversed(standing.documents(courier_id))]
    return CourierRecord(**dict(view(courier)), id=courier_id, documents=shown)


def view(courier: CourierHead) -> SignedUp:
    """How a courier stands: where they have not said in which city, to that of their duty."""
    on_duty = duty.of(courier)
    city = courier.city or on_duty.zone
    found = standing.of(courier, city, Vehicle(courier.vehicle))
    return SignedUp(
        given_name=courier.given_name,
        vehicle=courier.vehicle,
        version=int(courier.version),
        duty=on_duty.status,
        zone=on_duty.zone,
        created_at=courier.created_at,
        city=courier.city,
        status=found.status,
        missing=found.missing,
        expired=found.expired,
        suspension=found.suspension,
    )


def _new(caller: Caller, profile: SigningUp) -> tuple[Part, ...]:
    head = CourierHead(
        courier_key(caller.id),
        dynamo.HEAD,
        id=caller.id,
        version=1,
        given_name=profile.given_name,
        vehicle=profile.vehicle,
        city=profile.city,
        created_at=clock.stamp(clock.now()),
    )
    return parts.put(head, BusyError()), working.announce(caller.id, 1, CHANGED, caller.actor)


def _changed(courier: CourierHead, caller: Caller, profile: SigningUp) -> tuple[Part, ...]:
    actions = [
        CourierHead.given_name.set(profile.given_name),
        CourierHead.vehicle.set(profile.vehicle),
        *([CourierHead.city.set(profile.city)] if profile.city else []),
    ]
    return working.noted(courier, CHANGED, caller.actor, actions)
