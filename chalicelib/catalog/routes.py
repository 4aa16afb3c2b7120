"""The catalog over HTTP."""

from chalicelib.catalog import (
    availability,
    conditions,
    listing,
    merchants,
    nearby,
    operating,
    pausing,
    publishing,
    relisting,
    rights,
    rushing,
    searching,
    staffing,
    stores,
)
from chalicelib.catalog.completeness import Readiness
from chalicelib.catalog.conditions_schemas import ConditionsQuery, ConditionsView, Weather
from chalicelib.catalog.errors import (
    CityMismatchError,
    CursorError,
    LastOwnerError,
    MenuNotFoundError,
    MenuTooLargeError,
    MerchantNotFoundError,
    NotOnMenuError,
    PauseOverError,
    RushOverError,
    SoldOutOverError,
    StoreIncompleteError,
    StoreNotFoundError,
    StoreStateError,
    TaxCategoryUnknownError,
    TooMuchSoldOutError,
    WeatherOverError,
)
from chalicelib.catalog.listing_schemas import Relisted, StorePage, StoreQuery
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.menu_views import AvailabilityView, BackRequest, MenuView, SoldOutRequest
from chalicelib.catalog.merchant_schemas import MerchantView, NewMerchant
from chalicelib.catalog.nearby_schemas import NearbyPage, NearbyQuery
from chalicelib.catalog.preparing import Rush
from chalicelib.catalog.schemas import (
    NewStore,
    NewTerms,
    StorePatch,
    StorePause,
    StoreReview,
    StoreView,
)
from chalicelib.catalog.search_schemas import SearchPage, SearchQuery
from chalicelib.catalog.staff_schemas import StaffGrant, StaffList, StaffView
from chalicelib.core.errors import BusyError, KeyReusedError
from chalicelib.core.idempotency import Key
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api

api = Api(__name__)

REPLAYED = {"Idempotent-Replayed": "true"}
# A menu of 350 KB as stored, sent with every character escaped.
LARGEST_MENU_BODY = 2 * 350 * 1024


STORE_ERRORS = (StoreNotFoundError, BusyError)


@api.post("/v1/merchants", rights.MERCHANT_CREATE, status=201, errors=(KeyReusedError,))
def create_merchant(caller: Caller, body: NewMerchant, key: Key) -> Answer[MerchantView]:
    """Create a merchant and own it."""
    view, repeated = merchants.create(caller, body, key)
    return Answer(view, headers=REPLAYED if repeated else {})


@api.get("/v1/merchants/{merchant_id}", rights.MERCHANT_READ, errors=(MerchantNotFoundError,))
def read_merchant(caller: Caller, merchant_id: str) -> MerchantView:
    """Read a merchant of one's own."""
    return merchants.read(caller, merchant_id)


@api.post(
    "/v1/stores",
    rights.STORE_CREATE,
    status=201,
    errors=(MerchantNotFoundError, CityMismatchError, KeyReusedError),
)
def create_store(caller: Caller, body: NewStore, key: Key) -> Answer[StoreView]:
    """Open a store as a draft, which an operator approves. Its creator becomes its owner."""
    view, repeated = stores.create(caller, body, key)
    return Answer(view, headers=REPLAYED if repeated else {})


@api.get("/v1/stores", rights.STORE_LIST, errors=(CursorError,))
def list_stores(query: StoreQuery) -> StorePage:
    """List the live stores of a city."""
    return listing.page(query)


@api.get("/v1/stores/nearby", rights.STORE_FIND, errors=(CursorError,))
def find_stores(query: NearbyQuery) -> NearbyPage:
    """Find stores that bring to a point, or that are near it: open and quick ones first."""
    return nearby.page(query)


@api.post("/v1/stores/relist", rights.STORE_RELIST, errors=(CursorError,))
def relist_stores(caller: Caller, query: StoreQuery) -> Relisted:
    """List a page of a city's stores as this release does, once after an update.

    Once begun it ends by itself: of what is not asked for, fifty stores a minute.
    """
    return relisting.relist(caller, query)


@api.get("/v1/stores/{store_id}", rights.STORE_READ, errors=(StoreNotFoundError,))
def read_store(caller: Caller, store_id: str) -> StoreView:
    """Read a store. One that is not live is shown to its own people and to operators only."""
    return stores.read(caller, store_id)


@api.patch("/v1/stores/{store_id}", rights.STORE_UPDATE, errors=(*STORE_ERRORS, CityMismatchError))
def update_store(caller: Caller, body: StorePatch, store_id: str) -> StoreView:
    """Change what is named, as the store's owner or manager."""
    return stores.update(caller, store_id, body)


@api.post(
    "/v1/stores/{store_id}/approve",
    rights.STORE_APPROVE,
    errors=(*STORE_ERRORS, StoreStateError, StoreIncompleteError),
)
def approve_store(caller: Caller, body: StoreReview, store_id: str) -> StoreView:
    """Make a store live that is complete. Repeating it changes nothing."""
    return operating.approve(caller, store_id, body.reason)


@api.get(
    "/v1/stores/{store_id}/readiness", rights.STORE_READINESS, errors=(StoreNotFoundError,)
)  # fmt: skip
def read_readiness(caller: Caller, store_id: str) -> Readiness:
    """Read what a store needs to be live: a menu, hours, a zone, tax."""
    return operating.readiness(caller, store_id)


@api.post(
    "/v1/stores/{store_id}/suspend", rights.STORE_SUSPEND, errors=(*STORE_ERRORS, StoreStateError)
)
def suspend_store(caller: Caller, body: StoreReview, store_id: str) -> StoreView:
    """Take a live store off the list until it is approved again. Repeating it changes nothing."""
    return operating.suspend(caller, store_id, body.reason)


