"""Requests and views of clients, webhooks and what was sent to them."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Page, Text200, Wire
from chalicelib.integrations.status import EndpointStatus, MessageStatus, Why

SAMPLE = "01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
SAMPLE_ORDER = f"ord_{SAMPLE}"
ClientId = Annotated[str, Field(pattern=ids.pattern("cli"), examples=[f"cli_{SAMPLE}"])]
StoreId = Annotated[str, Field(pattern=ids.pattern("sto"), examples=[f"sto_{SAMPLE}"])]
MerchantId = Annotated[str, Field(pattern=ids.pattern("mer"), examples=[f"mer_{SAMPLE}"])]
WebhookId = Annotated[str, Field(pattern=ids.pattern("whk"), examples=[f"whk_{SAMPLE}"])]
MessageId = Annotated[str, Field(pattern=ids.pattern("msg"), examples=[f"msg_{SAMPLE}"])]
Position = Annotated[
    int, Field(ge=1, description="Place in the endpoint's feed, without gaps", examples=[42])
]

EventType = Literal[
    "order.created",
    "order.confirmation_overdue",
    "order.fulfilment_changed",
    "order.confirmed",
    "order.preparing",
    "order.ready_for_pickup",
    "order.dispatched",
    "order.picked_up",
    "order.delivered",
    "order.concluded",
    "order.cancelled",
    "order.cancellation_requested",
    "order.cancellation_denied",
    "order.customer_cancellation_requested",
    "order.customer_cancellation_denied",
    "order.customer_waits",
    "order.delayed",
    "store.availability_changed",
    "promotion.created",
    "promotion.changed",
    "promotion.ended",
]
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)
ORDER_TYPES = tuple(one for one in EVENT_TYPES if one.startswith("order."))
"""What an endpoint is told that does not say what it wants to hear."""
PING = "webhook.ping"
CHALLENGE = "webhook.challenge"
Change = Literal[
    "sold_out", "back", "paused", "resumed", "rush_began", "rush_ended", "hours_changed",
    "suspended", "live", "created", "used_up", "available", "stopped", "over",
]  # fmt: skip


def _each_once(types: tuple[EventType, ...]) -> tuple[EventType, ...]:
    return tuple(type_ for type_ in EVENT_TYPES if type_ in types)


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


Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2048,
        description="Public https; no redirects are followed.",
        examples=["https://till.example.com/ieum"],
    ),
]
EventTypes = Annotated[
    tuple[EventType, ...],
    Field(min_length=1, max_length=50, examples=[["order.created", "order.cancelled"]]),
    AfterValidator(_each_once),
]


class NewWebhook(Wire):
    """Where to tell what happens, and what of it."""

    url: Url
    event_types: EventTypes = ORDER_TYPES


class ChangedWebhook(Wire):
    """Another address, or other types of events. What is left out stays as it is."""

    url: Url | None = None
    event_types: EventTypes | None = None


class WebhookHealth(Wire):
    """How sending to an endpoint has gone of late."""

    last_success_at: Annotated[
        Moment | None, Field(description="To ten minutes, while nothing fails.")
    ] = None
    failures_in_a_row: Annotated[int, Field(ge=0, examples=[0])] = 0
    failing_since: Annotated[
        Moment | None, Field(description="When the first of these was; null while all is well.")
    ] = None
    pending: Annotated[
        int | None,
        Field(
            description="Messages that were not acknowledged: where there are thousands, of the "
            "2,000 from the oldest on and of the last 500. Null in a list.",
            examples=[0],
        ),
    ] = None
    oldest_pending_at: Annotated[
        Moment | None, Field(description="When the oldest of these was made.")
    ] = None


class WebhookView(Wire):
    """An endpoint, as its owner sees it. Never the secret."""

    id: WebhookId
    store_id: Annotated[StoreId | None, Field(description="Null for a merchant's.")] = None
    merchant_id: Annotated[
        MerchantId | None,
        Field(description="Whose every store it hears of; null for a store's.", examples=[None]),
    ] = None
    url: Annotated[str, Field(examples=["https://till.example.com/ieum"])]
    event_types: Annotated[list[str], Field(examples=[["order.created", "order.cancelled"]])]
    status: EndpointStatus
    disabled_because: Annotated[
        Why | None, Field(description="What stopped it, while it is stopped.", examples=[None])
    ] = None
    health: WebhookHealth
    created_at: Moment


class CreatedWebhook(WebhookView):
    """A new endpoint with its secret, which is shown this once."""

    secret: Annotated[
        str | None,
        Field(
            description="Of Standard Webhooks. Null where the request is only repeated.",
            examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        ),
    ]


class RotatedSecret(Wire):
    """A new secret, which is shown this once, and until when the one before signs too."""

    id: WebhookId
    secret: Annotated[
        str | None,
        Field(
            description="Of Standard Webhooks. Null where the request is only repeated.",
            examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        ),
    ]
    previous_signs_until: Moment


class WebhookList(Wire):
    """Every endpoint of a store, the oldest first."""

    items: list[WebhookView]


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


# --- what is sent ----------------------------------------------------------------------------


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
