"""Whether a limit leaves room: as the condition of a write, and of an item that was read."""

from collections.abc import Callable, Sequence

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.core import clock
from chalicelib.core.dynamo import Raw
from chalicelib.core.errors import BusyError
from chalicelib.orders.errors import (
    CashLimitError,
    DeviceCashLimitError,
    DeviceFailedLimitError,
    DeviceRefusedLimitError,
    DeviceWaitingLimitError,
    FailedLimitError,
    LimitError,
    RefusedLimitError,
    UnknownDeviceLimitError,
    WaitingLimitError,
)
from chalicelib.orders.limits import TABLE, Counted, LimitName
from chalicelib.orders.tally_models import Tally

ERRORS: dict[LimitName, type[LimitError]] = {
    LimitName.WAITING: WaitingLimitError,
    LimitName.CASH: CashLimitError,
    LimitName.REFUSED: RefusedLimitError,
    LimitName.FAILED: FailedLimitError,
    LimitName.UNKNOWN_DEVICE: UnknownDeviceLimitError,
    LimitName.DEVICE_WAITING: DeviceWaitingLimitError,
    LimitName.DEVICE_CASH: DeviceCashLimitError,
    LimitName.DEVICE_REFUSED: DeviceRefusedLimitError,
    LimitName.DEVICE_FAILED: DeviceFailedLimitError,
}
LIFTED: dict[LimitName, UnicodeAttribute] = {
    LimitName.WAITING: Tally.waiting_lifted,
    LimitName.CASH: Tally.cash_lifted,
    LimitName.REFUSED: Tally.refused_lifted,
    LimitName.FAILED: Tally.failed_lifted,
    LimitName.UNKNOWN_DEVICE: Tally.unknown_device_lifted,
    LimitName.DEVICE_WAITING: Tally.waiting_lifted,
    LimitName.DEVICE_CASH: Tally.cash_lifted,
    LimitName.DEVICE_REFUSED: Tally.refused_lifted,
    LimitName.DEVICE_FAILED: Tally.failed_lifted,
}
"""A device's item has the same attributes as a person's."""
UNTIL: dict[Counted, UnicodeAttribute] = {
    Counted.REFUSED: Tally.refused_until,
    Counted.FAILED: Tally.failed_until,
}


def in_all(limits: Sequence[LimitName]) -> Condition:
    """That every limit leaves room, or was lifted. What was never counted has room."""
    found = _in(limits[0])
    for one in limits[1:]:
        found &= _in(one)
    return found


def _in(limit: LimitName) -> Condition:
    now, figure = clock.stamp(clock.now()), TABLE[limit]
    room: Condition = LIFTED[limit] > now
    if figure.of is Counted.WAITING:
        room |= Tally.waiting.does_not_exist() | (Tally.waiting < figure.most)
    elif figure.of is Counted.CASH:
        few = Tally.cash_open.does_not_exist() | (Tally.cash_open < figure.most)
        room |= few | (Tally.cash_brought > 0)
    else:
        until = UNTIL[figure.of]
        room |= until.does_not_exist() | (until <= now)
    return room


def why(limits: Sequence[LimitName]) -> Callable[[Raw | None], Exception]:
    """What the failure of that condition means: the first limit that leaves no room."""

    def told(raw: Raw | None) -> Exception:
        found = Tally.from_raw_data(dict(raw)) if raw else None
        broken = [one for one in limits if found is not None and not _has(found, one)]
        return _error(broken[0], found) if broken and found else BusyError()

    return told


def _has(found: Tally, limit: LimitName) -> bool:
    """The same as the condition, of an item that was read."""
    now, figure = clock.stamp(clock.now()), TABLE[limit]
    lifted = getattr(found, LIFTED[limit].attr_name)
    if lifted and lifted > now:
        return True
    if figure.of is Counted.WAITING:
        return int(found.waiting or 0) < figure.most
    if figure.of is Counted.CASH:
        return int(found.cash_open or 0) < figure.most or int(found.cash_brought or 0) > 0
    until = getattr(found, UNTIL[figure.of].attr_name)
    return not until or until <= now


def _error(limit: LimitName, found: Tally) -> LimitError:
    figure = TABLE[limit]
    until = UNTIL.get(figure.of)
    return ERRORS[limit](
        limit=limit, most=figure.most, within_seconds=figure.seconds,
        until=getattr(found, until.attr_name) if until is not None else None,
        appeal="/v1/appeals",
    )  # fmt: skip
