"""Words with one typing error: in Korean by the letters that signs are made of, and in Latin ones.

A word nearly is another where one letter was typed wrongly, too much, not at all, or before its
neighbour (Damerau, CACM 7(3), 1964). Korean signs are taken apart first (Unicode's NFD), so that
치긴 is one letter from 치킨, and 돈가스 from 돈까스. Words of less than four letters have no
errors: too many others are one letter away.
"""

import unicodedata
from collections.abc import Iterable

from chalicelib.catalog import words
from chalicelib.catalog.words import Term

FEWEST_LETTERS = 4


def keys(term: Term) -> list[str]:
    """Under which a word may be looked up that was nearly typed so: beginning, sound and end."""
    match term.kind:
        case "signs":
            return [words.initials_key(term.text), f"f:{term.text[0]}", term.keys[-1]]
        case "word" if len(term.text) >= FEWEST_LETTERS:
            return [f"c:{words.skeleton(term.text)}", *term.keys]
        case _:
            return term.keys


def holds(texts: Iterable[str], term: Term) -> bool:
    """Whether one of some texts holds a term, or nearly does."""
    if term.kind == "signs" and len(letters(term.text)) >= FEWEST_LETTERS:
        return any(_holds_signs(words.runs(text), term.text) for text in texts)
    if term.kind == "word" and len(term.text) >= FEWEST_LETTERS:
        return any(_begins(run, term.text) for text in texts for run in words.runs(text))
    return words.holds(texts, term)


def letters(signs: str) -> str:
    """The letters that Korean signs are made of; other signs stay what they are."""
    return unicodedata.normalize("NFD", signs)


def nearly(one: str, other: str) -> bool:
    """Whether one error, or none, makes one of the other."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if same is None:
        return True
    rest, others = one[same:], other[same:]
    return (
        rest[1:] == others[1:]
        or rest == others[1:]
        or rest[1:] == others
        or (rest[:2] == others[1::-1] and rest[2:] == others[2:])
    )


def _holds_signs(runs: Iterable[str], asked: str) -> bool:
    """Whether signs in a row are nearly these, spaces aside."""
    text, wanted = "".join(runs), letters(asked)
    return any(
        nearly(letters(text[start : start + count]), wanted)
        for count in {max(1, len(asked) - 1), len(asked), len(asked) + 1}
        for start in range(max(0, len(text) - count) + 1)
    )


def _begins(run: str, asked: str) -> bool:
    """Whether a word nearly begins so."""
    word, count = words.stem(run), len(asked)
    return any(nearly(word[:some], asked) for some in (count - 1, count, count + 1))
