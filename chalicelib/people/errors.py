"""What can go wrong about people, in words for the caller."""

from chalicelib.core.errors import ConflictError, NotFoundError, UnauthenticatedError


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


class GuestLimitError(ConflictError):
    code = "guest_limit"
    sentence = "A guest orders so often and no more: sign up, and all of it stays yours."
