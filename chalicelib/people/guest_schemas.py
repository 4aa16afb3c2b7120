"""Guests, as they cross the border."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Wire
from chalicelib.people.schemas import SAMPLE

GuestId = Annotated[str, Field(pattern=ids.pattern("gst"), examples=[f"gst_{SAMPLE}"])]
SECRET = "9f" * 32
GuestToken = Annotated[
    str,
    Field(pattern=rf"^gst_{ids.PATTERN}\.[0-9a-f]{{64}}$", examples=[f"gst_{SAMPLE}.{SECRET}"]),
]


class GuestTokens(Wire):
    """What a guest calls the API with, and what they get the next ones for."""

    guest_id: GuestId
    access_token: Annotated[str, Field(examples=["eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJnc3QifQ.c2ln"])]
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a type of token, no token
    expires_in: Annotated[int, Field(description="Seconds", examples=[900])]
    refresh_token: Annotated[
        str,
        Field(
            description="Keep it, and forget the one before. It is also what claims the guest.",
            examples=[f"gst_{SAMPLE}.{SECRET}"],
        ),
    ]
    claim_until: Annotated[
        Moment, Field(description="Then the guest is over, and nobody can claim them any more.")
    ]


class GuestView(Wire):
    """A guest, as operators see them. Nothing that they have said is among it."""

    guest_id: GuestId
    made_at: Moment
    claim_until: Moment
    orders: Annotated[int, Field(description="How many orders are theirs by now.", examples=[2])]
    claimed: Annotated[bool, Field(description="Whether an account has claimed them.")]
    over: Annotated[bool, Field(description="Whether they have ended, or lived their 90 days.")]
    suspended_at: Annotated[Moment | None, Field(description="Null while they are let in.")] = None


class GuestRenewal(Wire):
    """The refresh token that the guest got last."""

    refresh_token: GuestToken
