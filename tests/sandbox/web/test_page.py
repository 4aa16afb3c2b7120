"""What the page is made of: texts in both languages, modules that find each other, few bytes."""

import gzip
import json
import re
from pathlib import Path

import pytest

from sandbox.web.server import FOLDERS, files, policy

STATIC, TEXTS = FOLDERS
OURS = sorted(path for path in STATIC.rglob("*.js") if "vendor" not in path.parts)
SCRIPTS = "\n".join(path.read_text(encoding="utf-8") for path in OURS)
WORDS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in TEXTS.glob("*.json")}
MOST_BYTES = 310_000
MOST_ON_THE_WIRE = 120_000
IMPORT = re.compile(r'^(?:import|export) .*?"(\.[^"]+)";', re.MULTILINE | re.DOTALL)
TOLD = {
    "api": "http://a:1/x",
    "track": "http://a:1/y",
    "push": "http://b:2",
    "stripe": "http://c:3",
}


def test_both_languages_say_the_same_things_with_the_same_facts() -> None:
    korean, english = WORDS["ko"], WORDS["en"]
    facts = {key: sorted(re.findall(r"{\w+}", text)) for key, text in english.items()}

    assert korean.keys() == english.keys()
    assert {key: sorted(re.findall(r"{\w+}", text)) for key, text in korean.items()} == facts
    assert not [key for key, text in korean.items() if key[0] != "m" and not text.strip()]


def test_every_text_that_a_script_names_is_there() -> None:
    named = set(re.findall(r'\bt\("([\w.-]+)"', SCRIPTS))
    begun = set(re.findall(r"\bt\(`([\w.-]+\.)\$\{", SCRIPTS))

    assert named
    assert named <= WORDS["en"].keys()
    assert [stem for stem in begun if not any(key.startswith(stem) for key in WORDS["en"])] == []


def test_no_text_is_there_for_nobody() -> None:
    stems = tuple(re.findall(r"`([\w.-]+\.)\$\{", SCRIPTS))
    dynamic = (*stems, "map.", "diet.", "allergen.", "earned.")
    said = {key for key in WORDS["en"] if f'"{key}"' in SCRIPTS or key.startswith(dynamic)}
    ends = {key for key in WORDS["en"] if key.endswith((".title", ".already"))}

    assert WORDS["en"].keys() - said - ends == set()


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(STATIC).as_posix())
def test_a_script_imports_only_what_is_served(path: Path) -> None:
    served = {one.resolve() for one in files().values()}

    for wanted in IMPORT.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / wanted).resolve() in served


def test_a_library_is_imported_in_one_place_and_imports_nothing() -> None:
    importers = {path.name for path in OURS if "vendor/" in path.read_text(encoding="utf-8")}
    libraries = [path for path in files().values() if "vendor" in path.parts]

    assert importers == {"view.js"}
    assert len(libraries) == 3
    assert [one for one in libraries if re.search(r"\bimport\b", one.read_text("utf-8"))] == []


def test_the_page_is_small() -> None:
    contents = [path.read_bytes() for path in files().values()]

    assert sum(map(len, contents)) < MOST_BYTES
    assert sum(len(gzip.compress(content)) for content in contents) < MOST_ON_THE_WIRE


def test_nothing_in_the_page_is_inline() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")

    assert re.findall(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|javascript:", page) == []
    assert "unsafe" not in policy(TOLD)


def test_the_policy_names_those_that_are_called_and_nobody_else() -> None:
    rules = policy(TOLD).split("; ")

    assert "default-src 'none'" in rules
    assert "connect-src 'self' http://a:1 http://b:2" in rules
    assert "frame-src http://c:3" in rules
