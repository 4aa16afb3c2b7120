"""What operators decide of a delivery instead of the rules: who alone, who never, who now.

A pin holds while its courier is on duty and has not refused: nobody waits for who is gone. To ask
somebody now is a pin and an offer at once, whatever else was decided or is being asked; it is an
offer like any other, and may be refused. Who has accepted is taken a delivery from by
`releasing.reassign`.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.core import audit, clock
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role
from chalicelib.couriers import (
    moving,
    offering,
    status,
    supply,
    travelling,
    withdrawing,
    working,
    zones,
)
from chalicelib.couriers.assignment_schemas import Directed, Direction
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.errors import CourierNotFreeError
from chalicelib.couriers.matching import Decision, features_of
from chalicelib.couriers.status import DeliveryStatus, DutyStatus, Vehicle
from chalicelib.couriers.zone_models import OnDuty, OpenDelivery

RULE, REASON = "operator-1", "operator"
ACTIONS: Mapping[str, str] = {
    "pin": "delivery.pinned",
    "forbid": "delivery.forbidden",
    "ask": "delivery.asked_by_hand",
    "leave": "delivery.left_to_dispatch",
}

type Directions = dict[str, Any]


def direct(delivery_id: str, said: Direction, caller: Caller) -> Directed:
    """Pin, forbid, ask now, or leave it to dispatch again. Repeating it changes nothing.

    Raises NotFoundError (404), ImpossibleStepError (409) once somebody has accepted it,
    CourierNotFreeError (409) where who is to be asked now cannot be.
    """
    noted = False

    def note(delivery: DeliveryHead) -> tuple[Part, ...]:
        nonlocal noted
        opened = _opened(delivery)
        if said.decision == "ask":
            _free(opened, str(said.courier_id))
        chosen = _noted(delivery, opened, said, caller.acting_as(Role.OPERATOR))
        noted = bool(chosen)
        return (*chosen, _kept(delivery, said, caller)) if chosen else ()

    def ask(delivery: DeliveryHead) -> tuple[Part, ...]:
        opened, courier_id = _opened(delivery), str(said.courier_id)
        if courier_id in _asked(opened):
            return ()
        asked = _offered(delivery, opened, _free(opened, courier_id), caller)
        return asked if noted else (*asked, _kept(delivery, said, caller))

    delivery = moving.apply(delivery_id, note)
    if said.decision == "ask":
        delivery = moving.apply(delivery_id, ask)
    return view(delivery)


def view(delivery: DeliveryHead) -> Directed:
    """How a delivery is directed, and who is being asked for it."""
    opened = offering.opened(delivery.zone, delivery.id)
    directions = supply.directions(opened) if opened else {"pinned": None, "forbidden": []}
    return Directed(delivery_id=delivery.id, asked=_asked(opened) if opened else [], **directions)


def _opened(delivery: DeliveryHead) -> OpenDelivery:
    if delivery.status != DeliveryStatus.PENDING:
        raise moving.impossible(delivery)
    opened = offering.opened(delivery.zone, delivery.id)
    if opened is None or opened.version != delivery.version:
        raise BusyError
    return opened


def _asked(opened: OpenDelivery) -> list[str]:
    return [live["courier_id"] for live in opened.offers]


def _free(opened: OpenDelivery, courier_id: str) -> OnDuty:
    """The courier, who is free, or is being asked for this delivery already."""
    duty = working.on_duty(opened.zone, courier_id)
    free = duty is not None and duty.status == DutyStatus.ON and not duty.jobs
    if duty is None or not free or (duty.offer_id and courier_id not in _asked(opened)):
        raise CourierNotFreeError
    return duty


def _noted(
    delivery: DeliveryHead, opened: OpenDelivery, said: Direction, actor: str
) -> tuple[Part, ...]:
    """None where it is so already."""
    before = supply.directions(opened)
    now = _directions(before, said)
    lives = [live for live in opened.offers if _is_barred(live["courier_id"], now)]
    if now == before and not lives:
        return ()
    head = [DeliveryHead.directed.set(now)]
    row = [OpenDelivery.directed.set(now)]
    if lives:
        taken = withdrawing.take_back(opened, lives, head, row)
        return *taken, zones.touch(delivery.zone, delivery.id)
    return (
        *moving.change(delivery, status.DIRECTED, head, actor=actor),
        offering.changed(opened, row),
        zones.touch(delivery.zone, delivery.id),
    )


def _directions(before: Directions, said: Direction) -> Directions:
    pinned, forbidden, who = before["pinned"], list(before["forbidden"]), said.courier_id
    if said.decision == "leave":
        return {"pinned": None, "forbidden": []}
    others = [one for one in forbidden if one != who]
    if said.decision == "forbid":
        return {"pinned": None if pinned == who else pinned, "forbidden": [*others, who]}
    return {"pinned": who, "forbidden": others}


def _is_barred(courier_id: str, now: Directions) -> bool:
    return courier_id in now["forbidden"] or now["pinned"] not in {None, courier_id}


def _offered(
    delivery: DeliveryHead, opened: OpenDelivery, courier: OnDuty, caller: Caller
) -> tuple[Part, ...]:
    wanted = supply.wanting(opened, {courier.courier_id: courier})
    way = travelling.seconds(Vehicle(courier.vehicle), working.position(courier), wanted.pickup)
    decision = Decision(
        delivery_id=delivery.id,
        courier_id=courier.courier_id,
        reason=REASON,
        candidates=(),
        features=features_of(wanted, way, clock.now()),
        rule=RULE,
    )
    return offering.offer(
        [(delivery, opened)], courier, decision, actor=caller.acting_as(Role.OPERATOR)
    )


def _kept(delivery: DeliveryHead, said: Direction, caller: Caller) -> Part:
    named = {"courier_id": said.courier_id} if said.courier_id else {}
    return audit.entry(
        caller.acting_as(Role.OPERATOR),
        ACTIONS[said.decision],
        delivery.order_id,
        said.decision,
        {"delivery_id": delivery.id, **named},
    )
