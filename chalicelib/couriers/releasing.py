"""A delivery goes from its courier before pick-up: given back, or taken away by an operator."""

from chalicelib.core import audit
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Right, Role
from chalicelib.couriers import moving, opening, rights
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.schemas import ReleaseCode
from chalicelib.couriers.status import BEFORE_PICK_UP, DeliveryCommand
from chalicelib.couriers.steps import is_done


def release(delivery_id: str, code: ReleaseCode, caller: Caller) -> DeliveryHead:
    """Give a delivery back. It is CANCELLED, and another attempt looks for a courier at once.

    Repeating it changes nothing. Raises NotFoundError (404), ForbiddenError (403), and
    ImpossibleStepError (409) after pick-up.
    """
    return _taken_from(delivery_id, code, caller, rights.DELIVERY_RELEASE)


def reassign(delivery_id: str, code: ReleaseCode, caller: Caller) -> DeliveryHead:
    """Take a delivery from its courier, as an operator. Raises what `release` raises."""
    return _taken_from(delivery_id, code, caller, rights.DELIVERY_REASSIGN)


def _taken_from(delivery_id: str, code: ReleaseCode, caller: Caller, right: Right) -> DeliveryHead:
    def decide(delivery: DeliveryHead) -> tuple[Part, ...]:
        if is_done(delivery, DeliveryCommand.CANCEL, caller, right):
            return ()
        if delivery.status not in BEFORE_PICK_UP:
            raise moving.impossible(delivery)
        kept = _kept(delivery, code, caller) if right is rights.DELIVERY_REASSIGN else ()
        return (*opening.again(delivery, code=code, actor=caller.actor), *kept)

    return moving.apply(delivery_id, decide)


def _kept(delivery: DeliveryHead, code: ReleaseCode, caller: Caller) -> tuple[Part, ...]:
    said = {"delivery_id": delivery.id}
    return (
        audit.entry(
            caller.acting_as(Role.OPERATOR), "delivery.reassigned", delivery.order_id, code, said
        ),
    )
