"""Promotions as their makers see them: one with what orders have taken of it, and lists."""

from chalicelib.catalog import reading as stores
from chalicelib.core import clock, dynamo, paging
from chalicelib.core.errors import ForbiddenError, NotFoundError
from chalicelib.core.money import Money
from chalicelib.core.rights import Caller, Right, Role
from chalicelib.orders import rights
from chalicelib.orders.errors import PromotionUnknownError
from chalicelib.orders.promoting import promotion_of
from chalicelib.orders.promotion_models import (
    COUNT,
    PLATFORM,
    PromotionCount,
    PromotionHead,
    PromotionRow,
    owner_key,
    promotion_key,
)
from chalicelib.orders.promotion_schemas import (
    PromotionDetail,
    PromotionPage,
    PromotionQuery,
    PromotionView,
)


def load(promotion_id: str) -> PromotionHead:
    """Raises PromotionUnknownError (404)."""
    head = dynamo.get(PromotionHead, promotion_key(promotion_id))
    if head is None:
        raise PromotionUnknownError
    return head


def read(caller: Caller, promotion_id: str) -> PromotionDetail:
    """A promotion and what orders have taken of it. Raises PromotionUnknownError (404)."""
    head = load(promotion_id)
    demand(caller, rights.PROMOTION_READ, head.owner)
    return detail(head)


def listing_of_store(caller: Caller, store_id: str, query: PromotionQuery) -> PromotionPage:
    """A store's own promotions, newest first. Raises PromotionUnknownError (404)."""
    demand(caller, rights.PROMOTION_LIST, store_id)
    page = _listing(store_id, query)
    if not page.items and stores.store(store_id) is None:  # an operator may ask for any store
        raise PromotionUnknownError
    return page


def listing_of_platform(query: PromotionQuery) -> PromotionPage:
    """The platform's promotions, newest first."""
    return _listing(PLATFORM, query)


def _listing(owner: str, query: PromotionQuery) -> PromotionPage:
    found = paging.newest_of(PromotionRow, owner_key(owner), limit=query.limit, cursor=query.cursor)
    items = [_view(row.content, row.stopped_at) for row in found.items]
    return PromotionPage(items=items, next_cursor=found.next_cursor)


def demand(caller: Caller, right: Right, owner: str) -> Role:
    """Let the caller pass or refuse: what is another store's, or the platform's, is hidden.

    As what the caller may.
    """
    member = None
    if Role.MERCHANT in caller.roles and owner != PLATFORM:
        member = stores.staff_role(owner, caller.id)
    try:
        return right.demand(caller, own=member in rights.STAFF[right.name])
    except NotFoundError:
        raise (ForbiddenError if member else PromotionUnknownError) from None


def _view(content: str, stopped_at: str | None) -> PromotionView:
    stopped = clock.parse(stopped_at) if stopped_at else None
    return PromotionView(**dict(promotion_of(content)), stopped_at=stopped)


def detail(head: PromotionHead) -> PromotionDetail:
    """A promotion with what orders have taken of it."""
    view = _view(head.content, head.stopped_at)
    count = dynamo.get(PromotionCount, head.pk, COUNT)
    spent = int(count.spent or 0) if count else 0
    return PromotionDetail(
        **dict(view),
        used=int(count.uses or 0) if count else 0,
        spent=Money(amount=spent, currency=view.currency),
    )
