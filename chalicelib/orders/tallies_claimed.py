"""When an account claims a guest, what was counted of the guest counts for the account: once.

What an order holds goes with the order, in the transaction that gives it to the account. What went
wrong, and what was lifted, follows in one transaction that takes it from the guest: whoever comes
again, or second, finds nothing. A device's counts are nobody's, and stay.
"""

from collections.abc import Sequence
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.orders.limits import TABLE, Counted, Figure, LimitName
from chalicelib.orders.order import Order
from chalicelib.orders.status import OrderStatus
from chalicelib.orders.tallies import until
from chalicelib.orders.tally_models import Tally, of_person

RACES = 6
LISTS = (
    (Tally.refused, Tally.refused_until, TABLE[LimitName.REFUSED]),
    (Tally.failed, Tally.failed_until, TABLE[LimitName.FAILED]),
)
MOMENTS = (
    Tally.waiting_lifted,
    Tally.cash_lifted,
    Tally.refused_lifted,
    Tally.failed_lifted,
    Tally.unknown_device_lifted,
)


def with_order(order: Order, account: str) -> tuple[Part, ...]:
    """The parts by which a guest's order counts for the account, as what it still is."""
    waits = order.status is OrderStatus.PENDING_PAYMENT and Counted.WAITING in order.counted
    in_cash = not order.ended and Counted.CASH in order.counted
    kinds = [*([Tally.waiting] if waits else []), *([Tally.cash_open] if in_cash else [])]
    if not kinds:
        return ()
    return (
        parts.upsert(of_person(order.customer_id), [one.add(-1) for one in kinds]),
        parts.upsert(of_person(account), [one.add(1) for one in kinds]),
    )


def hand_over(guest_id: str, account: str) -> None:
    """Let the account have what went wrong for the guest, and what was lifted. Safe to repeat.

    While orders are still to be handed over nothing is done: whoever does that comes again. Raises
    BusyError (409) after lost races.
    """
    for _ in range(RACES):
        theirs = dynamo.get(Tally, of_person(guest_id).pk)
        if theirs is None or _still_holds(theirs):
            return
        own = dynamo.get(Tally, of_person(account).pk) or of_person(account)
        held = _same(theirs, Tally.waiting) & _same(theirs, Tally.cash_open)
        gone = parts.delete(theirs, BusyError(), _as_read(theirs) & held)
        kept = parts.update(of_person(account), _joined(theirs, own), BusyError(), _as_read(own))
        try:
            parts.commit(kept, gone)
        except BusyError:
            continue
        return
    raise BusyError


def _still_holds(theirs: Tally) -> bool:
    return max(int(theirs.waiting or 0), int(theirs.cash_open or 0)) > 0


def _joined(theirs: Tally, own: Tally) -> list[Action]:
    """What of the guest's changes the account's: lists together, of two moments the later."""
    found: list[Action] = [Tally.v.set(Tally.VERSION)]
    if theirs.cash_brought:
        found.append(Tally.cash_brought.add(int(theirs.cash_brought)))
    for listed, ends, figure in LISTS:
        theirs_then, own_then = _of(theirs, listed) or [], _of(own, listed) or []
        if not theirs_then:
            continue
        moments = sorted([*theirs_then, *own_then])[-figure.most :]
        found.append(listed.set(moments))
        last = _last([_of(theirs, ends), _of(own, ends), _full(moments, figure)])
        found += [ends.set(last)] if last else []
    for moment in MOMENTS:
        later = _last([_of(theirs, moment), _of(own, moment)])
        found += [moment.set(later)] if later and later != _of(own, moment) else []
    return found


def _full(moments: Sequence[str], figure: Figure) -> str | None:
    """Until when no order is taken, where both together have come to the limit in its time."""
    if len(moments) < figure.most:
        return None
    ends = until(moments, figure)
    return ends if ends > clock.stamp(clock.now()) else None


def _last(moments: Sequence[str | None]) -> str | None:
    return max((one for one in moments if one), default=None)


def _of[V](item: Tally, attribute: Attribute[V]) -> V | None:
    found: V | None = getattr(item, attribute.attr_name)
    return found


def _as_read(item: Tally) -> Condition:
    """That nothing that is handed over has changed since."""
    found = _same(item, Tally.cash_brought)
    for one in (*(one for pair in LISTS for one in pair[:2]), *MOMENTS):
        found &= _same(item, one)
    return found


def _same(item: Tally, attribute: Attribute[Any]) -> Condition:
    value = _of(item, attribute)
    found: Condition = attribute.does_not_exist() if value is None else attribute == value
    return found
