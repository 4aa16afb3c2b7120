"""Requests and views of webhooks."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Wire
from chalicelib.integrations.status import EndpointStatus, Why

SAMPLE = "01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
SAMPLE_ORDER = f"ord_{SAMPLE}"
StoreId = Annotated[str, Field(pattern=ids.pattern("sto"), examples=[f"sto_{SAMPLE}"])]
MerchantId = Annotated[str, Field(pattern=ids.pattern("mer"), examples=[f"mer_{SAMPLE}"])]
WebhookId = Annotated[str, Field(pattern=ids.pattern("whk"), examples=[f"whk_{SAMPLE}"])]

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


def _each_once(types: tuple[EventType, ...]) -> tuple[EventType, ...]:
    return tuple(type_ for type_ in EVENT_TYPES if type_ in types)


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
