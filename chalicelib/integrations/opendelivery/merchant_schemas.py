"""What of a merchant's own document (GET /v1/merchant) is taken in. The rest is ignored."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from chalicelib.integrations.opendelivery.reading import Wanted

Standing = Literal["AVAILABLE", "UNAVAILABLE"]
Name = Annotated[str, Field(min_length=1, max_length=500)]
SOME = 2000


class ItemPrice(Wanted):
    """A price in major units."""

    value: Annotated[Decimal, Field(ge=0, le=10**9)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


class Image(Wanted):
    """Where a picture is."""

    URL: Annotated[str, Field(max_length=2000)]


class NutritionalInfo(Wanted):
    """What is in a dish."""

    description: Annotated[str, Field(max_length=2000)] = ""
    calories: Annotated[str, Field(max_length=60)] = ""
    allergen: Annotated[list[str], Field(max_length=100)] | None = None
    additives: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    suitableDiet: Annotated[tuple[str, ...], Field(max_length=20)] = ()  # noqa: N815 - the same
    isAlcoholic: bool = False  # noqa: N815 - the protocol's name


class Item(Wanted):
    """What there is, whether sold alone or chosen as an option."""

    id: UUID
    name: Name
    description: Annotated[str, Field(max_length=5000)] = ""
    status: Standing = "AVAILABLE"
    image: Image | None = None
    images: Annotated[tuple[Image, ...], Field(max_length=10)] = ()
    nutritionalInfo: NutritionalInfo | None = None  # noqa: N815 - the protocol's name
    serving: int | None = None
    unit: str = "UN"


class ItemOffer(Wanted):
    """An item at a price, in a category."""

    id: UUID
    itemId: UUID  # noqa: N815 - the protocol's name
    index: int = 0
    status: Standing = "AVAILABLE"
    price: ItemPrice
    availabilityId: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()  # noqa: N815 - the same
    optionGroupsId: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()  # noqa: N815 - the same


class Option(Wanted):
    """An item that may be chosen."""

    id: UUID
    itemId: UUID | None = None  # noqa: N815 - the protocol's name
    index: int = 0
    status: Standing = "AVAILABLE"
    price: ItemPrice | None = None


class OptionGroup(Wanted):
    """What is chosen of, and how much."""

    id: UUID
    index: int = 0
    name: Name
    status: Standing = "AVAILABLE"
    minPermitted: Annotated[int, Field(ge=0, le=1000)]  # noqa: N815 - the protocol's name
    maxPermitted: Annotated[int, Field(ge=0, le=1000)]  # noqa: N815 - the protocol's name
    priceMethod: Literal["SUM", "MAX", "AVG"] = "SUM"  # noqa: N815 - the protocol's name
    options: Annotated[tuple[Option, ...], Field(max_length=500)] = ()


class TimePeriods(Wanted):
    """From one time of day to another; with a Z in UTC."""

    startTime: Annotated[str, Field(pattern=r"^\d\d:\d\d")]  # noqa: N815 - the protocol's name
    endTime: Annotated[str, Field(pattern=r"^\d\d:\d\d")]  # noqa: N815 - the protocol's name


class Hours(Wanted):
    """Times of some days."""

    dayOfWeek: Annotated[list[str], Field(max_length=7)]  # noqa: N815 - the protocol's name
    timePeriods: TimePeriods  # noqa: N815 - the protocol's name


class Availability(Wanted):
    """When something can be had."""

    id: UUID
    hours: Annotated[list[Hours], Field(max_length=50)]


class Category(Wanted):
    """Offers that belong together."""

    id: UUID
    index: int = 0
    name: Name
    status: Standing = "AVAILABLE"
    availabilityId: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()  # noqa: N815 - the same
    itemOfferId: Annotated[tuple[UUID, ...], Field(max_length=1000)] = ()  # noqa: N815 - the same


class Menu(Wanted):
    """Categories that belong together."""

    id: UUID
    categoryId: Annotated[list[UUID], Field(max_length=500)]  # noqa: N815 - the protocol's name


class Holiday(Wanted):
    """Other times on one date, or none."""

    date: date
    timePeriods: TimePeriods | None = None  # noqa: N815 - the protocol's name


class ServiceHours(Wanted):
    """When a service is to be had."""

    weekHours: Annotated[tuple[Hours, ...], Field(max_length=100)]  # noqa: N815 - the protocol's name
    holidayHours: Annotated[tuple[Holiday, ...], Field(max_length=200)] = ()  # noqa: N815 - the same


class Coordinate(Wanted):
    """A point."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


