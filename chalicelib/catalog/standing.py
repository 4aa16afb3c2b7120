"""What of a menu cannot be had at a moment: what is sold out, and what has other hours. Pure.

Nothing has to happen for a thing to come back: whoever asks later is told otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.catalog.hours import Span, is_open, next_opening
from chalicelib.catalog.menu_schemas import Category, Menu, MenuItem
from chalicelib.catalog.menu_views import Dish, Unavailable, Why
from chalicelib.catalog.status import SoldOutReason

MOST_STEPS = 100
"""How often two rhythms of hours are compared before they count as never meeting."""


@dataclass(frozen=True, slots=True)
class SoldOut:
    """That a thing is sold out: until a moment, or until somebody says otherwise."""

    until: datetime | None
    reason: SoldOutReason

    def holds(self, at: datetime) -> bool:
        return self.until is None or at < self.until


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a thing cannot be had, and until when, where that is known."""

    why: Why
    until: datetime | None
    reason: SoldOutReason | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A store's hours and what is sold out, judged at one moment."""

    at: datetime
    timezone: str
    sold_out: Mapping[str, SoldOut]

    def ran_out(self, dish: Dish) -> Absence | None:
        """Whether an item or an option is sold out."""
        found = self.sold_out.get(dish.key)
        if found is None or not found.holds(self.at):
            return None
        return Absence(Why.SOLD_OUT, found.until, found.reason)

    def item(self, category: Category, item: MenuItem) -> Absence | None:
        """Why an item cannot be had: it is sold out, or this is no time for it."""
        spans = [hours for hours in (category.hours, item.hours) if hours is not None]
        return self.ran_out(Dish(item_id=item.id)) or self._untimely(spans)

    def of(self, menu: Menu) -> Iterator[Unavailable]:
        """Everything of a menu that cannot be had, in the menu's order."""
        for category in menu.categories:
            absence = self._untimely([category.hours] if category.hours is not None else [])
            if absence:
                yield Unavailable(category_id=category.id, why=absence.why, until=absence.until)
            for item in category.items:
                yield from self._of_item(item)

    def _of_item(self, item: MenuItem) -> Iterator[Unavailable]:
        dishes = [Dish(item_id=item.id), *options_of(item)] if self.sold_out else []
        for dish in dishes:
            absence = self.ran_out(dish)
            if absence:
                yield Unavailable(
                    **dict(dish), why=absence.why, until=absence.until, reason=absence.reason
                )
        untimely = self._untimely([item.hours] if item.hours is not None else [])
        if untimely and not self.ran_out(Dish(item_id=item.id)):
            yield Unavailable(item_id=item.id, why=untimely.why, until=untimely.until)

    def _untimely(self, spans: Sequence[Sequence[Span]]) -> Absence | None:
        if all(is_open(hours, self.timezone, self.at) for hours in spans):
            return None
        return Absence(Why.NOT_NOW, _all_open_from(spans, self.timezone, self.at))


def options_of(item: MenuItem) -> Iterator[Dish]:
    for group in item.option_groups:
        for option in group.options:
            yield Dish(item_id=item.id, group_id=group.id, option_id=option.id)


def keys(menu: Menu) -> set[str]:
    """Everything in a menu that can be sold out."""
    items = list(menu.items)
    options = {dish.key for item in items for dish in options_of(item)}
    return options | {item.id for item in items}


def _all_open_from(spans: Sequence[Sequence[Span]], timezone: str, at: datetime) -> datetime | None:
    """The first moment at which all are open; None where they never are, as far as is looked."""
    moment = at
    for _ in range(MOST_STEPS):
        closed = [hours for hours in spans if not is_open(hours, timezone, moment)]
        if not closed:
            return moment
        openings = [next_opening(hours, timezone, moment) for hours in closed]
        if None in openings:
            return None
        moment = max(opening for opening in openings if opening)
    return None
