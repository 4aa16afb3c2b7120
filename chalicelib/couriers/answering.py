"""What couriers see of offers, and how they say no. Saying yes is `claiming.py`."""

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.couriers import moving, offering, status, withdrawing, working, zones
from chalicelib.couriers.errors import OfferGoneError
from chalicelib.couriers.models import OfferItem, courier_key, offer_key
from chalicelib.couriers.schemas import OfferContent, OfferList, OfferView
from chalicelib.couriers.status import LIVE_OFFERS, OfferStatus
from chalicelib.couriers.zone_models import OnDuty

ANSWERED = frozenset({OfferStatus.VIEWED, OfferStatus.ACCEPTED, OfferStatus.DECLINED})


def live(caller: Caller) -> OfferList:
    """The offers that a courier may still answer: one at most, none after its time."""
    courier = working.head(caller.id)
    duty = working.present(courier) if courier else None
    offer = find(duty.offer_id, caller.id) if duty and duty.offer_id else None
    return OfferList(items=[view(offer)] if offer and is_live(offer) else [])


def look(offer_id: str, caller: Caller) -> OfferView:
    """Note that a courier has seen an offer. Repeating it changes nothing.

    Raises NotFoundError (404) for another's, OfferGoneError (410) for one that is over.
    """

    def decide() -> tuple[Part, ...]:
        offer = demand(offer_id, caller)
        if offer.status in ANSWERED and _was_in_time(offer):
            return ()
        if not is_live(offer):
            raise OfferGoneError
        return (_reach(offer, OfferStatus.VIEWED),)

    working.settle(decide)
    return view(demand(offer_id, caller))


def decline(offer_id: str, caller: Caller) -> OfferView:
    """Say no, which costs nothing. Repeating it changes nothing.

    Raises NotFoundError (404) for another's, OfferGoneError (410) for one that is over.
    """

    def decide() -> tuple[Part, ...]:
        offer = demand(offer_id, caller)
        if offer.status == OfferStatus.DECLINED:
            return ()
        if not is_live(offer):
            raise OfferGoneError
        return _declined(offer, caller.actor)

    working.settle(decide)
    return view(demand(offer_id, caller))


def dropped(duty: OnDuty, actor: str) -> tuple[Part, ...]:
    """The parts that rid a duty of its offer, whether its time has passed or not."""
    offer = find(duty.offer_id, duty.courier_id)
    if offer is not None and offer.status in LIVE_OFFERS:
        return _declined(offer, actor)
    relieved = working.change(duty, working.no_offer())
    return relieved, zones.touch(duty.zone, duty.courier_id)


def find(offer_id: str, courier_id: str) -> OfferItem | None:
    return dynamo.get(OfferItem, courier_key(courier_id), offer_key(offer_id))


def demand(offer_id: str, caller: Caller) -> OfferItem:
    """The offer that was made to the caller. Raises NotFoundError (404): others' are not there."""
    offer = find(offer_id, caller.id)
    if offer is None:
        raise NotFoundError
    return offer


def is_live(offer: OfferItem) -> bool:
    """Whether an offer may be answered: its time is its end, whoever has noted it or not."""
    return offer.status in LIVE_OFFERS and clock.parse(offer.until) > clock.now()


def view(offer: OfferItem) -> OfferView:
    """An offer as its courier sees it. One that is past its time is EXPIRED, whatever is stored."""
    lapsed = offer.status in LIVE_OFFERS and not is_live(offer)
    return OfferView(
        **OfferContent.model_validate(offer.content, extra="ignore").model_dump(),
        id=offer.id,
        delivery_id=offer.delivery_id,
        status=OfferStatus.EXPIRED if lapsed else offer.status,
        until=offer.until,
    )


def _was_in_time(offer: OfferItem) -> bool:
    return offer.status != OfferStatus.VIEWED or is_live(offer)


def _reach(offer: OfferItem, reached: OfferStatus) -> Part:
    return parts.update(
        OfferItem(courier_key(offer.courier_id), offer_key(offer.id)),
        [OfferItem.status.set(reached)],
        BusyError(),
        OfferItem.status == offer.status,
    )


def _declined(offer: OfferItem, actor: str) -> tuple[Part, ...]:
    """The offer is declined, its courier free, and not asked for these deliveries again."""
    delivery = moving.demand(offer.delivery_id)
    duty = working.on_duty(delivery.zone, offer.courier_id)
    chosen = [_reach(offer, OfferStatus.DECLINED), zones.touch(delivery.zone, delivery.id)]
    if duty is not None and duty.offer_id == offer.id:
        chosen.append(working.change(duty, working.no_offer()))
    live = {"offer_id": offer.id, "courier_id": offer.courier_id}
    for delivery_id in offering.deliveries_of(offer):
        opened = offering.opened(delivery.zone, delivery_id)
        if opened is not None:
            chosen += withdrawing.no_longer(opened, live, status.DECLINED, actor)
    return tuple(chosen)
