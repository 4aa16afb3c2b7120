"""The check's parts: in order, some side by side, and no further than the first that fails."""

import subprocess
from typing import Any

import pytest

from sandbox import checking

FAILS = "types"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was made, where no make runs."""
    found: list[str] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401 - its own
        found.append(command[-1])
        return subprocess.CompletedProcess(command, int(command[-1] == FAILS), f"{command[-1]}!\n")

    monkeypatch.setattr(subprocess, "run", run)
    return found


def test_parts_that_ran_side_by_side_are_printed_one_after_the_other(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = checking.main(["format", "lint+template", "sim"])

    said = capsys.readouterr().out
    assert code == 0
    assert sorted(asked) == ["format", "lint", "sim-ci", "template"]
    places = [said.index(text) for text in ("=== format", "lint!", "template!", "=== sim")]
    assert places == sorted(places)


def test_nothing_is_run_after_a_part_that_failed(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = checking.main(["format", "lint+types", "test"])

    assert code == 1
    assert "test" not in asked
    assert "types failed after" in capsys.readouterr().out


def test_what_ran_beside_a_part_that_failed_is_printed_too(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = checking.main(["types+lint", "test"])

    said = capsys.readouterr().out
    assert code == 1
    assert "test" not in asked
    assert said.index("types failed after") < said.index("lint!")
