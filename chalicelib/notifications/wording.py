"""What is said, by language: texts/<language>.toml. A new language is a new file."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chalicelib.notifications.schemas import Language

FOLDER = Path(__file__).parent / "texts"
OTHERWISE = "en"


def say(language: str, key: str, store_names: Mapping[str, str]) -> tuple[str, str]:
    """Title and body in a language, with the store's name as that language has it."""
    text = texts(language)[key]
    store = store_names.get(language) or store_names.get(OTHERWISE)
    named = {"store": store or next(iter(store_names.values()), "")}
    return text["title"].format_map(named), text["body"].format_map(named)


@cache
def texts(language: str) -> Mapping[str, Mapping[str, str]]:
    """Every text of a language, by key. A language that is not known is read as the other one."""
    known = language if language in set(Language) else OTHERWISE
    sections = tomllib.loads((FOLDER / f"{known}.toml").read_text(encoding="utf-8"))
    return {
        f"{audience}.{key}": text
        for audience, keys in sections.items()
        for key, text in keys.items()
    }
