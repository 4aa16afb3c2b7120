"""What is said at the counter, and outside before it: a code, and where somebody waits."""

from typing import Annotated

from pydantic import Field

from chalicelib.core.schemas import Moment, Wire

Spot = Annotated[
    str,
    Field(
        pattern=r"^[A-Z]{0,3}-?[0-9]{1,4}$",
        description="The number of a parking bay, as it is written there. No words.",
        examples=["B-12"],
    ),
]
Code = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}$", description="What its customer shows.", examples=["0427"]),
]


class ArrivalRequest(Wire):
    """Where somebody waits who has come for their order."""

    spot: Spot


class CustomerWaits(Wire):
    """That its customer has come for an order, and where they wait for it."""

    spot: Spot
    since: Moment
    number: Annotated[int, Field(ge=1, description="How often they have said so.")]


class CodeRequest(Wire):
    """The code that somebody shows who says that an order is theirs."""

    code: Code
