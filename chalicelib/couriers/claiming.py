"""Saying yes to an offer: of all who are asked, exactly one gets the delivery."""

from functools import partial

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.dynamo import Raw
from chalicelib.core.errors import BusyError, ProblemError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.couriers import answering, moving, offering, working, zones
from chalicelib.couriers.errors import (
    AlreadyTakenError,
    OffDutyError,
    OfferGoneError,
    OnAJobError,
)
from chalicelib.couriers.models import (
    DeliveryHead,
    OfferItem,
    OnDuty,
    OpenDelivery,
    courier_key,
    offer_key,
)
from chalicelib.couriers.status import (
    LIVE_OFFERS,
    DeliveryCommand,
    DeliveryStatus,
    OfferStatus,
)
from chalicelib.orders import carrying

GIVEN_UP = frozenset({DeliveryStatus.CANCELLED, DeliveryStatus.REJECTED})


def accept(offer_id: str, caller: Caller) -> DeliveryHead:
    """Give the offer's delivery to the courier, in one transaction. Safe to repeat.

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
    """The delivery comes first: where several conditions fail, its own says why."""
    delivery = moving.demand(offer.delivery_id)
    refusal = _why_not(offer, delivery)
    if refusal is not None:
        raise refusal
    duty = _free(delivery, caller)
    opened = offering.opened(delivery.zone, delivery.id)
    if opened is None:
        raise BusyError
    return (
        *_accepted(delivery, offer, caller),
        _answered(offer),
        carrying.still_to_bring(delivery.order_id, OfferGoneError()),
        working.change(duty, [OnDuty.jobs.set([delivery.id]), *working.no_offer()]),
        parts.delete(
            OpenDelivery.at(opened.zone, opened.delivery_id),
            BusyError(),
            OpenDelivery.version == opened.version,
        ),
        *_others_freed(opened, offer.id),
        zones.touch(delivery.zone, delivery.id),
    )


def _accepted(delivery: DeliveryHead, offer: OfferItem, caller: Caller) -> tuple[Part, ...]:
    return moving.move(
        delivery,
        DeliveryCommand.ACCEPT,
        actor=caller.actor,
        also=[DeliveryHead.courier_id.set(caller.id)],
        data={"courier_id": caller.id, "offer_id": offer.id},
        failure=partial(_lost, caller.id),
    )


def _free(delivery: DeliveryHead, caller: Caller) -> OnDuty:
    duty = working.on_duty(delivery.zone, caller.id)
    if duty is None:
        raise OffDutyError
    if delivery.id in duty.jobs:  # they have just accepted it, in another request
        raise BusyError
    if duty.jobs:
        raise OnAJobError
    return duty


def _why_not(offer: OfferItem, delivery: DeliveryHead) -> ProblemError | None:
    """Why an offer cannot be accepted. BusyError: they have just accepted it in another request."""
    if clock.parse(offer.until) <= clock.now():
        return OfferGoneError()
    if offer.status not in LIVE_OFFERS | {OfferStatus.REVOKED}:
        return OfferGoneError()
    if _is_taken(delivery):
        theirs = delivery.courier_id == offer.courier_id
        return BusyError() if theirs else AlreadyTakenError()
    if offer.status not in LIVE_OFFERS or delivery.status != DeliveryStatus.PENDING:
        return OfferGoneError()
    return None


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


def _others_freed(opened: OpenDelivery, offer_id: str) -> list[Part]:
    """Whoever else is being asked for this delivery is asked no longer."""
    freed: list[Part] = []
    for other in opened.offers:
        if other["offer_id"] == offer_id:
            continue
        item = OfferItem(courier_key(other["courier_id"]), offer_key(other["offer_id"]))
        revoked = [OfferItem.status.set(OfferStatus.REVOKED)]
        still = OfferItem.status.is_in(*LIVE_OFFERS)
        freed.append(parts.update(item, revoked, BusyError(), still))
        duty = working.on_duty(opened.zone, other["courier_id"])
        if duty is not None and duty.offer_id == other["offer_id"]:
            freed.append(working.change(duty, working.no_offer()))
    return freed
