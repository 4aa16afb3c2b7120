"""HTTP of guests, as those see them who have an account: claiming one, shutting one out."""

from chalicelib.core.errors import BusyError, NotFoundError, TooManyError
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.orders import claiming_guests, guests_suspended
from chalicelib.orders.guest_schemas import ClaimedView, GuestClaim
from chalicelib.people import rights
from chalicelib.people.errors import (
    GuestClaimedError,
    GuestOverError,
    GuestSuspendedError,
    GuestUnknownError,
)
from chalicelib.people.guest_schemas import GuestView
from chalicelib.people.schemas import ActionReason

api = Api(__name__)

CLAIMS = Limit("guest-claims", calls=20, seconds=3600)


@api.post(
    "/v1/guests/claim", rights.GUEST_CLAIM, limit=CLAIMS,
    errors=(
        GuestUnknownError, GuestClaimedError, GuestSuspendedError, TooManyError, BusyError,
    ),
)  # fmt: skip
def claim_guest(caller: Caller, body: GuestClaim) -> ClaimedView:
    """Claim what you ordered and kept as a guest. Repeating it changes nothing."""
    return claiming_guests.claim(caller, body.refresh_token)


@api.get("/v1/guests/{guest_id}", rights.GUEST_READ, errors=(NotFoundError,))
def read_guest(guest_id: str) -> GuestView:
    """Read how a guest stands."""
    return guests_suspended.read(guest_id)


@api.post(
    "/v1/guests/{guest_id}/suspend", rights.GUEST_SUSPEND,
    errors=(NotFoundError, GuestOverError, BusyError),
)  # fmt: skip
def suspend_guest(caller: Caller, body: ActionReason, guest_id: str) -> GuestView:
    """Shut a guest out: every token ends within seconds, and nobody claims them meanwhile.

    What they have ordered goes on. Repeating it changes nothing.
    """
    return guests_suspended.suspend(caller, guest_id, body.reason)


@api.post(
    "/v1/guests/{guest_id}/restore", rights.GUEST_RESTORE,
    errors=(NotFoundError, GuestOverError, BusyError),
)  # fmt: skip
def restore_guest(caller: Caller, body: ActionReason, guest_id: str) -> GuestView:
    """Let a guest in again. Repeating it changes nothing."""
    return guests_suspended.restore(caller, guest_id, body.reason)
