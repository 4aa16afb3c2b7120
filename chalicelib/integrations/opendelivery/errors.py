"""What Open Delivery answers where something cannot be: its own statuses, the cause as the title.

The protocol knows 400, 401, 403, 404, 422 and 503, and not every operation knows each of them.
"""

from chalicelib.core.errors import (
    BadRequestError,
    ForbiddenError,
    NotFoundError,
    ProblemError,
    UnauthenticatedError,
    UnavailableError,
    Value,
)
from chalicelib.integrations.opendelivery.operations import Operation


class Told(ProblemError):  # noqa: N818 - not raised itself
    """An error whose title is the cause of this very case, as the protocol wants it."""

    def __init__(self, cause: str, *, retry_after: int | None = None, **facts: Value) -> None:
        super().__init__(cause, retry_after=retry_after, **facts)  # type: ignore[arg-type] # facts, and no errors
        self.__dict__["sentence"] = cause


class BadCallError(Told, BadRequestError):
    """The request cannot be understood, or not be done, where the protocol knows no 422."""


class StrangerError(Told, UnauthenticatedError):
    """There is no valid token."""


class DeniedError(Told, ForbiddenError):
    """The token is not for this."""


class UnknownError(Told, NotFoundError):
    """There is no such thing, or it is another store's."""


class NotSoError(Told):
    """The order or the delivery stands otherwise."""

    status = 422
    code = "open_delivery_refused"
    sentence = "This is not possible in the present state."


class LaterError(Told, UnavailableError):
    """Not now."""


ALL = (BadCallError, StrangerError, DeniedError, UnknownError, NotSoError, LaterError)
OF_STATUS: dict[int, type[Told]] = {
    400: BadCallError,
    401: StrangerError,
    403: DeniedError,
    404: UnknownError,
    422: NotSoError,
    503: LaterError,
}
SAID_AS = {409: 422, 410: 422, 412: 422, 413: 400, 415: 400}
"""How the protocol says what it has no status for."""
LATER = 503
"""What may be tried again as it is: a race with others, and too many calls."""
INSTEAD = {422: 400, 403: 404, 404: 400, 400: 401, 401: 400}
"""What an operation says instead that does not know a status."""


def told(error: ProblemError, operation: Operation) -> Told:
    """An error of ours, as the operation has it."""
    status = LATER if error.retryable else SAID_AS.get(error.status, error.status)
    while status not in operation.refusals and status in INSTEAD:
        status = INSTEAD[status]
    pointed = [f"{one['pointer']}: {one['detail']}" for one in error.errors[:1]]
    cause = " ".join([str(error), *pointed])
    facts = {name: fact for name, fact in error.facts.items() if name in KEPT}
    return OF_STATUS.get(status, LaterError)(cause, retry_after=error.retry_after, **facts)


KEPT = frozenset({"allowed_commands", "cancellationStatus", "current_status"})
