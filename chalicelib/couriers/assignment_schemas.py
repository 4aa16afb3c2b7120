"""What is said of who is asked for a delivery: why, and what operators decide instead."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.core.schemas import Moment, Wire
from chalicelib.couriers.schemas import DeliveryId, OfferId
from chalicelib.orders.appeal_schemas import AppealText
from chalicelib.people.schemas import PersonId


class Candidate(Wire):
    """Somebody who could have been asked, and how long their way to the store would have been."""

    courier_id: PersonId
    seconds_to_pickup: int


class Explained(Wire):
    """The same in each language, sentence by sentence."""

    ko: list[str]
    en: list[str]


class Explanation(Wire):
    """Why a courier was asked: in words for them, and what was weighed.

    An operator sees who else could have been asked, and the weights of the rule.
    """

    id: OfferId
    delivery_ids: tuple[DeliveryId, ...]
    decided_at: Moment
    rule: Annotated[
        str, Field(description="Which rule, of which version.", examples=["least-waiting-2"])
    ]
    reason: Annotated[str, Field(examples=["nearest"])]
    words: Explained
    features: Annotated[
        dict[str, int],
        Field(description="What was known then.", examples=[{"seconds_to_pickup": 240}]),
    ]
    courier_id: PersonId | None = None
    candidates: list[Candidate] | None = None
    weights: Annotated[
        dict[str, float] | None, Field(description="In minutes that one person waits.")
    ] = None


class Contested(Wire):
    """Why a person should look at a decision."""

    text: AppealText


class Direction(Wire):
    """What an operator decides of who is asked for a delivery.

    `pin`: nobody else, while they are on duty and have not refused. `forbid`: never them. `ask`:
    them, now, whoever is being asked. `leave`: as dispatch would have it again.
    """

    decision: Annotated[Literal["pin", "forbid", "ask", "leave"], Field(examples=["pin"])]
    courier_id: Annotated[
        PersonId | None, Field(examples=["6f1c2f0e-3a55-4b1e-9d0a-5f6d2c7b8a90"])
    ] = None

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if (self.courier_id is None) != (self.decision == "leave"):
            raise ValueError("name a courier, unless it is left to dispatch")
        return self


class Directed(Wire):
    """How a delivery is directed, and who is being asked for it."""

    delivery_id: DeliveryId
    pinned: PersonId | None = None
    forbidden: list[PersonId]
    asked: list[PersonId]
