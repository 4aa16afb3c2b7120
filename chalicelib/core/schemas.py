"""What crosses a border: frozen pydantic models that refuse what they do not know."""

from typing import Annotated

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from chalicelib.core import clock

Text200 = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$"),
]


Reason = Annotated[
    Text200,
    Field(
        description="For the record of what operators do by hand. It names no person.",
        examples=["Agreed with the owner by phone."],
    ),
]


class Wire(BaseModel):
    """A request or a view. Requests refuse unknown fields; answers may grow new ones."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")


Moment = Annotated[
    AwareDatetime,
    PlainSerializer(clock.stamp, return_type=str, when_used="json"),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-11-22T18:30:00.000Z"]}
    ),
]


class Page(Wire):
    """How much of a list, and from where: `cursor` is the `next_cursor` of the page before."""

    cursor: Annotated[str | None, Field(max_length=1024)] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Problem(BaseModel):
    """An error, as RFC 9457 has it, with a stable `code`."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(examples=["https://ieum.dev/problems/not_found"])]
    title: Annotated[str, Field(examples=["There is no such thing here, or it is not yours."])]
    status: Annotated[int, Field(examples=[404])]
    code: Annotated[str, Field(examples=["not_found"])]
    detail: str | None = None
    instance: str | None = None
    errors: list[dict[str, object]] = []
    retryable: bool = False
    request_id: Annotated[str, Field(examples=["0f0b5c1e-3c1b-4c3a-9e53-3d6b3c1f7a52"])]
