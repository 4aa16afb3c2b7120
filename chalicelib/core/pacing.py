"""A pace that all processes keep together: at most 20 calls of one name in a second.

It is counted in quarters of a second, five calls each: no second that begins with the clock holds
more than 20, and none that begins anywhere more than 25. Who does not fit waits for the next
quarter, for about a second at the most. Why so: docs/decisions/stripe-limits.md.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import clock, dynamo, ids
from chalicelib.core.parts import FAILED_ALONE
from chalicelib.core.settings import settings

WINDOW = 0.25
CALLS = 5
TRIES = 4
JITTER = 0.05
KEPT_SECONDS = 600
RETRY_SECONDS = 1

type Reserved = dict[str, list[int]]

_reserved: ContextVar[Reserved | None] = ContextVar("reserved", default=None)
"""By name, the windows in which a call was counted that has not been made yet."""


class PacedError(Exception):
    """Too many at this moment, or nobody can count them: nothing was asked."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.retry_after = RETRY_SECONDS


def take(name: str, calls: int = 1) -> int:
    """Count so many calls that are made now. The window in which they were counted.

    Raises PacedError where they do not fit within about a second, and where the counter cannot be
    reached: without it nobody goes.
    """
    if calls == 1 and _was_reserved(name):
        return _window()
    for number in range(TRIES):
        window = _window()
        if _count(name, window, calls):
            return window
        if number < TRIES - 1:
            clock.pause((window + 1) * WINDOW - clock.wall_now() + ids.uniform(0, JITTER))
    raise PacedError("too_many")


def _window() -> int:
    return math.floor(clock.wall_now() / WINDOW)


def _count(name: str, window: int, calls: int) -> bool:
    """Whether the calls fit into a window; if so they are counted. Others are left their room."""
    try:
        dynamo.client().update_item(
            TableName=settings().table("control"),
            Key={"pk": {"S": f"LIMIT#pace#{name}"}, "sk": {"S": f"W#{window}"}},
            UpdateExpression="ADD calls :calls SET expires_at = :forget, v = :v",
            ConditionExpression="attribute_not_exists(calls) OR calls <= :room",
            ExpressionAttributeValues={
                ":calls": {"N": str(calls)},
                ":room": {"N": str(CALLS - calls)},
                ":v": {"N": "1"},
                ":forget": {"N": str(int(clock.wall_now()) + KEPT_SECONDS)},
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == FAILED_ALONE:
            return False
        raise PacedError("counter_unreachable") from error
    except BotoCoreError as error:
        raise PacedError("counter_unreachable") from error
    return True


@contextmanager
def reserved(name: str, calls: int) -> Iterator[None]:
    """Count calls that are about to be made inside. Raises PacedError before anything else is done.

    A call that comes later than its quarter of a second is counted again, in its own.
    """
    windows: list[int] = []
    for start in range(0, calls, CALLS):
        some = min(CALLS, calls - start)
        windows += [take(name, some)] * some
    before = _reserved.set({name: windows})
    try:
        yield
    finally:
        _reserved.reset(before)


def _was_reserved(name: str) -> bool:
    windows, now = (_reserved.get() or {}).get(name, []), _window()
    if now not in windows:
        return False
    windows.remove(now)
    return True
