"""How a thing with a secret is made once per Idempotency-Key, within a store's limit."""

from pynamodb.attributes import UnicodeSetAttribute
from pynamodb.expressions.condition import size

from chalicelib.core import idempotency, parts
from chalicelib.core.errors import KeyReusedError, ProblemError
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.parts import Part
from chalicelib.integrations.models import ROSTER, Roster, store_key


def commit_once(key: Key, subject: str, *made: Part) -> tuple[str, bool]:
    """Commit what makes a subject, once per key: the subject that stands, and if it stood before.

    Raises KeyReusedError (422) where the key came with another body before.
    """
    try:
        parts.commit(idempotency.claim(key, subject), *made)
    except RepeatedError as repeated:
        if repeated.record.body_hash != key.body_hash:
            raise KeyReusedError from None
        return repeated.record.subject, True
    return subject, False


def enrol(
    store_id: str, names: UnicodeSetAttribute, name: str, *, most: int, full: ProblemError
) -> Part:
    """The part that adds a name to a set of the store's roster, unless it holds so many."""
    roster = Roster(store_key(store_id), ROSTER)
    actions = [names.add({name}), Roster.v.set(Roster.VERSION)]
    room = names.does_not_exist() | (size(names) < most)  # type: ignore[no-untyped-call] # PynamoDB's
    return parts.update(roster, actions, full, room)


def strike(store_id: str, names: UnicodeSetAttribute, name: str, failure: ProblemError) -> Part:
    """The part that takes a name off a set of the store's roster."""
    roster = Roster(store_key(store_id), ROSTER)
    return parts.update(roster, [names.delete({name})], failure, names.contains(name))
