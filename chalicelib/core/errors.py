"""Errors own their code, their status and their sentence. `core/web.py` alone turns them into HTTP.

The shape on the wire is RFC 9457 (problem+json) with `code`, `errors[]`, `retryable`, `request_id`.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

type Value = str | int | bool | Sequence["Value"] | Mapping[str, "Value"] | None


class ProblemError(Exception):
    """What went wrong, in words for the caller."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    sentence: ClassVar[str] = "Something went wrong on our side."
    retryable: ClassVar[bool] = False
    oauth: ClassVar[bool] = False
    """Whether it is told as RFC 6749 section 5.2 wants it: JSON with `error`, no problem+json."""

    def __init__(
        self,
        sentence: str | None = None,
        *,
        errors: Sequence[Mapping[str, Value]] = (),
        retry_after: int | None = None,
        **facts: Value,
    ) -> None:
        super().__init__(sentence or self.sentence)
        self.errors = list(errors)
        self.retry_after = retry_after
        self.facts = facts


class BadRequestError(ProblemError):
    status = 400
    code = "bad_request"
    sentence = "The request cannot be understood."


class InvalidError(BadRequestError):
    code = "invalid"
    sentence = "Some fields are not as they must be."


class CardNumberError(BadRequestError):
    code = "card_number_refused"
    sentence = "Card numbers must never be sent here. Give them to Stripe, with the client secret."


class MissingKeyError(BadRequestError):
    code = "idempotency_key_missing"
    sentence = "This request needs an Idempotency-Key header: 1 to 255 printable characters."


class ReasonMissingError(BadRequestError):
    code = "operator_reason_missing"
    sentence = "An operator says why, in the header Operator-Reason: words, percent-encoded."


class UnauthenticatedError(ProblemError):
    status = 401
    code = "unauthenticated"
    sentence = "Sign in first: the access token is missing, expired or not ours."


class ForbiddenError(ProblemError):
    status = 403
    code = "forbidden"
    sentence = "Your role may not do this."


class NotFoundError(ProblemError):
    status = 404
    code = "not_found"
    sentence = "There is no such thing here, or it is not yours."


class MethodNotAllowedError(ProblemError):
    status = 405
    code = "method_not_allowed"
    sentence = "This address does not know that method."


class ConflictError(ProblemError):
    status = 409
    code = "conflict"
    sentence = "This is not possible in the present state."


class BusyError(ConflictError):
    code = "busy"
    sentence = "Others are changing the same thing. Try again at once."
    retryable = True


class KeyInFlightError(ConflictError):
    code = "idempotency_key_in_flight"
    sentence = "The first request with this key is still running. Ask again after Retry-After."
    retryable = True


class GoneError(ProblemError):
    status = 410
    code = "gone"
    sentence = "This is over."


class PreconditionError(ProblemError):
    status = 412
    code = "precondition_failed"
    sentence = "It has changed since you read it: read it again."


class TooLargeError(ProblemError):
    status = 413
    code = "too_large"
    sentence = "The body is too large."


class MediaTypeError(ProblemError):
    status = 415
    code = "unsupported_media_type"
    sentence = "The body must be JSON (application/json)."


class KeyReusedError(ProblemError):
    status = 422
    code = "idempotency_key_reused"
    sentence = "This Idempotency-Key was used with another body."


class TooManyError(ProblemError):
    status = 429
    code = "too_many_requests"
    sentence = "Too many requests. Try again after Retry-After."
    retryable = True


class UnavailableError(ProblemError):
    status = 503
    code = "unavailable"
    sentence = "A service that we need does not answer. Nothing has happened; try again."
    retryable = True
