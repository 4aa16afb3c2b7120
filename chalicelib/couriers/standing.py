"""Whether a courier may go on duty: what their city asks for is there, and nobody has said no.

Nothing of it is stored: a document that is over is over at its moment, whoever has noted it or not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.core import clock, dynamo
from chalicelib.couriers import city_rules
from chalicelib.couriers.errors import DocumentsExpiredError, OnboardingError, SuspendedError
from chalicelib.couriers.models import CourierHead, courier_key
from chalicelib.couriers.standing_models import DOCUMENT, Document
from chalicelib.couriers.standing_schemas import CourierRules, DocumentStatus, HoursRule, Suspension
from chalicelib.couriers.status import CourierStatus, DocumentKind, Vehicle
from chalicelib.orders import appeals


@dataclass(frozen=True, slots=True)
class Standing:
    """How a courier stands. `until` is when the first of what is needed ends.

    `hours` is how long their city lets them work.
    """

    status: CourierStatus
    missing: tuple[DocumentKind, ...] = ()
    expired: tuple[DocumentKind, ...] = ()
    suspension: Suspension | None = None
    until: datetime | None = None
    hours: HoursRule | None = None


def of(courier: CourierHead, city: str | None, vehicle: Vehicle) -> Standing:
    """How a courier stands to a city on a vehicle: 1 read, 2 where the city asks for documents."""
    rules = city_rules.read(city) if city else city_rules.NOTHING
    needed = demanded(rules, vehicle, clock.now())
    shown = documents(courier.id) if needed else ()
    found = judged(needed, shown, suspension(courier), clock.now())
    return replace(found, hours=rules.hours)


def demand_active(courier: CourierHead, city: str, vehicle: Vehicle) -> Standing:
    """How a courier stands who may go on duty there.

    Raises SuspendedError, OnboardingError or DocumentsExpiredError (409 each).
    """
    found = of(courier, city, vehicle)
    stands, fit = str(found.status), [str(CourierStatus.ACTIVE)]
    if found.suspension is not None:
        raise SuspendedError(
            suspension_id=found.suspension.id, current_status=stands, allowed_in=fit
        )
    if found.missing:
        raise OnboardingError(missing=list(found.missing), current_status=stands, allowed_in=fit)
    if found.expired:
        raise DocumentsExpiredError(
            expired=list(found.expired), current_status=stands, allowed_in=fit
        )
    return found


def demanded(rules: CourierRules, vehicle: Vehicle, now: datetime) -> list[DocumentKind]:
    """What a courier on a vehicle needs by now. Pure."""
    found = (
        one.kind
        for one in rules.documents
        if one.begins <= now and (not one.vehicles or vehicle in one.vehicles)
    )
    return list(dict.fromkeys(found))


def judged(
    needed: Collection[DocumentKind],
    shown: Sequence[Document],
    suspended: Suspension | None,
    now: datetime,
) -> Standing:
    """How somebody stands who needs this and has shown that. Of a kind the last to end counts."""
    ends = {kind: _last_end(kind, shown) for kind in needed}
    missing = tuple(kind for kind, end in ends.items() if end is None)
    expired = tuple(kind for kind, end in ends.items() if end is not None and end <= now)
    if suspended is not None:
        status = CourierStatus.SUSPENDED
    elif missing:
        status = CourierStatus.ONBOARDING
    else:
        status = CourierStatus.DOCUMENTS_EXPIRED if expired else CourierStatus.ACTIVE
    first = min((end for end in ends.values() if end is not None), default=FOR_EVER)
    return Standing(status, missing, expired, suspended, None if first == FOR_EVER else first)


FOR_EVER = clock.parse("9999-12-31T00:00:00.000Z")


def _last_end(kind: DocumentKind, shown: Sequence[Document]) -> datetime | None:
    """When the last approved document of a kind ends; None: there is none."""
    approved = (one for one in shown if one.kind == kind and one.status == DocumentStatus.APPROVED)
    ends = (clock.parse(one.valid_until) if one.valid_until else FOR_EVER for one in approved)
    return max(ends, default=None)


def documents(courier_id: str) -> list[Document]:
    """All documents of a courier, the oldest first."""
    return dynamo.items(Document, courier_key(courier_id), prefix=DOCUMENT)


def suspension(courier: CourierHead) -> Suspension | None:
    """Why a courier may not go on duty, unless an appeal against it was granted."""
    if not courier.suspension:
        return None
    found = Suspension.model_validate(courier.suspension, extra="ignore")
    return None if appeals.was_granted(courier.id, found.id) else found
