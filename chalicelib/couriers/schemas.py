"""Requests and views of couriers, offers and deliveries."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.catalog.menu_schemas import Names
from chalicelib.catalog.schemas import City
from chalicelib.catalog.zones import Point
from chalicelib.core import ids
from chalicelib.core.money import Amount, Currency, Money
from chalicelib.core.schemas import Moment, Page, Text200, Wire
from chalicelib.couriers.status import (
    DeliveryCommand,
    DeliveryStatus,
    DutyStatus,
    OfferStatus,
    Vehicle,
)
from chalicelib.orders.schemas import DropOff, OrderId, StoreId

SAMPLE = "01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
DeliveryId = Annotated[str, Field(pattern=ids.pattern("dlv"), examples=[f"dlv_{SAMPLE}"])]
OfferId = Annotated[str, Field(pattern=ids.pattern("ofr"), examples=[f"ofr_{SAMPLE}"])]
Pin = Annotated[str, Field(pattern=r"^[0-9]{4}$", examples=["0427"])]
Metres = Annotated[int, Field(ge=0, description="Metres as the crow flies.", examples=[1850])]

GivenName = Annotated[
    str,
    Field(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["성민"]),
]
ReturnCode = Literal[
    "customer_absent", "customer_refused", "age_not_proven", "wrong_address", "damaged", "unsafe",
    "other",
]  # fmt: skip
ReleaseCode = Literal["accident", "breakdown", "too_long_a_wait", "other"]
Proof = Literal["pin", "none"]
Choice = Literal["wait", "collect", "cancel"]


class Language(StrEnum):
    """In which a courier is told why."""

    KO = "ko"
    EN = "en"


class CourierProfile(Wire):
    """What stores and customers see of a courier, while there is a job for them."""

    given_name: GivenName
    vehicle: Annotated[Vehicle, Field(examples=["scooter"])]


class SigningUp(CourierProfile):
    """The same, and in which city one would like to work: that says what has to be shown."""

    city: Annotated[
        City | None, Field(description="null: as it was said before.", examples=["seoul"])
    ] = None


class CourierView(CourierProfile):
    """A courier, as they see themselves."""

    version: int
    duty: DutyStatus
    zone: City | None = None
    created_at: Moment


class CourierRating(Wire):
    """What customers think of a courier, in the mean: null until five have said so."""

    count: Annotated[int, Field(ge=0, description="How many have rated.", examples=[12])]
    hundredths: Annotated[
        int | None, Field(ge=100, le=500, description="Hundredths of a star.", examples=[480])
    ] = None


class DutyRequest(Wire):
    """Where a courier would like to work now, and where they are."""

    zone: City
    vehicle: Annotated[Vehicle, Field(examples=["scooter"])]
    location: Point


class DutyView(Wire):
    """How a courier stands: on duty where, with which deliveries in hand, offered what.

    `jobs` are in the order of their doors.
    """

    status: DutyStatus
    zone: City | None = None
    since: Moment | None = None
    vehicle: Vehicle | None = None
    jobs: tuple[DeliveryId, ...] = ()
    offer_id: OfferId | None = None
    ends_by: Annotated[
        Moment | None, Field(description="When it has to end: the job in hand is finished.")
    ] = None
    break_since: Moment | None = None


class Located(Wire):
    """Where a courier was at a moment. Positions older than what is known are passed over."""

    location: Point
    at: Moment


class Positions(Wire):
    """Where a courier has been, the newest last. `zone` is the zone of the present duty."""

    zone: City
    sequence: Annotated[
        int,
        Field(ge=1, le=2**53, strict=True, description="Rises with every batch.", examples=[41]),
    ]
    points: Annotated[list[Located], Field(min_length=1, max_length=20)]


class Earning(Wire):
    """What a job pays: `net` is `gross` less `fee`, and the whole of the tip comes on top."""

    currency: Currency
    gross: Amount
    fee: Amount
    net: Amount
    tip: Amount


class PickUp(Wire):
    """Where the order is fetched."""

    store_id: StoreId
    names: Names
    address: Text200
    location: Point


class Area(Wire):
    """Roughly where it goes: the middle of a cell of about a kilometre, before it is accepted."""

    location: Point
    precision_metres: int


class OfferStop(Wire):
    """One door of an offer: `metres` from the place before it, which is the store or a door."""

    delivery_id: DeliveryId
    drop_area: Area
    metres: Metres
    earning: Earning


class OfferContent(Wire):
    """What a courier is told before saying yes or no: kept with the offer as it was.

    Of several deliveries `stops` are the doors, one after the other. All is then fetched at once,
    `drop_area` is the first door's, and `metres_to_drop` and `earning` are the sums.
    """

    pickup: PickUp
    ready_at: Moment
    drop_area: Area
    metres_to_pickup: Metres
    metres_to_drop: Metres
    earning: Earning
    stops: tuple[OfferStop, ...] = ()


class OfferView(OfferContent):
    """A delivery proposed to a courier, or several as one. Refusing costs nothing."""

    id: OfferId
    delivery_id: DeliveryId
    status: OfferStatus
    until: Moment


class OfferList(Wire):
    """The offers that a courier may still answer."""

    items: list[OfferView]


class DeliveryView(Wire):
    """A delivery as its courier (or an operator) sees it. `drop_off` while it has to be known."""

    id: DeliveryId
    order_id: OrderId
    attempt: int
    status: DeliveryStatus
    version: int
    pickup: PickUp
    ready_at: Moment
    promised_by: Moment
    minimum_age: Annotated[
        int | None,
        Field(description="Ask whoever takes it for proof; null: anybody may.", examples=[19]),
    ] = None
    proof: Annotated[Proof, Field(description="What the hand-over needs.", examples=["pin"])]
    drop_off: DropOff | None = None
    note: str | None = None
    courier_note: str | None = None
    stop: Annotated[
        int | None,
        Field(description="Which door of those accepted together; null: alone.", examples=[2]),
    ] = None
    earning: Earning
    pin_tries_left: int
    code: str | None = None
    next_commands: list[DeliveryCommand]


class Handover(Wire):
    """Proof that the order reached its customer: the PIN that only the customer knows.

    Without one, where `proof` is `none`: the customer has asked to leave it at the door.
    """

    pin: Pin | None = None
    age_checked: Annotated[
        bool,
        Field(
            description="One has seen that who takes it is of the `minimum_age`. Nothing of what "
            "was shown is to be told or kept. Who cannot show it gets nothing: `age_not_proven`.",
            examples=[False],
        ),
    ] = False


class Completion(Wire):
    """Why an operator completes a delivery without its PIN. Kept with the event."""

    reason: Literal["pin_locked", "customer_confirmed", "other"]


class ReturnRequest(Wire):
    """Why the order could not be handed over."""

    code: Annotated[ReturnCode, Field(examples=["customer_absent"])]


class ReleaseRequest(Wire):
    """Why a courier gives a delivery back before pick-up, or an operator takes it away."""

    code: Annotated[ReleaseCode, Field(examples=["breakdown"])] = "other"


class ChoiceRequest(Wire):
    """What a customer would rather, since no courier was found."""

    choice: Annotated[Choice, Field(examples=["wait"])]


class OrderDeliveryView(Wire):
    """The bringing of an order, as its customer, its store or an operator sees it.

    `pin` is the customer's alone, while the order is on its way. `choices` is not empty where no
    courier was found: wait on, collect it, or cancel for nothing.
    """

    id: DeliveryId
    attempt: int
    status: DeliveryStatus
    courier: CourierProfile | None = None
    pin: Pin | None = None
    proof: Annotated[
        Proof, Field(description="`none`: it is left at the door, as was asked.", examples=["pin"])
    ]
    ready_at: Moment
    promised_by: Moment
    choices: tuple[Choice, ...] = ()
    return_code: Annotated[
        str | None,
        Field(description="Why it goes back to its store, or has.", examples=["customer_absent"]),
    ] = None


class TrackingView(Wire):
    """Where the courier of an order is, while this caller may know; and when it should arrive."""

    status: DeliveryStatus
    position: Located | None = None
    arrives_at: Moment | None = None


class EarningEntry(Wire):
    """One posting to a courier's account."""

    delivery_id: DeliveryId
    why: str
    money: Money
    posted_at: Moment


class EarningPage(Wire):
    """What a courier has earned, newest first."""

    items: list[EarningEntry]
    next_cursor: str | None = None


class EarningQuery(Page):
    """Which postings to list."""
