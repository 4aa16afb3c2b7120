"""The lines of a bulk upload: read, judged one by one, and joined to a menu. Pure.

CSV has a heading per column: `category_id`, `id`, `price`, `allergens`, `diets`, `name_<language>`,
and where they are wanted `category_name_<language>`, `description_<language>`, `tax_category`,
`tax_basis_points`, `minimum_age`, `age_restricted`, `available`, `kilocalories`, `serves`,
`image_url`. Lists are parted by `|`; `-` is the empty list, since it must be said. Options and
hours are for JSON lines.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from chalicelib.catalog.menu_schemas import Category, Menu, MenuItem
from chalicelib.catalog.upload_schemas import (
    MOST_LINES,
    LineProblem,
    LineResult,
    NewUpload,
    UploadFormat,
    UploadLine,
)

MOST_PROBLEMS = 2
LONGEST_DETAIL = 100
ITEM_ID = re.compile(r"[a-z0-9-]{1,40}")
NOTHING_SAID = "-"
LISTS = frozenset({"allergens", "diets"})
NUMBERS = frozenset({"price", "tax_basis_points", "minimum_age", "kilocalories", "serves"})
FLAGS = {"true": True, "false": False}
BY_LANGUAGE = {"name": "names", "category_name": "category_names", "description": "descriptions"}


@dataclass(frozen=True, slots=True)
class Read:
    """One line as it was read: an item, or why it is none."""

    number: int
    line: UploadLine | None
    errors: tuple[LineProblem, ...] = ()
    item_id: str | None = None

    @property
    def result(self) -> LineResult:
        return LineResult(
            line=self.number, item_id=self.item_id, ok=not self.errors, errors=self.errors
        )

    def but(self, code: str, pointer: str, detail: str) -> "Read":
        """The same line, which is wrong after all."""
        problem = LineProblem(code=code, pointer=pointer, detail=detail)
        return Read(self.number, None, (problem,), self.item_id)


def read(upload: NewUpload) -> list[Read]:
    """Every line that is not empty, in order: as far as 400, and one more that says so."""
    found: list[Read] = []
    rows = _csv(upload.content) if upload.format is UploadFormat.CSV else _json(upload.content)
    for number, value in rows:
        if len(found) == MOST_LINES:
            found.append(Read(number, None).but("too_many_lines", "", "at most 400 lines"))
            break
        found.append(_judged(number, value))
    return _once(found)


def joined(old: Menu, lines: Sequence[Read], tax_categories: set[str]) -> tuple[Menu, list[Read]]:
    """A menu with what the good lines say, and what is said of every line.

    What a line says of an item that the menu has already replaces what was said; what it does not
    say stays, and so does its place, unless its category is another. What is new comes last.
    """
    items = {item.id: item for item in old.items}
    places: Places = {
        one.id: (one, {item.id: item for item in one.items}) for one in old.categories
    }
    told: list[Read] = []
    for read_line in lines:
        line = read_line.line
        if line is None:
            told.append(read_line)
        elif line.tax_category is not None and line.tax_category not in tax_categories:
            detail = "the store has no such tax category"
            told.append(read_line.but("tax_category_unknown", "/tax_category", detail))
        elif line.category_id not in places and line.category_names is None:
            detail = "the menu has no such category: name it"
            told.append(read_line.but("category_unknown", "/category_id", detail))
        else:
            told.append(_put(places, read_line, line, items.get(line.id)))
    categories = tuple(
        category.model_copy(update={"items": tuple(items.values())})
        for category, items in places.values()
        if items or not category.items
    )
    return Menu.model_construct(categories=categories), told


type Places = dict[str, tuple[Category, dict[str, MenuItem]]]


def _put(places: Places, read_line: Read, line: UploadLine, old: MenuItem | None) -> Read:
    """Put a line's item where it belongs; what is then said of the line."""
    said = line.model_dump(
        mode="json", include=line.model_fields_set & MenuItem.model_fields.keys()
    )
    before = old.model_dump(mode="json") if old else {}
    try:
        item = MenuItem.model_validate_json(json.dumps({**before, **said}))
    except ValidationError as error:
        return Read(read_line.number, None, tuple(_problems(error)), line.id)
    for category_id, (_, items) in places.items():
        if category_id != line.category_id:
            items.pop(item.id, None)
    if line.category_id not in places:
        names = line.category_names or {}
        places[line.category_id] = (Category(id=line.category_id, names=names, items=()), {})
    elif line.category_names:
        category, items = places[line.category_id]
        named = category.model_copy(update={"names": line.category_names})
        places[line.category_id] = (named, items)
    places[line.category_id][1][item.id] = item
    return read_line


def _judged(number: int, value: Any) -> Read:  # noqa: ANN401 - whatever somebody sent
    if isinstance(value, LineProblem):
        return Read(number, None, (value,))
    named = value.get("id") if isinstance(value, dict) else None
    item_id = named if isinstance(named, str) and ITEM_ID.fullmatch(named) else None
    try:
        line = UploadLine.model_validate_json(json.dumps(value))
    except ValidationError as error:
        return Read(number, None, tuple(_problems(error)), item_id)
    return Read(number, line, (), line.id)


def _problems(error: ValidationError) -> Iterator[LineProblem]:
    """What is wrong where, in few words: all lines' results are one item. Never what was sent."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    for one in found[:MOST_PROBLEMS]:
        named = "".join(f"/{part}" for part in one["loc"])[:LONGEST_DETAIL]
        pointer = named.encode("ascii", "replace").decode()
        yield LineProblem(code=one["type"], pointer=pointer, detail=one["msg"][:LONGEST_DETAIL])


def _once(lines: list[Read]) -> list[Read]:
    seen: set[str] = set()
    told = []
    for one in lines:
        if one.line and one.line.id in seen:
            told.append(one.but("id_not_unique", "/id", "an earlier line has this item"))
        else:
            told.append(one)
            seen |= {one.line.id} if one.line else set()
    return told


def _json(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line, object_pairs_hook=_members)
            except (ValueError, RecursionError):
                yield number, LineProblem(code="json_invalid", pointer="", detail="not JSON")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a field twice")
    return dict(pairs)


def _csv(text: str) -> Iterator[tuple[int, Any]]:
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        headings = next(rows, [])
        for row in rows:
            if any(row):
                yield rows.line_num, _row(headings, row)
    except csv.Error:
        yield rows.line_num, LineProblem(code="csv_invalid", pointer="", detail="not CSV")


def _row(headings: Sequence[str], row: Sequence[str]) -> object:
    """The fields that a row says. An empty cell says nothing."""
    if len(row) != len(headings) or len(set(headings)) != len(headings):
        detail = "a cell for each heading, and each heading once"
        return LineProblem(code="csv_row", pointer="", detail=detail)
    said: dict[str, Any] = {}
    for heading, cell in zip(headings, (cell.strip() for cell in row), strict=True):
        stem, _, language = heading.rpartition("_")
        if not cell:
            continue
        if stem in BY_LANGUAGE:
            said.setdefault(BY_LANGUAGE[stem], {})[language] = cell
        elif heading == "kilocalories":
            said["nutrition"] = {"kilocalories": _value(heading, cell)}
        else:
            said[heading] = _value(heading, cell)
    return said


def _value(heading: str, cell: str) -> object:
    if heading in LISTS:
        return [] if cell == NOTHING_SAID else [one.strip() for one in cell.split("|")]
    if heading in NUMBERS and cell.isascii() and cell.isdecimal() and len(cell) <= len("1" * 12):
        return int(cell)
    return FLAGS.get(cell, cell)
