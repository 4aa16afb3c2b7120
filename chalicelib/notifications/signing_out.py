"""Signing out everywhere: every token ends, and no phone is told anything more."""

from chalicelib.core import parts, sessions
from chalicelib.core.rights import Caller
from chalicelib.notifications import devices
from chalicelib.people import directory


def everywhere(caller: Caller) -> None:
    """End every token of the caller's, refresh tokens too, and forget their devices.

    Safe to repeat. What is cut off is done by signing in and asking again.
    """
    directory.sign_out(caller.id)
    for device in devices.of_person(caller.id):
        devices.remove(caller.id, device.id)
    parts.commit(sessions.ended(caller.id))
