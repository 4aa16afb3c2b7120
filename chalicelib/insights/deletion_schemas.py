"""The deletion of somebody's data, as it crosses the border."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from chalicelib.core.schemas import Moment, Reason, Wire
from chalicelib.people.schemas import PersonId


class DeletionStatus(StrEnum):
    """Where a deletion stands: none -> asked -> begun -> done. Asked, it can be taken back."""

    NONE = "none"
    ASKED = "asked"
    BEGUN = "begun"
    DONE = "done"


class DeletionRequest(Wire):
    """That somebody wants to be forgotten."""

    give_up_balances: Annotated[
        bool,
        Field(
            strict=True,
            description="Whether what is left of vouchers, gifts and the wallet is given up.",
            examples=[False],
        ),
    ] = False


class DeletionOrder(DeletionRequest):
    """That an operator deletes somebody's data, who has asked for it in another way."""

    reason: Reason


class DeletionView(Wire):
    """Whether somebody is to be forgotten, and when."""

    person_id: PersonId
    status: Annotated[DeletionStatus, Field(examples=["asked"])]
    asked_at: Moment | None = None
    due_at: Annotated[
        Moment | None, Field(description="When it begins. Until then it can be taken back.")
    ] = None
    done_at: Moment | None = None
