"""Cursors of lists: opaque to the caller, and of no use for another list."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex

from chalicelib.core import dynamo
from chalicelib.core.dynamo import Item
from chalicelib.core.errors import InvalidError

# What DynamoDB takes for a key, and all that we ever put into one: not empty, nothing unprintable.
KEY_PART = re.compile(r"[!-~]{1,200}")


FILTERED_PAGE = 100
"""So many items are read at once where some are left out."""


@dataclass(frozen=True, slots=True)
class Listed[T]:
    """One page of a list, and where the next one begins."""

    items: list[T]
    next_cursor: str | None


def encode(place: Mapping[str, Any]) -> str:
    text = json.dumps(place, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str) -> dict[str, Any]:
    """The place that `encode` wrote. Raises InvalidError (400) for anything else."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        place = json.loads(text)
    except (binascii.Error, ValueError) as error:
        raise _not_ours() from error
    if not isinstance(place, dict):
        raise _not_ours()
    return place


def newest[M: Item](
    index: GlobalSecondaryIndex[M], hash_key: str, names: tuple[str, str],
    *, limit: int, cursor: str | None,
    known: Condition | None = None, only: Condition | None = None,
) -> Listed[M]:  # fmt: skip
    """A page of an index, newest first. `names` are the index's hash and range key.

    `known` bounds the range key. `only` leaves out what does not meet it: that is read, too.
    """
    start: dict[str, dict[str, Any]] | None = None
    if cursor:
        place = {**_keys(cursor, names[1]), names[0]: hash_key}
        start = {name: {"S": value} for name, value in place.items()}
    with dynamo.reading():
        found = index.query(
            hash_key,
            known,
            only,
            scan_index_forward=False,
            limit=limit,
            page_size=limit if only is None else FILTERED_PAGE,
            last_evaluated_key=start,
        )
        items = list(found)
    last = found.last_evaluated_key
    following = {name: last[name]["S"] for name in ("pk", "sk", names[1])} if last else None
    return Listed(items, encode(following) if following else None)


def newest_of[M: Item](model: type[M], pk: str, *, limit: int, cursor: str | None) -> Listed[M]:
    """A page of a partition whose keys rise with time, newest first, read consistently."""
    start: dict[str, dict[str, Any]] | None = None
    if cursor:
        start = {"pk": {"S": pk}, "sk": {"S": _sort_key(cursor)}}
    with dynamo.reading():
        found = model.query(
            pk,
            scan_index_forward=False,
            limit=limit,
            last_evaluated_key=start,
            consistent_read=True,
        )
        items = list(found)
    last = found.last_evaluated_key
    return Listed(items, encode({"older": last["sk"]["S"]}) if last else None)


def _sort_key(cursor: str) -> str:
    keys = decode(cursor)
    if keys.keys() != {"older"} or not _is_key(keys["older"]):
        raise _not_ours()
    return str(keys["older"])


def place(cursor: str, name: str) -> tuple[str, str, str]:
    """Where a page ended, in a list that is merged from several partitions of an index.

    The index's range key (of that `name`), then the item's own keys. Raises InvalidError (400).
    """
    keys = _keys(cursor, name)
    return keys[name], keys["pk"], keys["sk"]


def encode_place(ended: tuple[str, str, str], name: str) -> str:
    """The cursor that `place` reads."""
    return encode({name: ended[0], "pk": ended[1], "sk": ended[2]})


def place_in_table(cursor: str, looks: re.Pattern[str]) -> str:
    """Where a page of one partition ended: the second key, which looks so.

    Raises InvalidError (400).
    """
    said = decode(cursor)
    if said.keys() != {"sk"} or not looks.fullmatch(str(said["sk"])):
        raise _not_ours()
    return str(said["sk"])


def _keys(cursor: str, name: str) -> dict[str, str]:
    place = decode(cursor)
    if place.keys() != {"pk", "sk", name} or not all(map(_is_key, place.values())):
        raise _not_ours()
    return place


def _is_key(part: object) -> bool:
    return isinstance(part, str) and KEY_PART.fullmatch(part) is not None


def _not_ours() -> InvalidError:
    return InvalidError(errors=[{"pointer": "?cursor", "detail": "not a cursor of this list"}])
