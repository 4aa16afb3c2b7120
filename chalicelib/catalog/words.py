"""Texts made into words that can be looked up, in Korean and English, and others like them.

Latin words: without accents, in lower case, without the s of a plural (the S stemmer of D. Harman,
JASIS 42(1), 1991), found from their beginning. Korean (and Chinese, Japanese): any two signs in a
row, spaces aside, so that no dictionary is needed; or the initial consonants of a word. For who
mistypes, likes of consonants share a key (ㄱㄲㅋ), and Latin words have one of their consonants.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

PREFIX = 3
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
FIRST_SYLLABLE, LAST_SYLLABLE, OF_AN_INITIAL = 0xAC00, 0xD7A3, 588
SIGN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
RUNS = re.compile(rf"[{SIGN}]+|[ㄱ-ㅎ]+|[^\W_{SIGN}ㄱ-ㅎ]+")
ALIKE = str.maketrans("ㄲㅋㄸㅌㅃㅍㅆㅉㅊ", "ㄱㄱㄷㄷㅂㅂㅅㅈㅈ")
SOUNDS = (("ck", "k"), ("c", "k"), ("q", "k"), ("ph", "f"), ("z", "s"))
VOWELS = re.compile("[aeiouy]")
DOUBLES = re.compile(r"(.)\1+")
HISSING = ("ses", "xes", "zes", "ches", "shes")

type Kind = Literal["word", "signs", "sign", "initials"]


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a question, and the keys under which it may be looked up."""

    kind: Kind
    text: str

    @property
    def keys(self) -> list[str]:
        match self.kind:
            case "word":
                return [f"w:{self.text[:PREFIX]}"]
            case "signs":
                return [f"s:{a}{b}" for a, b in pairwise(self.text)]
            case "sign":
                return [f"f:{self.text}"]
            case "initials":
                return [initials_key(self.text)]


def terms(question: str) -> list[Term]:
    """What a question asks for: all of it must be found."""
    return list(dict.fromkeys(_term(run) for run in runs(question)))


def keys(text: str) -> set[str]:
    """The keys under which a text is found."""
    parts = runs(text)
    found = {f"s:{a}{b}" for a, b in pairwise("".join(parts)) if _is_sign(a) and _is_sign(b)}
    for run in parts:
        if _is_sign(run[0]):
            found |= {f"f:{run[0]}", initials_key(run)}
        else:
            found |= {f"w:{stem(run)[:PREFIX]}", f"c:{skeleton(stem(run))}"}
    return found


def initials_key(run: str) -> str:
    """The key of a word's first two initial consonants, or of those that are alike."""
    return f"i:{_initials(run)[:2].translate(ALIKE)}"


def skeleton(word: str) -> str:
    """The first letter of a Latin word and its next two consonants by their sound, sorted.

    Burger, bugrer and buger are one, and so are chicken and chiken.
    """
    for spelt, sounds in SOUNDS:
        word = word.replace(spelt, sounds)
    rest = DOUBLES.sub(r"\1", word[:1] + VOWELS.sub("", word[1:]))
    return rest[:1] + "".join(sorted(rest[1:3]))


def holds(texts: Iterable[str], term: Term) -> bool:
    """Whether one of some texts holds a term."""
    return any(_holds(runs(text), term) for text in texts)


def _holds(parts: list[str], term: Term) -> bool:
    match term.kind:
        case "signs":
            return term.text in "".join(parts)
        case "word":
            return any(stem(run).startswith(term.text) for run in parts)
        case "sign":
            return any(run.startswith(term.text) for run in parts)
        case "initials":
            return any(_initials(run).startswith(term.text) for run in parts if _is_sign(run[0]))


def _term(run: str) -> Term:
    if run[0] in INITIALS:
        return Term("initials", run)
    if _is_sign(run[0]):
        return Term("signs" if len(run) > 1 else "sign", run)
    return Term("word", stem(run))


def runs(text: str) -> list[str]:
    """The words of a text, and its signs in a row: plain, and in lower case."""
    return RUNS.findall("".join(_plain(text)))


def _plain(text: str) -> Iterator[str]:
    """Lower case, without accents. Korean is left whole: its letters would come apart."""
    for sign in unicodedata.normalize("NFC", text).lower():
        if _is_sign(sign) or sign in INITIALS:
            yield sign
        else:
            apart = unicodedata.normalize("NFKD", sign)
            yield "".join(one for one in apart if not unicodedata.combining(one))


def _is_sign(sign: str) -> bool:
    return "\u3040" <= sign <= "\u30ff" or "\u3400" <= sign <= "\u9fff" or _is_syllable(sign)


def _is_syllable(sign: str) -> bool:
    return FIRST_SYLLABLE <= ord(sign) <= LAST_SYLLABLE


def _initials(run: str) -> str:
    """The initial consonants of Korean syllables; other signs stay what they are."""
    return "".join(
        INITIALS[(ord(sign) - FIRST_SYLLABLE) // OF_AN_INITIAL] if _is_syllable(sign) else sign
        for sign in run
    )


def stem(word: str) -> str:
    """A Latin word without the s of a plural."""
    if word.endswith("ies") and len(word) > PREFIX + 1:
        return word[:-3] + "y"
    if word.endswith(HISSING) and len(word) > PREFIX + 1:
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > PREFIX:
        return word[:-1]
    return word
