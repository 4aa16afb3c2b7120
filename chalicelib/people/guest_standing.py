"""A guest is shut out by an operator, or let in again: the parts, and what is shown of a guest."""

from datetime import UTC, datetime

from chalicelib.core import clock, parts, sessions
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.people import guests
from chalicelib.people.errors import GuestOverError
from chalicelib.people.guest_models import Guest
from chalicelib.people.guest_schemas import GuestView


def turned(guest: Guest, *, suspended: bool) -> tuple[Part, ...]:
    """The parts by which a guest, as they were read, is shut out or let in: tokens end with either.

    None where they are so already. Their failure is BusyError. Raises GuestOverError (409) of whom
    somebody has claimed, or who is over.
    """
    if guests.is_over(guest) or guest.claimed_by:
        raise GuestOverError
    if bool(guest.suspended_at) is suspended:
        return ()
    said = [Guest.version.set(version_after(guest))]
    said.append(
        Guest.suspended_at.set(clock.stamp(clock.now()))
        if suspended
        else Guest.suspended_at.remove()
    )
    as_read = (
        Guest.id.exists() & Guest.claimed_by.does_not_exist() & Guest.ended_at.does_not_exist()
    )
    as_read &= Guest.version == guest.version if guest.version else Guest.version.does_not_exist()
    turn = parts.update(guests.at(guest.id), said, BusyError(), as_read)
    return turn, sessions.ended(guest.id)


def version_after(guest: Guest) -> int:
    """The version that a guest has once they are shut out, or let in."""
    return int(guest.version or 0) + 1


def view(guest: Guest) -> GuestView:
    """A guest, as operators see them."""
    return GuestView(
        guest_id=guest.id,
        made_at=clock.parse(guest.made_at),
        claim_until=datetime.fromtimestamp(guests.lives_until(guest.id), UTC),
        orders=len(guest.orders or ()),
        claimed=bool(guest.claimed_by),
        over=guests.is_over(guest),
        suspended_at=clock.parse(guest.suspended_at) if guest.suspended_at else None,
    )
