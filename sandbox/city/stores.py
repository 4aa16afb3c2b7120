"""The stores of the quarter as their files tell them: what is the same whatever the seed.

Files are in `stores/`, one for each store. A menu is in the words of the API already.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.city import words

FILES = Path(__file__).parent / "stores"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

type Json = dict[str, Any]


@dataclass(frozen=True)
class Profile:
    """One store. `hours` and `menu` are what the API takes; `hood` and `reach` are names."""

    slug: str
    names: Json
    kind: str
    cuisine: str
    hood: str
    reach: str
    hours: Sequence[Json]
    minutes: int
    serves: Sequence[str]
    menu: Json


@cache
def profiles() -> tuple[Profile, ...]:
    """All stores, by slug. Raises KeyError where a file leaves out what must be said."""
    return tuple(_read(path) for path in sorted(FILES.glob("*.toml")))


def _read(path: Path) -> Profile:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    choices = {name: _group(name, choice) for name, choice in told.get("choices", {}).items()}
    return Profile(
        slug=path.stem,
        names=words.both(told["names"]),
        kind=told.get("kind", "restaurant"),
        cuisine=told["cuisine"],
        hood=told["hood"],
        reach=told["reach"],
        hours=[span for line in told["hours"] for span in _spans(line)],
        minutes=told["minutes"],
        serves=told["serves"].split(),
        menu={"categories": [_category(section, choices) for section in told["sections"]]},
    )


@dataclass(frozen=True)
class _Group:
    """An option group as the API takes it, and the words for what its options hold."""

    body: Json
    holds: Sequence[str]


def _group(name: str, told: Mapping[str, Any]) -> _Group:
    options = told["options"]
    body = {
        "id": name,
        "names": words.both(told["names"]),
        "min": told["min"],
        "max": told["max"],
        "price_method": told.get("method", "SUM"),
        "options": [
            {"id": one["id"], "names": words.both(one["names"]), "price": one.get("won", 0)}
            for one in options
        ],
    }
    return _Group(body, [one.get("holds", "") for one in options])


def _category(told: Mapping[str, Any], groups: Mapping[str, _Group]) -> Json:
    items = [_item(item, groups) for item in told["items"]]
    return {"id": told["id"], "names": words.both(told["names"]), "items": items}


def _item(told: Mapping[str, Any], groups: Mapping[str, _Group]) -> Json:
    """An item's allergens are those of whatever may be chosen with it, too."""
    chosen = [groups[name] for name in told.get("choices", "").split()]
    item: Json = {
        "id": told["id"],
        "names": words.both(told["names"]),
        "descriptions": words.both(told["about"]),
        "price": told["won"],
        "allergens": words.allergens([told["holds"], *(w for one in chosen for w in one.holds)]),
        "diets": words.diets(told.get("suits", "")),
        "age_restricted": told.get("adults", False),
        "option_groups": [one.body for one in chosen],
    }
    if "kcal" in told:
        item["nutrition"] = {"kilocalories": told["kcal"]}
    # Unprocessed food is free of value added tax: https://elaw.klri.re.kr (VAT Act, article 26).
    if told.get("untaxed"):
        item["tax_basis_points"] = 0
    return item


def _spans(line: str) -> Iterator[Json]:
    """The spans of "fri-sat 16:00-03:00"; days may wrap around the week."""
    days, times = line.split()
    opens, closes = times.split("-")
    for day in _days(days):
        yield {"day": day, "opens": opens, "closes": closes}


def _days(text: str) -> Iterator[str]:
    first, _, last = ("mon-sun" if text == "daily" else text).partition("-")
    start = DAYS.index(first)
    count = (DAYS.index(last or first) - start) % len(DAYS) + 1
    return (DAYS[(start + number) % len(DAYS)] for number in range(count))
