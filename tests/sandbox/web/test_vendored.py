"""What was taken from npm lies here as it was, under its licence, and nothing else does."""

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TABLES = (
    ROOT / "sandbox/web/static/vendor/vendored.toml",
    ROOT / "tests/browser/axe/vendored.toml",
)
FREE = {"MIT", "Apache-2.0", "MPL-2.0"}


def rows() -> Iterator[tuple[Path, dict[str, str]]]:
    for table in TABLES:
        for row in tomllib.loads(table.read_text(encoding="utf-8"))["file"]:
            yield table.parent, row


@pytest.mark.parametrize(("folder", "row"), list(rows()), ids=lambda one: str(one)[-12:])
def test_a_vendored_file_is_the_one_that_the_table_names(folder: Path, row: dict[str, str]) -> None:
    content = (folder / row["path"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert row["licence"] in FREE
    assert all(row[name] for name in ("package", "version", "from"))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.parent.name)
def test_every_vendored_file_is_in_the_table_and_has_its_licence_beside_it(table: Path) -> None:
    named = {row["path"] for folder, row in rows() if folder == table.parent}
    there = {path.name for path in table.parent.iterdir()} - {table.name}
    licences = {name for name in there if name.startswith("LICENSE")}

    assert there - licences == named
    assert len(licences) == len(named)
