"""Ratings, as they cross the border: to who gave them, and to the store, which is not told who."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Page, Reason, Wire
from chalicelib.orders.schemas import SAMPLE, OrderId

RatingId = Annotated[str, Field(pattern=ids.pattern("rat"), examples=[f"rat_{SAMPLE}"])]
Stars = Annotated[int, Field(strict=True, ge=1, le=5, examples=[5])]
Words = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=300,
        pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$",
    ),
]
Comment = Annotated[
    Words | None,
    Field(description="For the store's eyes, and operators'.", examples=["The soup was cold."]),
]


class Verdict(Wire):
    """What a customer thought of an order: all of it, each time."""

    store: Annotated[Stars, Field(description="Of the food, and of the store.")]
    courier: Annotated[
        Stars | None, Field(description="Of who brought it, where a courier did.")
    ] = None
    comment: Comment = None


class Answer(Wire):
    """What a store says to a rating."""

    text: Annotated[Words, Field(examples=["We are sorry: the next one is hot."])]


class StoresAnswer(Answer):
    """The same, and since when."""

    at: Moment


class RatingView(Verdict):
    """A rating as its customer, or an operator, sees it."""

    id: RatingId
    order_id: OrderId
    given_at: Moment
    editable_until: Moment
    hidden: Annotated[bool, Field(description="An operator has hidden the comment.")] = False
    answer: StoresAnswer | None = None


class StoreRating(Wire):
    """A rating as its store sees it: of which order, and by whom, is not told."""

    id: RatingId
    store: Stars
    comment: Comment = None
    hidden: Annotated[bool, Field(description="An operator has hidden the comment.")] = False
    given_on: Annotated[date, Field(description="The day, UTC.", examples=["2026-11-22"])]
    answer: StoresAnswer | None = None


class StoreRatingPage(Wire):
    """A page of ratings, newest first."""

    items: list[StoreRating]
    next_cursor: str | None = None


class RatingQuery(Page):
    """Which of a store's ratings to list."""


class HideRequest(Wire):
    """Why an operator hides a comment."""

    reason: Reason
