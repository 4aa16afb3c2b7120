"""Which flows are crashed today: an eighth of them each day, and all of them by `make crash`."""

import os
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.crash.flows import Flow

DAYS = 8


def is_of_today(number: int) -> bool:
    """The same of the moments of one flow, by their number."""
    day = datetime.now(UTC).date().toordinal() % DAYS
    return os.environ.get("CRASHES") == "all" or number % DAYS == day


def today(flows: Sequence[Flow]) -> list[Flow]:
    """The share of this day. Over eight days every flow has its turn."""
    if os.environ.get("CRASHES") == "all":
        return list(flows)
    day = datetime.now(UTC).date().toordinal() % DAYS
    return [flow for flow in flows if zlib.crc32(flow.name.encode()) % DAYS == day]
