"""Tablets, as they cross the border."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Text200, Wire
from chalicelib.integrations.schemas import SAMPLE, StoreId

TabletId = Annotated[str, Field(pattern=ids.pattern("tab"), examples=[f"tab_{SAMPLE}"])]
Label = Annotated[Text200, Field(examples=["Kitchen, left"])]
SECRET = "9f" * 32


class NewPairing(Wire):
    """A name for the tablet, so that it is recognised in the list."""

    label: Label


class PairingView(Wire):
    """A code that pairs one tablet, within ten minutes. It is shown this once."""

    store_id: StoreId
    label: Annotated[str, Field(examples=["Kitchen, left"])]
    code: Annotated[
        str | None,
        Field(
            description="Null where the request is only repeated: it is not kept, only its hash.",
            examples=["K7QM-2X9T"],
        ),
    ]
    expires_at: Moment


class PairRequest(Wire):
    """The code as somebody has typed it: in any case, with or without the hyphen."""

    code: Annotated[
        str,
        Field(pattern=r"^[0-9A-Za-z]{4}[- ]?[0-9A-Za-z]{4}$", examples=["K7QM-2X9T"]),
    ]


class RenewRequest(Wire):
    """The refresh token that the tablet got last."""

    refresh_token: Annotated[
        str,
        Field(
            pattern=rf"^tab_{ids.PATTERN}\.[0-9a-f]{{64}}$",
            description="Good for one exchange.",
            examples=[f"tab_{SAMPLE}.{SECRET}"],
        ),
    ]


class TabletTokens(Wire):
    """What a tablet calls the API with, and what it gets the next ones for."""

    tablet_id: TabletId
    store_id: StoreId
    access_token: Annotated[str, Field(examples=["eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ0YWIifQ.c2ln"])]
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a type of token, no token
    expires_in: Annotated[int, Field(description="Seconds", examples=[900])]
    refresh_token: Annotated[
        str,
        Field(
            description="Keep it, and forget the one before.",
            examples=[f"tab_{SAMPLE}.{SECRET}"],
        ),
    ]


class TabletView(Wire):
    """A tablet, as the store's office sees it. Never its token."""

    id: TabletId
    store_id: StoreId
    label: Annotated[str, Field(examples=["Kitchen, left"])]
    paired_by: Annotated[str, Field(description="Who made the code.", examples=["merchant:6f1c"])]
    paired_at: Moment
    last_seen_at: Annotated[Moment | None, Field(description="When it last asked for a token.")] = (
        None
    )


class TabletList(Wire):
    """Every tablet that is paired with a store, the oldest first."""

    items: list[TabletView]
