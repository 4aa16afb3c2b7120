"""A planted bug: which text of which file is replaced by which. Applied to a copy, never here."""

import ast
import difflib
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
COPIED = ("app.py", "chalicelib", "tests", "sandbox", "infra", "bench", "pyproject.toml")
MOST_LINES = 5


class UnplantableError(Exception):
    """The source is no longer as the mutant expects it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One text of one file, found exactly once, and what stands there instead."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A bug with a name, and a sentence of what goes wrong."""

    name: str
    wrong: str
    edits: tuple[Edit, ...]

    @property
    def lines(self) -> int:
        """How many lines are changed, added or taken away."""
        return sum(_changed(edit.old, edit.new) for edit in self.edits)


def _changed(old: str, new: str) -> int:
    matcher = difflib.SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False)
    return sum(
        max(old_end - old_start, new_end - new_start)
        for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes()
        if kind != "equal"
    )


def copy(target: Path) -> None:
    """The source tree, as it is, in another place."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "build", "mutants.json")
            shutil.copytree(source, target / name, ignore=ignored)
        else:
            shutil.copy2(source, target / name)


def plant(mutant: Mutant, target: Path) -> None:
    """Copy the source, with the bug. Raises UnplantableError where it does not fit."""
    check(mutant)
    copy(target)
    for path, text in _mutated(mutant).items():
        (target / path).write_text(text)


def check(mutant: Mutant) -> None:
    """Raises UnplantableError unless every text is there exactly once, and the bug is small."""
    if not 0 < mutant.lines <= MOST_LINES:
        raise UnplantableError(f"{mutant.name} changes {mutant.lines} lines")
    for edit in mutant.edits:
        count = (ROOT / edit.path).read_text().count(edit.old)
        if count != 1:
            raise UnplantableError(f"{mutant.name}: {count} times in {edit.path}: {edit.old!r}")
    for path, text in _mutated(mutant).items():
        try:
            ast.parse(text)
        except SyntaxError as wrong:
            raise UnplantableError(f"{mutant.name}: {path} is no Python any more") from wrong


def _mutated(mutant: Mutant) -> dict[str, str]:
    """The files of a mutant, with the bug."""
    texts: dict[str, str] = {}
    for edit in mutant.edits:
        text = texts.get(edit.path) or (ROOT / edit.path).read_text()
        texts[edit.path] = text.replace(edit.old, edit.new)
    return texts
