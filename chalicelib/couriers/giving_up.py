"""Giving a delivery up because its order is not to be brought any more."""

from collections.abc import Callable

from chalicelib.core import parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.couriers import moving, offering, withdrawing, working, zones
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.errors import OfferGoneError
from chalicelib.couriers.status import (
    BEFORE_PICK_UP,
    CARRIED,
    DeliveryCommand,
    DeliveryStatus,
)
from chalicelib.couriers.zone_models import OpenDelivery

type Find = Callable[[str], DeliveryHead | None]
type Decide = Callable[[DeliveryHead], tuple[Part, ...]]

RACES = 6


def settle(find: Find, order_id: str, decide: Decide) -> None:
    """Read an order's present delivery, decide, commit; on a race read again.

    `decide` returns no parts where nothing is to do. Raises BusyError after too many races.
    """
    for _ in range(RACES):
        delivery = find(order_id)
        chosen = decide(delivery) if delivery else ()
        if not chosen:
            return
        try:
            parts.commit(*chosen)
        except (BusyError, OfferGoneError):
            continue
        return
    raise BusyError


def parts_of(delivery: DeliveryHead, code: str, actor: str = SYSTEM) -> tuple[Part, ...]:
    """The parts that give a delivery up as it was read: none where it is over already.

    Their failure is BusyError, or OfferGoneError where an offer has just been answered: read it
    again. Who has the order brings it back.
    """
    standing = DeliveryStatus(delivery.status)
    if standing in CARRIED:
        return _moved(delivery, DeliveryCommand.BRING_BACK, code, actor)
    if standing in BEFORE_PICK_UP:
        return (
            *_moved(delivery, DeliveryCommand.CANCEL, code, actor),
            *working.freed(delivery.zone, str(delivery.courier_id), delivery.id, actor),
            zones.touch(delivery.zone, delivery.id),
        )
    if standing is DeliveryStatus.PENDING:
        return (
            *_moved(delivery, DeliveryCommand.CANCEL, code, actor),
            *_closed(delivery),
            zones.touch(delivery.zone, delivery.id),
        )
    return ()


def _moved(
    delivery: DeliveryHead, command: DeliveryCommand, code: str, actor: str
) -> tuple[Part, ...]:
    return moving.move(
        delivery,
        command,
        actor=actor,
        also=(DeliveryHead.code.set(code),),
        data={"code": code},
    )


def _closed(delivery: DeliveryHead) -> tuple[Part, ...]:
    """Nobody looks for a courier any more, and those who are being asked are asked no longer."""
    found = offering.opened(delivery.zone, delivery.id)
    if found is None:
        return ()
    gone = parts.delete(
        OpenDelivery.at(delivery.zone, delivery.id),
        BusyError(),
        OpenDelivery.version == delivery.version,
    )
    return (gone, *withdrawing.revoke(delivery.zone, found.offers, {delivery.id}))
