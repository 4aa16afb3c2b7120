"""What a menu has at which time of day: pure rules."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.catalog import menus
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.menus import MenuIssueError
from chalicelib.catalog.standing import Standing
from tests.catalog.shop import item

BREAKFAST = [{"day": "mon", "opens": "08:00", "closes": "11:00"}]
LATE = [{"day": day, "opens": "10:00", "closes": "12:00"} for day in ("mon", "tue")]
NEVER: list[dict[str, str]] = []


def _at(hour: int, minute: int = 0) -> datetime:
    """Monday, by the clock in Seoul."""
    return datetime(2026, 11, 23, hour - 9, minute, tzinfo=UTC)


def _menu(morning: object = None, **changes: Any) -> Menu:  # noqa: ANN401 - any field of JSON
    about = {"id": "morning", "names": {"en": "Morning"}, "hours": morning}
    category = {**about, "items": [item("egg", **changes)]}
    return Menu.model_validate({"categories": [category]})


def _standing(at: datetime) -> Standing:
    return Standing(at, "Asia/Seoul", {})


@pytest.mark.parametrize(
    ("category", "dish", "hour", "back"),
    [
        (None, None, 9, "now"),
        (BREAKFAST, None, 9, "now"),
        (BREAKFAST, None, 11, "2026-11-29T23:00:00+00:00"),
        (None, BREAKFAST, 12, "2026-11-29T23:00:00+00:00"),
        (BREAKFAST, LATE, 9, "2026-11-23T01:00:00+00:00"),
        (BREAKFAST, LATE, 11, "2026-11-30T01:00:00+00:00"),
        (NEVER, None, 9, "None"),
        (BREAKFAST, NEVER, 9, "None"),
    ],
)
def test_category_and_item_must_both_be_served_then(
    category: object, dish: object, hour: int, back: str
) -> None:
    assert _told(_menu(category, hours=dish), _at(hour)) == back


def _told(menu: Menu, at: datetime) -> str:
    """Whether the egg can be had, or from when on."""
    try:
        menus.price(menu, "egg", {}, _standing(at))
    except MenuIssueError as error:
        [issue] = error.issues
        return issue.returns_at.isoformat() if issue.returns_at else str(None)
    return "now"


def test_hours_that_never_meet_are_told_without_a_time() -> None:
    evening = [{"day": "mon", "opens": "18:00", "closes": "20:00"}]

    with pytest.raises(MenuIssueError) as refused:
        menus.price(_menu(BREAKFAST, hours=evening), "egg", {}, _standing(_at(9)))

    [issue] = refused.value.issues
    assert (issue.code, issue.returns_at) == ("item_not_now", None)


def test_the_menu_says_what_is_not_served_now_and_from_when() -> None:
    told = [
        (one.category_id, one.item_id, one.why, one.until)
        for one in _standing(_at(12)).of(_menu(BREAKFAST, hours=LATE))
    ]

    assert told == [
        ("morning", None, "not_now", datetime(2026, 11, 29, 23, tzinfo=UTC)),
        (None, "egg", "not_now", datetime(2026, 11, 24, 1, tzinfo=UTC)),
    ]


def test_a_menu_without_hours_is_stored_as_before() -> None:
    assert b"hours" not in _menu().model_dump_json(exclude_none=True).encode()
