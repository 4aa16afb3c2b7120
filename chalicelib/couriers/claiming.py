"""Saying yes to an offer: of all who are asked, exactly one gets the delivery.

Several deliveries are accepted as a whole or not at all, in the same one transaction: their courier
then has them as jobs in the order of their doors, and each lives its own life from there on.
"""

from collections.abc import Sequence
from functools import partial

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.dynamo import Raw
from chalicelib.core.errors import BusyError, ProblemError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.couriers import answering, moving, offering, routing, withdrawing, working, zones
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.errors import (
    AlreadyTakenError,
    OffDutyError,
    OfferGoneError,
    OnAJobError,
)
from chalicelib.couriers.models import OfferItem, courier_key, offer_key
from chalicelib.couriers.status import (
    LIVE_OFFERS,
    DeliveryCommand,
    DeliveryStatus,
    OfferStatus,
)
from chalicelib.couriers.zone_models import OnDuty, OpenDelivery
from chalicelib.orders import carrying

GIVEN_UP = frozenset({DeliveryStatus.CANCELLED, DeliveryStatus.REJECTED})


def accept(offer_id: str, caller: Caller) -> DeliveryHead:
    """Give all of the offer to the courier, in one transaction. Safe to repeat. The first stop.

    Raises OfferGoneError (410) after its time, or when the order was given up; AlreadyTakenError
    (409) for who comes second; OffDutyError and OnAJobError (409); NotFoundError (404) for an offer
    that was made to somebody else.
    """

    def decide() -> tuple[Part, ...]:
        offer = answering.demand(offer_id, caller)
        if offer.status == OfferStatus.ACCEPTED:
            return ()
        return _claimed(offer, caller)

    working.settle(decide)
    return moving.demand(answering.demand(offer_id, caller).delivery_id)


def _claimed(offer: OfferItem, caller: Caller) -> tuple[Part, ...]:
    """The deliveries come first: where several conditions fail, their own say why."""
    deliveries = [moving.demand(one) for one in offering.deliveries_of(offer)]
    refusal = _why_not(offer, deliveries)
    if refusal is not None:
        raise refusal
    duty, zone = _free(deliveries, caller), deliveries[0].zone
    return (
        *_accepted(deliveries, offer, caller),
        _answered(offer),
        *(carrying.still_to_bring(each.order_id, OfferGoneError()) for each in deliveries),
        working.change(duty, [*routing.begun(duty, deliveries), *working.no_offer()]),
        *_found(zone, deliveries, offer),
        zones.touch(zone, deliveries[0].id),
    )


def _accepted(
    deliveries: Sequence[DeliveryHead], offer: OfferItem, caller: Caller
) -> tuple[Part, ...]:
    chosen: list[Part] = []
    for stop, delivery in enumerate(deliveries, start=1):
        placed = [DeliveryHead.stop.set(stop)] if len(deliveries) > 1 else []
        chosen += moving.move(
            delivery,
            DeliveryCommand.ACCEPT,
            actor=caller.actor,
            also=[DeliveryHead.courier_id.set(caller.id), *placed],
            data={"courier_id": caller.id, "offer_id": offer.id},
            failure=partial(_lost, caller.id),
        )
    return tuple(chosen)


def _found(zone: str, deliveries: Sequence[DeliveryHead], offer: OfferItem) -> tuple[Part, ...]:
    """None of them looks for anybody any more; who else is being asked is asked no longer."""
    chosen: list[Part] = []
    others: dict[str, withdrawing.Live] = {}
    for delivery in deliveries:
        opened = offering.opened(zone, delivery.id)
        if opened is None:
            raise BusyError
        others |= {one["offer_id"]: one for one in opened.offers if one["offer_id"] != offer.id}
        chosen.append(
            parts.delete(
                OpenDelivery.at(zone, delivery.id),
                BusyError(),
                OpenDelivery.version == opened.version,
            )
        )
    taken = {delivery.id for delivery in deliveries}
    return *chosen, *withdrawing.revoke(zone, list(others.values()), taken)


def _free(deliveries: Sequence[DeliveryHead], caller: Caller) -> OnDuty:
    duty = working.on_duty(deliveries[0].zone, caller.id)
    if duty is None:
        raise OffDutyError
    if deliveries[0].id in duty.jobs:  # they have just accepted it, in another request
        raise BusyError
    if duty.jobs:
        raise OnAJobError
    return duty


def _why_not(offer: OfferItem, deliveries: Sequence[DeliveryHead]) -> ProblemError | None:
    """Why an offer cannot be accepted. BusyError: they have just accepted it in another request."""
    if clock.parse(offer.until) <= clock.now():
        return OfferGoneError()
    if offer.status not in LIVE_OFFERS | {OfferStatus.REVOKED}:
        return OfferGoneError()
    takers = {each.courier_id for each in deliveries if _is_taken(each)}
    if takers:
        return BusyError() if takers == {offer.courier_id} else AlreadyTakenError()
    waits = all(each.status == DeliveryStatus.PENDING for each in deliveries)
    return None if waits and offer.status in LIVE_OFFERS else OfferGoneError()


def _is_taken(delivery: DeliveryHead) -> bool:
    return bool(delivery.courier_id) and delivery.status not in GIVEN_UP


def _lost(courier_id: str, raw: Raw | None) -> Exception:
    """Why the delivery could not be claimed, as it stood in the way."""
    found = dynamo.raw_text(raw, "status")
    theirs = dynamo.raw_text(raw, "courier_id") == courier_id
    if theirs or found == DeliveryStatus.PENDING:
        return BusyError()
    return OfferGoneError() if found is None or found in GIVEN_UP else AlreadyTakenError()


def _answered(offer: OfferItem) -> Part:
    in_time = OfferItem.until > clock.stamp(clock.now())
    return parts.update(
        OfferItem(courier_key(offer.courier_id), offer_key(offer.id)),
        [OfferItem.status.set(OfferStatus.ACCEPTED)],
        _repeated_or_gone,
        OfferItem.status.is_in(*LIVE_OFFERS) & in_time,
    )


def _repeated_or_gone(raw: Raw | None) -> Exception:
    """The same courier may have accepted twice at once: then reading again finds it done."""
    twice = dynamo.raw_text(raw, "status") == OfferStatus.ACCEPTED
    return BusyError() if twice else OfferGoneError()
