"""What is sent to an endpoint, and the log of it."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Page, Wire
from chalicelib.integrations.schemas import SAMPLE, SAMPLE_ORDER, MerchantId, StoreId
from chalicelib.integrations.status import MessageStatus

MessageId = Annotated[str, Field(pattern=ids.pattern("msg"), examples=[f"msg_{SAMPLE}"])]
Position = Annotated[
    int, Field(ge=1, description="Place in the endpoint's feed, without gaps", examples=[42])
]
Change = Literal[
    "sold_out", "back", "paused", "resumed", "rush_began", "rush_ended", "hours_changed",
    "suspended", "live", "created", "used_up", "available", "stopped", "over",
]  # fmt: skip


class Attempt(Wire):
    """One attempt to hand a message over: what was answered, or why nothing was."""

    at: Moment
    status: Annotated[int | None, Field(description="HTTP's", examples=[500])] = None
    code: Annotated[
        str | None, Field(description="Why there was no answer", examples=["timeout"])
    ] = None
    millis: Annotated[int, Field(ge=0, examples=[120])]
    answer: Annotated[
        str, Field(max_length=200, description="Its beginning", examples=["try later"])
    ] = ""


class MessageView(Wire):
    """A message in the delivery log, with its last 20 attempts."""

    id: MessageId
    position: Position
    type: Annotated[str, Field(examples=["order.created"])]
    subject_id: Annotated[str, Field(examples=[SAMPLE_ORDER])]
    sequence: Annotated[int, Field(ge=1, description="Version of the subject", examples=[2])]
    status: MessageStatus
    tries: Annotated[int, Field(ge=0, examples=[1])]
    attempts: list[Attempt]
    created_at: Moment
    delivered_at: Moment | None = None


class MessagePage(Wire):
    """A page of the delivery log, newest first."""

    items: list[MessageView]
    next_cursor: Annotated[str | None, Field(description="Null on the last page.")] = None


class MessageQuery(Page):
    """Which part of the delivery log to list."""


class MessageSubject(Wire):
    """What a message is about."""

    kind: Literal["order", "webhook", "store", "promotion"]
    id: Annotated[str, Field(examples=[SAMPLE_ORDER])]


class MessageData(Wire):
    """Ids and a status, nothing personal: the rest is read with the store's own token."""

    order_id: Annotated[str | None, Field(examples=[SAMPLE_ORDER])] = None
    store_id: StoreId | None = None
    merchant_id: Annotated[
        MerchantId | None,
        Field(description="In tests and challenges of a merchant's.", examples=[None]),
    ] = None
    challenge: Annotated[
        str | None,
        Field(description="To be answered as it is: see docs/webhooks.md.", examples=[None]),
    ] = None
    status: Annotated[str | None, Field(examples=["CREATED"])] = None
    promotion_id: Annotated[str | None, Field(examples=[None])] = None
    change: Annotated[
        Change | None,
        Field(description="What has become of a store or a promotion.", examples=[None]),
    ] = None
    reason: Annotated[str | None, Field(description="Why a store is paused.", examples=[None])] = (
        None
    )
    things: Annotated[
        list[str] | None,
        Field(
            description="Items and options by their keys, where they are fifty or fewer.",
            examples=[None],
        ),
    ] = None
    until: Annotated[
        Moment | None, Field(description="When it ends by itself.", examples=[None])
    ] = None
    url: Annotated[
        str,
        Field(description="Where the truth is read.", examples=[f"/v1/orders/{SAMPLE_ORDER}"]),
    ]


class MessageBody(Wire):
    """The body of a webhook, after Standard Webhooks.

    `sequence` is the version of the subject; `position` counts the endpoint's messages without
    gaps, so that a missing one is noticed. `v` is the version of this shape: fields may be added to
    it, and nothing is taken away.
    """

    v: Annotated[Literal[1], Field(examples=[1])] = 1
    id: MessageId
    type: Annotated[str, Field(examples=["order.created"])]
    timestamp: Moment
    subject: MessageSubject
    sequence: Annotated[int, Field(ge=1, examples=[2])]
    position: Position
    previous_position: Annotated[int, Field(ge=0, examples=[41])]
    data: MessageData
