"""What every request to Stripe passes first: the pace of its endpoint, and the breaker.

It stands at the HTTP client, below the library: so each request is counted whoever asks it, the
library's own repetition and each page of a list among them. What is refused here never reached
Stripe. Decision: docs/decisions/stripe-limits.md.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

from chalicelib.core import pacing
from chalicelib.core.breaking import Breaker, OpenError
from chalicelib.core.pacing import PacedError
from chalicelib.payments.errors import PaymentsBusyError

REFUSALS = (OpenError, PacedError)
"""Nothing was asked of Stripe. `retry_after` says for how many seconds to wait."""
CREATE = "POST /v1/payment_intents"
IDS = re.compile(r"/[a-z]+_[A-Za-z0-9_]+(?=/|$)")
NAMES = frozenset({"/payment_intents", "/payment_methods", "/setup_intents"})
SERVER_ERROR = 500

type Said = Callable[[], Any]

_breaker = Breaker("Stripe")
_last: ContextVar[Said | None] = ContextVar("last", default=None)
"""How the library's attempt before this one ended, where there was one."""


def forget() -> None:
    """Know nothing of Stripe's health: for worlds that share a process."""
    _breaker.forget()


def endpoint(method: str, url: str) -> str:
    """What Stripe counts as one endpoint: the method, and the path without its ids.

    https://docs.stripe.com/rate-limits
    """
    path = IDS.sub(lambda one: one[0] if one[0] in NAMES else "/{id}", urlsplit(url).path)
    return f"{method.upper()} {path}"


@contextmanager
def admitted(intents: int) -> Iterator[None]:
    """Begin an order that needs so many new intents, if Stripe can be asked for them now.

    Raises PaymentsBusyError (503) before anything is written.
    """
    if intents and _breaker.waits():
        raise PaymentsBusyError(retry_after=_breaker.waits())
    with ExitStack() as reservation:
        try:
            reservation.enter_context(pacing.reserved(CREATE, intents))
        except PacedError as error:
            raise PaymentsBusyError(retry_after=error.retry_after) from error
        yield


def guard(http: Any) -> Any:  # noqa: ANN401 - the library's HTTP client, which only the gateway knows
    """The same client, which lets every request pass the guards first."""
    if "request" not in vars(http):
        http.request_with_retries = _beginning(http.request_with_retries)
        http.request = _guarded(http.request)
    return http


def _beginning(request_with_retries: Callable[..., Any]) -> Callable[..., Any]:
    def begin(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - handed through
        before = _last.set(None)
        try:
            return request_with_retries(*given, **named)
        finally:
            _last.reset(before)

    return begin


def _guarded(request: Callable[..., Any]) -> Callable[..., Any]:
    def ask(method: str, url: str, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - handed through
        last = _last.get()
        try:
            _breaker.demand()
            pacing.take(endpoint(method, url))
        except REFUSALS:
            if last is None:
                raise
            return last()  # a repetition that may not be: what was said before stands
        return _asked(request, method, url, *given, **named)

    return ask


def _asked(request: Callable[..., Any], *given: Any, **named: Any) -> Any:  # noqa: ANN401 - handed through
    try:
        answer = request(*given, **named)
    except Exception as error:
        failure = error
        _breaker.failed()
        _last.set(lambda: _raise(failure))
        raise
    if answer[1] >= SERVER_ERROR:
        _breaker.failed()
    else:
        _breaker.succeeded()
    _last.set(lambda: answer)
    return answer


def _raise(error: Exception) -> None:
    raise error
