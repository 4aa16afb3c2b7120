"""Limits of people, cards and devices, counted with the order: of many exactly the limit wins.

Placing writes one item of its customer, and one of their device, under every condition that
concerns the order, and reads nothing for it. What ends gives back in the transaction that ends it.
What goes wrong is rare, and is counted after a read, under the condition that the list is as it was
read. What becomes of it when a guest is claimed stands in `tallies_claimed.py`.
"""

from collections.abc import Sequence
from datetime import timedelta

from pynamodb.attributes import JSONAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock, dynamo, notices, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.orders import tally_room as room
from chalicelib.orders.limits import DAY, OF_DEVICES, TABLE, Counted, Figure, LimitName
from chalicelib.orders.tally_models import Tally, of_card, of_device, of_person, person_of
from chalicelib.people import guests

WAITING, CASH = Counted.WAITING, Counted.CASH


def take(
    person_id: str, device: str | None, counted: Sequence[str], *, by_stripe: bool
) -> tuple[Part, ...]:
    """The parts that count an order: of its customer, of their device. At a limit LimitError (409).

    `counted` says as what: that it waits for its payment, that it is paid in cash. `device` is a
    hash, or None of an app that does not say: then a guest's limit is stricter.
    """
    concerns = {Counted.REFUSED, *map(Counted, counted), *([Counted.FAILED] if by_stripe else [])}
    found = [one for one, figure in TABLE.items() if figure.of in concerns]
    theirs = [one for one in found if one not in OF_DEVICES]
    if device or not guests.is_guest(person_id):
        theirs = [one for one in theirs if one is not LimitName.UNKNOWN_DEVICE]
    more = [
        *([Tally.waiting.add(1)] if WAITING in counted else []),
        *([Tally.cash_open.add(1)] if CASH in counted else []),
    ]
    taken = [_taken(of_person(person_id), more, theirs)]
    if device:
        its_own = [one for one in found if one in OF_DEVICES]
        taken.append(_taken(of_device(device), more, its_own))
    return tuple(taken)


def _taken(item: Tally, more: Sequence[Action], limits: Sequence[LimitName]) -> Part:
    actions = [Tally.v.set(Tally.VERSION), *_kept(item), *more]
    return parts.update(item, actions, room.why(limits), room.in_all(limits))


def _kept(item: Tally) -> list[Action]:
    """Until when it is kept, of what is not kept for as long as somebody has an account."""
    return [Tally.expires_at.set(item.expires_at)] if item.expires_at else []


# --- what ends gives back ------------------------------------------------------------------------


def moved(
    person_id: str,
    device: str | None,
    counted: Sequence[str],
    *,
    waited: bool,
    brought: bool | None,
    refused: bool,
) -> tuple[Part, ...]:
    """The parts by which an order is counted no more as what it was, and who is told of a limit.

    It has waited for its payment; it is over, `brought` or not; it was made and not taken, which is
    counted after a read, and may fail with BusyError.
    """
    actions: list[Action] = [Tally.waiting.add(-1)] if waited and WAITING in counted else []
    if brought is not None and CASH in counted:
        actions += [Tally.cash_open.add(-1), *([Tally.cash_brought.add(1)] if brought else [])]
    items = [of_person(person_id), *([of_device(device)] if device else [])]
    if refused:
        limits = (LimitName.REFUSED, LimitName.DEVICE_REFUSED)
        pairs = zip(items, limits, strict=False)
        return tuple(part for item, limit in pairs for part in _refused(item, limit, actions))
    return tuple(parts.upsert(item, [*_kept(item), *actions]) for item in items) if actions else ()


# --- what goes wrong -----------------------------------------------------------------------------


def _refused(item: Tally, limit: LimitName, also: Sequence[Action]) -> tuple[Part, ...]:
    found, figure = dynamo.get(Tally, item.pk), TABLE[limit]
    moments = recent(found.refused if found else None, figure)
    actions: list[Action] = [Tally.v.set(Tally.VERSION), *_kept(item), Tally.refused.set(moments)]
    told: tuple[Part, ...] = ()
    if len(moments) >= figure.most:
        ends = until(moments, figure)
        actions.append(Tally.refused_until.set(ends))
        told = _limited(item, limit, ends)
    as_read = _as_read(Tally.refused, found.refused if found else None)
    return parts.update(item, [*actions, *also], BusyError(), as_read), *told


def _limited(item: Tally, limit: LimitName, ends: str) -> tuple[Part, ...]:
    """Somebody is told at once what is refused to them, and where to appeal; of a device nobody."""
    person_id = person_of(item)
    if person_id is None:
        return ()
    data = {"limit": limit, "until": ends}
    return (notices.tell(person_id, limit, topic=f"limit#{limit}", actor=SYSTEM, data=data),)


def payment_failed(
    person_id: str, fingerprint: str | None, device: str | None = None
) -> tuple[Part, ...]:
    """The parts that count a payment which failed: of its payer, card and device. BusyError.

    Whoever tries a card that has failed too often is stopped with it, whoever tried it before.
    """
    figure = TABLE[LimitName.FAILED]
    card = dynamo.get(Tally, of_card(fingerprint).pk) if fingerprint else None
    by_card = recent(card.failed if card else None, figure)
    found = [*_failed(of_person(person_id), LimitName.FAILED, by_card)]
    if device:
        found += _failed(of_device(device), LimitName.DEVICE_FAILED, [])
    if fingerprint:
        item = of_card(fingerprint)
        item.failed = by_card
        item.expires_at = clock.forget_at(clock.after(DAY))
        as_read = _as_read(Tally.failed, card.failed if card else None)
        found.append(parts.put(item, BusyError(), as_read))
    return tuple(found)


def _failed(item: Tally, limit: LimitName, by_card: Sequence[str]) -> tuple[Part, ...]:
    known, figure = dynamo.get(Tally, item.pk), TABLE[limit]
    moments = recent(known.failed if known else None, figure)
    actions: list[Action] = [Tally.v.set(Tally.VERSION), *_kept(item), Tally.failed.set(moments)]
    worse = max(moments, by_card, key=len)
    told: tuple[Part, ...] = ()
    if len(worse) >= figure.most:
        ends = until(worse, figure)
        actions.append(Tally.failed_until.set(ends))
        told = _limited(item, limit, ends)
    as_read = _as_read(Tally.failed, known.failed if known else None)
    return parts.update(item, actions, BusyError(), as_read), *told


def recent(moments: Sequence[str] | None, figure: Figure) -> list[str]:
    """The last moments that still count, and this one."""
    since = clock.stamp(clock.now() - timedelta(seconds=figure.seconds or 0))
    kept = [one for one in moments or () if one > since]
    return [*kept, clock.stamp(clock.now())][-figure.most :]


def until(moments: Sequence[str], figure: Figure) -> str:
    """When the oldest of as many as the limit has counts no more."""
    oldest = clock.parse(moments[-figure.most])
    return clock.stamp(oldest + timedelta(seconds=figure.seconds or 0))


def _as_read(attribute: JSONAttribute, moments: Sequence[str] | None) -> Condition:
    """That a list is as it was read; or is not there, where it was not."""
    same: Condition = attribute == moments
    return same if moments else attribute.does_not_exist()


# --- what an appeal changes ----------------------------------------------------------------------


def lift(person_id: str, device: str | None, limit: LimitName, until: str) -> Part:
    """The part by which a limit does not count until a moment: for somebody, or for a device."""
    item = of_device(device) if device and limit in OF_DEVICES else of_person(person_id)
    return parts.upsert(item, [*_kept(item), room.LIFTED[limit].set(until)])
