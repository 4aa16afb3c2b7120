"""Ids: UUIDv7, shown as a prefix and 26 Crockford characters, in the order of their making.

Source: RFC 9562 section 5.7 (UUIDv7), and Crockford's base 32, which has no I, L, O and U.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from chalicelib.core import clock

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
PATTERN = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
RANDOM_BITS = 74

_random: list[Callable[[int], int]] = [secrets.randbits]


def new(prefix: str) -> str:
    """A new id, such as `ord_01JB3...`. Sorts by the millisecond in which it was made."""
    return f"{prefix}_{encode(_uuid7())}"


def encode(value: UUID) -> str:
    number = value.int
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def to_uuid(shown: str) -> UUID:
    """The UUID behind a shown id. Raises ValueError for anything that `new` cannot have made."""
    body = shown.rpartition("_")[2]
    if not re.fullmatch(PATTERN, body):
        raise ValueError(f"not an id: {shown[:40]!r}")
    number = 0
    for character in body:
        number = number << 5 | ALPHABET.index(character)
    return UUID(int=number)


def from_uuid(prefix: str, value: UUID) -> str:
    return f"{prefix}_{encode(value)}"


def pattern(prefix: str) -> str:
    """A regular expression for ids of one kind, as the API document shows it."""
    return f"^{prefix}_{PATTERN}$"


def token(bits: int = 256) -> str:
    """A secret of so many random bits in Crockford's alphabet."""
    number = _random[-1](bits)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(0, bits, 5))


def secret_bytes(count: int) -> bytes:
    """So many random bytes: the material of a key."""
    return _random[-1](8 * count).to_bytes(count)


def spread(text: str, over: int) -> int:
    """A stable number below `over` for a text: which shard it belongs to."""
    number = 0
    for byte in text.encode():
        number = (number * 31 + byte) % 0xFFFFFFFB
    return number % over


def uniform(low: float, high: float) -> float:
    """A random number between two bounds, for jitter."""
    return low + (high - low) * _random[-1](32) / 2**32


def _uuid7() -> UUID:
    millis = int(clock.wall_now() * 1000) & (2**48 - 1)
    noise = _random[-1](RANDOM_BITS)
    high, low = noise >> 62, noise & (2**62 - 1)
    return UUID(int=millis << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


@contextmanager
def drawn_from(source: Callable[[int], int]) -> Iterator[None]:
    """Draw random bits from another source: the seam of tests and of the simulated world."""
    _random.append(source)
    try:
        yield
    finally:
        _random.remove(source)
