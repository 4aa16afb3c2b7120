"""What is asked about stores near a point, and what is answered."""

from typing import Annotated

from pydantic import Field

from chalicelib.catalog.allergens import Diet
from chalicelib.catalog.menu_schemas import Names
from chalicelib.catalog.offers import Offer
from chalicelib.catalog.schemas import (
    City,
    Cuisine,
    Cuisines,
    PriceLevel,
    Rating,
    StoreCurrency,
    StoreId,
    StoreIssue,
)
from chalicelib.catalog.status import Fulfilment, StoreKind
from chalicelib.catalog.zones import Latitude, Longitude, Point, SmallOrder
from chalicelib.core.money import Price
from chalicelib.core.schemas import Page, Wire


class Filters(Wire):
    """Which stores are wanted. What is not named does not matter."""

    fulfilment: Annotated[Fulfilment, Field(examples=["delivery"])] = Fulfilment.DELIVERY
    cuisine: Cuisine | None = None
    diet: Annotated[Diet | None, Field(examples=["VEGAN"])] = None
    max_price_level: Annotated[int | None, Field(ge=1, le=4, examples=[3])] = None
    min_rating: Annotated[
        int | None,
        Field(ge=100, le=500, description="Hundredths of a star.", examples=[400]),
    ] = None
    open_now: bool = False


class NearbyQuery(Page, Filters):
    lat: Annotated[Latitude, Field(description="Degrees north, WGS 84.", examples=[37.5665])]
    lon: Annotated[Longitude, Field(description="Degrees east, WGS 84.", examples=[126.978])]
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class NearbyStore(Wire):
    """A store as seen from a point. The quote decides: a list may be a moment old."""

    id: StoreId
    names: Names
    kind: StoreKind
    city: City
    location: Point
    distance_metres: Annotated[int, Field(description="As the crow flies.", examples=[850])]
    fulfilment: tuple[Fulfilment, ...]
    eta_minutes: Annotated[
        int, Field(description="To the door, or until it is ready, if ordered now.", examples=[35])
    ]
    currency: StoreCurrency
    delivery_fee: Annotated[
        Price | None, Field(description="Minor units; null unless it is brought.", examples=[3000])
    ]
    minimum: Annotated[
        Price | None, Field(description="Smallest order, likewise.", examples=[12000])
    ]
    cuisines: Cuisines
    diets: tuple[Diet, ...]
    price_level: PriceLevel | None
    rating: Rating | None
    small_order: Annotated[
        SmallOrder | None, Field(description="What a small order pays more, where it is brought.")
    ]
    offers: Annotated[
        tuple[Offer, ...],
        Field(description="What applies by itself now, the city's promotions too: three at most."),
    ]
    closed: Annotated[StoreIssue | None, Field(description="Null while it takes orders.")]


class NearbyPage(Wire):
    """A page may be short, or empty, though more follow: `next_cursor` alone says so."""

    data: tuple[NearbyStore, ...]
    next_cursor: Annotated[
        str | None, Field(description="Null on the last page.", examples=[None])
    ] = None
