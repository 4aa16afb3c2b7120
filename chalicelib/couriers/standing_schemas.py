"""What makes a courier fit to work, as it crosses the border."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.catalog.image_schemas import MediaType, Put
from chalicelib.catalog.schemas import City
from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Reason, Wire
from chalicelib.couriers.schemas import SAMPLE, CourierView
from chalicelib.couriers.status import CourierStatus, DocumentKind, Vehicle

DOCUMENT, SUSPENSION = "doc", "sus"
LARGEST_FILE = 10_000_000
MOST_KINDS = 20

DocumentId = Annotated[str, Field(pattern=ids.pattern(DOCUMENT), examples=[f"doc_{SAMPLE}"])]
FileType = MediaType | Literal["application/pdf"]
SuspensionCode = Literal["conduct", "documents", "fraud", "safety", "other"]


class DocumentStatus(StrEnum):
    """awaited -> waiting -> approved | refused."""

    AWAITED = "awaited"
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class DocumentProblem(StrEnum):
    """Why a document was refused."""

    UNREADABLE = "unreadable"
    OVER = "over"
    ANOTHERS = "anothers"
    ANOTHER_KIND = "another_kind"
    FORGED = "forged"
    OTHER = "other"


class DemandedDocument(Wire):
    """A document that couriers of a city need."""

    kind: Annotated[DocumentKind, Field(examples=["driving_licence"])]
    vehicles: Annotated[
        tuple[Vehicle, ...],
        Field(max_length=10, description="On which vehicles; empty: any.", examples=[["scooter"]]),
    ] = ()
    begins: Annotated[Moment, Field(description="From when on: leave couriers time to hand it in.")]


class HoursRule(Wire):
    """How long couriers may be on duty, and how long they rest after. Breaks do not count."""

    most_minutes: Annotated[
        int,
        Field(ge=60, le=1440, description="In 24 hours, and between two rests.", examples=[600]),
    ]
    rest_minutes: Annotated[
        int, Field(ge=0, le=1440, description="In one piece, off duty.", examples=[660])
    ]


class CourierRules(Wire):
    """What a city asks of its couriers: nothing, until an operator has said so."""

    documents: Annotated[tuple[DemandedDocument, ...], Field(max_length=MOST_KINDS)] = ()
    hours: Annotated[HoursRule | None, Field(description="null: as long as they like.")] = None


class NewCourierRules(CourierRules):
    """What a city asks of its couriers from now on, and why."""

    reason: Reason


class CourierRulesView(CourierRules):
    """What a city asks of its couriers. `version` is 0 where nobody has said anything."""

    city: City
    version: Annotated[int, Field(ge=0, examples=[1])]


class NewDocument(Wire):
    """A document that is going to be sent: its kind, its file's type and size, when it ends."""

    kind: Annotated[DocumentKind, Field(examples=["driving_licence"])]
    media_type: Annotated[FileType, Field(examples=["image/jpeg"])]
    bytes: Annotated[int, Field(ge=1, le=LARGEST_FILE, examples=[284_113])]
    valid_until: Annotated[Moment | None, Field(description="As it says; null: for ever.")] = None


class DocumentView(Wire):
    """A document. `upload` while its file is awaited."""

    id: DocumentId
    kind: DocumentKind
    status: DocumentStatus
    valid_until: Moment | None = None
    problem: DocumentProblem | None = None
    created_at: Moment
    reviewed_at: Moment | None = None
    upload: Put | None = None


class DocumentList(Wire):
    """A courier's own documents, the newest first."""

    items: list[DocumentView]


class ShownDocument(DocumentView):
    """A document as an operator sees it: `file_url` for ten minutes, while there is something."""

    courier_id: Annotated[str, Field(examples=["6f1c2f0e-3a55-4b1e-9d0a-5f6d2c7b8a90"])]
    file_url: Annotated[
        str | None,
        Field(examples=["https://ieum-images.s3.us-east-1.amazonaws.com/documents/doc?sig"]),
    ] = None


class WaitingDocuments(Wire):
    """The documents that wait for a look, the oldest hundred."""

    items: list[ShownDocument]


class DocumentReview(Wire):
    """What an operator has seen, and why they decide so."""

    verdict: Annotated[Literal["approved", "refused"], Field(examples=["approved"])]
    valid_until: Annotated[
        Moment | None,
        Field(description="Of one that is approved; null: as its courier has said."),
    ] = None
    problem: Annotated[
        DocumentProblem | None, Field(description="Of one that is refused.", examples=[None])
    ] = None
    reason: Reason

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.verdict == "refused") != (self.problem is not None):
            raise PydanticCustomError("problem_unsaid", "one that is refused has a problem")
        return self


class Suspension(Wire):
    """That a courier may not go on duty, since when and why."""

    id: Annotated[str, Field(pattern=ids.pattern(SUSPENSION), examples=[f"sus_{SAMPLE}"])]
    code: SuspensionCode
    reason: str
    at: Moment


class NewSuspension(Wire):
    """Why a courier may not go on duty any more. They are told it, and it is kept."""

    code: Annotated[SuspensionCode, Field(examples=["safety"])]
    reason: Reason


class Restoration(Wire):
    """Why a courier may go on duty again."""

    reason: Reason


class SignedUp(CourierView):
    """A courier as they see themselves: whether they may go on duty, or what is in the way."""

    city: City | None = None
    status: CourierStatus
    missing: Annotated[
        tuple[DocumentKind, ...], Field(description="What their city asks for, and has not seen.")
    ] = ()
    expired: Annotated[
        tuple[DocumentKind, ...], Field(description="What it has seen, and is over.")
    ] = ()
    suspension: Suspension | None = None


class CourierRecord(SignedUp):
    """A courier as an operator sees them."""

    id: Annotated[str, Field(examples=["6f1c2f0e-3a55-4b1e-9d0a-5f6d2c7b8a90"])]
    documents: list[ShownDocument]
