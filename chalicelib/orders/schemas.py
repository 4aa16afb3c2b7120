"""Requests and views of quotes and orders."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.catalog.allergens import Allergen, Diet
from chalicelib.catalog.menu_schemas import Age, Names, Slug
from chalicelib.catalog.status import DeliveredBy, Fulfilment
from chalicelib.catalog.zones import Point
from chalicelib.core import ids
from chalicelib.core.money import Money, Price
from chalicelib.core.schemas import Moment, Page, Text200, Wire
from chalicelib.orders.cancel_schemas import CancellationRequest, CustomerRequest
from chalicelib.orders.counter_schemas import CustomerWaits
from chalicelib.orders.delay_schemas import Delay, whole_minutes
from chalicelib.orders.diet_schemas import EatingHabits
from chalicelib.orders.price_schemas import Line, Note, Priced, PriceLine
from chalicelib.orders.status import OrderCommand, OrderStatus

SAMPLE = "01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
StoreId = Annotated[str, Field(pattern=ids.pattern("sto"), examples=[f"sto_{SAMPLE}"])]
QuoteId = Annotated[str, Field(pattern=ids.pattern("quo"), examples=[f"quo_{SAMPLE}"])]
OrderId = Annotated[str, Field(pattern=ids.pattern("ord"), examples=[f"ord_{SAMPLE}"])]

PromotionCode = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{2,23}$",
        description="What customers type; capitals and small letters are alike.",
        examples=["WELCOME"],
    ),
    AfterValidator(str.upper),
]
Initiator = Literal["customer", "store", "courier", "operator", "system"]
LiableParty = Literal["customer", "store", "platform"]
CustomerReason = Literal["changed_mind", "ordered_by_mistake", "takes_too_long", "other"]
StoreReason = Literal[
    "item_unavailable",
    "too_busy",
    "closing",
    "cannot_fulfil_note",
    "other",
    "systemic_issues",
    "duplicate_application",
    "unavailable_item",
    "restaurant_without_delivery_person",
    "outdated_menu",
    "order_outside_the_delivery_area",
    "blocked_customer",
    "outside_delivery_hours",
    "internal_difficulties_of_the_restaurant",
    "risk_area",
    "delivery_problem",
]
"""The first five, and those of Open Delivery 1.7 in its own words."""
SystemReason = Literal[
    "payment_expired", "merchant_no_response", "no_courier", "undeliverable", "capture_deadline"
]
CancelCode = CustomerReason | StoreReason | SystemReason

MinimumAge = Annotated[
    Age | None,
    Field(description="Who takes it must be of this age, and prove it; null: anybody may."),
]


EntranceCode = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=30, pattern=r"^[^\x00-\x1f\x7f]*$"
    ),
    Field(
        description="What opens the door of the house. Shown to who brings it, while they do.",
        examples=["#1234*"],
    ),
]


class DropOff(Wire):
    """Where to bring it. Personal: kept with the order's body, shown to who brings it."""

    location: Point
    address: Annotated[Text200, Field(examples=["양화로 45, 3층"])]
    entrance_code: EntranceCode | None = None
    leave_at_door: bool = False


class Wanted(Wire):
    """One line of what is wanted, by the ids of the menu."""

    item_id: Slug
    quantity: Annotated[int, Field(ge=1, le=99, strict=True)] = 1
    options: Annotated[
        dict[Slug, Annotated[list[Slug], Field(max_length=20)]],
        Field(max_length=20, default_factory=dict, examples=[{"size": ["large"]}]),
    ]
    note: Note | None = None


class QuoteRequest(Wire):
    """What a customer would like, from whom, and how it should reach them."""

    store_id: StoreId
    fulfilment: Annotated[Fulfilment, Field(examples=["takeaway"])]
    items: Annotated[
        list[Wanted], Field(min_length=1, max_length=50, examples=[[{"item_id": "bibimbap"}]])
    ]
    drop_off: DropOff | None = None
    address_id: Annotated[
        str | None,
        Field(
            pattern=ids.pattern("adr"),
            description="An address of the customer's own, in the place of `drop_off`.",
        ),
    ] = None
    scheduled_for: Annotated[
        Annotated[Moment, AfterValidator(whole_minutes)] | None,
        Field(description="When it should be there, on a whole minute; null: as soon as it can."),
    ] = None
    note: Note | None = None
    courier_note: Annotated[
        Note | None, Field(description="For who brings it alone; `note` is for all.")
    ] = None
    tip: Annotated[
        Price,
        Field(description="For whoever brings it, whole: minor units, untaxed.", examples=[0]),
    ] = 0
    codes: Annotated[
        tuple[PromotionCode, ...],
        Field(max_length=5, description="Codes of promotions.", examples=[[]]),
    ] = ()
    diet: Annotated[
        EatingHabits | None,
        Field(
            description="What to warn of, for this quote, and not kept; null: what is kept, if is."
        ),
    ] = None

    @model_validator(mode="after")
    def _goes_to_one_place(self) -> Self:
        if self.drop_off is not None and self.address_id is not None:
            raise PydanticCustomError("two_places", "`drop_off` or `address_id`, not both")
        return self


