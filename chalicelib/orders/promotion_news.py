"""What a store's own systems are told of its promotions: made, used up or to be had again, ended.

Of the platform's nothing is told: they are listed at each store (`promotions/offered`).
"""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.core import clock, dynamo, news, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.orders.promoting import promotion_of
from chalicelib.orders.promotion_counts import is_used_up
from chalicelib.orders.promotion_models import (
    COUNT,
    ENDINGS,
    PLATFORM,
    EndingPromotion,
    PromotionCount,
    PromotionHead,
    promotion_key,
)
from chalicelib.orders.promotion_schemas import Promotion

KIND = "promotion"
CREATED, CHANGED, ENDED = "promotion.created", "promotion.changed", "promotion.ended"
SWEPT_AT_ONCE = 50


def created(promotion: Promotion, owner: str, actor: str) -> tuple[Part, ...]:
    """The parts that tell of a new promotion, and let its end be told of."""
    if owner == PLATFORM:
        return ()
    told = _told(promotion.id, 1, owner, CREATED, "created", actor)
    ends = promotion.ends
    return (told, parts.overwrite(_ending(promotion.id, ends))) if ends else (told,)


def stopped(head: PromotionHead, actor: str) -> tuple[Part, ...]:
    """The parts that tell that somebody has stopped it, with what is written to its head."""
    if head.owner == PLATFORM or head.over:
        return ()
    ends = promotion_of(head.content).ends
    told = _told(head.id, _next(head), head.owner, ENDED, "stopped", actor)
    return (told, parts.forget(_ending(head.id, ends))) if ends else (told,)


def noticed(promotion_id: str) -> None:
    """Tell that a promotion is used up, or can be had again, if that is news. Safe to repeat."""
    head = dynamo.get(PromotionHead, promotion_key(promotion_id))
    if head is None or head.owner == PLATFORM or head.stopped_at or head.over:
        return
    count = dynamo.get(PromotionCount, head.pk, COUNT)
    gone = count is not None and is_used_up(promotion_of(head.content), count)
    if gone != bool(head.used_up):
        change = "used_up" if gone else "available"
        _change(head, PromotionHead.used_up.set(gone), CHANGED, change)


def ending() -> Iterator[EndingPromotion]:
    """The promotions whose time is over, the longest first."""
    now = clock.stamp(clock.now())
    with dynamo.reading():
        yield from list(
            EndingPromotion.query(
                ENDINGS, EndingPromotion.sk < f"{now}~", consistent_read=True, limit=SWEPT_AT_ONCE
            )
        )


def end(one: EndingPromotion) -> None:
    """Tell that the time of a promotion is over. Safe to repeat."""
    head = dynamo.get(PromotionHead, promotion_key(one.promotion_id))
    if head is None or head.stopped_at or head.over:
        parts.commit(parts.forget(one))
        return
    _change(head, PromotionHead.over.set(True), ENDED, "over", parts.forget(one))


def _change(head: PromotionHead, action: object, event: str, change: str, *also: Part) -> None:
    """Failure: BusyError, where it has changed meanwhile; the next sweep looks again."""
    version = PromotionHead.version
    as_read = version == head.version if head.version else version.does_not_exist()
    parts.commit(
        parts.update(
            PromotionHead(head.pk, head.sk),
            [action, version.set(_next(head))],  # type: ignore[list-item] # PynamoDB's actions
            BusyError(),
            as_read & PromotionHead.stopped_at.does_not_exist(),
        ),
        _told(head.id, _next(head), head.owner, event, change, SYSTEM),
        *also,
    )


def _next(head: PromotionHead) -> int:
    """Heads of older releases have no version: what was told of them is nothing."""
    return int(head.version or 1) + 1


def _told(
    promotion_id: str, version: int, store_id: str, event: str, change: str, actor: str
) -> Part:
    data = {"store_id": store_id, "promotion_id": promotion_id, "change": change}
    return news.announce(KIND, promotion_id, version, event, actor=actor, data=data)


def _ending(promotion_id: str, ends: datetime) -> EndingPromotion:
    return EndingPromotion(
        ENDINGS, f"{clock.stamp(ends)}#{promotion_id}", promotion_id=promotion_id
    )
