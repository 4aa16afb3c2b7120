"""A store's staff and invitations to it, as they cross the border."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.catalog.menu_schemas import Names
from chalicelib.catalog.schemas import StoreId
from chalicelib.catalog.status import StaffRole
from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Wire

InvitationId = Annotated[
    str, Field(pattern=ids.pattern("inv"), examples=["inv_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"])
]
Email = Annotated[
    str,
    Field(
        pattern=r"^[^@\s\x00]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z]{2,20}$",
        examples=["jun@example.com"],
    ),
]
PersonPhone = Annotated[
    str,
    Field(pattern=r"^\+[1-9]\d{6,14}$", description="E.164", examples=["+821055500100"]),
]


class StaffGrant(Wire):
    role: Annotated[StaffRole, Field(examples=["manager"])]


class StaffView(StaffGrant):
    """That a person works for a store."""

    user_id: Annotated[str, Field(examples=["6f1c2f0e-3a55-4b1e-9d0a-5f6d2c7b8a90"])]


class StaffList(Wire):
    data: tuple[StaffView, ...]


class NewInvitation(StaffGrant):
    """Who is invited, by the address with which they sign in: one of the two."""

    email: Annotated[Email | None, Field(examples=["jun@example.com"])] = None
    phone: Annotated[PersonPhone | None, Field(examples=[None])] = None

    @model_validator(mode="after")
    def _has_one_address(self) -> Self:
        if (self.email is None) == (self.phone is None):
            raise PydanticCustomError("one_address", "either email or phone must be given")
        return self

    @property
    def address(self) -> str:
        return str(self.email or self.phone)

    @property
    def hint(self) -> str:
        """As much of the address as reminds who wrote it: `j...@example.com`, `...0100`."""
        if self.email:
            name, _, domain = self.email.rpartition("@")
            return f"{name[0]}...@{domain}"
        return f"...{self.address[-4:]}"


class InvitationView(StaffGrant):
    """An invitation, as the store's owners see it."""

    id: InvitationId
    store_id: StoreId
    hint: Annotated[str, Field(examples=["j...@example.com"])]
    invited_at: Moment
    expires_at: Moment


class InvitationList(Wire):
    """Every invitation that may still be accepted, the oldest first."""

    items: list[InvitationView]


class OwnInvitation(StaffGrant):
    """An invitation, as who is invited sees it."""

    id: InvitationId
    store_id: StoreId
    store_names: Names
    expires_at: Moment


class OwnInvitationList(Wire):
    """Every store that has invited the caller."""

    items: list[OwnInvitation]
