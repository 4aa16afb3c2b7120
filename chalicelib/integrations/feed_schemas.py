"""Requests and views of what is sent again, and of what is fetched instead of sent."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Wire
from chalicelib.integrations.message_schemas import MessageBody, Position
from chalicelib.integrations.schemas import SAMPLE, StoreId
from chalicelib.integrations.status import JobStatus

MOST_REPLAYED = 10_000
LAST = 10**12 - 1
Place = Annotated[int, Field(ge=1, le=LAST, examples=[40])]
ReplayId = Annotated[str, Field(pattern=ids.pattern("rpl"), examples=[f"rpl_{SAMPLE}"])]


class NewReplay(Wire):
    """What to send again: by position or by time, and of it all or only what was not acknowledged.

    Without a range: of the last 10,000 messages.
    """

    only: Annotated[
        Literal["failed", "all"],
        Field(description="`failed`: what no attempt has brought an acknowledgement."),
    ] = "failed"
    from_position: Place | None = None
    to_position: Annotated[Place | None, Field(examples=[60])] = None
    since: Annotated[Moment | None, Field(description="Made then or later.", examples=[None])] = (
        None
    )
    until: Annotated[Moment | None, Field(description="Made before then.", examples=[None])] = None

    @model_validator(mode="after")
    def _one_range(self) -> Self:
        positions = self.from_position is not None or self.to_position is not None
        if positions and (self.since is not None or self.until is not None):
            raise ValueError("a range is of positions or of times, not of both")
        return self


class ReplayView(Wire):
    """Something that is sent again, in steps."""

    id: ReplayId
    status: JobStatus
    only: Literal["failed", "all"]
    from_position: Position
    to_position: Annotated[int, Field(ge=0, description="Included", examples=[60])]
    replayed: Annotated[int, Field(ge=0, description="Messages so far", examples=[12])]
    created_at: Moment


class EventQuery(Wire):
    """Which part of a store's events to fetch."""

    store_id: Annotated[
        StoreId | None, Field(description="A machine's own store need not be named.")
    ] = None
    after: Annotated[
        int | None,
        Field(
            ge=0,
            le=LAST,
            description="A position. Left out: what the caller has acknowledged.",
            examples=[41],
        ),
    ] = None
    limit: Annotated[int, Field(ge=1, le=100, examples=[50])] = 50


class EventPage(Wire):
    """The next events of a store, the oldest first."""

    store_id: StoreId
    events: list[MessageBody]
    acknowledged: Annotated[
        int, Field(ge=0, description="Up to where the caller has acknowledged", examples=[41])
    ]
    last_position: Annotated[
        int, Field(ge=0, description="Of the store's last event", examples=[42])
    ]


class Acknowledgement(Wire):
    """Up to where the caller has taken the events for good."""

    store_id: Annotated[
        StoreId | None, Field(description="A machine's own store need not be named.")
    ] = None
    position: Annotated[int, Field(ge=1, le=LAST, examples=[42])]


class Acknowledged(Wire):
    """Up to where this caller has acknowledged: never less than before."""

    store_id: StoreId
    acknowledged: Annotated[int, Field(ge=1, examples=[42])]
