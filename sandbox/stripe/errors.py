"""Stripe's error object. https://docs.stripe.com/api/errors."""

from collections.abc import Mapping
from typing import Any

INVALID = "invalid_request_error"
CARD = "card_error"
IDEMPOTENCY = "idempotency_error"
API = "api_error"


class StripeError(Exception):
    """An answer that is an error.

    `saved` says whether an idempotency key keeps it: what failed before an endpoint began to
    execute (authentication, validation, a conflict, a rate limit) is not kept.
    https://docs.stripe.com/api/idempotent_requests
    """

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        saved: bool = True,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.saved = saved
        self.error: dict[str, Any] = {"type": kind, "message": message}
        if code is not None:
            self.error["code"] = code
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param is not None:
            self.error["param"] = param
        self.error.update(details or {})

    def body(self) -> dict[str, Any]:
        return {"error": self.error}


def refused(message: str, *, code: str | None = None, param: str | None = None) -> StripeError:
    """A parameter is wrong: nothing was executed, so no key remembers it."""
    return StripeError(400, INVALID, message, code=code, param=param, saved=False)


def not_possible(
    message: str,
    *,
    code: str | None = None,
    param: str | None = None,
    details: Mapping[str, object] | None = None,
) -> StripeError:
    """The parameters are right, but the object's state forbids it."""
    return StripeError(400, INVALID, message, code=code, param=param, details=details)


def missing(param: str) -> StripeError:
    return refused(f"Missing required param: {param}.", code="parameter_missing", param=param)


def no_such(thing: str, ident: str, param: str) -> StripeError:
    """An unknown object: 404 where the path names it, 400 where a parameter does."""
    status = 404 if param == "id" else 400
    message = f"No such {thing}: '{ident}'"
    return StripeError(status, INVALID, message, code="resource_missing", param=param)


def unauthorized(message: str) -> StripeError:
    return StripeError(401, INVALID, message, saved=False)


def no_route(method: str, path: str) -> StripeError:
    message = (
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs "
        "or we can help at https://support.stripe.com/."
    )
    return StripeError(404, INVALID, message, saved=False)