Corners = Annotated[tuple[Coordinate, ...], Field(min_length=3, max_length=500)]


class Area(Wanted):
    """A polygon, with what it costs to bring something there and how long that takes."""

    geoCoordinates: Corners  # noqa: N815 - the protocol's name
    price: ItemPrice | None = None
    estimateDeliveryTime: Annotated[int, Field(ge=0, le=10_000)] | None = None  # noqa: N815 - the same


class Circle(Wanted):
    """The same, of a distance in metres."""

    size: Annotated[int, Field(ge=1, le=1_000_000)]
    price: ItemPrice | None = None
    estimateDeliveryTime: Annotated[int, Field(ge=0, le=10_000)] | None = None  # noqa: N815 - the same


class GeoRadius(Wanted):
    """Circles around a point."""

    geoMidpointLatitude: Annotated[float, Field(ge=-80, le=80)]  # noqa: N815 - the protocol's name
    geoMidpointLongitude: Annotated[float, Field(ge=-180, le=180)]  # noqa: N815 - the same
    radius: Annotated[tuple[Circle, ...], Field(max_length=20)]


class Excluded(Wanted):
    """Where nothing is brought to, within an area."""

    geoCoordinates: Corners  # noqa: N815 - the protocol's name


class ServiceArea(Wanted):
    """Where a store brings its orders to."""

    polygon: Annotated[tuple[Area, ...], Field(max_length=50)] = ()
    geoRadius: GeoRadius | None = None  # noqa: N815 - the protocol's name
    exclusionAreaPolygon: Annotated[tuple[Excluded, ...], Field(max_length=20)] = ()  # noqa: N815 - the same


class Service(Wanted):
    """A way to be served, when, where and by which menu."""

    status: Standing
    serviceType: Literal["DELIVERY", "TAKEOUT", "INDOOR"] | None = None  # noqa: N815 - the protocol's name
    menuId: UUID  # noqa: N815 - the protocol's name
    serviceHours: ServiceHours | None = None  # noqa: N815 - the same
    serviceArea: ServiceArea | None = None  # noqa: N815 - the same


class Phones(Wanted):
    """How a merchant is called."""

    commercialNumber: Annotated[str, Field(max_length=60)] = ""  # noqa: N815 - the protocol's name


class BasicInfo(Wanted):
    """What a merchant says of itself, as far as it may change that by itself."""

    averagePreparationTime: Annotated[float, Field(ge=0, le=10_000)] | None = None  # noqa: N815 - the protocol's name
    minOrderValue: ItemPrice | None = None  # noqa: N815 - the same
    merchantCategories: Annotated[tuple[str, ...], Field(max_length=60)] = ()  # noqa: N815 - the same
    contactPhones: Phones | None = None  # noqa: N815 - the same


class Merchant(Wanted):
    """The document."""

    id: Annotated[str, Field(max_length=100)]
    status: Standing
    basicInfo: BasicInfo | None = None  # noqa: N815 - the protocol's name
    services: Annotated[list[Service], Field(max_length=50)]
    menus: Annotated[list[Menu], Field(max_length=50)]
    categories: Annotated[list[Category], Field(max_length=500)]
    itemOffers: Annotated[list[ItemOffer], Field(max_length=SOME)]  # noqa: N815 - the protocol's name
    items: Annotated[list[Item], Field(max_length=SOME)]
    optionGroups: Annotated[tuple[OptionGroup, ...], Field(max_length=SOME)] = ()  # noqa: N815 - the same
    availabilities: Annotated[tuple[Availability, ...], Field(max_length=500)] = ()
