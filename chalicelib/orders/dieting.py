"""What customers eat: kept for those who agree, and compared with what they are about to order.

It is sensitive: only its customer reads it, no log or event repeats it, no order and no quote keeps
what was found by it. A conflict is a warning; whoever orders decides.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from chalicelib.catalog.allergens import Allergen, Diet
from chalicelib.catalog.menu_schemas import Menu, MenuItem, Option
from chalicelib.core import clock, dynamo, parts
from chalicelib.orders.diet_models import DietItem, diet_key
from chalicelib.orders.diet_schemas import DietRequest, DietView, EatingHabits
from chalicelib.orders.schemas import QuoteWarning, Wanted
from chalicelib.people import guests

A = Allergen
GLUTEN = frozenset({A.WHEAT, A.RYE, A.BARLEY, A.OAT, A.SPELT, A.KAMUT})
NUTS = frozenset(
    {
        A.ALMONDS, A.BRAZIL_NUTS, A.CASHEW_NUTS, A.HAZELNUTS, A.MACADAMIA_NUTS, A.PECAN_NUTS,
        A.PISTACHIOS, A.QUEENSLAND_NUTS, A.WALNUTS, A.TREE_NUT_TRACES,
    }
)  # fmt: skip
FAMILIES: Mapping[Allergen, frozenset[Allergen]] = MappingProxyType(
    {
        A.CEREALS_CONTAINING_GLUTEN: GLUTEN | {A.GLUTEN},
        A.GLUTEN: GLUTEN | {A.CEREALS_CONTAINING_GLUTEN},
        A.TREE_NUTS: NUTS,
        A.LACTOSE: frozenset({A.MILK}),
        A.MACADAMIA_NUTS: frozenset({A.QUEENSLAND_NUTS}),
    }
)
"""What is said as a kind and as one of it, after Regulation (EU) 1169/2011, annex II."""
IMPLIED: Mapping[Diet, frozenset[Diet]] = MappingProxyType(
    {Diet.VEGETARIAN: frozenset({Diet.VEGAN})}
)
"""What else suits a diet."""


def read(customer_id: str) -> DietView:
    """What is kept of a customer. Nobody else may ask."""
    item = dynamo.get(DietItem, diet_key(customer_id))
    if item is None:
        return DietView()
    return DietView(**dict(habits(item)), agreed_at=clock.parse(item.agreed_at))


def keep(customer_id: str, said: DietRequest) -> DietView:
    """Keep what a customer says of themselves, in place of what was kept. Safe to repeat."""
    content = EatingHabits(diets=said.diets, avoids=said.avoids)
    now = clock.now()
    item = DietItem(
        diet_key(customer_id),
        dynamo.HEAD,
        content=content.model_dump(mode="json"),
        agreed_at=clock.stamp(now),
        expires_at=guests.forgotten_at(customer_id),
    )
    parts.commit(parts.overwrite(item), *guests.present(customer_id))
    return DietView(**dict(content), agreed_at=now)


def forget(customer_id: str) -> None:
    """Keep nothing of it any more. Safe to repeat."""
    parts.commit(parts.forget(DietItem(diet_key(customer_id), dynamo.HEAD)))


def habits(item: DietItem) -> EatingHabits:
    """What is stored, as its customer said it. What a newer release has added is left out."""
    return EatingHabits.model_validate_json(json.dumps(item.content), extra="ignore")


# --- pure ----------------------------------------------------------------------------------------


def warnings(menu: Menu, wanted: Sequence[Wanted], eats: EatingHabits) -> list[QuoteWarning]:
    """What of an order conflicts with what its customer eats: item by item, option by option."""
    found: list[QuoteWarning] = []
    for number, line in enumerate(wanted):
        item = menu.item(line.item_id)
        if item is None:
            continue
        pointer = f"/items/{number}"
        unfit = [one for one in eats.diets if not {one, *IMPLIED.get(one, ())} & {*item.diets}]
        found += _told(pointer, _avoided(item.allergens, eats), unfit)
        for group_id, option in _options(item, line):
            unfit = [one for one in eats.diets if one in (option.unfit_for or ())]
            avoided = _avoided(option.allergens or (), eats)
            found += _told(f"{pointer}/options/{group_id}", avoided, unfit)
    return found


def _options(item: MenuItem, line: Wanted) -> Iterator[tuple[str, Option]]:
    for group in item.option_groups:
        chosen = line.options.get(group.id, ())
        yield from ((group.id, option) for option in group.options if option.id in chosen)


def _avoided(contained: Iterable[Allergen], eats: EatingHabits) -> list[Allergen]:
    """What is in it that a customer avoids, or may be: a kind, where one of it is avoided."""
    return [one for one in contained if any(_is_related(one, avoided) for avoided in eats.avoids)]


def _is_related(one: Allergen, other: Allergen) -> bool:
    return one is other or other in FAMILIES.get(one, ()) or one in FAMILIES.get(other, ())


def _told(
    pointer: str, avoided: Sequence[Allergen], unfit: Sequence[Diet]
) -> Iterator[QuoteWarning]:
    if avoided:
        yield QuoteWarning(
            code="contains_allergen",
            pointer=pointer,
            detail="It contains what you avoid.",
            allergens=tuple(avoided),
        )
    if unfit:
        yield QuoteWarning(
            code="not_for_diet",
            pointer=pointer,
            detail="The store does not say that it suits your diet.",
            diets=tuple(unfit),
        )
