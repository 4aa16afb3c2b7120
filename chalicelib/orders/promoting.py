"""Promotions in quotes: what counts here, for this customer, now. `promotion_counts` takes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from chalicelib.catalog.schemas import Store
from chalicelib.core import clock, dynamo
from chalicelib.core.telemetry import alarm
from chalicelib.orders import promotions
from chalicelib.orders.models import OrderHead
from chalicelib.orders.pricing import Issue
from chalicelib.orders.promotion_models import (
    COUNT,
    FIRST_ORDER,
    PLATFORM,
    PromotionCode,
    PromotionCount,
    PromotionHead,
    PromotionPlace,
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
from chalicelib.people import guests

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
    "promotion_for_accounts": "This is for people with an account: sign up, or go without it.",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What may count for a quote, and why some codes do not."""

    chosen: Chosen
    issues: tuple[Issue, ...] = ()
    warnings: tuple[QuoteWarning, ...] = ()


def places(store: Store) -> list[str]:
    """The keys of what applies by itself at a store (PromotionPlace)."""
    return [place_key(one) for one in (store.id, store.merchant_id, store.city)]


def offered(
    store: Store,
    customer_id: str,
    codes: Sequence[str],
    basket: Basket,
    live: Sequence[PromotionPlace],
) -> Offered:
    """The promotions that count for a basket, the best for its customer; codes' problems all told.

    `live` is what applies by itself here, as it was a moment ago: counters say what still can be
    had. Two or three reads for each code, and one to three for each promotion that counts.
    """
    at = clock.now()
    found, issues = _by_codes(store, customer_id, codes, basket, at)
    if issues:
        return Offered(Chosen(), tuple(issues))
    alone = [one for one in by_themselves(live) if _unfit(one, store, basket, at) is None]
    candidates = {one.id: one for one in (*alone, *found)}
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


def codes_of(promotion_ids: Sequence[str]) -> tuple[str, ...]:
    """The codes by which promotions were had (1 read each), of those that have one."""
    heads = (dynamo.get(PromotionHead, promotion_key(one)) for one in promotion_ids)
    found = (promotion_of(head.content).code for head in heads if head)
    return tuple(code for code in found if code)


def by_themselves(live: Sequence[PromotionPlace]) -> Iterable[Promotion]:
    """All that can be read: what only a newer release knows keeps nobody from ordering."""
    for content in (content for place in live for content in place.live.values()):
        try:
            yield promotion_of(content)
        except ValidationError:
            alarm("A promotion cannot be read")


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
    saved = promotions.saved((promotion,), basket)
    return None if saved else "promotion_without_effect"


def _spoilt(taken: Taken, customer_id: str) -> str | None:
    """Why a promotion cannot be taken any more, by this customer or at all; None: it can."""
    key = promotion_key(taken.promotion_id)
    count = dynamo.get(PromotionCount, key, COUNT) or PromotionCount(key, COUNT)
    if _is_used_up(count, taken):
        return "promotion_used_up"
    if guests.is_guest(customer_id) and (taken.per_customer is not None or taken.first_order):
        return "promotion_for_accounts"
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
