"""What an errand is: a parcel that a store sends by itself, and what its order knows of it."""

from typing import Annotated

from pydantic import Field

from chalicelib.core.schemas import Moment, Wire
from chalicelib.orders.schemas import DropOff

Reference = Annotated[str, Field(max_length=100)]
Name = Annotated[str, Field(max_length=200)]


class Errand(Wire):
    """What the order of an errand knows beside every other: ids, moments and switches alone.

    `reference` is what whoever asked for it calls it. It should be ready at `ready_at`; a store
    that `says_ready` is waited for, and one that `says_picked` hands it over by its own word. One
    that goes `alone` is carried with nothing else; `vehicles` may carry it, none said meaning all.
    """

    reference: Reference
    ready_at: Moment
    says_ready: bool = False
    says_picked: bool = False
    alone: bool = False
    vehicles: tuple[str, ...] = ()


class Recipient(Wire):
    """Whom it goes to, as its store says. Personal: kept with the order's body."""

    name: Name
    phone: Annotated[str, Field(max_length=40)] | None = None
    display: Annotated[str, Field(max_length=100)]


class NewErrand(Wire):
    """What a store would have carried: to whom, where, when, and what it costs the store.

    Amounts in minor units: `bringing` is for the courier, `service` for the platform.
    """

    errand: Errand
    recipient: Recipient
    drop_off: DropOff
    note: str | None = None
    bringing: Annotated[int, Field(ge=0)]
    service: Annotated[int, Field(ge=0)]
    there_at: Moment
    there_by: Moment

    @property
    def price(self) -> int:
        """What the store owes for it in all."""
        return self.bringing + self.service
