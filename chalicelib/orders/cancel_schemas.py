"""What a store asks for that cannot go on with an order, and a customer who would rather not."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.schemas import Moment, Wire

RequestStatus = Literal["open", "accepted", "denied", "expired", "withdrawn"]
DenialReason = Literal["dish_already_done", "out_for_delivery", "other"]
"""The first two in the words of Open Delivery 1.7."""


class CancellationRequest(Wire):
    """A store asks to give an order up: its customer or an operator answers until `answer_by`.

    Without an answer it is cancelled, at the store's expense. A store that goes on has withdrawn.
    """

    code: Annotated[str, Field(examples=["unavailable_item"])]
    requested_at: Moment
    answer_by: Moment
    status: RequestStatus
    number: Annotated[int, Field(ge=1, description="Which request of this order it is.")]
    default_outcome: Literal["cancelled"] = "cancelled"


class CustomerRequest(Wire):
    """A customer asks the store to let an order go for nothing: it answers until `answer_by`.

    Without an answer the order goes on. Once it has left its store the request has expired.
    """

    code: Annotated[str, Field(examples=["ordered_by_mistake"])]
    requested_at: Moment
    answer_by: Moment
    status: RequestStatus
    number: Annotated[int, Field(ge=1, description="Which request of this order it is.")]
    denied_because: Annotated[
        DenialReason | None, Field(description="What the store says; null: nothing.")
    ] = None
    default_outcome: Literal["goes_on"] = "goes_on"


class DenialRequest(Wire):
    """Why a store does not let an order go."""

    code: Annotated[DenialReason, Field(examples=["dish_already_done"])] = "other"
