"""A menu as a store publishes it and everybody reads it, after Open Delivery 1.7."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.catalog.allergens import Allergen, Diet
from chalicelib.catalog.hours import Hours
from chalicelib.core.money import BASIS_POINTS
from chalicelib.core.schemas import Text200, Wire

MOST_CATEGORIES = 60
MOST_ITEMS = 300
MOST_GROUPS = 20
MOST_OPTIONS = 50
MOST_CHOICES = 40
DEAREST = 10**9
MOST_PER_DAY = 100_000
LARGEST_MENU = 350 * 1024

Slug = Annotated[
    str,
    Field(pattern=r"^[a-z0-9-]{1,40}$", description="The store's own id.", examples=["margherita"]),
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
LongText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=r"^[^\x00]*$"),
]
Names = Annotated[
    dict[Language, Text200],
    Field(
        min_length=1,
        max_length=20,
        description="By language (ISO 639-1).",
        examples=[{"ko": "마르게리타", "en": "Margherita"}],
    ),
]
MenuPrice = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=DEAREST,
        description="Minor units of the store's currency.",
        examples=[14000],
    ),
]
TaxRate = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=BASIS_POINTS,
        description="Basis points: hundredths of a per cent.",
        examples=[1000],
    ),
]


MenuHours = Annotated[
    Hours | None,
    Field(
        description="When it can be had, in the store's own time zone; null: always.",
        examples=[[{"day": "sat", "opens": "08:00", "closes": "11:00"}]],
    ),
]


class PriceMethod(StrEnum):
    """How chosen options change the price: all add up, the dearest counts, or their mean does."""

    SUM = "SUM"
    MAX = "MAX"
    AVG = "AVG"


class Option(Wire):
    id: Annotated[Slug, Field(examples=["extra-basil"])]
    names: Annotated[Names, Field(examples=[{"ko": "바질 추가", "en": "Extra basil"}])]
    price: Annotated[MenuPrice, Field(examples=[500])]
    available: bool = True
    allergens: Annotated[
        tuple[Allergen, ...] | None,
        Field(
            max_length=len(Allergen),
            description="What it adds to the item's own; null: nothing.",
            examples=[["MILK"]],
        ),
    ] = None
    unfit_for: Annotated[
        tuple[Diet, ...] | None,
        Field(
            max_length=len(Diet),
            description="Diets that the item does not suit any more with it; null: it suits all.",
            examples=[["VEGAN"]],
        ),
    ] = None


class OptionGroup(Wire):
    """Between `min` and `max` options are chosen; in a SUM group one of them several times, too."""

    id: Annotated[Slug, Field(examples=["toppings"])]
    names: Annotated[Names, Field(examples=[{"ko": "토핑", "en": "Toppings"}])]
    min: Annotated[int, Field(strict=True, ge=0, le=MOST_CHOICES, examples=[0])]
    max: Annotated[int, Field(strict=True, ge=1, le=MOST_CHOICES, examples=[3])]
    price_method: PriceMethod = PriceMethod.SUM
    options: Annotated[tuple[Option, ...], Field(min_length=1, max_length=MOST_OPTIONS)]

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        _demand_unique("option", self.options)
        if self.min > self.max:
            raise PydanticCustomError("group_impossible", "min is above max")
        if self.price_method is not PriceMethod.SUM and self.min > len(self.options):
            raise PydanticCustomError("group_impossible", "min is above the number of options")
        return self


Kilocalories = Annotated[int, Field(strict=True, ge=0, le=50_000, examples=[820])]
Age = Annotated[int, Field(strict=True, ge=1, le=99, description="Years.", examples=[19])]


class Nutrition(Wire):
    """What Open Delivery 1.7 tells of a dish (NutritionalInfo). Null: not said."""

    kilocalories: Annotated[Kilocalories, Field(description="kcal per portion, or the least.")]
    kilocalories_to: Annotated[
        Kilocalories | None, Field(description="The most, where it is a range.", examples=[900])
    ] = None
    additives: Annotated[
        tuple[Text200, ...] | None, Field(max_length=40, examples=[["Sodium benzoate"]])
    ] = None
    alcoholic: bool | None = None
    note: Annotated[Names | None, Field(examples=[{"en": "Contains preservatives"}])] = None

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.kilocalories_to is not None and self.kilocalories_to < self.kilocalories:
            raise PydanticCustomError("range_falls", "kilocalories_to is below kilocalories")
        return self


class MenuItem(Wire):
    """What can be ordered. Allergens and diets must be said, if only as an empty list."""

    id: Slug
    names: Names
    descriptions: Annotated[
        dict[Language, LongText],
        Field(max_length=20, examples=[{"en": "Tomato, mozzarella, basil"}]),
    ] = Field(default_factory=dict)
    price: MenuPrice
    tax_basis_points: Annotated[
        TaxRate | None, Field(description="Where it differs from the store's own rates.")
    ] = None
    tax_category: Annotated[
        Slug | None,
        Field(description="One of the store's tax categories.", examples=[None]),
    ] = None
    allergens: Annotated[
        tuple[Allergen, ...],
        Field(max_length=len(Allergen), examples=[["GLUTEN", "MILK"]]),
    ]
    diets: Annotated[tuple[Diet, ...], Field(max_length=len(Diet), examples=[["VEGETARIAN"]])]
    nutrition: Nutrition | None = None
    serves: Annotated[
        int | None, Field(strict=True, ge=1, le=100, description="People.", examples=[2])
    ] = None
    age_restricted: bool = False
    minimum_age: Annotated[
        Age | None,
        Field(
            description="Sold from this age on; null: `age_restricted` says, by the country's law.",
            examples=[None],
        ),
    ] = None
    available: bool = True
    hours: MenuHours = None
    per_day: Annotated[
        int | None,
        Field(
            strict=True,
            ge=0,
            le=MOST_PER_DAY,
            description="How many are sold on a service day, which begins at 04:00 local time.",
            examples=[20],
        ),
    ] = None
    option_groups: Annotated[tuple[OptionGroup, ...], Field(max_length=MOST_GROUPS)] = ()
    image_url: Annotated[
        str | None,
        Field(
            max_length=500,
            pattern=r"^(https://|http://(localhost|127\.0\.0\.1)[:/])[!-~]+$",
            examples=["https://images.example.com/margherita.webp"],
        ),
    ] = None

    @model_validator(mode="after")
    def _says_things_once(self) -> Self:
        _demand_unique("option group", self.option_groups)
        if self.tax_category is not None and self.tax_basis_points is not None:
            raise PydanticCustomError("tax_said_twice", "a tax category or a rate, not both")
        return self


class Category(Wire):
    id: Annotated[Slug, Field(examples=["pizza"])]
    names: Annotated[Names, Field(examples=[{"ko": "피자", "en": "Pizza"}])]
    hours: MenuHours = None
    items: Annotated[tuple[MenuItem, ...], Field(max_length=MOST_ITEMS)]


class Menu(Wire):
    """A whole menu. Ids are unique: items in it, groups in their item, options in their group."""

    categories: Annotated[tuple[Category, ...], Field(max_length=MOST_CATEGORIES)]

    @property
    def items(self) -> Iterator[MenuItem]:
        return (item for category in self.categories for item in category.items)

    def item(self, item_id: str) -> MenuItem | None:
        return next((item for item in self.items if item.id == item_id), None)

    def category_of(self, item_id: str) -> Category | None:
        """The category in which an item is."""
        return next((one for one in self.categories if _has(one, item_id)), None)

    @model_validator(mode="after")
    def _is_within_limits(self) -> Self:
        _demand_unique("category", self.categories)
        items = list(self.items)
        _demand_unique("item", items)
        if len(items) > MOST_ITEMS:
            raise PydanticCustomError("menu_too_long", "a menu has at most 300 items")
        return self


def _has(category: Category, item_id: str) -> bool:
    return any(item.id == item_id for item in category.items)


def _demand_unique(what: str, things: Iterable[Option | OptionGroup | MenuItem | Category]) -> None:
    doubled = [id_ for id_, times in Counter(thing.id for thing in things).items() if times > 1]
    if doubled:
        raise PydanticCustomError(
            "id_not_unique", "the {what} {id} is there twice", {"what": what, "id": doubled[0]}
        )
