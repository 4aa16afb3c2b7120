"""Promotions as they are made, listed and stopped: by a store at its expense, by the platform.

A promotion is never changed: it is stopped, at once and for quotes that are out too, and another is
made. It is a row of each place where it applies by itself, so that a quote finds all that may count
by three reads; or a code points to it.
"""

from collections.abc import Iterator

from chalicelib.catalog import merchants
from chalicelib.catalog import reading as stores
from chalicelib.catalog.errors import MerchantNotFoundError
from chalicelib.core import clock, dynamo, idempotency, ids, paging, parts
from chalicelib.core.errors import (
    BusyError,
    ForbiddenError,
    KeyReusedError,
    NotFoundError,
)
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.money import Money
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Right, Role
from chalicelib.orders import rights
from chalicelib.orders.errors import (
    CodeTakenError,
    PromotionImpossibleError,
    PromotionsFullError,
    PromotionUnknownError,
)
from chalicelib.orders.pricing import Issue
from chalicelib.orders.promoting import promotion_of
from chalicelib.orders.promotion_models import (
    COUNT,
    PLATFORM,
    PROMOTION,
    PromotionCode,
    PromotionCount,
    PromotionHead,
    PromotionRow,
    code_key,
    owner_key,
    place_key,
    promotion_key,
)
from chalicelib.orders.promotion_schemas import (
    AtMerchant,
    AtStores,
    ItemAt,
    NewPlatformPromotion,
    NewStorePromotion,
    Promotion,
    PromotionDetail,
    PromotionPage,
    PromotionQuery,
    PromotionView,
    Scope,
    Sponsors,
)

MOST_AT_ONCE = 30
"""So many promotions apply by themselves at one place: a quote reads them all."""
DAY_SECONDS = 86_400
RACES = 4


def of_store(
    caller: Caller, store_id: str, new: NewStorePromotion, key: Key
) -> tuple[PromotionDetail, bool]:
    """A store's own promotion, and whether the request is only repeated.

    Raises PromotionUnknownError (404) for another's store, ForbiddenError (403) for who is at the
    till, PromotionImpossibleError (422), CodeTakenError and PromotionsFullError (409).
    """
    _demand(caller, rights.PROMOTION_CREATE, store_id)
    store = stores.store(store_id)
    if store is None:
        raise PromotionUnknownError
    promotion = Promotion(
        **dict(new),
        id=ids.new("pro"),
        made_by="merchant",
        currency=store.currency,
        scope=AtStores(type="stores", store_ids=(store_id,)),
        sponsors=Sponsors(platform=0, merchant=10_000),
        created_at=clock.now(),
    )
    return _made(caller, promotion, store_id, key)


def of_platform(
    caller: Caller, new: NewPlatformPromotion, key: Key
) -> tuple[PromotionDetail, bool]:
    """A promotion of the platform's, and whether the request is only repeated. Raises as above."""
    promotion = Promotion(
        **dict(new), id=ids.new("pro"), made_by="platform", created_at=clock.now()
    )
    return _made(caller, promotion, PLATFORM, key)


def _made(
    caller: Caller, promotion: Promotion, owner: str, key: Key
) -> tuple[PromotionDetail, bool]:
    issues = list(_issues(promotion))
    if issues:
        raise PromotionImpossibleError(errors=[issue.shown() for issue in issues])
    try:
        parts.commit(idempotency.claim(key, promotion.id), *_written(caller, promotion, owner))
    except RepeatedError as repeated:
        if repeated.record.body_hash != key.body_hash:
            raise KeyReusedError from None
        return _detail(load(repeated.record.subject)), True
    return _detail(load(promotion.id)), False


def _issues(promotion: Promotion) -> Iterator[Issue]:
    """Why this promotion makes no sense, of what its shape does not say."""
    scope = promotion.scope
    if promotion.is_over(clock.now()):
        yield Issue("promotion_over", "/ends", "It would be over already.")
    if promotion.sponsors.merchant and scope.type == "cities":
        detail = "No merchant of a whole city has agreed to this."
        yield Issue("merchant_not_asked", "/sponsors/merchant", detail)
    if isinstance(promotion.benefit, ItemAt) and not _is_one_store(scope):
        detail = "An item is one of one store."
        yield Issue("item_of_many_stores", "/benefit/item_id", detail)
    if isinstance(scope, AtStores):
        for number, store_id in enumerate(scope.store_ids):
            yield from _of_store(store_id, number, promotion.currency)
    elif isinstance(scope, AtMerchant):
        try:
            merchants.load(scope.merchant_id)
        except MerchantNotFoundError:
            detail = "There is no such merchant."
            yield Issue("merchant_unknown", "/scope/merchant_id", detail)


def _is_one_store(scope: Scope) -> bool:
    return isinstance(scope, AtStores) and len(scope.store_ids) == 1


def _of_store(store_id: str, number: int, currency: str) -> Iterator[Issue]:
    store = stores.store(store_id)
    pointer = f"/scope/store_ids/{number}"
    if store is None:
        yield Issue("store_unknown", pointer, "There is no such store.")
    elif store.currency != currency:
        yield Issue("currency_differs", pointer, f"The store sells in {store.currency}.")


