"""Promotions as they are made and stopped: by a store at its expense, by the platform.

A promotion is never changed: it is stopped, at once and for quotes that are out too, and another is
made. It is in the item of each place where it applies by itself, so that a quote finds all that may
count by one read; or a code points to it.
"""

from collections.abc import Iterator

from chalicelib.catalog import merchants
from chalicelib.catalog import reading as stores
from chalicelib.catalog.errors import MerchantNotFoundError
from chalicelib.core import audit, clock, dynamo, idempotency, ids, parts
from chalicelib.core.errors import BusyError, KeyReusedError
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role
from chalicelib.orders import (
    promotion_badges,
    promotion_news,
    promotion_places,
    promotion_reading,
    rights,
)
from chalicelib.orders.errors import (
    CodeTakenError,
    PromotionImpossibleError,
    PromotionUnknownError,
)
from chalicelib.orders.pricing import Issue
from chalicelib.orders.promoting import promotion_of
from chalicelib.orders.promotion_models import (
    COUNT,
    PLATFORM,
    PromotionCode,
    PromotionCount,
    PromotionHead,
    PromotionRow,
    code_key,
    owner_key,
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
    Scope,
    Sponsors,
)

RACES = 4


def of_store(
    caller: Caller, store_id: str, new: NewStorePromotion, key: Key
) -> tuple[PromotionDetail, bool]:
    """A store's own promotion, and whether the request is only repeated.

    Raises PromotionUnknownError (404) for another's store, ForbiddenError (403) for who is at the
    till, PromotionImpossibleError (422), CodeTakenError and PromotionsFullError (409).
    """
    promotion_reading.demand(caller, rights.PROMOTION_CREATE, store_id)
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
    return _made(caller, promotion, store_id, key, ())


def of_platform(
    caller: Caller, new: NewPlatformPromotion, key: Key
) -> tuple[PromotionDetail, bool]:
    """A promotion of the platform's, and whether the request is only repeated. Raises as above."""
    promotion = Promotion(
        **dict(new), id=ids.new("pro"), made_by="platform", created_at=clock.now()
    )
    kept = audit.entry(
        caller.acting_as(Role.OPERATOR), "promotion.created", promotion.id, "promotion"
    )
    return _made(caller, promotion, PLATFORM, key, (kept,))


def _made(
    caller: Caller, promotion: Promotion, owner: str, key: Key, kept: tuple[Part, ...]
) -> tuple[PromotionDetail, bool]:
    issues = list(_issues(promotion))
    if issues:
        raise PromotionImpossibleError(errors=[issue.shown() for issue in issues])
    for _ in range(RACES):
        try:
            written = _written(caller, promotion, owner)
            parts.commit(idempotency.claim(key, promotion.id), *written, *kept)
        except RepeatedError as repeated:
            if repeated.record.body_hash != key.body_hash:
                raise KeyReusedError from None
            return promotion_reading.detail(promotion_reading.load(repeated.record.subject)), True
        except BusyError:
            continue
        return promotion_reading.detail(promotion_reading.load(promotion.id)), False
    raise BusyError


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
        version=1,
    )
    made = [
        parts.put(head, BusyError()),
        parts.put(PromotionRow(owner_key(owner), key, content=content), BusyError()),
        *promotion_news.created(promotion, owner, caller.actor),
    ]
    if promotion.code:
        pointer = PromotionCode(
            code_key(owner, promotion.code), dynamo.HEAD, promotion_id=promotion.id
        )
        return [*made, parts.put(pointer, CodeTakenError())]
    return [
        *made,
        *(
            part
            for place in promotion_places.places_of(promotion.scope)
            for part in (
                promotion_places.shown_at(place, promotion),
                promotion_badges.waits(place),
            )
        ),
    ]


def stop(caller: Caller, promotion_id: str) -> PromotionDetail:
    """Take a promotion from everybody, at once; orders keep what they have. Safe to repeat.

    A quote that counts on it can no longer be ordered (PromotionGoneError). Its code is free again.
    """
    for _ in range(RACES):
        head = promotion_reading.load(promotion_id)
        role = promotion_reading.demand(caller, rights.PROMOTION_STOP, head.owner)
        if head.stopped_at:
            return promotion_reading.detail(head)
        try:
            actor = caller.acting_as(role)
            kept = audit.by_operator(role, actor, "promotion.stopped", promotion_id, "promotion")
            parts.commit(*_stopped(caller, head), *kept)
        except BusyError:
            continue
    raise BusyError


def _stopped(caller: Caller, head: PromotionHead) -> list[Part]:
    now, promotion = clock.stamp(clock.now()), promotion_of(head.content)
    row = PromotionRow(owner_key(head.owner), head.pk)
    count = PromotionCount(head.pk, COUNT)
    if promotion.code:
        gone = [parts.forget(PromotionCode(code_key(head.owner, promotion.code), dynamo.HEAD))]
    else:
        gone = [
            part
            for place in promotion_places.places_of(promotion.scope)
            for part in (
                promotion_places.hidden_at(place, promotion.id),
                promotion_badges.waits(place),
            )
        ]
    version = PromotionHead.version
    as_read = version == head.version if head.version else version.does_not_exist()
    return [
        parts.update(
            PromotionHead(head.pk, dynamo.HEAD),
            [
                PromotionHead.stopped_at.set(now),
                PromotionHead.stopped_by.set(caller.actor),
                version.set(int(head.version or 1) + 1),
            ],
            BusyError(),
            as_read & PromotionHead.stopped_at.does_not_exist(),
        ),
        *promotion_news.stopped(head, caller.actor),
        parts.upsert(row, [PromotionRow.stopped_at.set(now)]),
        parts.upsert(count, [PromotionCount.stopped.set(True)]),
        *gone,
    ]
