"""The places that a customer orders to. Personal, all of it."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.catalog.zones import Point
from chalicelib.core import ids
from chalicelib.core.schemas import Wire
from chalicelib.orders import korean
from chalicelib.orders.schemas import SAMPLE, EntranceCode

Label = Literal["home", "work", "other"]
AddressId = Annotated[str, Field(pattern=ids.pattern("adr"), examples=[f"adr_{SAMPLE}"])]


def _line(longest: int) -> StringConstraints:
    return StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=longest,
        pattern=r"^[^\x00-\x1f\x7f]*$",
    )


def _road(text: str) -> str:
    if korean.is_korean(text) and not korean.is_road_address(text):
        raise PydanticCustomError("no_road_address", "a road and a building number are missing")
    return text


def _lot(text: str) -> str:
    if korean.is_korean(text) and not korean.is_lot_address(text):
        raise PydanticCustomError("no_lot_address", "a district and a lot number are missing")
    return text


RoadAddress = Annotated[
    str, _line(120), AfterValidator(_road), Field(examples=["서울 마포구 양화로 45"])
]
LotAddress = Annotated[
    str, _line(120), AfterValidator(_lot), Field(examples=["서울 마포구 서교동 395-43"])
]


class NewAddress(Wire):
    """A labelled place: where it is on the map, its address in either form, how to get in."""

    label: Annotated[Label, Field(examples=["home"])]
    name: Annotated[
        Annotated[str, _line(40)] | None, Field(description="Of an `other` place, and of no other.")
    ] = None
    location: Annotated[Point, Field(description="The pin that its owner has set.")]
    road_address: Annotated[
        RoadAddress | None, Field(description="This or the lot's, or both.")
    ] = None
    lot_address: LotAddress | None = None
    postal_code: Annotated[str | None, Field(pattern=r"^[0-9]{5}$", examples=["04036"])] = None
    detail: Annotated[
        Annotated[str, _line(70)] | None, Field(description="Building, floor, unit.")
    ] = None
    entrance_code: EntranceCode | None = None
    leave_at_door: bool = False
    default: Annotated[
        bool, Field(description="The first address is, and then the last one that says so.")
    ] = False

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.name is not None) != (self.label == "other"):
            raise PydanticCustomError("name_of_other", "an `other` place has a name, no other has")
        if self.road_address is None and self.lot_address is None:
            raise PydanticCustomError("address_missing", "one of both addresses must be given")
        return self

    @property
    def line(self) -> str:
        """The address in one line, as whoever brings something reads it."""
        parts = (self.road_address or self.lot_address, self.detail)
        return ", ".join(part for part in parts if part)


class AddressView(NewAddress):
    """An address, as its owner sees it."""

    id: AddressId


class AddressList(Wire):
    """Every address of a person: the default one first, then the newest."""

    items: list[AddressView]
