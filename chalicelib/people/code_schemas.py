"""Signing in by a code, as it crosses the border."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Wire
from chalicelib.people.schemas import SAMPLE

CodeId = Annotated[str, Field(pattern=ids.pattern("sic"), examples=[f"sic_{SAMPLE}"])]
RefreshToken = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9._~+/=-]{1,8192}$",
        description="Keep it where nobody else reads.",
        examples=["eyJjdHkiOiJKV1QifQ.c2FtcGxl"],
    ),
]


class Addressed(Wire):
    """One address: an e-mail address or a phone number."""

    email: Annotated[
        str | None,
        Field(pattern=r"^[^@\s\x00]{1,64}@[^@\s\x00]{1,190}$", examples=["jun@example.com"]),
    ] = None
    phone: Annotated[str | None, Field(pattern=r"^\+[1-9]\d{6,14}$", examples=[None])] = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.email is None) == (self.phone is None):
            raise PydanticCustomError("one_address", "either email or phone must be given")
        return self

    @property
    def address(self) -> str:
        """As it is compared: in e-mail addresses no case counts."""
        return str(self.email or self.phone).lower()


class CodeRequest(Addressed):
    """To where a code is sent, and in which language."""

    language: Annotated[Literal["ko", "en"], Field(examples=["ko"])] = "ko"


class CodeView(Wire):
    """That a code was sent. The answer is the same whether somebody has the address or not."""

    id: CodeId
    expires_at: Moment


class CodeProof(Addressed):
    """The code as it came, and the address to which it did."""

    code: Annotated[str, Field(pattern=r"^\d{6}$", examples=["048291"])]


class Renewal(Wire):
    """The refresh token of a session."""

    refresh_token: RefreshToken


class Tokens(Wire):
    """What somebody calls the API with, and what they get the next access token for."""

    access_token: Annotated[str, Field(examples=["eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI2ZiJ9.c2ln"])]
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a type of token, no token
    expires_in: Annotated[int, Field(description="Seconds", examples=[900])]
    refresh_token: Annotated[
        RefreshToken | None, Field(description="Null: the one that you have stays good.")
    ] = None
