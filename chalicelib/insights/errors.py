"""What can go wrong with deleting somebody's data, in words for the caller."""

from chalicelib.core.errors import ConflictError


class DeletionBlockedError(ConflictError):
    code = "deletion_blocked"
    sentence = "Something has to end first: what is in the way is listed, and what to do about it."


class DeletionBegunError(ConflictError):
    code = "deletion_begun"
    sentence = "It has begun and cannot be taken back any more."
