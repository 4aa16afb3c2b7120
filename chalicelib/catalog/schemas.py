"""Merchants, stores and their staff, as they cross the border."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from chalicelib.catalog.allergens import Diet
from chalicelib.catalog.hours import Hours, SpecialDays, TimeZone
from chalicelib.catalog.menu_schemas import Names, Slug, TaxRate
from chalicelib.catalog.offers import Offer
from chalicelib.catalog.preparing import Kitchen, Pace, PreparationRules, Rush
from chalicelib.catalog.status import DeliveredBy, Fulfilment, PauseReason, StoreKind, StoreStatus
from chalicelib.catalog.zones import Point, Zones
from chalicelib.core import ids
from chalicelib.core.money import BASIS_POINTS, Currency, exponent
from chalicelib.core.schemas import Moment, Reason, Text200, Wire

DEFAULT_COMMISSION = 1000
DEFAULT_CONFIRM_SECONDS = 480
REMOVABLE = frozenset({"phone", "kitchen", "price_level"})


def _known_currency(code: str) -> str:
    exponent(code)
    return code


def _each_once(ways: tuple[Fulfilment, ...]) -> tuple[Fulfilment, ...]:
    return tuple(sorted(set(ways)))


StoreId = Annotated[
    str, Field(pattern=ids.pattern("sto"), examples=["sto_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"])
]
MerchantId = Annotated[
    str, Field(pattern=ids.pattern("mer"), examples=["mer_01JDB6X9T2H4C8D0E6F7G1J3KA"])
]
City = Annotated[str, Field(pattern=r"^[a-z0-9-]{2,40}$", examples=["seoul"])]
StoreCurrency = Annotated[Currency, AfterValidator(_known_currency)]
Minutes = Annotated[
    int, Field(strict=True, ge=0, le=240, description="Minutes, usually.", examples=[15])
]
Phone = Annotated[
    str,
    Field(pattern=r"^\+[1-9]\d{6,14}$", description="The shop's, E.164.", examples=["+8225550100"]),
]
Fulfilments = Annotated[
    tuple[Fulfilment, ...],
    Field(min_length=1, max_length=10, examples=[["delivery", "takeaway"]]),
    AfterValidator(_each_once),
]
StoreNames = Annotated[Names, Field(examples=[{"ko": "한강 피자", "en": "Han River Pizza"}])]
Address = Annotated[Text200, Field(examples=["12 Sejong-daero, Jung-gu, Seoul"])]
Commission = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=BASIS_POINTS // 2,
        description="Basis points of the items' price.",
        examples=[1000],
    ),
]
ConfirmSeconds = Annotated[
    int,
    Field(
        strict=True,
        ge=180,
        le=900,
        description="Seconds that the store has to confirm an order.",
        examples=[480],
    ),
]


Cuisine = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z-]{1,29}$", description="A word for a kitchen.", examples=["korean"]),
]
Cuisines = Annotated[tuple[Cuisine, ...], Field(max_length=5, examples=[["korean", "noodles"]])]
PriceLevel = Annotated[
    int, Field(strict=True, ge=1, le=4, description="1: cheap, 4: dear.", examples=[2])
]


class Rating(Wire):
    """What customers thought of a store, in the mean."""

    hundredths: Annotated[
        int, Field(ge=100, le=500, description="Hundredths of a star, of five.", examples=[460])
    ]
    count: Annotated[int, Field(ge=1, description="How many have rated.", examples=[128])]


class Tax(Wire):
    """How the store's prices stand to tax: `included` in them, or added to them."""

    included: bool
    basis_points: TaxRate
    categories: Annotated[
        dict[Slug, TaxRate],
        Field(
            max_length=20,
            description="The rates of what is taxed otherwise, by the names that menus use.",
            examples=[{"staple-food": 0}],
        ),
    ] = Field(default_factory=dict)


class StoreDetails(Wire):
    """What a store says about itself, and may change."""

    names: StoreNames
    location: Point
    address: Address
    hours: Hours
    zones: Zones
    fulfilment: Fulfilments
    preparation_minutes: Minutes
    tax: Tax
    delivered_by: Annotated[
        DeliveredBy, Field(description="Who brings its orders.", examples=["platform"])
    ] = DeliveredBy.STORE
    phone: Phone | None = None
    special_hours: SpecialDays = ()
    preparation_rules: PreparationRules = ()
    kitchen: Annotated[Kitchen | None, Field(description="Null: it takes on whatever comes.")] = (
        None
    )
    cuisines: Cuisines = ()
    price_level: PriceLevel | None = None


