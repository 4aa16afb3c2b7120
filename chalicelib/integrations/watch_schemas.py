"""How a store is watched, as its people see it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from chalicelib.catalog.status import PauseReason
from chalicelib.core.schemas import Moment, Wire
from chalicelib.integrations.schemas import SAMPLE_ORDER, StoreId
from chalicelib.orders.status import OrderStatus


class HeartbeatState(StrEnum):
    """Whether a store's app is there: `never` was none that is watched."""

    NEVER = "never"
    BEATING = "beating"
    MISSING = "missing"


class HeartbeatView(Wire):
    """That a store's app was heard."""

    store_id: StoreId
    seen_at: Moment
    next_within_seconds: Annotated[
        int,
        Field(
            description="Beat so often. After five minutes without, the app is missing.",
            examples=[60],
        ),
    ]
    resumed: Annotated[
        bool, Field(description="Whether this beat ended the pause that the silence had made.")
    ] = False


class Heartbeat(Wire):
    """When a store's app was heard last."""

    state: HeartbeatState
    seen_at: Moment | None = None
    missing_from: Annotated[
        Moment | None, Field(description="From when it counts as missing, if it stays silent.")
    ] = None


class Misses(Wire):
    """How many orders were cancelled unanswered, of those that still count."""

    count: Annotated[int, Field(ge=0, examples=[1])]
    pause_at: Annotated[int, Field(description="So many pause the store.", examples=[3])]
    window_seconds: Annotated[int, Field(examples=[1800])]


class PausedBy(Wire):
    """Why the store takes no orders for now, and until when, where that is known."""

    reason: PauseReason
    until: Moment | None = None


class EscalationView(Wire):
    """An order that the store let wait."""

    order_id: Annotated[str, Field(examples=[SAMPLE_ORDER])]
    status: OrderStatus
    reminders: Annotated[int, Field(ge=0, description="How often it was reminded.", examples=[2])]
    reminded_at: Moment | None = None
    confirm_by: Annotated[
        Moment | None, Field(description="Until when it can be confirmed, while it waits.")
    ] = None
    missed_at: Annotated[
        Moment | None, Field(description="When it was cancelled unanswered, if it was.")
    ] = None


class StoreAttention(Wire):
    """What asks for a store's attention: orders that wait, those it missed, and its app."""

    store_id: StoreId
    paused: Annotated[PausedBy | None, Field(description="Null: it is not paused.")] = None
    heartbeat: Heartbeat
    misses: Misses
    escalations: Annotated[
        list[EscalationView],
        Field(description="The last twenty within a day, the newest first."),
    ]
