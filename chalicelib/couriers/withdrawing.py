"""How an offer ends without a yes: its time passes, it is refused, or it is taken back.

An offer of several deliveries ends as a whole, whichever of them it ends for: those that are left
look for a courier again, together or apart.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.core import dynamo, parts
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.couriers import moving, offering, status, working, zones
from chalicelib.couriers.errors import OfferGoneError
from chalicelib.couriers.models import OfferItem, courier_key, offer_key
from chalicelib.couriers.status import LIVE_OFFERS, OfferStatus
from chalicelib.couriers.zone_models import OnDuty, OpenDelivery

type Live = Mapping[str, Any]
"""A live offer as its deliveries know it."""


def expire(opened: OpenDelivery, live: Live, courier: OnDuty | None) -> tuple[Part, ...]:
    """The parts that end an offer whose time has passed: who let it pass is not asked again.

    An offer that has ended otherwise, and of which this delivery was not told, is forgotten.
    """
    item = dynamo.get(OfferItem, courier_key(live["courier_id"]), offer_key(live["offer_id"]))
    stands = item is not None and item.status in LIVE_OFFERS
    asked = [opened, *_others(opened.zone, live, {opened.delivery_id})]
    return (
        *([_ended(live, OfferStatus.EXPIRED)] if stands else []),
        *(part for one in asked for part in no_longer(one, live, status.EXPIRED, SYSTEM)),
        *_relieved(live, courier),
        zones.touch(opened.zone, opened.delivery_id),
    )


def take_back(
    opened: OpenDelivery, lives: Sequence[Live], head: Sequence[Action], row: Sequence[Action]
) -> Iterator[Part]:
    """The parts that take offers of a delivery back, which looks for a courier on."""
    yield from revoke(opened.zone, lives, {opened.delivery_id})
    yield from _without(opened, {live["offer_id"] for live in lives}, head, row)


def revoke(zone: str, lives: Sequence[Live], going: Collection[str]) -> Iterator[Part]:
    """The parts that take offers back, for the transaction in which these deliveries go.

    What else they proposed looks for a courier again; nobody is held to have refused it.
    """
    freed: dict[str, OpenDelivery] = {}
    for live in lives:
        yield _ended(live, OfferStatus.REVOKED)
        yield from _relieved(live, working.on_duty(zone, live["courier_id"]))
        freed |= {one.delivery_id: one for one in _others(zone, live, going)}
    gone = {live["offer_id"] for live in lives}
    for opened in freed.values():
        yield from _without(opened, gone)


def no_longer(opened: OpenDelivery, live: Live, event_type: str, actor: str) -> tuple[Part, ...]:
    """The parts by which a courier is not asked for a delivery any more, nor will be again."""
    told = moving.change(
        offering.as_read(opened),
        event_type,
        actor=actor,
        data={"offer_id": live["offer_id"], "courier_id": live["courier_id"]},
    )
    left = [one for one in opened.offers if one["offer_id"] != live["offer_id"]]
    refused = [*opened.refused, live["courier_id"]]
    actions = [OpenDelivery.offers.set(left), OpenDelivery.refused.set(refused)]
    return *told, offering.changed(opened, actions)


def _without(
    opened: OpenDelivery,
    gone: Collection[str],
    head: Sequence[Action] = (),
    row: Sequence[Action] = (),
) -> tuple[Part, ...]:
    ended = next(one for one in opened.offers if one["offer_id"] in gone)
    told = moving.change(
        offering.as_read(opened),
        status.REVOKED,
        head,
        actor=SYSTEM,
        data={"offer_id": ended["offer_id"], "courier_id": ended["courier_id"]},
    )
    left = [one for one in opened.offers if one["offer_id"] not in gone]
    return *told, offering.changed(opened, [OpenDelivery.offers.set(left), *row])


def _others(zone: str, live: Live, but: Collection[str]) -> Iterator[OpenDelivery]:
    """What else an offer proposes, as it still does."""
    for delivery_id in live.get("along", ()):
        found = None if delivery_id in but else offering.opened(zone, delivery_id)
        if found is not None and any(one["offer_id"] == live["offer_id"] for one in found.offers):
            yield found


def _ended(live: Live, reached: OfferStatus) -> Part:
    offer_item = OfferItem(courier_key(live["courier_id"]), offer_key(live["offer_id"]))
    return parts.update(
        offer_item,
        [OfferItem.status.set(reached)],
        OfferGoneError(),
        OfferItem.status.is_in(*LIVE_OFFERS),
    )


def _relieved(live: Live, courier: OnDuty | None) -> tuple[Part, ...]:
    """The courier may be asked again; who has gone off duty meanwhile has nothing to be rid of."""
    if courier is None or courier.offer_id != live["offer_id"]:
        return ()
    return (working.change(courier, working.no_offer()),)
