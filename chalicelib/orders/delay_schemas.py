"""What is said of an order that will be there later than was promised."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from chalicelib.core.schemas import Moment, Wire

DelayReason = Literal[
    "kitchen_busy",
    "item_takes_longer",
    "staff_missing",
    "equipment_broken",
    "courier_late",
    "weather",
    "traffic",
    "other",
]


def whole_minutes(moment: datetime) -> datetime:
    if moment.second or moment.microsecond:
        raise PydanticCustomError("not_whole_minutes", "must be on a whole minute")
    return moment


class DelayRequest(Wire):
    """When it should be there now, and why not when it was promised."""

    promised_for: Annotated[
        Moment,
        AfterValidator(whole_minutes),
        Field(description="The beginning of the new window, on a whole minute."),
    ]
    reason: Annotated[DelayReason, Field(examples=["kitchen_busy"])]


class Delay(Wire):
    """The last delay that was told, and which of the order's it is."""

    reason: Annotated[str, Field(examples=["kitchen_busy"])]
    told_by: Literal["store", "operator"]
    told_at: Moment
    number: Annotated[int, Field(ge=1)]
