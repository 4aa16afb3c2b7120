"""Menus in bulk: what is sent, each of its lines, and what became of them."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.catalog.menu_schemas import LARGEST_MENU, MenuItem, Names, Slug
from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Wire

MOST_LINES = 400
UPLOAD = "mup"
EXAMPLE = (
    '{"category_id":"pizza","category_names":{"en":"Pizza"},"id":"margherita",'
    '"names":{"en":"Margherita"},"price":14000,"allergens":["MILK"],"diets":[]}'
)

UploadId = Annotated[
    str, Field(pattern=ids.pattern(UPLOAD), examples=["mup_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"])
]


class UploadFormat(StrEnum):
    JSON_LINES = "json_lines"
    CSV = "csv"


class UploadStatus(StrEnum):
    """How an upload stands. Only `waiting` ever changes."""

    WAITING = "waiting"
    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class UploadLine(MenuItem):
    """One line: an item, and where it goes. A category that is new needs its names."""

    category_id: Annotated[Slug, Field(examples=["pizza"])]
    category_names: Names | None = None


class NewUpload(Wire):
    """Many items at once, as lines of text: of JSON, or of CSV under a line of headings."""

    format: Annotated[UploadFormat, Field(examples=["json_lines"])]
    content: Annotated[
        str,
        StringConstraints(min_length=1, max_length=LARGEST_MENU, pattern=r"^[^\x00]*$"),
        Field(examples=[EXAMPLE]),
    ]
    replace: Annotated[
        bool,
        Field(description="Whether these lines are the whole menu; else they join what there is."),
    ] = False
    partial: Annotated[
        bool, Field(description="Whether the good lines are published though others are wrong.")
    ] = False


class LineProblem(Wire):
    code: Annotated[str, Field(examples=["greater_than_equal"])]
    pointer: Annotated[str, Field(examples=["/price"])]
    detail: Annotated[str, Field(examples=["Input should be greater than or equal to 0"])]


class LineResult(Wire):
    """What became of one line, counted from 1 as a text editor does."""

    line: Annotated[int, Field(examples=[1])]
    item_id: Annotated[str | None, Field(examples=["margherita"])] = None
    ok: bool
    errors: tuple[LineProblem, ...] = ()


class UploadView(Wire):
    """An upload: `lines` are empty while it waits. It is forgotten a week after it was sent."""

    id: UploadId
    store_id: Annotated[str, Field(examples=["sto_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"])]
    status: UploadStatus
    problem: Annotated[
        Literal["lines_wrong", "menu_wrong", "too_large", "gave_up"] | None,
        Field(description="Why it was refused."),
    ] = None
    menu_version: Annotated[int | None, Field(description="The version that it made.")] = None
    received_at: Moment
    lines: tuple[LineResult, ...] = ()
