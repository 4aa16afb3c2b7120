"""What we know of somebody, as they get it."""

from typing import Annotated

from pydantic import Field

from chalicelib.catalog.application_schemas import ApplicationView
from chalicelib.catalog.status import StaffRole
from chalicelib.core.schemas import Moment, Page, Wire
from chalicelib.couriers.schemas import CourierView, EarningEntry
from chalicelib.notifications.schemas import DeviceView
from chalicelib.orders.address_schemas import AddressView
from chalicelib.orders.favourite_schemas import FavouriteItemView
from chalicelib.orders.rating_schemas import RatingView
from chalicelib.orders.schemas import OrderView
from chalicelib.payments.schemas import BalanceDetail
from chalicelib.payments.wallet_schemas import MethodView
from chalicelib.people.schemas import PersonId, ProfileView


class ExportQuery(Page):
    """Which page: the first tells everything, those after it further orders."""


class Account(Wire):
    """Everything but the orders."""

    addresses: Annotated[
        list[str],
        Field(description="With which the person signs in.", examples=[["jun@example.com"]]),
    ]
    profile: ProfileView
    places: Annotated[list[AddressView], Field(description="Where the person orders to.")]
    favourites: Annotated[
        dict[str, Moment],
        Field(
            description="Stores, and since when.",
            examples=[{"sto_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R": "2026-11-22T18:30:00.000Z"}],
        ),
    ]
    favourite_items: Annotated[list[FavouriteItemView], Field(description="Dishes.")]
    works_for: Annotated[
        dict[str, StaffRole],
        Field(
            description="Stores, and as what.",
            examples=[{"sto_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R": "manager"}],
        ),
    ]
    applications: list[ApplicationView]
    devices: list[DeviceView]
    payment_methods: list[MethodView]
    balances: list[BalanceDetail]
    courier: CourierView | None = None
    earnings: Annotated[list[EarningEntry], Field(description="The last hundred.")]


class ExportPage(Wire):
    """What is known of the caller. `account` is on the first page alone."""

    person_id: PersonId
    made_at: Moment
    account: Account | None = None
    orders: list[OrderView]
    ratings: Annotated[
        list[RatingView], Field(description="What the person thought of these orders.")
    ]
    next_cursor: Annotated[str | None, Field(description="Null on the last page.")] = None
