"""A courier's statement, as it crosses the border."""

from datetime import date
from typing import Annotated

from pydantic import Field

from chalicelib.core.money import Amount, Currency
from chalicelib.core.schemas import Wire

MOST_DAYS = 31
Minutes = Annotated[int, Field(ge=0, examples=[312])]
Day = Annotated[date, Field(examples=["2026-11-16"])]


class StatementQuery(Wire):
    """From which day on, and how many days: a week, unless said otherwise."""

    first: Day
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 7


class Earned(Wire):
    """What was earned in one currency: `net` is `gross` less `fee`, tips come on top."""

    currency: Currency
    jobs: Annotated[int, Field(ge=0, description="Brought, or brought back.", examples=[11])]
    gross: Amount
    fee: Amount
    net: Amount
    tips: Amount


class StatementDay(Wire):
    """A day of the city's calendar."""

    day: Day
    on_duty_minutes: Annotated[Minutes, Field(description="Without breaks.")]
    earned: list[Earned]


class Statement(Wire):
    """What somebody has earned, day by day and in all. What was posted a moment ago may lack."""

    first: Day
    last: Annotated[Day, Field(description="This day is in it.")]
    timezone: Annotated[str, Field(examples=["Asia/Seoul"])]
    days: list[StatementDay]
    on_duty_minutes: Minutes
    earned: list[Earned]
