"""Where tests break the world: at every call to AWS and to Stripe, before or after its effect.

An exception raised in botocore's `before-send` passes through the SDK's own retries, as a network
error would. Answering inside the hook and raising then is "it happened, the answer was lost".
https://botocore.amazonaws.com/v1/documentation/api/latest/topics/events.html
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import botocore.handlers

from sandbox.stripe.faults import Call, Fault
from tests import database

type Step = Callable[[str], None]


class Crash(BaseException):
    """The function was killed here. No handler may catch it."""


class Script:
    """Counts external calls, and breaks those that it is told to."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.before: Step = lambda _: None
        self.after: Step = lambda _: None

    def start(self, call: str) -> None:
        self.calls.append(call)
        self.before(call)

    def end(self, call: str) -> None:
        self.after(call)

    def crash_at(self, number: int, *, effect: bool) -> None:
        """Die at the call of that number (from 0): with its effect, or before it."""

        def die(_: str) -> None:
            if len(self.calls) == number + 1:
                raise Crash

        if effect:
            self.after = die
        else:
            self.before = die


_scripts: list[Script] = []


def _on_aws(event_name: str, request: Any = None, **more: Any) -> Any:  # noqa: ANN401 - botocore's hook
    if not _scripts:
        return None
    call = event_name.removeprefix("before-send.")
    _scripts[-1].start(call)
    answer = database.answer(event_name, request, **more)
    request.url = "https://nowhere.test/"  # botocore asks others too: it must not happen twice
    _scripts[-1].end(call)
    return answer


def on_stripe(stage: str, call: Call) -> Fault | None:
    """The hook of the fake Stripe."""
    if _scripts:
        name = f"stripe.{call.method} {call.path.split('?')[0]}"
        step = _scripts[-1].start if stage == "before" else _scripts[-1].end
        step(name)
    return None


def install() -> None:
    """Once, before any client is made."""
    botocore.handlers.BUILTIN_HANDLERS.insert(0, ("before-send", _on_aws))


@contextmanager
def following(script: Script) -> Iterator[Script]:
    """Run under a script."""
    _scripts.append(script)
    try:
        yield script
    finally:
        _scripts.remove(script)
