"""The words of DynamoDB's expressions, and what they are built of.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from tests.sim.dynamo.errors import InvalidError

type Path = tuple[str | int, ...]

_TOKENS = re.compile(
    r"\s*(?:(?P<word>[#:]?[A-Za-z_0-9][A-Za-z_0-9]*)|(?P<sign><>|<=|>=|[=<>(),.\[\]+-])|(?P<end>$))"
)
_WORDS = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"})


@cache
def reserved() -> frozenset[str]:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html."""
    return frozenset(ReservedKeywords.get_reserved_keywords())


@dataclass(slots=True)
class Reader:
    """Reads an expression word by word, and notes which placeholders it uses."""

    kind: str
    text: str
    names: Mapping[str, str]
    used_names: set[str] = field(default_factory=set)
    used_values: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)
    at: int = 0

    def __post_init__(self) -> None:
        place = 0
        if not self.text.strip():
            raise self.wrong("The expression can not be empty;")
        while True:
            found = _TOKENS.match(self.text, place)
            if found is None:
                raise self.wrong(f'Syntax error; token: "{self.text[place:].strip()[:1]}"')
            place = found.end()
            if found["end"] is not None:
                return
            self.words.append(found["word"] or found["sign"])

    def wrong(self, detail: str) -> InvalidError:
        return InvalidError(f"Invalid {self.kind}: {detail}")

    def unexpected(self) -> InvalidError:
        near = " ".join(self.words[max(0, self.at - 1) : self.at + 2])
        return self.wrong(f'Syntax error; token: "{self.peek() or "<EOF>"}", near: "{near}"')

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.words[place] if place < len(self.words) else ""

    def is_next(self, word: str) -> bool:
        """Whether a keyword or sign comes next. Keywords may be written in small letters."""
        return self.peek().upper() == word

    def take(self) -> str:
        word = self.peek()
        if not word:
            raise self.unexpected()
        self.at += 1
        return word

    def accept(self, word: str) -> bool:
        if self.is_next(word):
            self.at += 1
            return True
        return False

    def expect(self, word: str) -> None:
        if not self.accept(word):
            raise self.unexpected()

    def end(self) -> None:
        if self.peek():
            raise self.unexpected()

    def value(self) -> str:
        """The placeholder of a value."""
        if not self.peek().startswith(":"):
            raise self.unexpected()
        self.used_values.add(self.peek())
        return self.take()

    def path(self) -> Path:
        """A document path, its names looked up: `a.#b[0]`."""
        parts: list[str | int] = [self._name()]
        while True:
            if self.accept("."):
                parts.append(self._name())
            elif self.accept("["):
                if not self.peek().isdigit():
                    raise self.unexpected()
                parts.append(int(self.take()))
                self.expect("]")
            else:
                return tuple(parts)

    def _name(self) -> str:
        word = self.peek()
        if word.startswith("#"):
            self.used_names.add(self.take())
            if word not in self.names:
                raise self.wrong(
                    "An expression attribute name used in the document path is not defined;"
                    f" attribute name: {word}"
                )
            return self.names[word]
        if not word or not (word[0].isalpha() or word[0] == "_") or word.upper() in _WORDS:
            raise self.unexpected()
        if word.upper() in reserved():
            raise self.wrong(f"Attribute name is a reserved keyword; reserved keyword: {word}")
        return self.take()


def written(path: Path) -> str:
    """A path as DynamoDB's errors show it."""
    return ", ".join(f"[{part}]" if isinstance(part, int) else part for part in path)
