"""What an operator says who stops new orders, and what all operators then see."""

from typing import Annotated

from pydantic import Field

from chalicelib.core.schemas import Moment, Text200, Wire


class SwitchRequest(Wire):
    """Why new orders are stopped, in words for those who would order; or why they go on again."""

    reason: Annotated[Text200, Field(examples=["Cards cannot be charged at the moment."])]


class SwitchTurned(Wire):
    """That somebody stopped new orders, or let them go on."""

    stopped: bool
    reason: str
    actor: Annotated[str, Field(examples=["operator:op"])]
    at: Moment


class SwitchView(Wire):
    """Whether new orders are stopped, why, and who turned the switch last, newest first."""

    stopped: bool
    reason: str | None
    changes: list[SwitchTurned]
