"""The guide for a restaurant's developer: its code is that of the files, and is right."""

import re

import pytest

from chalicelib.integrations import signing
from sandbox import snippets

GUIDE = (snippets.FOLDER.parent / "webhooks.md").read_text()
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TAGS = {"verify.py": "python", "verify.mjs": "js", "verify.php": "php", "verify.go": "go",
        "Verify.java": "java"}  # fmt: skip


def test_the_vector_is_the_one_that_we_sign_by() -> None:
    signed = signing.sign(snippets.SECRET, snippets.ID, snippets.AT, snippets.BODY.encode())

    assert signed == snippets.SIGNATURE
    for named in (snippets.SECRET, snippets.ID, str(snippets.AT), snippets.BODY, signed):
        assert f"`{named}`" in GUIDE


@pytest.mark.parametrize("name", snippets.LANGUAGES)
def test_the_guide_shows_each_snippet_as_its_file_has_it(name: str) -> None:
    shown = [text for tag, text in BLOCK.findall(GUIDE) if tag == TAGS[name]]

    assert shown == [(snippets.FOLDER / name).read_text()]


@pytest.mark.parametrize("name", ["verify.py", "verify.mjs"])
def test_a_snippet_judges_the_vector_and_what_was_made_of_it(name: str) -> None:
    if snippets.tool_of(name) is None:
        pytest.skip(f"{snippets.LANGUAGES[name][0]} is not installed here")

    assert snippets.wrong(name) == []
