"""Lists of a city's stores, as they cross the border."""

from typing import Annotated

from pydantic import Field

from chalicelib.catalog.schemas import City, StoreView
from chalicelib.core.schemas import Page, Wire


class StoreQuery(Page):
    city: City


class Relisted(Wire):
    """How many stores of a city were listed anew, and where to go on."""

    count: Annotated[int, Field(examples=[20])]
    next_cursor: Annotated[str | None, Field(description="Null at the end.", examples=[None])] = (
        None
    )


class StorePage(Wire):
    data: tuple[StoreView, ...]
    next_cursor: Annotated[
        str | None, Field(description="Null on the last page.", examples=[None])
    ] = None
