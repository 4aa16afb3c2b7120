"""The lives of an endpoint and of a message to it, each as one table.

Message: pending -> delivered, or -> failed_parked when its ladder of attempts has ended. A parked
one may still be acknowledged later; what was acknowledged stays delivered, however often it is
sent again.
"""

from collections.abc import Mapping
from enum import StrEnum


class EndpointStatus(StrEnum):
    """Whether an endpoint is sent anything."""

    ACTIVE = "active"
    DISABLED = "disabled"


class MessageStatus(StrEnum):
    """Whether a message has been acknowledged by its endpoint."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED_PARKED = "failed_parked"


class MessageCommand(StrEnum):
    """What becomes of a message."""

    ACKNOWLEDGE = "acknowledge"
    PARK = "park"
    REPLAY = "replay"


S, C = MessageStatus, MessageCommand

MESSAGE_MOVES: Mapping[tuple[MessageStatus, MessageCommand], MessageStatus] = {
    (S.PENDING, C.ACKNOWLEDGE): S.DELIVERED,
    (S.FAILED_PARKED, C.ACKNOWLEDGE): S.DELIVERED,
    (S.DELIVERED, C.ACKNOWLEDGE): S.DELIVERED,
    (S.PENDING, C.PARK): S.FAILED_PARKED,
    (S.FAILED_PARKED, C.PARK): S.FAILED_PARKED,
    (S.DELIVERED, C.PARK): S.DELIVERED,
    (S.PENDING, C.REPLAY): S.PENDING,
    (S.FAILED_PARKED, C.REPLAY): S.PENDING,
    (S.DELIVERED, C.REPLAY): S.DELIVERED,
}


def after(status: MessageStatus, command: MessageCommand) -> MessageStatus:
    """Where a command leads: every one is possible in every state, so that all are repeatable."""
    return MESSAGE_MOVES[status, command]
