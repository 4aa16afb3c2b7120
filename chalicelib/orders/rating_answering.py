"""What a store makes of its ratings: it reads and answers them. Operators hide words."""

from pynamodb.expressions.condition import Condition

from chalicelib.catalog import reading as stores
from chalicelib.core import audit, clock, dynamo, paging, parts
from chalicelib.core.errors import BusyError, ForbiddenError, NotFoundError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Right, Role
from chalicelib.orders import rating as ratings
from chalicelib.orders import rights
from chalicelib.orders.errors import NothingSaidError, RatingUnknownError
from chalicelib.orders.rating_models import RatingItem, ratings_key
from chalicelib.orders.rating_schemas import Answer, RatingQuery, StoreRating, StoreRatingPage

RACES = 4


def listing(caller: Caller, store_id: str, query: RatingQuery) -> StoreRatingPage:
    """A store's ratings, newest first, for its owners and managers, and for operators.

    Raises RatingUnknownError (404) for another's store, ForbiddenError (403) for who is at the
    till.
    """
    _demand(caller, rights.RATING_LIST, store_id)
    found = paging.newest_of(
        RatingItem, ratings_key(store_id), limit=query.limit, cursor=query.cursor
    )
    if not found.items and stores.store(store_id) is None:  # an operator may ask for any store
        raise RatingUnknownError
    items = [_view(one, caller) for one in found.items]
    return StoreRatingPage(items=items, next_cursor=found.next_cursor)


def answer(caller: Caller, store_id: str, rating_id: str, said: Answer) -> StoreRating:
    """Answer a rating, or answer it otherwise. Safe to repeat.

    Raises RatingUnknownError (404), ForbiddenError (403), BusyError (409).
    """
    _demand(caller, rights.RATING_ANSWER, store_id)
    for _ in range(RACES):
        rating = _load(store_id, rating_id)
        if rating.answer == said.text:
            return _view(rating, caller)
        now = clock.stamp(clock.now())
        try:
            parts.commit(
                parts.update(
                    RatingItem.at(store_id, rating_id),
                    [RatingItem.answer.set(said.text), RatingItem.answered_at.set(now)],
                    BusyError(),
                    _as_read(rating),
                )
            )
        except BusyError:
            continue
        return _view(_load(store_id, rating_id), caller)
    raise BusyError


def hide(caller: Caller, store_id: str, rating_id: str, reason: str) -> StoreRating:
    """Show a comment to nobody but who wrote it and operators, and keep why. Stars stay.

    Safe to repeat, which keeps nothing more. Raises RatingUnknownError (404), NothingSaidError
    (409) where there is no comment.
    """
    rights.RATING_HIDE.demand(caller, own=False)
    for _ in range(RACES):
        rating = _load(store_id, rating_id)
        if rating.hidden_at:
            return _view(rating, caller)
        if not rating.comment:
            raise NothingSaidError
        try:
            parts.commit(*_hidden(caller, rating, reason))
        except BusyError:
            continue
        return _view(_load(store_id, rating_id), caller)
    raise BusyError


def _hidden(caller: Caller, rating: RatingItem, reason: str) -> tuple[Part, ...]:
    hidden = parts.update(
        RatingItem.at(rating.store_id, rating.id),
        [RatingItem.hidden_at.set(clock.stamp(clock.now()))],
        BusyError(),
        _as_read(rating),
    )
    actor = caller.acting_as(Role.OPERATOR)
    data = {"store_id": rating.store_id}
    return hidden, audit.entry(actor, "rating.hidden", rating.id, reason, data)


def _as_read(rating: RatingItem) -> Condition:
    return RatingItem.version == rating.version


def _demand(caller: Caller, right: Right, store_id: str) -> None:
    member = None
    if Role.MERCHANT in caller.roles:
        member = stores.staff_role(store_id, caller.id)
    try:
        right.demand(caller, own=member in rights.STAFF[right.name])
    except NotFoundError:
        raise (ForbiddenError if member else RatingUnknownError) from None


def _load(store_id: str, rating_id: str) -> RatingItem:
    found = dynamo.get(RatingItem, ratings_key(store_id), rating_id)
    if found is None:
        raise RatingUnknownError
    return found


def _view(rating: RatingItem, caller: Caller) -> StoreRating:
    hidden = rating.hidden_at is not None
    unseen = hidden and Role.OPERATOR not in caller.roles
    return StoreRating(
        id=rating.id,
        store=int(rating.store_stars),
        comment=None if unseen else rating.comment,
        hidden=hidden,
        given_on=clock.parse(rating.given_at).date(),
        answer=ratings.answer_of(rating),
    )
