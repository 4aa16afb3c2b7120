"""What is asked about a store's slots, and what is answered."""

from typing import Annotated

from pydantic import Field

from chalicelib.catalog.hours import LocalDate, TimeZone
from chalicelib.catalog.status import Fulfilment
from chalicelib.catalog.zones import Latitude, Longitude
from chalicelib.core.schemas import Moment, Wire
from chalicelib.orders.schemas import StoreId


class SlotQuery(Wire):
    """For what, and on which of the store's days. A delivery's way depends on where it goes."""

    fulfilment: Annotated[Fulfilment, Field(examples=["takeaway"])] = Fulfilment.TAKEAWAY
    date: Annotated[
        LocalDate | None, Field(description="The store's local date; left out: today.")
    ] = None
    items: Annotated[
        int, Field(ge=1, le=999, description="How many items: more of them may take longer.")
    ] = 1
    lat: Annotated[Latitude | None, Field(description="Where to, degrees north.")] = None
    lon: Annotated[Longitude | None, Field(description="Where to, degrees east.")] = None


class Slot(Wire):
    """A moment that a quote may ask for (`scheduled_for`), and the end of its window."""

    scheduled_for: Moment
    ends: Moment
    left: Annotated[
        int | None, Field(description="So many orders more fit; null: the kitchen has no limit.")
    ]


class SlotList(Wire):
    """The slots of a day, in order. None: the store is closed, full, or does not do this."""

    store_id: StoreId
    date: Annotated[str, Field(examples=["2026-12-25"])]
    timezone: TimeZone
    fulfilment: Fulfilment
    items: list[Slot]
