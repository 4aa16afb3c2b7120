"""What a customer thinks of an order: once for each, for a week after it was there.

A rating is one item in its store's list, and a pointer from its order. Stars are summed by whoever
hears of it (`couriers/rating.py`), never while a customer waits.
"""

from datetime import datetime, timedelta

from chalicelib.core import clock, dynamo, ids, outbox, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Right
from chalicelib.orders import reading, rights
from chalicelib.orders.errors import (
    NobodyBroughtItError,
    RatingClosedError,
    RatingLateError,
)
from chalicelib.orders.models import order_key
from chalicelib.orders.order import Order
from chalicelib.orders.rating_models import (
    RATED,
    RatedOrder,
    RatingEvent,
    RatingItem,
    rating_events_key,
    ratings_key,
)
from chalicelib.orders.rating_schemas import RatingView, StoresAnswer, Verdict

GIVEN_WITHIN = timedelta(days=7)
EDITED_WITHIN = timedelta(hours=24)
RACES = 4
GIVEN, CHANGED = "rating.given", "rating.changed"


def rate(order_id: str, caller: Caller, verdict: Verdict) -> RatingView:
    """Say what one thinks of an order of one's own, or say it otherwise. Safe to repeat.

    Raises NotFoundError (404), ConflictError (409) before it was there, RatingLateError (409) after
    a week, RatingClosedError (409) a day after it was first said, NobodyBroughtItError (422) for
    stars of a courier where none brought it.
    """
    order = reading.demand(order_id, caller, rights.ORDER_RATE)
    if verdict.courier is not None and order.courier_id is None:
        raise NobodyBroughtItError
    for _ in range(RACES):
        found = find(order_id)
        if found is None:
            made = _given(order, verdict, caller)
        else:
            made = _edited(order, found, verdict, caller)
        if not made:
            break
        try:
            parts.commit(*made)
        except BusyError:
            continue
        break
    else:
        raise BusyError
    return _demand(order)


def read(order_id: str, caller: Caller, right: Right) -> RatingView:
    """The rating of an order. Raises NotFoundError (404), also where there is none."""
    return _demand(reading.demand(order_id, caller, right))


def find(order_id: str) -> RatingItem | None:
    """The rating of an order as it is now (2 reads); None: there is none. No rights are checked."""
    rated = dynamo.get(RatedOrder, order_key(order_id), RATED)
    if rated is None:
        return None
    return dynamo.get(RatingItem, ratings_key(rated.store_id), rated.rating_id)


def of_orders(order_ids: list[str]) -> list[RatingView]:
    """The ratings that there are of these orders of one customer: for who asks what is known."""
    found = ((order_id, find(order_id)) for order_id in order_ids)
    return [view(order_id, rating) for order_id, rating in found if rating is not None]


def announce(order_id: str, rating: RatingItem, kind: str, version: int, actor: str) -> Part:
    """The part that says that something happened to a rating, and nothing of what it says."""
    return outbox.announce(
        RatingEvent,
        rating_events_key(order_id),
        kind="rating",
        subject=order_id,
        version=version,
        type=kind,
        actor=actor,
        data={"store_id": rating.store_id, "rating_id": rating.id},
    )


def view(order_id: str, rating: RatingItem) -> RatingView:
    """A rating as who gave it sees it, hidden or not."""
    given = clock.parse(rating.given_at)
    return RatingView(
        id=rating.id,
        order_id=order_id,
        store=int(rating.store_stars),
        courier=None if rating.courier_stars is None else int(rating.courier_stars),
        comment=rating.comment,
        given_at=given,
        editable_until=given + EDITED_WITHIN,
        hidden=rating.hidden_at is not None,
        answer=answer_of(rating),
    )


def answer_of(rating: RatingItem) -> StoresAnswer | None:
    """What its store has answered."""
    if not rating.answer:
        return None
    return StoresAnswer(text=rating.answer, at=clock.parse(rating.answered_at))


def _demand(order: Order) -> RatingView:
    found = find(order.id)
    if found is None:
        raise NotFoundError
    return view(order.id, found)


def _there_at(order: Order) -> datetime:
    """When it was handed over. Orders of older releases know only when they should have been."""
    return order.handed_over_at or order.promised_until


def _given(order: Order, verdict: Verdict, caller: Caller) -> tuple[Part, ...]:
    if clock.now() > _there_at(order) + GIVEN_WITHIN:
        raise RatingLateError
    rating_id = ids.new("rat")
    made = RatingItem(
        ratings_key(order.store_id),
        rating_id,
        id=rating_id,
        store_id=order.store_id,
        courier_id=order.courier_id,
        store_stars=verdict.store,
        courier_stars=verdict.courier,
        comment=verdict.comment,
        given_at=clock.stamp(clock.now()),
        version=1,
    )
    pointer = RatedOrder(order_key(order.id), RATED, store_id=order.store_id, rating_id=rating_id)
    return (
        parts.put(pointer, BusyError()),
        parts.put(made, BusyError()),
        announce(order.id, made, GIVEN, 1, caller.actor),
    )


def _edited(order: Order, rating: RatingItem, verdict: Verdict, caller: Caller) -> tuple[Part, ...]:
    """Nothing, where it says the same."""
    if Verdict(**view(order.id, rating).model_dump(include=set(Verdict.model_fields))) == verdict:
        return ()
    if clock.now() > clock.parse(rating.given_at) + EDITED_WITHIN:
        raise RatingClosedError
    version = int(rating.version) + 1
    courier, said = RatingItem.courier_stars, RatingItem.comment
    changed = parts.update(
        RatingItem.at(rating.store_id, rating.id),
        [
            RatingItem.version.set(version),
            RatingItem.store_stars.set(verdict.store),
            courier.remove() if verdict.courier is None else courier.set(verdict.courier),
            said.remove() if verdict.comment is None else said.set(verdict.comment),
        ],
        BusyError(),
        RatingItem.version == rating.version,
    )
    return changed, announce(order.id, rating, CHANGED, version, caller.actor)
