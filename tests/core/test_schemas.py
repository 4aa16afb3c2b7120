from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from chalicelib.core.schemas import Moment, Page, Problem, Text200, Wire


class Thing(Wire):
    at: Moment
    text: Text200 = "a"


def test_a_moment_is_written_in_utc_to_the_millisecond() -> None:
    seoul = datetime(2026, 11, 22, 21, 30, 0, 123456, tzinfo=timezone(timedelta(hours=9)))

    assert '"2026-11-22T12:30:00.123Z"' in Thing(at=seoul).model_dump_json()


@pytest.mark.parametrize(
    "text", ["2026-11-22T12:00:00Z", "2026-11-22T21:00:00+09:00", "2026-11-22T12:00:00.000000Z"]
)
def test_a_moment_is_read_with_any_offset(text: str) -> None:
    assert Thing.model_validate({"at": text}).at == datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-22T12:00:00", "2026-11-22", "noon", "", None])
def test_a_moment_without_its_offset_is_refused(text: str | None) -> None:
    with pytest.raises(ValidationError):
        Thing.model_validate({"at": text})


def test_what_crosses_the_border_does_not_change() -> None:
    page = Page()

    with pytest.raises(ValidationError, match="frozen"):
        page.limit = 3  # type: ignore[misc] # that it cannot be done is the point


def test_a_problem_may_carry_the_facts_of_its_error() -> None:
    problem = Problem.model_validate(
        {"type": "t", "title": "t", "status": 409, "code": "c", "request_id": "r", "owed": 9000}
    )

    assert problem.model_dump()["owed"] == 9000
