"""What a choice from a menu costs. Pure: the server's price, or every reason why there is none.

Price methods as Open Delivery 1.7 adds them up (`OptionGroup.priceMethod`): SUM groups each add
all that was chosen; all MAX groups together add their dearest choice; all AVG groups together add
the mean of their choices. So a half-and-half pizza is one AVG group or two, at the same price.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from chalicelib.catalog.allergens import Allergen, Diet
from chalicelib.catalog.menu_schemas import (
    Menu,
    MenuItem,
    MenuPrice,
    Names,
    Option,
    OptionGroup,
    PriceMethod,
    Slug,
    TaxRate,
)
from chalicelib.catalog.menu_views import Dish, Why
from chalicelib.catalog.standing import Standing
from chalicelib.core.money import Price
from chalicelib.core.schemas import Moment, Wire

type Chosen = Mapping[str, Sequence[str]]


class MenuProblem(StrEnum):
    ITEM_UNKNOWN = "item_unknown"
    ITEM_UNAVAILABLE = "item_unavailable"
    ITEM_NOT_NOW = "item_not_now"
    GROUP_UNKNOWN = "group_unknown"
    OPTION_UNKNOWN = "option_unknown"
    OPTION_UNAVAILABLE = "option_unavailable"
    TOO_FEW_OPTIONS = "too_few_options"
    TOO_MANY_OPTIONS = "too_many_options"


GONE = frozenset(
    {
        MenuProblem.ITEM_UNKNOWN,
        MenuProblem.ITEM_UNAVAILABLE,
        MenuProblem.GROUP_UNKNOWN,
        MenuProblem.OPTION_UNKNOWN,
        MenuProblem.OPTION_UNAVAILABLE,
    }
)
"""Why something that was quoted cannot be had any more."""
SENTENCES = {
    MenuProblem.ITEM_UNKNOWN: "The menu has no such item.",
    MenuProblem.ITEM_UNAVAILABLE: "The item is not available now.",
    MenuProblem.ITEM_NOT_NOW: "The item is not served at that time.",
    MenuProblem.GROUP_UNKNOWN: "The item has no such group of options.",
    MenuProblem.OPTION_UNKNOWN: "The group has no such option.",
    MenuProblem.OPTION_UNAVAILABLE: "The option is not available now.",
    MenuProblem.TOO_FEW_OPTIONS: "More options of the group must be chosen.",
    MenuProblem.TOO_MANY_OPTIONS: "Fewer options of the group may be chosen.",
}


class MenuIssue(Wire):
    """Why a choice cannot be had."""

    code: Annotated[MenuProblem, Field(examples=["too_few_options"])]
    item_id: Annotated[str, Field(examples=["margherita"])]
    group_id: Annotated[str | None, Field(examples=["toppings"])] = None
    option_id: str | None = None
    returns_at: Annotated[
        Moment | None, Field(description="When it can be had again, where that is known.")
    ] = None

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code]


class MenuIssueError(Exception):
    """A choice that cannot be had. `issues` says everything; `code` and the text say the first."""

    def __init__(self, issues: Sequence[MenuIssue]) -> None:
        super().__init__(issues[0].sentence)
        self.issues = tuple(issues)
        self.code = issues[0].code


class PricedOption(Wire):
    """A chosen option at its list price; `quantity` where it was chosen several times."""

    group_id: Annotated[Slug, Field(examples=["toppings"])]
    option_id: Annotated[Slug, Field(examples=["extra-basil"])]
    names: Annotated[Names, Field(examples=[{"en": "Extra basil"}])]
    price: Annotated[MenuPrice, Field(examples=[500])]
    quantity: Annotated[int, Field(ge=1, examples=[1])]


class PricedItem(Wire):
    """One unit of an item with its options, in the menu's order. `unit_price` holds both."""

    item_id: Slug
    names: Names
    unit_price: Annotated[
        Price, Field(description="Minor units of the store's currency.", examples=[14500])
    ]
    tax_basis_points: Annotated[TaxRate | None, Field(description="Null: the store's own rate.")]
    tax_category: Slug | None
    options: tuple[PricedOption, ...]
    age_restricted: bool
    allergens: tuple[Allergen, ...]
    diets: tuple[Diet, ...]

    def as_chosen(self) -> dict[str, list[dict[str, object]]]:
        """The options by group, one entry for each time that one was chosen."""
        by_group: dict[str, list[dict[str, object]]] = {}
        for option in self.options:
            entry: dict[str, object] = option.model_dump(include={"names", "price"})
            told = {"id": option.option_id, **entry}
            by_group.setdefault(option.group_id, []).extend([told] * option.quantity)
        return by_group