class StoreOrigin(Wire):
    """What a store is from its beginning, and never changes."""

    merchant_id: MerchantId
    kind: StoreKind
    city: City
    timezone: TimeZone
    currency: StoreCurrency


class NewStore(StoreOrigin, StoreDetails):
    """A store begins as a draft. Its city, time zone and currency stay what they are."""


class StorePatch(Wire):
    """What is named is changed, whole; what is not named stays.

    A `phone`, `kitchen` or `price_level` of null is taken away.
    """

    names: StoreNames | None = None
    location: Point | None = None
    address: Address | None = None
    hours: Hours | None = None
    special_hours: SpecialDays | None = None
    preparation_rules: PreparationRules | None = None
    zones: Zones | None = None
    fulfilment: Fulfilments | None = None
    preparation_minutes: Minutes | None = None
    tax: Tax | None = None
    delivered_by: DeliveredBy | None = None
    phone: Phone | None = None
    kitchen: Kitchen | None = None
    cuisines: Cuisines | None = None
    price_level: PriceLevel | None = None

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """What can be taken away is described as nullable: null means "not named" for the rest."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        for name, described in schema["properties"].items():
            if name not in REMOVABLE:
                schema["properties"][name] = described["anyOf"][0]
        return schema

    @model_validator(mode="after")
    def _takes_nothing_else_away(self) -> Self:
        for name in sorted(self.model_fields_set - REMOVABLE):
            if getattr(self, name) is None:
                raise PydanticCustomError("null_refused", "{name} cannot be null", {"name": name})
        return self


class StorePause(Wire):
    """No new orders: until a moment, or until somebody resumes."""

    reason: Annotated[PauseReason, Field(examples=["busy"])]
    until: Moment | None = None


class Terms(Wire):
    """What the operator agrees with a store."""

    commission_basis_points: Commission = DEFAULT_COMMISSION
    confirm_seconds: ConfirmSeconds = DEFAULT_CONFIRM_SECONDS


class NewTerms(Terms):
    """New terms, and why."""

    reason: Reason


class StoreReview(Wire):
    """Why an operator lets a store live, or takes it off the list."""

    reason: Reason


class Store(NewStore, Terms):
    """A store, whole, as other domains read it and everybody may see it."""

    id: StoreId
    version: Annotated[int, Field(examples=[7])]
    status: StoreStatus
    pause_reason: PauseReason | None = None
    paused_until: Annotated[
        Moment | None, Field(description="Null in a pause that somebody has to end.")
    ] = None
    rush: Annotated[Rush | None, Field(description="Null when there is none.")] = None
    menu_version: Annotated[int, Field(description="0 before the first menu.", examples=[3])]
    diets: Annotated[
        tuple[Diet, ...],
        Field(description="For which the menu has anything.", examples=[["VEGAN"]]),
    ] = ()
    rating: Annotated[
        Rating | None, Field(description="Null until enough customers have rated.")
    ] = None
    offers: Annotated[
        tuple[Offer, ...],
        Field(description="The store's own promotions that apply by themselves."),
    ] = ()
    created_at: Moment

    @property
    def pace(self) -> Pace:
        """How long its kitchen takes."""
        return Pace(self.preparation_minutes, self.preparation_rules, self.rush, self.timezone)

    def is_paused(self, at: datetime) -> bool:
        return self.pause_reason is not None and (
            self.paused_until is None or at < self.paused_until
        )


class StoreProblem(StrEnum):
    NOT_LIVE = "store_not_live"
    SUSPENDED = "store_suspended"
    PAUSED = "store_paused"
    CLOSED = "store_closed"


class StoreIssue(Wire):
    """Why a store takes no orders at a moment, and when it does again, where that is known."""

    code: Annotated[StoreProblem, Field(examples=["store_closed"])]
    detail: Annotated[str, Field(examples=["The store is closed at that time."])]
    opens_at: Moment | None = None
    reason: Annotated[
        str | None, Field(description="What the store says of a special day.", examples=[None])
    ] = None


class StoreView(Store):
    """A store, and whether it takes orders now: `closed` is null while it does."""

    closed: StoreIssue | None
