"""HTTP of ratings: read, call, render."""

from chalicelib.core.errors import BusyError, ConflictError, ForbiddenError, NotFoundError
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.orders import rating, rating_answering, rights
from chalicelib.orders.errors import (
    NobodyBroughtItError,
    NothingSaidError,
    RatingClosedError,
    RatingLateError,
    RatingUnknownError,
)
from chalicelib.orders.rating_schemas import (
    Answer,
    HideRequest,
    RatingQuery,
    RatingView,
    StoreRating,
    StoreRatingPage,
    Verdict,
)

api = Api(__name__)

RATINGS = Limit("ratings", calls=60, seconds=60)


@api.put(
    "/v1/orders/{order_id}/rating", rights.ORDER_RATE, limit=RATINGS,
    errors=(
        NotFoundError, ConflictError, RatingLateError, RatingClosedError, NobodyBroughtItError,
        BusyError,
    ),
)  # fmt: skip
def rate_order(caller: Caller, body: Verdict, order_id: str) -> RatingView:
    """Rate an order of one's own within a week after it was there: its store, and who brought it.

    It can be said otherwise for a day. Repeating it changes nothing. The store reads the comment
    and may answer; it is not told who wrote it, or of which order.
    """
    return rating.rate(order_id, caller, body)


@api.get("/v1/orders/{order_id}/rating", rights.ORDER_READ_RATING, errors=(NotFoundError,))
def read_rating(caller: Caller, order_id: str) -> RatingView:
    """Read what one has said of an order, and what its store has answered."""
    return rating.read(order_id, caller, rights.ORDER_READ_RATING)


@api.get(
    "/v1/stores/{store_id}/ratings", rights.RATING_LIST, errors=(RatingUnknownError, ForbiddenError)
)
def list_store_ratings(caller: Caller, query: RatingQuery, store_id: str) -> StoreRatingPage:
    """List a store's ratings, newest first, without who gave them."""
    return rating_answering.listing(caller, store_id, query)


@api.put(
    "/v1/stores/{store_id}/ratings/{rating_id}/answer", rights.RATING_ANSWER, limit=RATINGS,
    errors=(RatingUnknownError, ForbiddenError, BusyError),
)  # fmt: skip
def answer_rating(caller: Caller, body: Answer, store_id: str, rating_id: str) -> StoreRating:
    """Answer a rating, as the store's owner or manager. Repeating it changes nothing."""
    return rating_answering.answer(caller, store_id, rating_id, body)


@api.post(
    "/v1/stores/{store_id}/ratings/{rating_id}/hide", rights.RATING_HIDE,
    errors=(RatingUnknownError, NothingSaidError, BusyError),
)  # fmt: skip
def hide_rating(caller: Caller, body: HideRequest, store_id: str, rating_id: str) -> StoreRating:
    """Hide a comment, as an operator, who says why. Its stars still count."""
    return rating_answering.hide(caller, store_id, rating_id, body.reason)
