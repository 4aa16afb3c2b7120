"""Applications of merchants, as they cross the border."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.catalog.merchant_schemas import NewMerchant
from chalicelib.catalog.schemas import MerchantId
from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Reason, Text200, Wire

ApplicationId = Annotated[
    str, Field(pattern=ids.pattern("app"), examples=["app_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"])
]


class ApplicationStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_CHANGES = "needs_changes"
    APPROVED = "approved"
    REJECTED = "rejected"


class Verdict(StrEnum):
    """What an operator makes of an application: the status that it then has."""

    APPROVED = "approved"
    NEEDS_CHANGES = "needs_changes"
    REJECTED = "rejected"


class ReviewCode(StrEnum):
    DETAILS_WRONG = "details_wrong"
    REGISTRATION_MISSING = "registration_missing"
    NOT_SERVED_HERE = "not_served_here"
    DUPLICATE = "duplicate"
    NOT_ELIGIBLE = "not_eligible"
    OTHER = "other"


EDITABLE = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.NEEDS_CHANGES})


class NewApplication(NewMerchant):
    """Who wants to sell: the merchant that comes of it."""

    registration: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z0-9 ./-]{2,40}$",
            description="The number under which the business is registered.",
            examples=["110-81-00000"],
        ),
    ] = None


class ReviewReason(Wire):
    """One reason of a review, for the applicant."""

    code: Annotated[ReviewCode, Field(examples=["registration_missing"])]
    detail: Annotated[
        Text200 | None, Field(examples=["Please give the number of the business."])
    ] = None


class Review(Wire):
    """What an operator decides, why (for the record), and what the applicant is told."""

    verdict: Annotated[Verdict, Field(examples=["needs_changes"])]
    reason: Reason
    reasons: Annotated[
        tuple[ReviewReason, ...],
        Field(max_length=10, examples=[[{"code": "registration_missing", "detail": None}]]),
    ] = ()

    @model_validator(mode="after")
    def _tells_why(self) -> Self:
        if (self.verdict is Verdict.APPROVED) == bool(self.reasons):
            raise PydanticCustomError(
                "reasons", "reasons go with every verdict but an approval, and only with those"
            )
        return self


class ApplicationView(NewApplication):
    """An application and how it stands."""

    id: ApplicationId
    version: Annotated[int, Field(examples=[2])]
    status: ApplicationStatus
    reasons: Annotated[
        tuple[ReviewReason, ...], Field(description="Of the last review; none before one.")
    ] = ()
    merchant_id: Annotated[
        MerchantId | None, Field(description="What came of it, once it is approved.")
    ] = None
    created_at: Moment
    submitted_at: Moment | None = None
    reviewed_at: Moment | None = None


class ApplicationList(Wire):
    """The caller's applications, the oldest first; or those that wait for a review."""

    items: list[ApplicationView]
