"""What operators do by hand, kept for ever: who, what, to whom, when, and why.

An entry is a part of the transaction that does it, so neither is without the other. It holds ids
and codes, and the reason in the operator's words: those of the request's body, or of its header
`Operator-Reason` where a body has a code alone, or there is none: without it nothing is done. No
role may change or remove one.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import Any
from urllib.parse import unquote

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.core import clock, dynamo, ids, paging, parts
from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.errors import BusyError, InvalidError, ReasonMissingError, Value
from chalicelib.core.paging import Listed
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role
from chalicelib.core.settings import settings

HEADER = "operator-reason"
LONGEST, LONGEST_HEADER = 200, 1800
TOO_LONG = f"At most {LONGEST} characters, percent-encoded."
PLACE = re.compile(rf"[0-9TZ:.-]{{24}}#aud_{ids.PATTERN}")


class BySubject(GlobalSecondaryIndex["AuditEntry"]):  # type: ignore[no-untyped-call] # PynamoDB's own
    """What was done to a subject, in the order of doing."""

    class Meta:
        index_name = "by_subject"
        projection = AllProjection()

    subject = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class AuditEntry(Item):
    """One action. Written once."""

    class Meta(TableMeta):
        table_name = settings().table("audit")

    id = UnicodeAttribute()
    actor = UnicodeAttribute()
    action = UnicodeAttribute()
    subject = UnicodeAttribute()
    reason = UnicodeAttribute()
    words = UnicodeAttribute(null=True)
    data = JSONAttribute(null=True)
    at = UnicodeAttribute()
    by_subject = BySubject()


class Needed(Enum):
    """Whether an operator has to say why in the header."""

    NEVER = "never"
    WHERE_KEPT = "where_kept"
    """They may have done it as somebody else, too: only where it is kept as an operator's."""
    ALWAYS = "always"


_words: ContextVar[str | None] = ContextVar("words", default=None)
_needed: ContextVar[Needed] = ContextVar("needed", default=Needed.NEVER)


@contextmanager
def in_words(caller: Caller, header: str | None, *, needed: Needed) -> Iterator[None]:
    """What is done inside is kept with what an operator says of it, percent-encoded as UTF-8.

    What is no text is left out. Nobody else's words are kept. Raises InvalidError (400) for more
    than can be, and ReasonMissingError (400) where there are none and they are needed.
    """
    said = _said(header) if header is not None else None
    if said is not None and (len(header or "") > LONGEST_HEADER or len(said) > LONGEST):
        raise InvalidError(errors=[{"pointer": "/Operator-Reason", "detail": TOO_LONG}])
    if Role.OPERATOR not in caller.roles:
        said = None
    if needed is Needed.ALWAYS and said is None:
        raise ReasonMissingError
    tokens = _words.set(said), _needed.set(needed)
    try:
        yield
    finally:
        _words.reset(tokens[0])
        _needed.reset(tokens[1])


def _said(header: str) -> str | None:
    said = "".join(one for one in unquote(header) if one.isprintable()).strip()
    return said or None


def by_operator(role: Role, actor: str, action: str, subject: str, reason: str) -> tuple[Part, ...]:
    """The part that keeps an action of whoever did it as an operator; none of anybody else."""
    return (entry(actor, action, subject, reason),) if role is Role.OPERATOR else ()


def entry(
    actor: str, action: str, subject: str, reason: str, data: Mapping[str, Value] | None = None
) -> Part:
    """The part that keeps an action. `subject` is an id; data holds ids, codes and amounts.

    Raises ReasonMissingError (400) where an operator does it without saying why, though they must.
    """
    if actor.startswith(f"{Role.OPERATOR}:") and _needed.get() is not Needed.NEVER:
        _demand_words()
    audit_id, now = ids.new("aud"), clock.stamp(clock.now())
    made = AuditEntry(
        day_key(now[:10]),
        f"{now}#{audit_id}",
        id=audit_id,
        actor=actor,
        action=action,
        subject=subject,
        reason=reason,
        words=_words.get(),
        data=dict(data) if data else None,
        at=now,
    )
    return parts.put(made, BusyError())


def _demand_words() -> None:
    if _words.get() is None:
        raise ReasonMissingError


def day_key(day: str) -> str:
    return f"DAY#{day}"


def of_subject(subject: str, *, limit: int, cursor: str | None) -> Listed[AuditEntry]:
    """What was done to a subject, newest first. Read from an index: it may lag by a moment."""
    names = ("subject", "at")
    return paging.newest(AuditEntry.by_subject, subject, names, limit=limit, cursor=cursor)


def of_day(day: str, *, limit: int, cursor: str | None) -> Listed[AuditEntry]:
    """What was done on a day (UTC), newest first. Raises InvalidError (400) for a wrong cursor."""
    start: dict[str, dict[str, Any]] | None = None
    if cursor:
        start = {"pk": {"S": day_key(day)}, "sk": {"S": paging.place_in_table(cursor, PLACE)}}
    with dynamo.reading():
        found = AuditEntry.query(
            day_key(day),
            consistent_read=True,
            scan_index_forward=False,
            limit=limit,
            last_evaluated_key=start,
        )
        items = list(found)
    last = found.last_evaluated_key
    return Listed(items, paging.encode({"sk": last["sk"]["S"]}) if last else None)
