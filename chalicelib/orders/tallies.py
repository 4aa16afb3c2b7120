"""Limits of people and cards, counted with the order: of many at once exactly the limit wins.

Placing writes one item of its customer under every condition that concerns the order, and reads
nothing for it. What ends gives back in the transaction that ends it. What goes wrong is rare, and
is counted after a read, under the condition that the list is as it was read.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.dynamo import Raw
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.orders.errors import (
    CashLimitError,
    FailedLimitError,
    LimitError,
    RefusedLimitError,
    WaitingLimitError,
)
from chalicelib.orders.limits import DAY, TABLE, Figure, LimitName
from chalicelib.orders.tally_models import Tally, of_card, of_person

WAITING, CASH = "waiting", "cash"
ERRORS: dict[LimitName, type[LimitError]] = {
    LimitName.WAITING: WaitingLimitError,
    LimitName.CASH: CashLimitError,
    LimitName.REFUSED: RefusedLimitError,
    LimitName.FAILED: FailedLimitError,
}
LIFTED: dict[LimitName, UnicodeAttribute] = {
    LimitName.WAITING: Tally.waiting_lifted,
    LimitName.CASH: Tally.cash_lifted,
    LimitName.REFUSED: Tally.refused_lifted,
    LimitName.FAILED: Tally.failed_lifted,
}


def take(person_id: str, counted: Sequence[str], *, by_stripe: bool) -> Part:
    """The part that counts an order of a person's. Its failure, at a limit: LimitError (409).

    `counted` says as what: that it waits for its payment, that it is paid in cash.
    """
    limits = [LimitName.REFUSED]
    limits += [LimitName.WAITING] if WAITING in counted else []
    limits += [LimitName.CASH] if CASH in counted else []
    limits += [LimitName.FAILED] if by_stripe else []
    allowed = _allowed(limits[0])
    for one in limits[1:]:
        allowed &= _allowed(one)
    actions: list[Action] = [Tally.v.set(Tally.VERSION)]
    actions += [Tally.waiting.add(1)] if WAITING in counted else []
    actions += [Tally.cash_open.add(1)] if CASH in counted else []
    return parts.update(of_person(person_id), actions, _why(limits), allowed)


def _allowed(limit: LimitName) -> Condition:
    """That a limit leaves room, or was lifted. What was never counted has room."""
    now, most = clock.stamp(clock.now()), TABLE[limit].most
    room: Condition = LIFTED[limit] > now
    if limit is LimitName.WAITING:
        room |= Tally.waiting.does_not_exist() | (Tally.waiting < most)
    elif limit is LimitName.CASH:
        few = Tally.cash_open.does_not_exist() | (Tally.cash_open < most)
        room |= few | (Tally.cash_brought > 0)
    else:
        until = Tally.refused_until if limit is LimitName.REFUSED else Tally.failed_until
        room |= until.does_not_exist() | (until <= now)
    return room


def _why(limits: Sequence[LimitName]) -> Callable[[Raw | None], Exception]:
    def why(raw: Raw | None) -> Exception:
        found = Tally.from_raw_data(dict(raw)) if raw else None
        broken = [one for one in limits if found is not None and not _has_room(found, one)]
        return _error(broken[0], found) if broken and found else BusyError()

    return why


def _has_room(found: Tally, limit: LimitName) -> bool:
    """The same as the condition, of an item that was read."""
    now, most = clock.stamp(clock.now()), TABLE[limit].most
    lifted = getattr(found, LIFTED[limit].attr_name)
    if lifted and lifted > now:
        return True
    if limit is LimitName.WAITING:
        return int(found.waiting or 0) < most
    if limit is LimitName.CASH:
        return int(found.cash_open or 0) < most or int(found.cash_brought or 0) > 0
    until = found.refused_until if limit is LimitName.REFUSED else found.failed_until
    return not until or until <= now


def _error(limit: LimitName, found: Tally) -> LimitError:
    figure = TABLE[limit]
    until = {
        LimitName.REFUSED: found.refused_until,
        LimitName.FAILED: found.failed_until,
    }.get(limit)
    return ERRORS[limit](
        limit=limit, most=figure.most, within_seconds=figure.seconds, until=until,
        appeal="/v1/appeals",
    )  # fmt: skip


# --- what ends gives back ------------------------------------------------------------------------


def moved(
    person_id: str, counted: Sequence[str], *, waited: bool, brought: bool | None, refused: bool
) -> tuple[Part, ...]:
    """The parts by which an order is counted no more as what it was; at most one.

    It has waited for its payment; it is over, `brought` or not; it was made and not taken, which is
    counted after a read, and may fail with BusyError.
    """
    actions: list[Action] = [Tally.waiting.add(-1)] if waited and WAITING in counted else []
    if brought is not None and CASH in counted:
        actions += [Tally.cash_open.add(-1), *([Tally.cash_brought.add(1)] if brought else [])]
    if refused:
        return (_refused(person_id, actions),)
    return (parts.upsert(of_person(person_id), actions),) if actions else ()


# --- what goes wrong -----------------------------------------------------------------------------


def _refused(person_id: str, also: Sequence[Action]) -> Part:
    found = dynamo.get(Tally, of_person(person_id).pk)
    figure = TABLE[LimitName.REFUSED]
    moments = _recent(found.refused if found else None, figure)
    actions: list[Action] = [Tally.v.set(Tally.VERSION), Tally.refused.set(moments), *also]
    if len(moments) >= figure.most:
        actions.append(Tally.refused_until.set(_until(moments, figure)))
    as_read = _as_read(Tally.refused, found.refused if found else None)
    return parts.update(of_person(person_id), actions, BusyError(), as_read)


def payment_failed(person_id: str, fingerprint: str | None) -> tuple[Part, ...]:
    """The parts that count a payment which failed: of its payer, and of the card. BusyError.

    Whoever tries a card that has failed too often is stopped with it, whoever tried it before.
    """
    figure = TABLE[LimitName.FAILED]
    person = dynamo.get(Tally, of_person(person_id).pk)
    card = dynamo.get(Tally, of_card(fingerprint).pk) if fingerprint else None
    by_person = _recent(person.failed if person else None, figure)
    by_card = _recent(card.failed if card else None, figure)
    actions: list[Action] = [Tally.v.set(Tally.VERSION), Tally.failed.set(by_person)]
    if max(len(by_person), len(by_card)) >= figure.most:
        worse = max(by_person, by_card, key=len)
        actions.append(Tally.failed_until.set(_until(worse, figure)))
    as_read = _as_read(Tally.failed, person.failed if person else None)
    found = [parts.update(of_person(person_id), actions, BusyError(), as_read)]
    if fingerprint:
        item = of_card(fingerprint)
        item.failed = by_card
        item.expires_at = clock.forget_at(clock.after(DAY))
        as_read = _as_read(Tally.failed, card.failed if card else None)
        found.append(parts.put(item, BusyError(), as_read))
    return tuple(found)


def _recent(moments: Sequence[str] | None, figure: Figure) -> list[str]:
    """The last moments that still count, and this one."""
    since = clock.stamp(clock.now() - timedelta(seconds=figure.seconds or 0))
    kept = [one for one in moments or () if one > since]
    return [*kept, clock.stamp(clock.now())][-figure.most :]


def _until(moments: Sequence[str], figure: Figure) -> str:
    """When the oldest of as many as the limit has counts no more."""
    oldest = clock.parse(moments[-figure.most])
    return clock.stamp(oldest + timedelta(seconds=figure.seconds or 0))


def _as_read(attribute: JSONAttribute, moments: Sequence[str] | None) -> Condition:
    """That a list is as it was read; or is not there, where it was not."""
    same: Condition = attribute == moments
    return same if moments else attribute.does_not_exist()


# --- what an appeal changes ----------------------------------------------------------------------


def lift(person_id: str, limit: LimitName, until: str) -> Part:
    """The part by which a limit does not count for somebody until a moment."""
    return parts.upsert(of_person(person_id), [LIFTED[limit].set(until)])
