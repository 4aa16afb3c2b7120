"""The lives of an endpoint and of a message to it.

Endpoint: unverified -> active once its answer has echoed a challenge; paused by its owner; disabled
by a 410 or by days of failure; enabled again by its owner, by way of a challenge where none was
answered yet.

Message: pending -> delivered, or -> failed_parked when its ladder of attempts has ended. A parked
one may still be acknowledged later; what was acknowledged stays delivered, however often it is
sent again.
"""

from collections.abc import Mapping
from enum import StrEnum


class EndpointStatus(StrEnum):
    """Whether an endpoint is sent anything, and why not. What happens meanwhile waits."""

    ACTIVE = "active"
    UNVERIFIED = "unverified"
    PAUSED = "paused"
    DISABLED = "disabled"


class Why(StrEnum):
    """Who or what stopped an endpoint."""

    PAUSED = "paused"
    GONE = "gone"
    FAILING = "failing"


def endpoint_status(*, stored: str, unverified: bool, why: str | None) -> EndpointStatus:
    """What an endpoint is, whichever release wrote it: older ones know only active and disabled."""
    if stored == EndpointStatus.ACTIVE:
        return EndpointStatus.ACTIVE
    if why == Why.PAUSED:
        return EndpointStatus.PAUSED
    if unverified and why is None:
        return EndpointStatus.UNVERIFIED
    return EndpointStatus.DISABLED


class JobStatus(StrEnum):
    """Whether something that takes many steps is at its end."""

    RUNNING = "running"
    DONE = "done"


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
