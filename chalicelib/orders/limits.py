"""What one person, card or device may have under way, or go wrong with: one table.

Each limit is a code that its problem carries, a figure, and over what time. Whoever meets one is
told which, and may appeal (docs/limits.md says why these, and why so much).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

HOUR, DAY = 3600, 86_400


class LimitName(StrEnum):
    """A limit, by the code of its problem."""

    WAITING = "orders_waiting_limit"
    CASH = "cash_orders_limit"
    REFUSED = "refused_orders_limit"
    FAILED = "failed_payments_limit"
    UNKNOWN_DEVICE = "unknown_device_limit"
    DEVICE_WAITING = "device_orders_waiting_limit"
    DEVICE_CASH = "device_cash_orders_limit"
    DEVICE_REFUSED = "device_refused_orders_limit"
    DEVICE_FAILED = "device_failed_payments_limit"


class Counted(StrEnum):
    """What is counted. An order says as which of the first two it is."""

    WAITING = "waiting"
    CASH = "cash"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Figure:
    """So many of what, within so many seconds; None: at once."""

    of: Counted
    most: int
    seconds: int | None = None


TABLE: Mapping[LimitName, Figure] = MappingProxyType(
    {
        LimitName.WAITING: Figure(Counted.WAITING, 5),
        LimitName.CASH: Figure(Counted.CASH, 1),
        LimitName.REFUSED: Figure(Counted.REFUSED, 3, 30 * DAY),
        LimitName.FAILED: Figure(Counted.FAILED, 5, HOUR),
        LimitName.UNKNOWN_DEVICE: Figure(Counted.WAITING, 1),
        LimitName.DEVICE_WAITING: Figure(Counted.WAITING, 5),
        LimitName.DEVICE_CASH: Figure(Counted.CASH, 2),
        LimitName.DEVICE_REFUSED: Figure(Counted.REFUSED, 4, 30 * DAY),
        LimitName.DEVICE_FAILED: Figure(Counted.FAILED, 8, HOUR),
    }
)
"""A device's are a little wider than a person's where a family shares it."""
OF_DEVICES = frozenset(
    {
        LimitName.DEVICE_WAITING,
        LimitName.DEVICE_CASH,
        LimitName.DEVICE_REFUSED,
        LimitName.DEVICE_FAILED,
    }
)
"""Those that are counted of a device, and so are lifted for one."""
LIFTED_SECONDS = 90 * DAY
"""So long a limit does not count for whose appeal was granted."""
DEVICE_SECONDS = 100 * DAY
"""So long after its last order nothing is known of a device any more."""
