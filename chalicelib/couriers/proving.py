"""Proof of a hand-over: four digits that only the order's customer is shown.

The PIN is derived from the delivery's id and a key of our own, and stored nowhere: another attempt
has another PIN. A try is counted before it is compared, in one conditional write, so that any
number of guesses at once are five guesses at most: one in two thousand is right by chance.
"""

from chalicelib.core import parts, pins
from chalicelib.core.dynamo import Raw
from chalicelib.core.errors import BusyError
from chalicelib.core.telemetry import log
from chalicelib.couriers import moving
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.errors import (
    AgeNotCheckedError,
    PinLockedError,
    PinNeededError,
    WrongPinError,
)
from chalicelib.couriers.schemas import Handover, Proof
from chalicelib.couriers.status import DeliveryStatus

MOST_TRIES = pins.MOST_TRIES
PURPOSE = b"ieum/delivery-pin/1"


def pin(delivery_id: str) -> str:
    """The PIN of a delivery. For its customer's eyes alone."""
    return pins.of(PURPOSE, delivery_id)


def needed(delivery: DeliveryHead) -> Proof:
    """What the hand-over needs: no PIN where its customer asked to leave it at the door.

    What is not for everybody, or paid in cash, is handed over all the same.
    """
    return "none" if delivery.leave_at_door else "pin"


def demand_told(delivery: DeliveryHead, said: Handover) -> None:
    """Raises AgeNotCheckedError or PinNeededError (422) unless all is said that has to be."""
    if delivery.minimum_age and not said.age_checked:
        raise AgeNotCheckedError(minimum_age=int(delivery.minimum_age))
    if said.pin is None and needed(delivery) == "pin":
        raise PinNeededError


def tries_left(delivery: DeliveryHead) -> int:
    return max(0, MOST_TRIES - int(delivery.pin_tries))


def prove(delivery: DeliveryHead, given: str) -> None:
    """Count a try, and compare.

    Raises WrongPinError (409) with the tries that are left, PinLockedError (409) without comparing
    once there are none, BusyError where the delivery is no longer at its customer's door.
    """
    parts.commit(
        parts.update(
            DeliveryHead.at(delivery.id),
            [DeliveryHead.pin_tries.add(1)],
            _why_not,
            (DeliveryHead.pin_tries < MOST_TRIES)
            & (DeliveryHead.status == DeliveryStatus.ARRIVED_AT_CUSTOMER),
        )
    )
    if is_right(delivery.id, given):
        return
    left = tries_left(moving.demand(delivery.id))
    if not left:
        log("A delivery's last try was spent", kind="delivery", subject=delivery.id)
    raise WrongPinError(tries_left=left)


def is_right(delivery_id: str, given: str) -> bool:
    """Compare in constant time, also with what an older signing key had shown."""
    return pins.is_right(PURPOSE, delivery_id, given)


def _why_not(raw: Raw | None) -> Exception:
    tries = int((raw or {}).get("pin_tries", {}).get("N", "0"))
    return PinLockedError() if tries >= MOST_TRIES else BusyError()
