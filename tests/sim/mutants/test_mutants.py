"""The planted bugs still fit the source, are small, and are nowhere but in a copy."""

from pathlib import Path

import pytest

from tests.sim.mutants import hunting, seeking
from tests.sim.mutants.foreign import FOREIGN
from tests.sim.mutants.mutant import Edit, Mutant, UnplantableError, check, plant
from tests.sim.mutants.planted import PLANTED

LIMITS = "chalicelib/core/limits.py"
FITS = Mutant("m", "w", (Edit(LIMITS, "    if calls > limit.calls:", "    if False:"),))


@pytest.mark.parametrize("mutant", [*PLANTED, *FOREIGN], ids=lambda one: str(one.name))
def test_a_mutant_fits_the_source_as_it_is(mutant: Mutant) -> None:
    check(mutant)


def test_there_are_as_many_as_were_listed_and_none_twice() -> None:
    names = [one.name for one in (*PLANTED, *FOREIGN)]

    assert len(PLANTED) == 51
    assert len(names) == len(set(names))


def test_a_text_that_is_not_there_is_told() -> None:
    mutant = Mutant("m", "w", (Edit(LIMITS, "nowhere to be found", "x"),))

    with pytest.raises(UnplantableError, match="0 times"):
        check(mutant)


def test_a_text_that_is_there_twice_is_told() -> None:
    mutant = Mutant("m", "w", (Edit(LIMITS, "limit", "x"),))

    with pytest.raises(UnplantableError, match="times in"):
        check(mutant)


def test_a_bug_of_six_lines_is_too_large() -> None:
    mutant = Mutant("m", "w", (Edit(LIMITS, "    if calls > limit.calls:", "\n".join("abcdef")),))

    with pytest.raises(UnplantableError, match="changes 6 lines"):
        check(mutant)


def test_a_bug_is_planted_in_the_copy_alone(tmp_path: Path) -> None:
    plant(FITS, tmp_path / "copy")

    assert "if False:" in (tmp_path / "copy" / LIMITS).read_text()
    check(FITS)


def test_what_was_found_is_kept_beside_what_was_known(tmp_path: Path) -> None:
    kept = tmp_path / "mutants.json"
    first, second = PLANTED[:2]
    told = {"found": True, "seeds": 3, "list": "planted"}

    hunting.keep([{**told, "name": first.name}], kept)
    both = hunting.keep([{**told, "name": second.name, "found": False}], kept)

    assert (both["planted"], both["found"]) == (len(PLANTED), 1)
    assert both["seeds"] == {first.name: 3, second.name: 3}


def test_answers_of_our_own_fault_are_no_finding() -> None:
    assert {"A1", "A2"} == seeking.NOT_COUNTED
