"""The one clock. City time is `origin + rate x elapsed`; only the sandbox has another rate than 1.

Everything that is promised to people (deadlines, hours, windows) is city time: `now()`. Everything
that is handed to the outside as a duration goes through `wall()`. Tokens and signatures, which
others check against their own clocks, use `wall_now()`.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from chalicelib.core.settings import settings

_source: list[Callable[[], float]] = [time.time]
_pauses: list[Callable[[float], None]] = [time.sleep]


def wall_now() -> float:
    """Seconds since the epoch, as the rest of the world counts them."""
    return _source[-1]()


def now() -> datetime:
    """City time, in UTC, to the millisecond."""
    conf = settings()
    city = conf.clock_origin + conf.clock_rate * (wall_now() - conf.clock_origin)
    return datetime.fromtimestamp(math.floor(city * 1000) / 1000, UTC)


def wall(seconds: float) -> int:
    """How many whole wall seconds to wait for so many seconds of the city; at least one."""
    return max(1, math.ceil(seconds / settings().clock_rate))


def after(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds: sorts as text in the order of time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wall_stamp(seconds: float = 0) -> str:
    """The moment so many wall seconds from now, as `stamp` writes it."""
    return stamp(datetime.fromtimestamp(wall_now() + seconds, UTC))


def parse(text: str) -> datetime:
    """The moment that `stamp` wrote."""
    return datetime.fromisoformat(text)


def forget_at(moment: datetime) -> int:
    """The epoch second after which DynamoDB may remove an item. Storage hygiene, never a timer."""
    return int(wall_now() + max(0.0, (moment - now()).total_seconds()) / settings().clock_rate)


@contextmanager
def running_on(source: Callable[[], float]) -> Iterator[None]:
    """Run on another source of time: the seam of tests and of the simulated world."""
    _source.append(source)
    try:
        yield
    finally:
        _source.remove(source)


def pause(seconds: float) -> None:
    """Wait so many wall seconds before trying again."""
    _pauses[-1](seconds)


@contextmanager
def pausing_with(wait: Callable[[float], None]) -> Iterator[None]:
    """Wait in another way: tests and the simulated world move their clock instead."""
    _pauses.append(wait)
    try:
        yield
    finally:
        _pauses.remove(wait)
