"""Appeals against limits, as they cross the border."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Reason, Wire
from chalicelib.orders.limits import LimitName

SAMPLE = "01JD9Z6M7Q3W8K5N2R4T6V8X0Y"


class AppealStatus(StrEnum):
    """waiting -> granted | refused."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"


AppealText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$"),
    Field(examples=["The courier rang next door: I was at home both times."]),
]


class NewAppeal(Wire):
    """That somebody wants a person to look at a limit that they met."""

    limit: Annotated[
        LimitName, Field(description="The problem's code.", examples=["refused_orders_limit"])
    ]
    text: AppealText


class AppealAnswer(Wire):
    """What an operator decides, and why: it is told to who has appealed, and kept."""

    reason: Reason


class AppealView(Wire):
    """An appeal, and what was answered."""

    id: Annotated[str, Field(pattern=ids.pattern("apl"), examples=[f"apl_{SAMPLE}"])]
    person_id: Annotated[str, Field(examples=["6f1c2f0e-3a55-4b1e-9d0a-5f6d2c7b8a90"])]
    limit: Annotated[
        LimitName | None,
        Field(
            description="Against which limit; null: against a decision.",
            examples=["refused_orders_limit"],
        ),
    ] = None
    assignment_id: Annotated[
        str | None,
        Field(description="Against which decision of dispatch; null: a limit.", examples=[None]),
    ] = None
    suspension_id: Annotated[
        str | None,
        Field(description="Against which suspension of a courier; null: none.", examples=[None]),
    ] = None
    text: Annotated[str, Field(examples=["I was at home both times."])]
    status: Annotated[AppealStatus, Field(examples=["waiting"])]
    created_at: Moment
    answered_at: Moment | None = None
    reason: Annotated[str | None, Field(examples=[None])] = None
    lifted_until: Annotated[
        Moment | None, Field(description="So long the limit does not count for them.")
    ] = None


class AppealList(Wire):
    """One's own last appeals, one for each limit; or those that wait, the oldest hundred."""

    items: list[AppealView]
