"""What a store asks for that cannot go on with an order which it has taken on."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.schemas import Moment, Wire

RequestStatus = Literal["open", "accepted", "denied", "expired", "withdrawn"]


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