def price(menu: Menu, item_id: str, chosen: Chosen, standing: Standing | None = None) -> PricedItem:
    """The price of one unit. `chosen` names options by their group; their order never matters.

    `standing` says what cannot be had at the moment for which it is wanted.
    Raises MenuIssueError, which lists everything that is wrong with the choice.
    """
    item = menu.item(item_id)
    if item is None:
        raise MenuIssueError([MenuIssue(code=MenuProblem.ITEM_UNKNOWN, item_id=item_id)])
    issues = [*_untimely(menu, item, standing), *_issues(item, chosen, standing)]
    if issues:
        raise MenuIssueError(issues)
    return PricedItem(
        item_id=item.id,
        names=item.names,
        unit_price=item.price + _options_price(item, chosen),
        tax_basis_points=item.tax_basis_points,
        tax_category=item.tax_category,
        options=tuple(_priced_options(item, chosen)),
        age_restricted=item.age_restricted,
        allergens=item.allergens,
        diets=item.diets,
    )


def gone(menu: Menu, item_id: str, chosen: Chosen, standing: Standing) -> Iterator[MenuIssue]:
    """What of a choice that was priced before cannot be had any more.

    A new price, other numbers of options or other hours do not matter: what was quoted stands.
    """
    item = menu.item(item_id)
    if item is None:
        yield MenuIssue(code=MenuProblem.ITEM_UNKNOWN, item_id=item_id)
        return
    yield from (one for one in _issues(item, chosen, standing) if one.code in GONE)


def _untimely(menu: Menu, item: MenuItem, standing: Standing | None) -> Iterator[MenuIssue]:
    category = menu.category_of(item.id)
    absence = standing.item(category, item) if standing and category else None
    if absence and absence.why is Why.NOT_NOW:
        yield MenuIssue(code=MenuProblem.ITEM_NOT_NOW, item_id=item.id, returns_at=absence.until)


def _issues(item: MenuItem, chosen: Chosen, standing: Standing | None) -> Iterator[MenuIssue]:
    absence = standing.ran_out(Dish(item_id=item.id)) if standing else None
    if absence or not item.available:
        until = absence.until if absence and item.available else None
        yield MenuIssue(code=MenuProblem.ITEM_UNAVAILABLE, item_id=item.id, returns_at=until)
    for group_id in sorted(chosen.keys() - {group.id for group in item.option_groups}):
        yield MenuIssue(code=MenuProblem.GROUP_UNKNOWN, item_id=item.id, group_id=group_id)
    for group in item.option_groups:
        counted = Counter(chosen.get(group.id, ()))
        for code, option_id in _group_issues(group, counted):
            yield MenuIssue(code=code, item_id=item.id, group_id=group.id, option_id=option_id)
        if standing:
            yield from _sold_out(item, group, counted, standing)


def _sold_out(
    item: MenuItem, group: OptionGroup, chosen: Counter[str], standing: Standing
) -> Iterator[MenuIssue]:
    for option in group.options:
        dish = Dish(item_id=item.id, group_id=group.id, option_id=option.id)
        absence = standing.ran_out(dish) if chosen[option.id] and option.available else None
        if absence:
            yield MenuIssue(
                code=MenuProblem.OPTION_UNAVAILABLE, **dict(dish), returns_at=absence.until
            )


def _group_issues(
    group: OptionGroup, chosen: Counter[str]
) -> Iterator[tuple[MenuProblem, str | None]]:
    options = {option.id: option for option in group.options}
    for option_id, times in sorted(chosen.items()):
        if option_id not in options:
            yield MenuProblem.OPTION_UNKNOWN, option_id
        elif not options[option_id].available:
            yield MenuProblem.OPTION_UNAVAILABLE, option_id
        elif times > 1 and group.price_method is not PriceMethod.SUM:
            yield MenuProblem.TOO_MANY_OPTIONS, option_id
    if chosen.total() < group.min:
        yield MenuProblem.TOO_FEW_OPTIONS, None
    if chosen.total() > group.max:
        yield MenuProblem.TOO_MANY_OPTIONS, None


def _options_price(item: MenuItem, chosen: Chosen) -> int:
    prices: dict[PriceMethod, list[int]] = {method: [] for method in PriceMethod}
    for group, option, times in _choices(item, chosen):
        prices[group.price_method] += [option.price] * times
    added, dearest, mean = (prices[method] for method in PriceMethod)
    return sum(added) + max(dearest, default=0) + _mean(mean)


def _mean(prices: Sequence[int]) -> int:
    """The mean, halves rounded up; 0 of nothing."""
    return (2 * sum(prices) + len(prices)) // (2 * len(prices)) if prices else 0


def _priced_options(item: MenuItem, chosen: Chosen) -> Iterator[PricedOption]:
    for group, option, times in _choices(item, chosen):
        yield PricedOption(
            group_id=group.id,
            option_id=option.id,
            names=option.names,
            price=option.price,
            quantity=times,
        )


def _choices(item: MenuItem, chosen: Chosen) -> Iterator[tuple[OptionGroup, Option, int]]:
    for group in item.option_groups:
        counted = Counter(chosen.get(group.id, ()))
        for option in group.options:
            if counted[option.id]:
                yield group, option, counted[option.id]
