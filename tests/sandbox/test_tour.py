"""The tour: lines that can be read, copied and run one after another."""

import re
from pathlib import Path

import pytest

from sandbox import tour
from sandbox.city.quarter import quarter
from sandbox.tour import Context, Shell, Step, TourFailed

CONTEXT = Context(
    api="http://127.0.0.1:4566/restapis/0a1b2c3d/ieum/_user_request_",
    cognito="http://127.0.0.1:4566",
    client_id="4f0gq8s0k2",
    stripe="http://127.0.0.1:12111",
    receiver="http://127.0.0.1:12200",
)
STEPS = tour.tour(CONTEXT)


def lines() -> list[str]:
    return [line for step in STEPS for line in step.command.splitlines()]


def test_every_line_fits_a_wide_terminal() -> None:
    assert max(len(line) for line in lines()) <= 140


def test_bash_understands_every_step() -> None:
    with Shell() as shell:
        for step in STEPS:
            check = f"bash -n <<'THE_STEP'\n{step.command}\nTHE_STEP"
            assert shell.run(Step(step.title, check)) == ""


def test_every_variable_is_set_before_it_is_used() -> None:
    known = {"1", "HOME"}
    for line in lines():
        known |= set(re.findall(r"\b(?:for )?([A-Za-z_]+)(?:=| in \{)", line))
        used = set(re.findall(r"\$\{?([A-Za-z_0-9]+)", line))

        assert used <= known, line


def test_what_is_ordered_is_on_the_menu_of_a_store_that_never_closes() -> None:
    store = quarter(7).store(tour.STORE)
    ids = {item["id"] for category in store.menu["categories"] for item in category["items"]}
    ordered = set(re.findall(r'"item_id": "([a-z-]+)"', "\n".join(lines())))

    assert ordered
    assert ordered <= ids
    assert {(span["opens"], span["closes"]) for span in store.body["hours"]} == {("00:00", "00:00")}
    assert len(store.body["hours"]) == 7


def test_the_context_is_found_again_in_another_terminal(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tour.json"

    tour.save(CONTEXT, path)

    assert tour.load(path) == CONTEXT


def test_steps_share_one_session() -> None:
    with Shell() as shell:
        shell.run(Step("set", "GREETING='안녕'"))

        assert shell.run(Step("use", 'echo "$GREETING"')) == "안녕"


@pytest.mark.parametrize("command", ["false", "false | cat", "X=$(false)", "exit 0"])
def test_a_step_that_fails_ends_the_tour_and_says_what_it_said(command: str) -> None:
    with Shell() as shell, pytest.raises(TourFailed, match="the reason"):
        shell.run(Step("fails", f"echo the reason; {command}"))


def test_a_step_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tour, "LONGEST_STEP", 0.05)

    with Shell() as shell, pytest.raises(TourFailed, match="waits for ever"):
        shell.run(Step("waits for ever", "sleep 30; true"))


def test_running_shows_each_line_with_what_it_printed(capsys: pytest.CaptureFixture[str]) -> None:
    tour.run([Step("Say hello", "echo hello"), Step("Say it again", "echo hello again")])

    assert capsys.readouterr().out == (
        "# 1. Say hello\necho hello\n  > hello\n\n"
        "# 2. Say it again\necho hello again\n  > hello again\n\n"
    )
