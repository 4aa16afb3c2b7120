"""What is searched for, and what is found."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.catalog.menu_schemas import MenuPrice, Names, Slug
from chalicelib.catalog.nearby_schemas import NearbyStore
from chalicelib.catalog.schemas import City
from chalicelib.catalog.zones import Latitude, Longitude
from chalicelib.core.schemas import Page, Wire


class SearchQuery(Page):
    """All words must be found: in the names of a store, or of one of its items and the store."""

    q: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00]*$"
        ),
        Field(description="Korean, initial consonants, English.", examples=["양념치킨"]),
    ]
    city: City
    lat: Annotated[Latitude, Field(description="With lon.", examples=[37.5665])] | None = None
    lon: Annotated[Longitude, Field(description="With lat.", examples=[126.978])] | None = None
    limit: Annotated[int, Field(ge=1, le=30)] = 20

    @model_validator(mode="after")
    def _is_a_whole_point(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise PydanticCustomError("half_a_point", "lat and lon come together")
        return self


class FoundItem(Wire):
    """An item of a menu that was searched for."""

    id: Slug
    names: Names
    price: MenuPrice


class FoundStore(NearbyStore):
    """A store with what was found in it. Distance, fee and minimum as from the point, if given.

    The ETA holds the way to it only where the store brings there: then the fee is no null.
    """

    distance_metres: Annotated[  # type: ignore[assignment] # a view is only written, never changed
        int | None, Field(description="As the crow flies.", examples=[850])
    ]
    items: Annotated[
        tuple[FoundItem, ...],
        Field(description="Empty where the store's own names hold every word, and no item does."),
    ]


class SearchPage(Wire):
    """A page may be short, or empty, though more follow: `next_cursor` alone says so."""

    data: tuple[FoundStore, ...]
    next_cursor: Annotated[
        str | None, Field(description="Null on the last page.", examples=[None])
    ] = None
