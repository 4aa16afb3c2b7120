"""What orders take of promotions: counted with the order, never beyond a limit, given back once.

Taking is conditional parts of the transaction that places the order: of many at once exactly the
limit wins. Giving back goes with the one write that ends it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib.core import ids, parts
from chalicelib.core.parts import Failure, Part
from chalicelib.orders.errors import PromotionGoneError
from chalicelib.orders.order import Order
from chalicelib.orders.promotion_models import (
    COUNT,
    FIRST_ORDER,
    PromotionCount,
    PromotionUser,
    WaitingBadge,
    person_key,
    promotion_key,
    user_key,
)
from chalicelib.orders.promotion_schemas import AmountOff, Promotion, Taken

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

WAITING = "BADGES"


def is_used_up(promotion: Promotion, count: PromotionCount) -> bool:
    """Whether a promotion was given as often as it could be, or somebody has stopped it. Pure.

    An amount counts as given once the whole of it is not left: who buys for less than the rest may
    still have it, and is not promised it.
    """
    often = promotion.uses is not None and int(count.uses or 0) >= promotion.uses
    least = promotion.benefit.amount if isinstance(promotion.benefit, AmountOff) else 1
    spent = int(count.spent or 0)
    return (
        bool(count.stopped)
        or often
        or (promotion.budget is not None and promotion.budget - spent < least)
    )


def kept(content: Mapping[str, Any]) -> list[Taken]:
    """What a quote takes; nothing, of one that was made before there were promotions."""
    return [Taken.model_validate(one, extra="ignore") for one in content.get("promotions") or ()]


def take(customer_id: str, content: Mapping[str, Any]) -> list[Part]:
    """The parts that take what a quote was priced with. Failure: PromotionGoneError (409)."""
    taken = kept(content)
    found = [part for one in taken for part in _take(customer_id, one)]
    if any(one.first_order for one in taken):
        gone = PromotionGoneError(
            promotion_id=next(one.promotion_id for one in taken if one.first_order)
        )
        person = PromotionUser(person_key(customer_id), FIRST_ORDER)
        found.append(_count_user(person, 1, gone))
    return found


def _take(customer_id: str, taken: Taken) -> list[Part]:
    key = promotion_key(taken.promotion_id)
    gone = PromotionGoneError(promotion_id=taken.promotion_id)
    made = [_count(key, taken, gone)]
    if taken.per_customer is not None:
        user = PromotionUser(key, user_key(customer_id))
        made.append(_count_user(user, taken.per_customer, gone))
    return [*made, *_shown_anew(taken)]


def _shown_anew(taken: Taken) -> list[Part]:
    """The part by which lists look again whether a limited promotion can still be had."""
    if taken.uses is None and taken.budget is None:
        return []
    waits = WaitingBadge(WAITING, taken.promotion_id)
    return [parts.upsert(waits, [WaitingBadge.turn.set(ids.token(80))])]


def _count(key: str, taken: Taken, gone: Failure) -> Part:
    """The part that counts a use and its amount, within the limits, of what is not stopped."""
    fits: Condition = PromotionCount.stopped.does_not_exist()
    if taken.uses is not None:
        fits &= PromotionCount.uses.does_not_exist() | (PromotionCount.uses < taken.uses)
    if taken.budget is not None:
        room = PromotionCount.spent <= taken.budget - taken.amount
        if taken.amount <= taken.budget:
            room = PromotionCount.spent.does_not_exist() | room
        fits &= room
    actions = [
        PromotionCount.v.set(PromotionCount.VERSION),
        PromotionCount.uses.add(1),
        PromotionCount.spent.add(taken.amount),
    ]
    return parts.update(PromotionCount(key, COUNT), actions, gone, fits)


def _count_user(user: PromotionUser, limit: int, gone: Failure) -> Part:
    fits = PromotionUser.uses.does_not_exist() | (PromotionUser.uses < limit)
    actions = [PromotionUser.v.set(PromotionUser.VERSION), PromotionUser.uses.add(1)]
    return parts.update(user, actions, gone, fits)


def give_back(order: Order, *, of_delivery: bool = False) -> tuple[Part, ...]:
    """The parts that give back what an order took; or only what was taken off its delivery.

    They go with the one write that ends the order (or its delivery), and so once. They have no
    condition of their own: no cancellation fails by a counter.
    """
    given = [one for one in order.promotions if one.of_delivery or not of_delivery]
    made: list[Part] = []
    for one in given:
        key = promotion_key(one.promotion_id)
        back = [PromotionCount.uses.add(-1), PromotionCount.spent.add(-one.amount)]
        made += [parts.upsert(PromotionCount(key, COUNT), back), *_shown_anew(one)]
        if one.per_customer is not None:
            user = PromotionUser(key, user_key(order.customer_id))
            made.append(parts.upsert(user, [PromotionUser.uses.add(-1)]))
    if any(one.first_order for one in given):
        person = PromotionUser(person_key(order.customer_id), FIRST_ORDER)
        made.append(parts.upsert(person, [PromotionUser.uses.add(-1)]))
    return tuple(made)
