"""Promotions in quotes and orders: chosen with the price, taken with the order, given back once.

What an order takes is counted by conditional parts of the transaction that places it, so that no
limit and no budget is ever passed, and given back by the write that ends it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.catalog.schemas import Store
from chalicelib.core import dynamo, parts
from chalicelib.core.parts import Failure, Part
from chalicelib.orders import promotions
from chalicelib.orders.errors import PromotionGoneError
from chalicelib.orders.models import OrderHead
from chalicelib.orders.order import Order
from chalicelib.orders.pricing import Issue
from chalicelib.orders.promotion_models import (
    COUNT,
    FIRST_ORDER,
    PLATFORM,
    PROMOTION,
    PromotionCode,
    PromotionCount,
    PromotionHead,
    PromotionRow,
    PromotionUser,
    code_key,
    person_key,
    place_key,
    promotion_key,
    user_key,
)
from chalicelib.orders.promotion_schemas import Promotion, Taken
from chalicelib.orders.promotions import Basket, Chosen
from chalicelib.orders.schemas import QuoteWarning
from chalicelib.orders.status import OrderStatus

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

SHOWN_ORDERS = 10
LEFT_OUT = "Together with what else counts here this cannot be had: that saves you more."
WHY = {
    "promotion_unknown": "There is no such code here.",
    "promotion_not_yet": "This does not apply yet.",
    "promotion_over": "This does not apply any more.",
    "promotion_minimum": "The items cost too little for this.",
    "promotion_without_effect": "Nothing of this order is what it is for.",
    "promotion_used_up": "This was given as often as it could be.",
    "promotion_used": "You have had this as often as you may.",
    "promotion_first_order": "This is for a first order.",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What may count for a quote, and why some codes do not."""

    chosen: Chosen
    issues: tuple[Issue, ...] = ()
    warnings: tuple[QuoteWarning, ...] = ()


def offered(
    store: Store, customer_id: str, codes: Sequence[str], basket: Basket, at: datetime
) -> Offered:
    """The promotions that count for a basket, the best for its customer; codes' problems all told.

    Three reads, two or three for each code, and one to three for each promotion that counts.
    """
    found, issues = _by_codes(store, customer_id, codes, basket, at)
    if issues:
        return Offered(Chosen(), tuple(issues))
    candidates = {one.id: one for one in _by_themselves(store)}
    candidates = {
        one.id: one for one in candidates.values() if _unfit(one, store, basket, at) is None
    }
    candidates |= {one.id: one for one in found}
    while True:
        chosen = promotions.best(candidates.values(), basket)
        spoilt = [one.promotion_id for one in chosen.taken() if _spoilt(one, customer_id)]
        if not spoilt:
            break
        for promotion_id in spoilt:
            del candidates[promotion_id]
    left_out = [
        QuoteWarning(code="promotion_not_combined", pointer=f"/codes/{number}", detail=LEFT_OUT)
        for number, one in enumerate(found)
        if one.id not in chosen.ids
    ]
    return Offered(chosen, warnings=tuple(left_out))


def _by_themselves(store: Store) -> Iterable[Promotion]:
    for place in (store.id, store.merchant_id, store.city):
        for row in dynamo.items(PromotionRow, place_key(place), prefix=PROMOTION):
            yield promotion_of(row.content)


def _by_codes(
    store: Store, customer_id: str, codes: Sequence[str], basket: Basket, at: datetime
) -> tuple[list[Promotion], list[Issue]]:
    found: list[Promotion] = []
    issues: list[Issue] = []
    for number, code in enumerate(codes):
        promotion = _by_code(store, code)
        why = "promotion_unknown" if promotion is None else None
        if promotion and (why := _unfit(promotion, store, basket, at)) is None:
            (taken,) = promotions.applied((promotion,), basket).taken()
            why = _spoilt(taken, customer_id)
        if promotion is None or why:
            code_ = why or "promotion_unknown"
            issues.append(Issue(code_, f"/codes/{number}", WHY[code_]))
        else:
            found.append(promotion)
    return found, issues


def _by_code(store: Store, code: str) -> Promotion | None:
    """What a code stands for at a store: the store's own first."""
    for owner in (store.id, PLATFORM):
        pointer = dynamo.get(PromotionCode, code_key(owner, code))
        head = pointer and dynamo.get(PromotionHead, promotion_key(pointer.promotion_id))
        if head:
            return promotion_of(head.content)
    return None


def promotion_of(content: str) -> Promotion:
    """A stored promotion. What a newer release has added to it is left out."""
    return Promotion.model_validate_json(content, extra="ignore")


def _unfit(promotion: Promotion, store: Store, basket: Basket, at: datetime) -> str | None:
    """Why a promotion is not for this basket at this store; None: it is."""
    if not promotions.covers(promotion, store):
        return "promotion_unknown"
    if not promotion.runs(at):
        return "promotion_over" if promotion.is_over(at) else "promotion_not_yet"
    if basket.items < promotion.minimum:
        return "promotion_minimum"
    saved = promotions.applied((promotion,), basket).saved
    return None if saved else "promotion_without_effect"


def _spoilt(taken: Taken, customer_id: str) -> str | None:
    """Why a promotion cannot be taken any more, by this customer or at all; None: it can."""
    key = promotion_key(taken.promotion_id)
    count = dynamo.get(PromotionCount, key, COUNT) or PromotionCount(key, COUNT)
    if _is_used_up(count, taken):
        return "promotion_used_up"
    if taken.per_customer is not None:
        mine = dynamo.get(PromotionUser, key, user_key(customer_id))
        if mine and int(mine.uses or 0) >= taken.per_customer:
            return "promotion_used"
    if taken.first_order and not _is_new(customer_id):
        return "promotion_first_order"
    return None


def _is_used_up(count: PromotionCount, taken: Taken) -> bool:
    often = taken.uses is not None and int(count.uses or 0) >= taken.uses
    left = taken.budget is None or int(count.spent or 0) + taken.amount <= taken.budget
    return bool(count.stopped) or often or not left


def _is_new(customer_id: str) -> bool:
    """Whether a customer has no order but such as were given up.

    Read from an index, which may lag by a moment: what is exact is that it is given once.
    """
    given = dynamo.get(PromotionUser, person_key(customer_id), FIRST_ORDER)
    if given and int(given.uses or 0) > 0:
        return False
    with dynamo.reading():
        heads = list(
            OrderHead.by_customer.query(customer_id, scan_index_forward=False, limit=SHOWN_ORDERS)
        )
    return all(head.status == OrderStatus.CANCELLED for head in heads)


# --- taking and giving back --------------------------------------------------------------------


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
    return made


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
        made.append(parts.upsert(PromotionCount(key, COUNT), back))
        if one.per_customer is not None:
            user = PromotionUser(key, user_key(order.customer_id))
            made.append(parts.upsert(user, [PromotionUser.uses.add(-1)]))
    if any(one.first_order for one in given):
        person = PromotionUser(person_key(order.customer_id), FIRST_ORDER)
        made.append(parts.upsert(person, [PromotionUser.uses.add(-1)]))
    return tuple(made)
