"""HTTP of guests: people who order without an account."""

from chalicelib.core.errors import BusyError, TooManyError
from chalicelib.core.limits import Limit
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api
from chalicelib.people import guests, rights
from chalicelib.people.errors import GuestSuspendedError, GuestTokenError
from chalicelib.people.guest_schemas import GuestRenewal, GuestTokens

api = Api(__name__)

BEGINNINGS = Limit("guests", calls=60, seconds=3600)
RENEWALS = Limit("guest-tokens", calls=600, seconds=60)
NO_STORE = {"Cache-Control": "no-store"}


@api.post(
    "/v1/guests", rights.GUEST_BEGIN, status=201, limit=BEGINNINGS,
    errors=(TooManyError, BusyError),
)  # fmt: skip
def begin_guest() -> Answer[GuestTokens]:
    """Become a guest: order without an account, and claim it all when you have one."""
    return Answer(guests.begin(), headers=NO_STORE)


@api.post(
    "/v1/guests/token", rights.GUEST_RENEW, limit=RENEWALS,
    errors=(GuestTokenError, GuestSuspendedError, TooManyError, BusyError),
)  # fmt: skip
def renew_guest(body: GuestRenewal) -> Answer[GuestTokens]:
    """Get the next tokens of a guest for their refresh token, which is good for one exchange.

    The same token again within an hour gets the same answer. Later it ends the guest.
    """
    return Answer(guests.renew(body.refresh_token), headers=NO_STORE)
