"""What can go wrong about people, in words for the caller."""

from chalicelib.core.errors import ConflictError


class OwnAccountError(ConflictError):
    code = "own_account"
    sentence = "Nobody suspends themselves: ask another operator."
