"""HTTP of claims: what somebody ordered as a guest becomes their account's."""

from chalicelib.core.errors import BusyError, TooManyError
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.orders import claiming_guests
from chalicelib.orders.guest_schemas import ClaimedView, GuestClaim
from chalicelib.people import rights
from chalicelib.people.errors import GuestClaimedError, GuestUnknownError

api = Api(__name__)

CLAIMS = Limit("guest-claims", calls=20, seconds=3600)


@api.post(
    "/v1/guests/claim", rights.GUEST_CLAIM, limit=CLAIMS,
    errors=(GuestUnknownError, GuestClaimedError, TooManyError, BusyError),
)  # fmt: skip
def claim_guest(caller: Caller, body: GuestClaim) -> ClaimedView:
    """Claim what you ordered and kept as a guest. Repeating it changes nothing."""
    return claiming_guests.claim(caller, body.refresh_token)
