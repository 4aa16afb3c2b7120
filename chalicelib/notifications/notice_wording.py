"""What people are told of decisions, by language: notice_texts/<language>.toml. Pure."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.core import clock
from chalicelib.notifications.schemas import Language

FOLDER = Path(__file__).parent / "notice_texts"
MOMENTS = ("due_at", "until")
DAYS = {"ko": "{0.year}년 {0.month}월 {0.day}일", "en": "{0:%-d %B %Y}"}


def say(
    language: str, what: str, data: Mapping[str, object], store_names: Mapping[str, str]
) -> tuple[str, str]:
    """Title and body of a notice. A language that is not known is read as English."""
    known = language if language in set(Language) else Language.EN
    said = words(known)
    reasons = data.get("reasons")
    whys = [said["why"].get(str(one), "") for one in reasons] if isinstance(reasons, list) else []
    named = {
        "store": store_names.get(known) or next(iter(store_names.values()), ""),
        "why": " ".join(one for one in dict.fromkeys(whys) if one),
        "role": said["role"].get(str(data.get("role")), ""),
        **{name: _day(known, data[name]) for name in MOMENTS if data.get(name)},
    }
    title, body = texts(known)[what]
    return title.format_map(named), body.format_map(named)


def in_all(
    what: str, data: Mapping[str, object], store_names: Mapping[str, str]
) -> tuple[str, str]:
    """The same in every language: for whoever has not said which they read."""
    said = [say(language, what, data, store_names) for language in Language]
    return " / ".join(title for title, _ in said), "\n\n".join(body for _, body in said)


def _day(language: str, moment: object) -> str:
    return DAYS[language].format(clock.parse(str(moment)))


@cache
def texts(language: str) -> Mapping[str, tuple[str, str]]:
    """Title and body of every notice in a language."""
    return {name: (one["title"], one["body"]) for name, one in _file(language)["notice"].items()}


@cache
def words(language: str) -> Mapping[str, Mapping[str, str]]:
    """The words that texts are filled with, by section."""
    return {name: said for name, said in _file(language).items() if name != "notice"}


def _file(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
