"""Claims of guests, as they cross the border."""

from typing import Annotated

from pydantic import Field

from chalicelib.core.schemas import Wire
from chalicelib.people.guest_schemas import GuestId, GuestToken


class GuestClaim(Wire):
    """The refresh token that the guest got last: who has it was the guest."""

    refresh_token: GuestToken


class ClaimedView(Wire):
    """A guest whose orders, addresses and all else are the caller's now."""

    guest_id: GuestId
    orders: Annotated[
        int, Field(description="How many orders this request handed over.", examples=[2])
    ]