def _written(caller: Caller, promotion: Promotion, owner: str) -> list[Part]:
    key, content = promotion_key(promotion.id), promotion.model_dump_json()
    head = PromotionHead(
        key,
        dynamo.HEAD,
        id=promotion.id,
        owner=owner,
        content=content,
        made_by=caller.actor,
    )
    made = [
        parts.put(head, BusyError()),
        parts.put(PromotionRow(owner_key(owner), key, content=content), BusyError()),
    ]
    if promotion.code:
        pointer = PromotionCode(
            code_key(owner, promotion.code), dynamo.HEAD, promotion_id=promotion.id
        )
        return [*made, parts.put(pointer, CodeTakenError())]
    for place in _places(promotion.scope):
        if len(dynamo.items(PromotionRow, place_key(place), prefix=PROMOTION)) >= MOST_AT_ONCE:
            raise PromotionsFullError
        row = PromotionRow(place_key(place), key, content=content)
        if promotion.ends:
            row.expires_at = clock.forget_at(promotion.ends) + DAY_SECONDS
        made.append(parts.put(row, BusyError()))
    return made


def _places(scope: Scope) -> list[str]:
    """Where a promotion that applies by itself is looked for, each place once."""
    if isinstance(scope, AtStores):
        return sorted(set(scope.store_ids))
    if isinstance(scope, AtMerchant):
        return [scope.merchant_id]
    return sorted(set(scope.cities))


# --- reading and stopping ----------------------------------------------------------------------


def load(promotion_id: str) -> PromotionHead:
    """Raises PromotionUnknownError (404)."""
    head = dynamo.get(PromotionHead, promotion_key(promotion_id))
    if head is None:
        raise PromotionUnknownError
    return head


def read(caller: Caller, promotion_id: str) -> PromotionDetail:
    """A promotion and what orders have taken of it. Raises PromotionUnknownError (404)."""
    head = load(promotion_id)
    _demand(caller, rights.PROMOTION_READ, head.owner)
    return _detail(head)


def stop(caller: Caller, promotion_id: str) -> PromotionDetail:
    """Take a promotion from everybody, at once; orders keep what they have. Safe to repeat.

    A quote that counts on it can no longer be ordered (PromotionGoneError). Its code is free again.
    """
    for _ in range(RACES):
        head = load(promotion_id)
        _demand(caller, rights.PROMOTION_STOP, head.owner)
        if head.stopped_at:
            return _detail(head)
        try:
            parts.commit(*_stopped(caller, head))
        except BusyError:
            continue
    return _detail(load(promotion_id))


def _stopped(caller: Caller, head: PromotionHead) -> list[Part]:
    now, promotion = clock.stamp(clock.now()), promotion_of(head.content)
    row = PromotionRow(owner_key(head.owner), head.pk)
    count = PromotionCount(head.pk, COUNT)
    gone: list[Part] = []
    if promotion.code:
        gone = [parts.forget(PromotionCode(code_key(head.owner, promotion.code), dynamo.HEAD))]
    else:
        places = _places(promotion.scope)
        gone = [parts.forget(PromotionRow(place_key(place), head.pk)) for place in places]
    return [
        parts.update(
            PromotionHead(head.pk, dynamo.HEAD),
            [PromotionHead.stopped_at.set(now), PromotionHead.stopped_by.set(caller.actor)],
            BusyError(),
            PromotionHead.stopped_at.does_not_exist(),
        ),
        parts.upsert(row, [PromotionRow.stopped_at.set(now)]),
        parts.upsert(count, [PromotionCount.stopped.set(True)]),
        *gone,
    ]


def listing_of_store(caller: Caller, store_id: str, query: PromotionQuery) -> PromotionPage:
    """A store's own promotions, newest first. Raises PromotionUnknownError (404)."""
    _demand(caller, rights.PROMOTION_LIST, store_id)
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


def _demand(caller: Caller, right: Right, owner: str) -> None:
    """Let the caller pass or refuse: what is another store's, or the platform's, is hidden."""
    member = None
    if Role.MERCHANT in caller.roles and owner != PLATFORM:
        member = stores.staff_role(owner, caller.id)
    try:
        right.demand(caller, own=member in rights.STAFF[right.name])
    except NotFoundError:
        raise (ForbiddenError if member else PromotionUnknownError) from None


def _view(content: str, stopped_at: str | None) -> PromotionView:
    stopped = clock.parse(stopped_at) if stopped_at else None
    return PromotionView(**dict(promotion_of(content)), stopped_at=stopped)


def _detail(head: PromotionHead) -> PromotionDetail:
    view = _view(head.content, head.stopped_at)
    count = dynamo.get(PromotionCount, head.pk, COUNT)
    spent = int(count.spent or 0) if count else 0
    return PromotionDetail(
        **dict(view),
        used=int(count.uses or 0) if count else 0,
        spent=Money(amount=spent, currency=view.currency),
    )
