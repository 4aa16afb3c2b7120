"""What operators do about people: find somebody, shut them out, let them in again.

Shutting out asks the user pool first and writes it down then, letting in the other way round: who
was cut off in between is out, and the operator, who saw an error, asks again.
"""

import re

from chalicelib.core import audit, clock, dynamo, notices, parts, sessions
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.rights import Caller, Role
from chalicelib.people import directory
from chalicelib.people.errors import OwnAccountError
from chalicelib.people.models import STANDING, Standing, person_key
from chalicelib.people.schemas import PERSON_PATTERN, PeopleFound, PersonSearch, PersonView

PERSON = re.compile(PERSON_PATTERN)


def find(caller: Caller, search: PersonSearch) -> PeopleFound:
    """Everybody who has exactly this address or id. That it was asked is kept, by their ids."""
    actor = caller.acting_as(Role.OPERATOR)
    known = directory.known([search.person_id]) if search.person_id else None
    found = directory.find(search.address) if known is None else known
    for person_id in found:
        parts.commit(audit.entry(actor, "person.found", person_id, search.reason))
    return PeopleFound(items=[_view(person_id) for person_id in found])


def suspend(caller: Caller, person_id: str, reason: str) -> PersonView:
    """Shut somebody out: every token ends, and they get no other. Safe to repeat.

    Raises NotFoundError (404) for whom the pool does not know, OwnAccountError (409) for oneself.
    """
    demand_id(person_id)
    if person_id == caller.id:
        raise OwnAccountError
    directory.disable(person_id)
    _turn(caller, person_id, reason, suspended=True)
    return _view(person_id)


def restore(caller: Caller, person_id: str, reason: str) -> PersonView:
    """Let somebody in again. Safe to repeat. Raises NotFoundError (404)."""
    demand_id(person_id)
    if not directory.known([person_id]):
        raise NotFoundError
    _turn(caller, person_id, reason, suspended=False)
    directory.enable(person_id)
    return _view(person_id)


def demand_id(person_id: str) -> None:
    """Raises NotFoundError (404) for what can be nobody's id."""
    if not PERSON.fullmatch(person_id):
        raise NotFoundError


def is_suspended(person_id: str) -> bool:
    """Whether somebody is shut out (1 read)."""
    found = dynamo.get(Standing, person_key(person_id), STANDING)
    return found is not None and found.suspended_at is not None


def _turn(caller: Caller, person_id: str, reason: str, *, suspended: bool) -> None:
    if is_suspended(person_id) is suspended:
        return
    now = clock.stamp(clock.now()) if suspended else None
    standing = Standing(person_key(person_id), STANDING, suspended_at=now)
    before = Standing.suspended_at.does_not_exist()
    what, actor = "suspended" if suspended else "restored", caller.acting_as(Role.OPERATOR)
    parts.commit(
        parts.put(standing, BusyError(), before if suspended else ~before),
        audit.entry(actor, f"person.{what}", person_id, reason),
        sessions.ended(person_id),
        notices.tell(person_id, f"person_{what}", topic="standing", actor=actor),
    )


def _view(person_id: str) -> PersonView:
    found = dynamo.get(Standing, person_key(person_id), STANDING)
    at = found.suspended_at if found else None
    return PersonView(id=person_id, suspended_at=clock.parse(at) if at else None)
