"""Requests and views of the machines that act for a store."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Text200, Wire
from chalicelib.integrations.schemas import SAMPLE, StoreId

ClientId = Annotated[str, Field(pattern=ids.pattern("cli"), examples=[f"cli_{SAMPLE}"])]


class NewClient(Wire):
    """A name for a machine, so that its owner recognises it in the list."""

    label: Annotated[Text200, Field(examples=["Till at the counter"])]


class ClientView(Wire):
    """A store's machine, as its owner sees it. Never the secret."""

    client_id: ClientId
    store_id: StoreId
    label: Annotated[str, Field(examples=["Till at the counter"])]
    created_at: Moment
    last_used_at: Annotated[
        Moment | None, Field(description="To the hour. Null before the first use.")
    ] = None


class CreatedClient(ClientView):
    """A new client with its secret, which is shown this once."""

    client_secret: Annotated[
        str | None,
        Field(
            description="Null where the request is only repeated: it is not kept, only its hash.",
            examples=["6Q2K8D4N7T1V5X9Z3B0F6H2J8M4P7R1S5W9Y3A0C6E2G8K4N7T1V"],
        ),
    ]


class ClientList(Wire):
    """Every active client of a store, the oldest first."""

    items: list[ClientView]


class TokenView(Wire):
    """An access token, as RFC 6749 section 5.1 has it."""

    access_token: Annotated[str, Field(examples=["eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjbGkifQ.c2ln"])]
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a type of token, no token
    expires_in: Annotated[int, Field(description="Seconds", examples=[900])]
