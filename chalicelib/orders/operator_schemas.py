"""What operators say about orders."""

from typing import Annotated

from pydantic import Field

from chalicelib.core.schemas import Reason, Wire
from chalicelib.orders.schemas import CustomerReason, LiableParty, StoreReason


class ManualCancellation(Wire):
    """Why an operator gives an order up, and at whose expense. The customer pays nothing."""

    code: Annotated[CustomerReason | StoreReason, Field(examples=["cannot_fulfil_note"])]
    liable_party: Annotated[LiableParty, Field(examples=["store"])]
    reason: Reason
