"""An account claims a guest: what was the guest's becomes the account's, thing by thing.

One transaction decides whose the guest is, once and for all, and ends the guest's tokens. From
then on the guest orders and keeps nothing (`guests.present`), so what there is to hand over only
shrinks. Each thing is handed over by a conditional write of its own, and whoever finds it done goes
on: the request, its repetition, the sweep. See docs/decisions/guests.md.
"""

from contextlib import suppress

from chalicelib.core import clock, parts
from chalicelib.core.dynamo import HEAD
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import Caller, Role
from chalicelib.core.telemetry import log
from chalicelib.orders import appeals_claimed, keepsakes, moving, reading, tallies_claimed
from chalicelib.orders.guest_models import ClaimItem, claim_key
from chalicelib.orders.guest_schemas import ClaimedView
from chalicelib.orders.models import OrderHead
from chalicelib.orders.status import CLAIMED
from chalicelib.people import guests
from chalicelib.people.errors import GuestClaimedError

RACES = 6
AGAIN_SECONDS = 60


def claim(caller: Caller, refresh_token: str) -> ClaimedView:
    """Let all that was a guest's be the caller's. Safe to repeat, which finishes what was cut off.

    Raises GuestUnknownError (404) for whom the token does not prove, GuestClaimedError (409) where
    another account was first, GuestSuspendedError (409) while an operator has shut the guest out.
    """
    guest = guests.proven(refresh_token)
    if not guest.claimed_by:
        with suppress(GuestClaimedError):  # whoever was first is read below
            parts.commit(*guests.claimed(guest, caller.id), _unfinished(guest.id))
        log("A guest was claimed", client=guest.id)
    owner = guests.demand(guest.id).claimed_by
    if owner != caller.id:
        if not owner:  # meanwhile they were shut out, or have ended: it is told which
            guests.proven(refresh_token)
        raise GuestClaimedError
    return ClaimedView(guest_id=guest.id, orders=finish(guest.id))


def _unfinished(guest_id: str) -> parts.Part:
    """The part that has the sweep look in a minute, unless all is done by then."""
    due_at = clock.stamp(clock.after(AGAIN_SECONDS))
    shard = moving.due_shard(guest_id)
    return parts.overwrite(ClaimItem(claim_key(guest_id), HEAD, due_shard=shard, due_at=due_at))


def finish(guest_id: str) -> int:
    """Hand over what a claimed guest still has. How many orders that were. Safe to repeat."""
    guest = guests.find(guest_id)
    handed_over = 0
    if guest and guest.claimed_by:
        for order_id in sorted(guest.orders or ()):
            handed_over += _hand_over(order_id, guest_id, guest.claimed_by)
        keepsakes.hand_over(guest_id, guest.claimed_by)
        appeals_claimed.hand_over(guest_id, guest.claimed_by)
        tallies_claimed.hand_over(guest_id, guest.claimed_by)
    parts.commit(parts.forget(ClaimItem(claim_key(guest_id), HEAD)))
    return handed_over


def _hand_over(order_id: str, guest_id: str, account: str) -> bool:
    """Its event tells those whose things name the guest, too (`payments/handing_over.py`)."""
    for _ in range(RACES):
        order = reading.find(order_id)
        theirs = order if order and order.customer_id == guest_id else None
        moved = theirs and moving.change(
            theirs,
            CLAIMED,
            [OrderHead.customer_id.set(account)],
            actor=f"{Role.CUSTOMER}:{account}",
            data={"guest_id": guest_id},
        )
        counted = tallies_claimed.with_order(theirs, account) if theirs else ()
        try:
            parts.commit(*(moved or ()), *counted, guests.struck(guest_id, order_id))
        except BusyError:
            continue
        return theirs is not None
    raise BusyError
