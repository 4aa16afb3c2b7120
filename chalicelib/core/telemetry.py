"""What we log and count: facts in the past tense, with ids as keys, and nothing personal.

Only the keys of `ALLOWED` reach a log line, so that an address or a position cannot slip in.
At least one line per invocation (the embedded cloud waits for a silent function), but for those
that run `quietly` outside of the sandbox.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from traceback import walk_tb
from types import FrameType
from typing import Any, Final

from chalicelib.core import clock
from chalicelib.core.settings import settings

ALLOWED: Final = frozenset(
    {
        "amount", "attempt", "client", "code", "consumer", "count", "deadline", "decline",
        "difference", "endpoint", "event", "failed", "failure", "function", "gone", "http_status",
        "intent", "kind", "lag_ms", "leg", "method", "millis", "object_id", "operation", "order",
        "position", "queue", "quote", "refund", "request", "route", "rung", "status", "store",
        "stripe_event", "subject", "table", "type", "version", "what",
    }
)  # fmt: skip
INFO: Final = "INFO"
ERROR: Final = "ERROR"
OURS: Final = "/chalicelib/"
_about: ContextVar[dict[str, str | int]] = ContextVar("about")
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


def begin(**facts: str | int) -> None:
    """A new invocation: forget the facts of the one before, and say these with every line."""
    _about.set(_only_allowed(facts))


def about(**facts: str | int) -> None:
    """Facts that every further line of this invocation carries."""
    _about.set({**_about.get({}), **_only_allowed(facts)})


def log(sentence: str, **facts: str | float | None) -> None:
    """One line about something that has happened."""
    if _quiet.get() and settings().stage != "sandbox":
        return
    _write(INFO, sentence, facts)


@contextmanager
def quietly() -> Iterator[None]:
    """Leave out what `log` says: a line costs more than what it would tell of, if all goes well.

    What a person must see is written all the same. In the sandbox nothing is left out.
    """
    before = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(before)


def alarm(sentence: str, **facts: str | float | None) -> None:
    """One line that a person must see: a metric filter counts these and wakes somebody."""
    _write(ERROR, sentence, facts)


def failure(sentence: str, error: BaseException, **facts: str | float | None) -> None:
    """What broke unexpectedly: where, and the type. Never the message: it may quote the input."""
    frames = [frame for frame in walk_tb(error.__traceback__) if OURS in _file(frame)]
    place = " > ".join(f"{_file(frame).rpartition('/')[2]}:{frame[1]}" for frame in frames[-3:])
    _write(ERROR, sentence, {**facts, "code": f"{name_of(error)} at {place}"})


def name_of(error: BaseException) -> str:
    """The type, and AWS's own code where AWS refused. Never the message: it may quote the input."""
    cause: BaseException | None = error
    while cause is not None:
        refused = getattr(cause, "response", None)
        if isinstance(refused, Mapping) and "Error" in refused:
            return f"{type(error).__name__} {refused['Error'].get('Code', '')}".strip()
        cause = cause.__cause__
    return type(error).__name__


def _file(frame: tuple[FrameType, int]) -> str:
    return frame[0].f_code.co_filename


def _only_allowed(facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = facts.keys() - ALLOWED
    if unknown:
        raise ValueError(f"these keys are not for logs: {', '.join(sorted(unknown))}")
    return {key: value for key, value in facts.items() if value is not None}


def _write(level: str, sentence: str, facts: Mapping[str, Any]) -> None:
    """One line of JSON on standard output, which Lambda keeps as it is.

    Python's own logging would say each line twice there, by Lambda's handler and by ours.
    """
    line = {
        "at": clock.stamp(clock.now()),
        "level": level,
        "said": sentence,
        "stage": settings().stage,
        **_about.get({}),
        **_only_allowed(facts),
    }
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def handler[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Wrap an event handler: what Chalice's middleware cannot do, since it does not run there."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        begin(function=function.__name__)
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            failure("The invocation failed", error)
            raise

    return run