class Window(Wire):
    """The promised time: ready (takeaway, dine-in) or at the door (delivery)."""

    begins: Moment
    ends: Moment


class QuoteWarning(Wire):
    """What a customer should know, and may order in spite of."""

    code: Annotated[str, Field(examples=["contains_allergen"])]
    pointer: Annotated[str, Field(examples=["/items/0"])]
    detail: str
    allergens: tuple[Allergen, ...] | None = None
    diets: tuple[Diet, ...] | None = None


class QuoteView(Wire):
    """A price and a promise that stand until `valid_until`."""

    id: QuoteId
    store_id: StoreId
    store_names: Names
    fulfilment: Fulfilment
    total: Money
    priced: Priced
    promised: Window
    scheduled_for: Moment | None = None
    valid_until: Moment
    minimum_age: MinimumAge = None
    note: Note | None = None
    courier_note: Note | None = None
    warnings: Annotated[
        tuple[QuoteWarning, ...],
        Field(description="Told when the quote is made, and not kept."),
    ] = ()


class Cancellation(Wire):
    """Why an order ended early, by whom, at whose expense."""

    code: str
    initiated_by: Initiator
    liable_party: LiableParty
    fee: Price
    refund: Annotated[
        Price, Field(description="What of the price its customer does not pay: let go or returned.")
    ]


class OrderSummary(Wire):
    """An order in a list."""

    id: OrderId
    store_id: StoreId
    fulfilment: Fulfilment
    delivered_by: Annotated[
        DeliveredBy | None, Field(description="Null unless it is delivered.")
    ] = None
    status: OrderStatus
    version: Annotated[int, Field(description="Rises with every change; events carry it")]
    total: Money
    placed_at: Moment
    promised: Window
    first_promised: Annotated[
        Window | None, Field(description="What was promised at first; null: it still stands.")
    ] = None
    delay: Delay | None = None
    scheduled_for: Annotated[
        Moment | None, Field(description="The moment that was asked for; null: as soon as it can.")
    ] = None
    prepare_by: Annotated[
        Moment | None, Field(description="When the kitchen should begin, of an order for later.")
    ] = None
    minimum_age: MinimumAge = None
    cancellation: Cancellation | None = None
    cancellation_request: Annotated[
        CancellationRequest | None, Field(description="The last one that its store has made.")
    ] = None
    customer_request: Annotated[
        CustomerRequest | None,
        Field(description="The last one that its customer has made of the store."),
    ] = None
    customer_waits: Annotated[
        CustomerWaits | None, Field(description="Null: nobody has said that they are there.")
    ] = None


class OrderView(OrderSummary):
    """An order as its customer, its store or an operator sees it."""

    store_names: Names
    lines: list[Line]
    price: list[PriceLine]
    owed: Money | None = None
    due_at: Moment | None = None
    next_commands: list[OrderCommand]
    note: Note | None = None
    courier_note: Note | None = None
    drop_off: DropOff | None = None
    hand_over_code: Annotated[
        str | None,
        Field(
            description="What its customer alone is shown while the order waits for them, at the "
            "counter or with the store's own rider: its store may ask for it.",
            examples=["0427"],
        ),
    ] = None


class OrderPage(Wire):
    """A page of orders, newest first."""

    items: list[OrderSummary]
    next_cursor: str | None = None


When = Literal["active", "past"]


class BoardQuery(Page):
    """How many of a store's orders to list."""


class OrderQuery(Page):
    """Which of one's orders to list."""

    when: Annotated[
        When | None,
        Field(description="Under way, or brought and given up; left out: both."),
    ] = None
    store_id: StoreId | None = None


class LateQuery(Page):
    """How many of the orders that are late. A page may be shorter."""


class CancelRequest(Wire):
    """Why the customer (or an operator) gives the order up."""

    code: Annotated[CustomerReason, Field(examples=["changed_mind"])] = "other"


class RejectRequest(Wire):
    """Why the store cannot take the order, or cannot go on with it."""

    code: Annotated[StoreReason, Field(examples=["too_busy"])] = "other"
