"""Where a page of a search ended: in which list, how far along the curve, after which match."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.catalog.errors import CursorError
from chalicelib.core import paging
from chalicelib.core.errors import InvalidError

HERE_ON = "!"
"""Before every place on the curve."""

type Rank = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a list: rows after `up`, rows before `down` (empty: none that way).

    `past` is the last match of it that was shown; `near` allows a typing error.
    """

    key: str
    up: str
    down: str
    past: Rank | None = None
    near: bool = False

    def is_due(self, rank: Rank) -> bool:
        """Whether a match of this part was not shown yet."""
        return self.past is None or rank > self.past


def encoded(place: Place) -> str:
    """The cursor of a place."""
    return paging.encode(
        {
            "key": place.key, "up": place.up, "down": place.down, "near": place.near,
            "past": list(place.past) if place.past else None,
        }
    )  # fmt: skip


def decoded(cursor: str, keys: Sequence[str]) -> Place:
    """The place of a cursor. Raises CursorError (400) unless a search by these keys gave it."""
    try:
        told = paging.decode(cursor)
    except InvalidError:
        raise CursorError from None
    key, up, down, near, past = (told.get(one) for one in ("key", "up", "down", "near", "past"))
    if key not in keys or not isinstance(near, bool):
        raise CursorError
    if not (_is_end(up) and _is_end(down)) or not (up or down):
        raise CursorError
    return Place(str(key), str(up), str(down), _rank(past), near)


def _is_end(end: object) -> bool:
    return isinstance(end, str) and (not end or paging.KEY_PART.fullmatch(end) is not None)


def _rank(past: object) -> Rank | None:
    if past is None:
        return None
    match past:
        case [int(quality), int(steps), str(pk)]:
            return quality, steps, pk
        case _:
            raise CursorError
