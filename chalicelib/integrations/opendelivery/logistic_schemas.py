"""What the protocol's requests to a logistics service say, as far as it is heeded."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from chalicelib.integrations.opendelivery.reading import Wanted

Text = Annotated[str, Field(max_length=500)]
Minutes = Annotated[int, Field(ge=0, le=10_080)]
Ride = Literal["MOTORBIKE_BAG", "MOTORBIKE_BOX", "CAR", "BICYCLE", "SCOOTER", "VUC"]
ProblemReason = Literal[
    "DELIVERYPERSON_OCCURRENCE",
    "PAYMENT_PROBLEMS",
    "WRONG_PRODUCT_OR_ITEM",
    "ORDER_DELAYED",
    "ORDER_DAMAGED_OR_VIOLATED",
    "CUSTOMER_DID_NOT_PLACE_ORDER",
    "CUSTOMER_ADDRESS_UNKNOWN",
    "ORDER_MISSING_ITEMS",
    "NOBODY_TO_RECEIVE",
    "DELIVERYPERSON_WAITING_PAYMENT_FOR_ALREADY_PAID_ORDER",
    "ORDER_DELIVERED_WITHOUT_PAYMENT",
    "FRAUD_OR_THEFT",
    "OTHER",
]
Action = Literal["RETURN_TO_STORE", "DELIVER_PRODUCT", "CANCEL_DELIVERY"]


class Money(Wanted):
    """A price. It is heeded by nobody: what an errand costs is ours to say."""

    value: Decimal
    currency: Annotated[str, Field(max_length=3)]


class Address(Wanted):
    """Where something is fetched or brought. Without coordinates it cannot be found."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    state: Text
    city: Text
    district: Text
    street: Text
    number: Text
    postalCode: Text  # noqa: N815 - the protocol's name
    complement: Text
    reference: Text | None = None
    instructions: Text | None = None
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None

    @property
    def corner(self) -> tuple[float, float] | None:
        """Longitude and latitude, where both are said."""
        if self.longitude is None or self.latitude is None:
            return None
        return self.longitude, self.latitude

    @property
    def line(self) -> str:
        """The address as who brings it reads it."""
        said = (self.street, self.number, self.complement, self.district, self.city)
        return ", ".join(one for one in said if one.strip())[:200] or "-"


class Vehicle(Wanted):
    """By what it may be carried."""

    type: Annotated[tuple[Ride, ...], Field(max_length=10)]
    container: Literal["NORMAL", "THERMIC"]


class LimitTimes(Wanted):
    """So many minutes from the request on it may take."""

    pickupLimit: Minutes | None = None  # noqa: N815 - the protocol's name
    deliveryLimit: Minutes | None = None  # noqa: N815 - the protocol's name


class MerchantNamed(Wanted):
    """Whose errand it is."""

    id: Annotated[str, Field(min_length=36, max_length=100)]
    name: Text


class Carrying(Wanted):
    """What both requests say: from where to where, by when and by what."""

    pickupAddress: Address  # noqa: N815 - the protocol's name
    deliveryAddress: Address  # noqa: N815 - the protocol's name
    returnToMerchant: bool  # noqa: N815 - the protocol's name
    canCombine: bool  # noqa: N815 - the protocol's name
    vehicle: Vehicle
    limitTimes: LimitTimes  # noqa: N815 - the protocol's name
    totalOrderPrice: Money  # noqa: N815 - the protocol's name
    totalWeight: Annotated[int, Field(ge=0)]  # noqa: N815 - the protocol's name


class Availability(Carrying):
    """What would it cost?"""

    merchant: MerchantNamed | None = None


class Payments(Wanted):
    """How its customer pays for what is carried."""

    method: Literal["OFFLINE", "ONLINE"] | None = None


class DeliveryOrder(Carrying):
    """Carry this."""

    orderId: UUID  # noqa: N815 - the protocol's name
    orderDisplayId: Annotated[str, Field(max_length=100)]  # noqa: N815 - the protocol's name
    merchant: MerchantNamed
    customerName: Annotated[str, Field(max_length=200)]  # noqa: N815 - the protocol's name
    customerPhone: Annotated[str, Field(max_length=40)] | None = None  # noqa: N815 - the same
    customerPhoneLocalizer: Annotated[str, Field(max_length=40)] | None = None  # noqa: N815 - the same
    notifyReadyForPickup: bool = False  # noqa: N815 - the protocol's name
    notifyPickup: bool = False  # noqa: N815 - the protocol's name
    confirmationCodeRequired: bool = False  # noqa: N815 - the protocol's name
    preparationStartDateTime: AwareDatetime | None = None  # noqa: N815 - the protocol's name
    specialInstructions: Text | None = None  # noqa: N815 - the protocol's name
    payments: Payments


class Picked(Wanted):
    """That a courier has fetched it. When, and how many pieces, is not kept."""

    pickupDate: AwareDatetime | None = None  # noqa: N815 - the protocol's name


class Finish(Wanted):
    """That it is over."""

    finishDate: AwareDatetime  # noqa: N815 - the protocol's name


class Cancel(Wanted):
    """That it is not to be carried."""

    reason: Literal[
        "CONSUMER_CANCELLATION_REQUESTED",
        "NO_SHOW",
        "PROBLEM_AT_MERCHANT",
        "HIGH_ACCEPTANCE_TIME",
        "INCORRECT_ORDER_OR_PRODUCT_PICKUP",
        "PROBLEM_RESOLUTION",
        "DISCOMBINE_ORDER",
        "OTHER",
    ]
    action: Literal["RETURN_TO_STORE", "CANCEL_DELIVERY"] | None = None


class Answer(Wanted):
    """What is to be done about a problem."""

    reason: ProblemReason
    action: Action
