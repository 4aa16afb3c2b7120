"""A merchant's document made into a menu of ours, with a word for what did not fit. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from chalicelib.catalog import menu_schemas as ours
from chalicelib.catalog.allergens import Allergen, Diet
from chalicelib.integrations.opendelivery import times
from chalicelib.integrations.opendelivery.merchant_schemas import (
    Availability,
    Category,
    Item,
    ItemOffer,
    ItemPrice,
    Merchant,
    NutritionalInfo,
    Option,
    OptionGroup,
)
from chalicelib.integrations.opendelivery.prices import minor

ALLERGENS = frozenset(Allergen)
DIETS = frozenset(Diet)
UNDECLARED = "Allergens not declared."
LONGEST_NAME, LONGEST_TEXT = 200, 1000
MOST_PEOPLE, MOST_KILOCALORIES = 100, 50_000
PICTURE = re.compile(r"https://[!-~]{1,480}")
BOUNDS = re.compile(r"\d+(?:\.\d+)?")


@dataclass
class Taken:
    """What came of a document: a menu as JSON of ours, and notes of what was left out."""

    menu: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    """A document by its ids, and the store that it is for."""

    currency: str
    timezone: str
    language: str
    now: datetime
    items: dict[UUID, Item]
    offers: dict[UUID, ItemOffer]
    groups: dict[UUID, OptionGroup]
    known: dict[UUID, Availability]
    taken: Taken


def menu_of(
    merchant: Merchant, *, currency: str, timezone: str, language: str, now: datetime
) -> Taken:
    """The menu that a document describes, of the services that can be had; else of all its menus.

    An item without declared allergens says so in its description: an empty list would be a promise.
    """
    taken = Taken()
    book = Book(
        currency,
        timezone,
        language,
        now,
        {one.id: one for one in merchant.items},
        {one.id: one for one in merchant.itemOffers},
        {one.id: one for one in merchant.optionGroups},
        {one.id: one for one in merchant.availabilities},
        taken,
    )
    seen: set[UUID] = set()
    categories = [_category(one, book, seen) for one in _categories(merchant)]
    taken.menu = {"categories": categories}
    return taken


def _categories(merchant: Merchant) -> list[Category]:
    served = {one.menuId for one in merchant.services if one.status == "AVAILABLE"}
    menus = [one for one in merchant.menus if one.id in served] or merchant.menus
    known = {one.id: one for one in merchant.categories}
    wanted = dict.fromkeys(ident for menu in menus for ident in menu.categoryId)
    return sorted((known[one] for one in wanted if one in known), key=lambda one: one.index)


def _category(category: Category, book: Book, seen: set[UUID]) -> dict[str, Any]:
    offers = [book.offers[one] for one in category.itemOfferId if one in book.offers]
    found = []
    for offer in sorted(offers, key=lambda one: one.index):
        if offer.id in seen:
            book.taken.notes.append(f"{offer.id}: in two categories, shown in the first")
            continue
        seen.add(offer.id)
        made = _item(offer, category, book)
        found += [made] if made else []
    return {
        "id": str(category.id),
        "names": _names(category.name, book),
        "hours": _hours(category.availabilityId, book),
        "items": found,
    }


def _item(offer: ItemOffer, category: Category, book: Book) -> dict[str, Any] | None:
    item = book.items.get(offer.itemId)
    price = _price(offer.price, book)
    if item is None or price is None or item.unit != "UN":
        why = "no such item" if item is None else "another currency" if price is None else item.unit
        book.taken.notes.append(f"{offer.id}: left out, {why}")
        return None
    groups = [book.groups[one] for one in offer.optionGroupsId if one in book.groups]
    made = [_group(one, book) for one in sorted(groups, key=lambda one: one.index)]
    lacks = any(one is None and group.minPermitted for one, group in zip(made, groups, strict=True))
    standing = {offer.status, item.status, category.status} == {"AVAILABLE"}
    info = item.nutritionalInfo
    declared = info is not None and info.allergen is not None
    text = " ".join([item.description.strip(), "" if declared else UNDECLARED]).strip()
    return {
        "id": str(offer.id),
        "names": _names(item.name, book),
        "descriptions": {book.language: text[:LONGEST_TEXT]} if text else {},
        "price": price,
        "allergens": _known(info.allergen if info else None, ALLERGENS),
        "diets": _known(info.suitableDiet if info else None, DIETS),
        "nutrition": _nutrition(info, book),
        "serves": item.serving if item.serving and 1 <= item.serving <= MOST_PEOPLE else None,
        "age_restricted": bool(info and info.isAlcoholic),
        "available": standing and not lacks,
        "hours": _hours(offer.availabilityId, book),
        "option_groups": [one for one in made if one],
        "image_url": _picture(item),
    }


def _group(group: OptionGroup, book: Book) -> dict[str, Any] | None:
    """None for one that cannot be chosen of."""
    options = [_option(one, book) for one in sorted(group.options, key=lambda one: one.index)]
    found = [one for one in options if one]
    if group.status != "AVAILABLE" or not found or not group.maxPermitted:
        book.taken.notes.append(f"{group.id}: no choice, left out")
        return None
    return {
        "id": str(group.id),
        "names": _names(group.name, book),
        "min": min(group.minPermitted, ours.MOST_CHOICES),
        "max": min(group.maxPermitted, ours.MOST_CHOICES),
        "price_method": group.priceMethod,
        "options": found,
    }


def _option(option: Option, book: Book) -> dict[str, Any] | None:
    item = book.items.get(option.itemId) if option.itemId else None
    price = _price(option.price, book) if option.price else 0
    if item is None or price is None:
        book.taken.notes.append(f"{option.id}: left out, no such item or another currency")
        return None
    info = item.nutritionalInfo
    return {
        "id": str(option.id),
        "names": _names(item.name, book),
        "price": price,
        "available": {option.status, item.status} == {"AVAILABLE"},
        "allergens": _known(info.allergen, ALLERGENS) if info and info.allergen else None,
    }


def _price(price: ItemPrice, book: Book) -> int | None:
    return minor(price.value, price.currency, book.currency)


def _names(text: str, book: Book) -> dict[str, str]:
    return {book.language: text.strip()[:LONGEST_NAME] or "?"}


def _known(said: Iterable[str] | None, names: frozenset[str]) -> list[str]:
    return sorted({one for one in said or () if one in names})


def _nutrition(info: NutritionalInfo | None, book: Book) -> dict[str, Any] | None:
    bounds = [round(float(one)) for one in BOUNDS.findall(info.calories)] if info else []
    if info is None or not bounds or max(bounds) > MOST_KILOCALORIES:
        return None
    note = info.description.strip()[:LONGEST_NAME]
    return {
        "kilocalories": min(bounds),
        "kilocalories_to": max(bounds) if len(bounds) > 1 else None,
        "additives": [one[:LONGEST_NAME] for one in info.additives[:40] if one.strip()] or None,
        "alcoholic": info.isAlcoholic,
        "note": {book.language: note} if note else None,
    }


def _picture(item: Item) -> str | None:
    found = [one.URL for one in (item.image, *item.images) if one]
    return next((one for one in found if PICTURE.fullmatch(one)), None)


def _hours(idents: Sequence[UUID], book: Book) -> list[dict[str, str]] | None:
    """Spans of a week in the store's own time; None: always. A time with a Z is in UTC."""
    spans: dict[tuple[int, int, int], dict[str, str]] = {}
    for ident in idents:
        for hours in book.known[ident].hours if ident in book.known else ():
            for day, opens, closes in times.of_week(hours, book.timezone, book.now):
                spans[day, opens, closes] = times.span(day, opens, closes)
    return [spans[one] for one in sorted(spans)] or None
