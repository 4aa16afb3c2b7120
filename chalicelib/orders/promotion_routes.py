"""HTTP of promotions: read, call, render. What they do to a price is told in the quote."""

from chalicelib.catalog.errors import StoreNotFoundError
from chalicelib.core.errors import BusyError, ForbiddenError, KeyReusedError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api
from chalicelib.orders import promotion_offered, promotion_reading, rights, sponsoring
from chalicelib.orders.errors import (
    CodeTakenError,
    PromotionImpossibleError,
    PromotionsFullError,
    PromotionUnknownError,
)
from chalicelib.orders.promotion_schemas import (
    NewPlatformPromotion,
    NewStorePromotion,
    OfferedList,
    PromotionDetail,
    PromotionPage,
    PromotionQuery,
)

api = Api(__name__)

PROMOTIONS = Limit("promotions", calls=60, seconds=60)
REPLAYED = {"Idempotent-Replayed": "true"}
MAKING = (
    KeyReusedError, PromotionImpossibleError, CodeTakenError, PromotionsFullError, BusyError,
)  # fmt: skip
OWN = (PromotionUnknownError, ForbiddenError)


@api.post(
    "/v1/stores/{store_id}/promotions", rights.PROMOTION_CREATE, status=201, limit=PROMOTIONS,
    errors=(*OWN, *MAKING),
)  # fmt: skip
def create_store_promotion(
    caller: Caller, key: Key, body: NewStorePromotion, store_id: str
) -> Answer[PromotionDetail]:
    """Lower a store's prices, at its own expense: its owners and managers may.

    Needs an Idempotency-Key. A promotion is never changed: stop it, and make another.
    """
    made, repeated = sponsoring.of_store(caller, store_id, body, key)
    return Answer(made, headers=REPLAYED if repeated else {})


@api.get("/v1/stores/{store_id}/promotions", rights.PROMOTION_LIST, errors=OWN)
def list_store_promotions(caller: Caller, query: PromotionQuery, store_id: str) -> PromotionPage:
    """List a store's own promotions, newest first."""
    return promotion_reading.listing_of_store(caller, store_id, query)


@api.get(
    "/v1/stores/{store_id}/promotions/offered", rights.PROMOTION_OFFERED,
    errors=(StoreNotFoundError,),
)  # fmt: skip
def list_offered_promotions(caller: Caller, store_id: str) -> OfferedList:
    """List what a store and the platform offer everybody now. What needs a code is not told."""
    return promotion_offered.offered(caller, store_id)


@api.post(
    "/v1/promotions", rights.PROMOTION_CREATE_PLATFORM, status=201, limit=PROMOTIONS, errors=MAKING
)
def create_promotion(
    caller: Caller, key: Key, body: NewPlatformPromotion
) -> Answer[PromotionDetail]:
    """Lower prices at stores, at a merchant's or in cities, and say who bears it.

    Needs an Idempotency-Key. What a merchant sponsors was agreed with it before.
    """
    made, repeated = sponsoring.of_platform(caller, body, key)
    return Answer(made, headers=REPLAYED if repeated else {})


@api.get("/v1/promotions", rights.PROMOTION_LIST_PLATFORM)
def list_promotions(query: PromotionQuery) -> PromotionPage:
    """List the platform's promotions, newest first."""
    return promotion_reading.listing_of_platform(query)


@api.get("/v1/promotions/{promotion_id}", rights.PROMOTION_READ, errors=OWN)
def read_promotion(caller: Caller, promotion_id: str) -> PromotionDetail:
    """Read a promotion, and what orders have taken of it."""
    return promotion_reading.read(caller, promotion_id)


@api.post("/v1/promotions/{promotion_id}/stop", rights.PROMOTION_STOP, errors=(*OWN, BusyError))
def stop_promotion(caller: Caller, promotion_id: str) -> PromotionDetail:
    """Take a promotion from everybody, at once. Repeating it changes nothing.

    Orders keep what they have; a quote that counts on it can no longer be ordered.
    """
    return sponsoring.stop(caller, promotion_id)
