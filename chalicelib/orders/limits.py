"""What one person may have under way, or go wrong with, before somebody looks: one table.

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


@dataclass(frozen=True, slots=True)
class Figure:
    """So many, within so many seconds; None: at once."""

    most: int
    seconds: int | None = None


TABLE: Mapping[LimitName, Figure] = MappingProxyType(
    {
        LimitName.WAITING: Figure(5),
        LimitName.CASH: Figure(1),
        LimitName.REFUSED: Figure(3, 30 * DAY),
        LimitName.FAILED: Figure(5, HOUR),
    }
)
LIFTED_SECONDS = 90 * DAY
"""So long a limit does not count for somebody whose appeal was granted."""
