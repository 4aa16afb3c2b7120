"""People, and what operators did, as they cross the border."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Page, Wire

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
    data: Annotated[dict[str, Any], Field(examples=[{"liable_party": "store"}])]
    at: Moment


class AuditPage(Wire):
    """A page of actions, newest first."""

    items: list[AuditView]
    next_cursor: Annotated[str | None, Field(description="Null on the last page.")] = None
