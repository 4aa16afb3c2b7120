"""An operator shuts a guest out, or lets them in again: with a reason, in the record, an event.

What the guest has ordered goes on: whoever wants it stopped gives the orders up by hand.
"""

from chalicelib.core import audit, notices, outbox, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import Caller, Role
from chalicelib.orders.guest_models import GuestEvent, standing_key
from chalicelib.people import guest_standing, guests
from chalicelib.people.guest_schemas import GuestView

RACES = 4


def read(guest_id: str) -> GuestView:
    """How a guest stands. Raises NotFoundError (404)."""
    return guest_standing.view(guests.demand(guest_id))


def suspend(caller: Caller, guest_id: str, reason: str) -> GuestView:
    """Shut a guest out: every token ends, they order and keep nothing. Safe to repeat.

    Raises NotFoundError (404), GuestOverError (409) of whom somebody has claimed, or who is over.
    """
    return _turn(caller, guest_id, reason, suspended=True)


def restore(caller: Caller, guest_id: str, reason: str) -> GuestView:
    """Let a guest in again, who gets tokens for the refresh token that they have. Safe to repeat.

    Raises NotFoundError (404), GuestOverError (409).
    """
    return _turn(caller, guest_id, reason, suspended=False)


def _turn(caller: Caller, guest_id: str, reason: str, *, suspended: bool) -> GuestView:
    kind = "guest.suspended" if suspended else "guest.restored"
    actor = caller.acting_as(Role.OPERATOR)
    for _ in range(RACES):
        guest = guests.demand(guest_id)
        turned = guest_standing.turned(guest, suspended=suspended)
        if not turned:
            return guest_standing.view(guest)
        event = outbox.announce(
            GuestEvent,
            standing_key(guest_id),
            kind="guest",
            subject=guest_id,
            version=guest_standing.version_after(guest),
            type=kind,
            actor=actor,
        )
        what = kind.replace(".", "_")
        told = notices.tell(guest_id, what, topic="standing", actor=actor)
        try:
            parts.commit(*turned, event, audit.entry(actor, kind, guest_id, reason), told)
        except BusyError:
            continue
        return read(guest_id)
    raise BusyError
