"""People, and what operators did, as they cross the border."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Page, Reason, Wire

Text60 = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00]*$"),
]
SAMPLE = "01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
SOMEBODY = "6f1c2f0e-3a55-4b1e-9d0a-5f6d2c7b8a90"


class AuditQuery(Page):
    """Which actions: those of a day (UTC), or those that were done to one subject."""

    day: Annotated[
        str | None, Field(pattern=r"^20\d\d-[01]\d-[0-3]\d$", examples=["2026-11-22"])
    ] = None
    subject: Annotated[
        str | None, Field(pattern=r"^[A-Za-z0-9_-]{1,128}$", examples=[f"ord_{SAMPLE}"])
    ] = None

    @model_validator(mode="after")
    def _asks_for_one(self) -> Self:
        if (self.day is None) == (self.subject is None):
            raise PydanticCustomError("one_list", "either day or subject must be given")
        return self


class AuditView(Wire):
    """What an operator did by hand, and why."""

    id: Annotated[str, Field(pattern=ids.pattern("aud"), examples=[f"aud_{SAMPLE}"])]
    actor: Annotated[str, Field(examples=[f"operator:{SOMEBODY}"])]
    action: Annotated[str, Field(examples=["store.suspended"])]
    subject: Annotated[str, Field(description="An id.", examples=[f"sto_{SAMPLE}"])]
    reason: Annotated[str, Field(examples=["The kitchen failed its inspection."])]
    words: Annotated[
        str | None,
        Field(description="What the operator said of it beside a code.", examples=[None]),
    ] = None
    data: Annotated[dict[str, Any], Field(examples=[{"liable_party": "store"}])]
    at: Moment


class AuditPage(Wire):
    """A page of actions, newest first."""

    items: list[AuditView]
    next_cursor: Annotated[str | None, Field(description="Null on the last page.")] = None


PERSON_PATTERN = r"^[A-Za-z0-9_-]{1,128}$"
PersonId = Annotated[str, Field(pattern=PERSON_PATTERN, examples=[SOMEBODY])]


class PersonSearch(Wire):
    """Whom to find, exactly: by one of the three. Names and parts of addresses find nobody."""

    email: Annotated[
        str | None,
        Field(pattern=r"^[^@\s\x00]{1,64}@[^@\s\x00]{1,190}$", examples=["jun@example.com"]),
    ] = None
    phone: Annotated[str | None, Field(pattern=r"^\+[1-9]\d{6,14}$", examples=[None])] = None
    person_id: Annotated[PersonId | None, Field(examples=[None])] = None
    reason: Reason

    @model_validator(mode="after")
    def _asks_for_one(self) -> Self:
        if sum(one is not None for one in (self.email, self.phone, self.person_id)) != 1:
            raise PydanticCustomError("one_person", "one of email, phone and person_id")
        return self

    @property
    def address(self) -> str:
        return str(self.email or self.phone)


class PersonView(Wire):
    """Somebody, as operators see them: no name and no address."""

    id: PersonId
    suspended_at: Annotated[Moment | None, Field(description="Null: they may sign in.")] = None


class PeopleFound(Wire):
    """Everybody who has exactly what was asked for."""

    items: list[PersonView]


class ActionReason(Wire):
    """Why an operator does what they do."""

    reason: Reason


class Purpose(StrEnum):
    """For what somebody may agree that their data is used. The service itself asks for nothing."""

    MARKETING = "marketing"
    PERSONALISATION = "personalisation"
    ANTICIPATION = "anticipation"


class NewProfile(Wire):
    """What somebody says of themselves."""

    name: Annotated[
        Text60 | None,
        Field(
            description="How they wish to be called. Its first word is told to a store that brings "
            "an order with its own riders, while it does.",
            examples=["Jun"],
        ),
    ] = None
    language: Annotated[Literal["ko", "en"] | None, Field(examples=["ko"])] = None
    consents: Annotated[
        dict[Purpose, Annotated[bool, Field(strict=True)]],
        Field(
            max_length=10,
            description="Purposes that are not named stay as they are.",
            examples=[{"marketing": False}],
        ),
    ] = Field(default_factory=dict)


class Consent(Wire):
    """Whether somebody agrees, and since when; null before they have said anything."""

    granted: Annotated[bool, Field(examples=[False])]
    at: Moment | None = None


class ProfileView(Wire):
    """What somebody says of themselves, and what they agree to."""

    name: Annotated[str | None, Field(examples=["Jun"])] = None
    language: Annotated[str | None, Field(examples=["ko"])] = None
    consents: dict[Purpose, Consent]
