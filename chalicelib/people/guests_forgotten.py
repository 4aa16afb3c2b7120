"""Forgetting a guest: their tokens end, and in the end their item goes."""

from chalicelib.core import parts, sessions
from chalicelib.core.errors import BusyError
from chalicelib.people import guests
from chalicelib.people.guest_models import Guest

RACES = 4


def shut_out(guest_id: str) -> None:
    """End every token of a guest whom nobody has claimed. Safe to repeat. BusyError (409)."""
    for _ in range(RACES):
        guest = guests.find(guest_id)
        if guest is None or guest.claimed_by or guest.ended_at:
            return
        try:
            parts.commit(*guests.ended(guest))
        except BusyError:
            continue
        return
    raise BusyError


def forget(guest_id: str) -> None:
    """Keep nothing of a guest. That somebody has claimed one stays for as long as it may matter."""
    guest = guests.find(guest_id)
    if guest is None or guest.claimed_by:
        return
    gone = Guest.claimed_by.does_not_exist()
    parts.commit(parts.delete(guest, BusyError(), gone), sessions.ended(guest_id))