@api.put("/v1/stores/{store_id}/terms", rights.STORE_SET_TERMS, errors=STORE_ERRORS)
def set_store_terms(caller: Caller, body: NewTerms, store_id: str) -> StoreView:
    """Set a store's commission and its time to confirm an order."""
    return operating.set_terms(caller, store_id, body)


@api.post("/v1/stores/{store_id}/pause", rights.STORE_PAUSE, errors=(*STORE_ERRORS, PauseOverError))
def pause_store(caller: Caller, body: StorePause, store_id: str) -> StoreView:
    """Take no new orders for a while. Orders that are already there go on."""
    return pausing.pause(caller, store_id, body)


@api.post("/v1/stores/{store_id}/resume", rights.STORE_RESUME, errors=STORE_ERRORS)
def resume_store(caller: Caller, store_id: str) -> StoreView:
    """End a pause. Repeating it changes nothing."""
    return pausing.resume(caller, store_id)


@api.post("/v1/stores/{store_id}/rush", rights.STORE_RUSH, errors=(*STORE_ERRORS, RushOverError))
def rush_store(caller: Caller, body: Rush, store_id: str) -> StoreView:
    """Promise more minutes for every order until a moment; it ends by itself."""
    return rushing.begin(caller, store_id, body)


@api.post("/v1/stores/{store_id}/calm", rights.STORE_RUSH, errors=STORE_ERRORS)
def calm_store(caller: Caller, store_id: str) -> StoreView:
    """End a rush before its time. Repeating it changes nothing."""
    return rushing.end(caller, store_id)


@api.get(
    "/v1/stores/{store_id}/menu", rights.MENU_READ, errors=(StoreNotFoundError, MenuNotFoundError)
)
def read_menu(caller: Caller, store_id: str) -> MenuView:
    """Read a store's menu. Ask with If-None-Match: it changes seldom."""
    return publishing.read(caller, store_id)


@api.put(
    "/v1/stores/{store_id}/menu",
    rights.MENU_PUBLISH,
    errors=(*STORE_ERRORS, MenuTooLargeError, TaxCategoryUnknownError),
    largest=LARGEST_MENU_BODY,
)
def publish_menu(caller: Caller, body: Menu, store_id: str) -> MenuView:
    """Replace the whole menu by a new version. The same menu again is no new version."""
    return publishing.publish(caller, store_id, body)


@api.get(
    "/v1/stores/{store_id}/availability",
    rights.MENU_READ,
    errors=(StoreNotFoundError, MenuNotFoundError),
)
def read_availability(caller: Caller, store_id: str) -> AvailabilityView:
    """Read what of a store's menu cannot be had now: a small answer, for who has the menu."""
    return availability.read(caller, store_id)


@api.post(
    "/v1/stores/{store_id}/availability/sold-out",
    rights.AVAILABILITY_SET,
    errors=(
        *STORE_ERRORS,
        MenuNotFoundError,
        NotOnMenuError,
        SoldOutOverError,
        TooMuchSoldOutError,
    ),
)
def sell_out(caller: Caller, body: SoldOutRequest, store_id: str) -> AvailabilityView:
    """Take items or options off the menu until they come back by themselves, or by hand.

    The menu's version stays. Repeating it changes nothing.
    """
    return availability.sell_out(caller, store_id, body)


@api.post(
    "/v1/stores/{store_id}/availability/back",
    rights.AVAILABILITY_SET,
    errors=(*STORE_ERRORS, MenuNotFoundError),
)
def bring_back(caller: Caller, body: BackRequest, store_id: str) -> AvailabilityView:
    """Put items or options back on the menu. Repeating it changes nothing."""
    return availability.bring_back(caller, store_id, body)


@api.get("/v1/stores/{store_id}/staff", rights.STAFF_READ, errors=(StoreNotFoundError,))
def list_staff(caller: Caller, store_id: str) -> StaffList:
    """List who works for a store."""
    return staffing.listing(caller, store_id)


@api.put(
    "/v1/stores/{store_id}/staff/{user}", rights.STAFF_SET, errors=(*STORE_ERRORS, LastOwnerError)
)
def appoint_staff(caller: Caller, body: StaffGrant, store_id: str, user: str) -> StaffView:
    """Give a person (the `sub` of their token) a role in a store, as its owner."""
    return staffing.appoint(caller, store_id, user, body)


@api.delete(
    "/v1/stores/{store_id}/staff/{user}", rights.STAFF_SET, errors=(*STORE_ERRORS, LastOwnerError)
)
def dismiss_staff(caller: Caller, store_id: str, user: str) -> None:
    """Take a person off the staff, as an owner. A store keeps at least one owner."""
    staffing.dismiss(caller, store_id, user)


@api.get("/v1/search", rights.STORE_SEARCH, errors=(CursorError,))
def search(query: SearchQuery) -> SearchPage:
    """Search a city for stores and for what is on their menus, in Korean and English."""
    return searching.page(query)


@api.get("/v1/conditions", rights.CONDITIONS_READ)
def read_conditions(caller: Caller, query: ConditionsQuery) -> ConditionsView:
    """Read what slows a city's deliveries now."""
    return conditions.read(caller, query)


@api.put("/v1/conditions", rights.CONDITIONS_SET, errors=(WeatherOverError, BusyError))
def set_weather(caller: Caller, body: Weather) -> ConditionsView:
    """Slow a city's deliveries until a moment, for the weather or the like."""
    return conditions.set_weather(caller, body)
