"""What can go wrong about people, in words for the caller."""

from chalicelib.core.errors import (
    ConflictError,
    NotFoundError,
    ProblemError,
    UnauthenticatedError,
)


class OwnAccountError(ConflictError):
    code = "own_account"
    sentence = "Nobody suspends themselves: ask another operator."


class GuestTokenError(UnauthenticatedError):
    code = "guest_refused"
    sentence = "This guest is over, or this is not their present token: begin as another guest."


class GuestUnknownError(NotFoundError):
    code = "guest_unknown"
    sentence = "There is no such guest, or this is not their present token."


class GuestClaimedError(ConflictError):
    code = "guest_claimed"
    sentence = "Another account has claimed this guest."


class GuestOverError(ConflictError):
    code = "guest_over"
    sentence = "This guest keeps and orders nothing any more: sign in, or begin as another guest."


class GuestSuspendedError(ConflictError):
    code = "guest_suspended"
    sentence = "An operator has shut this guest out. What was ordered goes on: ask the operator."


class GuestLimitError(ConflictError):
    code = "guest_limit"
    sentence = "A guest orders so often and no more: sign up, and all of it stays yours."


class CodeRefusedError(UnauthenticatedError):
    code = "code_refused"
    sentence = "This code is wrong, over, used, or was tried too often: ask for another one."


class SessionOverError(UnauthenticatedError):
    code = "session_over"
    sentence = "This session is over: sign in again."


class ChannelClosedError(ProblemError):
    status = 422
    code = "channel_closed"
    sentence = "No codes are sent to such addresses here: use another one."


class PerhapsSentError(Exception):
    """A service was asked to send something and did not answer: nobody knows whether it did."""
