"""What a customer eats, as it crosses the border. Sensitive: data on health and belief."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.catalog.allergens import Allergen, Diet
from chalicelib.core.schemas import Moment, Wire


class EatingHabits(Wire):
    """What a customer keeps to, and what they avoid. Sensitive personal data: health and belief."""

    diets: Annotated[tuple[Diet, ...], Field(max_length=len(Diet), examples=[["VEGETARIAN"]])] = ()
    avoids: Annotated[
        tuple[Allergen, ...],
        Field(max_length=len(Allergen), description="Allergens.", examples=[["PEANUTS"]]),
    ] = ()


class DietRequest(EatingHabits):
    """What to keep of a customer, who has agreed to that explicitly."""

    agreed: Annotated[
        Literal[True],
        Field(description="The customer was asked whether this may be kept, and said yes."),
    ]


class DietView(EatingHabits):
    """What is kept, and since when the customer has agreed; null: nothing is kept."""

    agreed_at: Moment | None = None
