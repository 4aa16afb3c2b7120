"""How a store changes: a new version under the condition of the old one, with its event.

Whoever loses a race reads again and decides again, so that two changes at once both happen.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pynamodb.expressions.update import Action

from chalicelib.catalog import availability_news, listings
from chalicelib.catalog.errors import StoreNotFoundError
from chalicelib.catalog.models import CatalogEvent, StoreHead, store_key
from chalicelib.core import clock, dynamo, idempotency, outbox, parts
from chalicelib.core.errors import BusyError, KeyReusedError, Value
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.parts import Part

TRIES = 4
FIRST_PAUSE = 0.01


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a head, the event that says so, and what is written with it.

    `values` are those of the head's attributes that change; None takes one away.
    """

    type: str
    values: Mapping[str, object]
    data: Mapping[str, Value] = field(default_factory=dict)
    also: Sequence[Part] = ()


type Decide = Callable[[StoreHead], Change | None]


def load(store_id: str) -> StoreHead:
    """The head of a store. Raises StoreNotFoundError (404)."""
    head = dynamo.get(StoreHead, store_key(store_id))
    if head is None:
        raise StoreNotFoundError
    return head


def change(store_id: str, decide: Decide, *, actor: str) -> StoreHead:
    """Apply what `decide` makes of the present head, and return the head that then stands.

    None from `decide` means that all is as it should be: nothing is written, nothing announced.
    Raises StoreNotFoundError (404), what `decide` raises, BusyError (409) after lost races.
    """
    for attempt in range(TRIES):
        if attempt:
            clock.pause(FIRST_PAUSE * 2**attempt)
        head = load(store_id)
        wanted = decide(head)
        if wanted is None:
            return head
        try:
            parts.commit(*_parts(head, wanted, actor))
        except BusyError:
            continue
        return load(store_id)
    raise BusyError


def _parts(head: StoreHead, wanted: Change, actor: str) -> list[Part]:
    """The store's place in the lists follows it in the same transaction."""
    version = int(head.version) + 1
    values = {**wanted.values, "version": version, "v": StoreHead.VERSION}
    changed = StoreHead(**{**head.attribute_values, **values})
    return [
        parts.update(
            StoreHead(head.pk, head.sk),
            [_action(name, value) for name, value in values.items()],
            BusyError(),
            StoreHead.version == head.version,
        ),
        announce(head.id, version, wanted.type, actor=actor, data=wanted.data),
        *availability_news.follow(head.id, version, wanted.type, wanted.data, actor=actor),
        *wanted.also,
        *listings.follow(head, changed),
    ]


def _action(name: str, value: object) -> Action:
    attribute = getattr(StoreHead, name)
    action: Action = attribute.remove() if value is None else attribute.set(value)
    return action


def announce(
    store_id: str, version: int, kind: str, *, actor: str, data: Mapping[str, Value]
) -> Part:
    return outbox.announce(
        CatalogEvent,
        store_key(store_id),
        kind="store",
        subject=store_id,
        version=version,
        type=kind,
        actor=actor,
        data=data,
    )


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
