"""Where a simulator breaks things: before and after the effect of each request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

type Stage = Literal["before", "after"]


@dataclass(frozen=True)
class Call:
    """A request as it arrived: nothing of its body but the parsed parameters' names is kept."""

    method: str
    path: str
    idempotency_key: str | None
    request_id: str


@dataclass(frozen=True)
class Fault:
    """An error answer in place of the true one.

    Before: the effect does not happen. After: it has happened and only the answer is lost.
    With `saved`, the request's idempotency key keeps this very answer, as Stripe keeps a 500;
    without it, a repetition executes (before) or finds the true answer (after).
    """

    status: int = 500
    kind: str = "api_error"
    code: str | None = None
    message: str = "An unknown error occurred"
    saved: bool = False
    should_retry: bool | None = None


RATE_LIMITED = Fault(429, "invalid_request_error", "rate_limit", "Too many requests")
LOCK_TIMEOUT = Fault(
    429, "invalid_request_error", "lock_timeout", "This object is being accessed", should_retry=True
)
SAVED_500 = Fault(saved=True, should_retry=False)

# May also raise (a lost connection, a crash): the exception leaves `request` as it is, and what
# had happened before it stays.
type FaultHook = Callable[[Stage, Call], Fault | None]


def no_faults(_stage: Stage, _call: Call) -> Fault | None:
    return None
