"""Somebody asks to be forgotten, takes it back, or an operator does either for them.

Nothing is deleted yet: for two weeks it can be taken back, by signing in. What then happens is
`erasing.py`.
"""

from datetime import timedelta
from functools import partial

from chalicelib.core import audit, clock, dynamo, ids, notices, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role
from chalicelib.insights import obstacles
from chalicelib.insights.deletion_models import DELETION, Deletion, due, person_key
from chalicelib.insights.deletion_schemas import (
    DeletionOrder,
    DeletionRequest,
    DeletionStatus,
    DeletionView,
)
from chalicelib.insights.errors import DeletionBegunError, DeletionBlockedError
from chalicelib.people import directory, guests, operating

GRACE_SECONDS = 14 * 86_400.0
REMINDED_SECONDS = 2 * 86_400.0
"""So long before it begins somebody is told once more."""
TOPIC = "deletion"
RACES = 4


def read(person_id: str) -> DeletionView:
    """How it stands (1 read)."""
    return view(person_id, find(person_id))


def ask(caller: Caller, request: DeletionRequest) -> DeletionView:
    """The caller is to be forgotten in two weeks. Safe to repeat, which does not begin it anew.

    Raises DeletionBlockedError (409) with everything that is in the way.
    """
    return _ask(caller.id, caller.actor, request)


def order(caller: Caller, person_id: str, said: DeletionOrder) -> DeletionView:
    """The same for somebody else, who has asked for it in another way. It is kept why.

    Raises NotFoundError (404) for whom the pool does not know, and for who is no guest.
    """
    operating.demand_id(person_id)
    if find(person_id) is None and not _is_known(person_id):
        raise NotFoundError
    actor = caller.acting_as(Role.OPERATOR)
    kept = audit.entry(actor, "person.deletion_asked", person_id, said.reason)
    return _ask(person_id, actor, said, kept)


def _is_known(person_id: str) -> bool:
    if guests.is_guest(person_id):
        return guests.find(person_id) is not None
    return bool(directory.known([person_id]))


def _ask(person_id: str, actor: str, request: DeletionRequest, *kept: Part) -> DeletionView:
    found = find(person_id)
    if found is not None:
        return view(person_id, found)
    in_the_way = obstacles.of(person_id, forfeits=request.give_up_balances)
    if in_the_way:
        raise DeletionBlockedError(in_the_way=in_the_way)
    made = Deletion(
        person_key(person_id),
        DELETION,
        person_id=person_id,
        status=DeletionStatus.ASKED,
        version=1,
        asked_by=actor,
        asked_at=clock.stamp(clock.now()),
        forfeits=request.give_up_balances,
        due_at=clock.stamp(clock.after(GRACE_SECONDS)),
        done=[],
    )
    waits = parts.overwrite(due(person_id, str(made.due_at)))
    try:
        parts.commit(parts.put(made, BusyError()), waits, *_told(made), *kept)
    except BusyError:
        return read(person_id)
    return view(person_id, made)


def _told(made: Deletion) -> tuple[Part, Part]:
    """Now, and once more before it begins. The order of the ids is that of telling."""
    ident = ids.new("ntc")
    soon = clock.parse(str(made.due_at)) - timedelta(seconds=REMINDED_SECONDS)
    tell = partial(
        notices.tell, made.person_id, topic=TOPIC, actor=made.asked_by, data={"due_at": made.due_at}
    )
    return (
        tell("deletion_asked", ident=ident),
        tell("deletion_soon", ident=f"{ident}-soon", not_before=soon),
    )


def withdraw(caller: Caller) -> DeletionView:
    """The caller wants to stay. Safe to repeat. Raises DeletionBegunError (409)."""
    return _withdraw(caller.id, caller.actor)


def keep(caller: Caller, person_id: str, reason: str) -> DeletionView:
    """The same for somebody else. It is kept why. Raises DeletionBegunError (409)."""
    operating.demand_id(person_id)
    actor = caller.acting_as(Role.OPERATOR)
    kept = audit.entry(actor, "person.deletion_withdrawn", person_id, reason)
    return _withdraw(person_id, actor, kept)


def _withdraw(person_id: str, actor: str, *kept: Part) -> DeletionView:
    for _ in range(RACES):
        found = find(person_id)
        if found is None:
            return view(person_id, None)
        if found.status != DeletionStatus.ASKED:
            raise DeletionBegunError
        gone = parts.delete(found, BusyError(), Deletion.version == found.version)
        told = notices.tell(person_id, "deletion_withdrawn", topic=TOPIC, actor=actor)
        try:
            parts.commit(gone, parts.forget(due(person_id, str(found.due_at))), told, *kept)
        except BusyError:
            continue
        return view(person_id, None)
    raise BusyError


def find(person_id: str) -> Deletion | None:
    return dynamo.get(Deletion, person_key(person_id), DELETION)


def view(person_id: str, found: Deletion | None) -> DeletionView:
    if found is None:
        return DeletionView(person_id=person_id, status=DeletionStatus.NONE)
    return DeletionView(
        person_id=person_id,
        status=DeletionStatus(found.status),
        asked_at=clock.parse(found.asked_at),
        due_at=clock.parse(found.due_at) if found.due_at else None,
        done_at=clock.parse(found.done_at) if found.done_at else None,
    )
