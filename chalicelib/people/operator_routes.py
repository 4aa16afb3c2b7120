"""HTTP of what operators may know."""

from chalicelib.core import audit, clock
from chalicelib.core.audit import AuditEntry
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.people import operating, rights
from chalicelib.people.errors import OwnAccountError
from chalicelib.people.schemas import (
    ActionReason,
    AuditPage,
    AuditQuery,
    AuditView,
    PeopleFound,
    PersonSearch,
    PersonView,
)

api = Api(__name__)


@api.get("/v1/audit", rights.AUDIT_READ)
def list_audit(caller: Caller, query: AuditQuery) -> AuditPage:  # noqa: ARG001 - the right is the operator's
    """List what operators did by hand, newest first: on a day, or to one subject."""
    if query.subject:
        found = audit.of_subject(query.subject, limit=query.limit, cursor=query.cursor)
    else:
        found = audit.of_day(str(query.day), limit=query.limit, cursor=query.cursor)
    return AuditPage(items=[_view(one) for one in found.items], next_cursor=found.next_cursor)


def _view(one: AuditEntry) -> AuditView:
    return AuditView(
        id=one.id,
        actor=one.actor,
        action=one.action,
        subject=one.subject,
        reason=one.reason,
        words=one.words,
        data=one.data or {},
        at=clock.parse(one.at),
    )


@api.post("/v1/people/find", rights.PERSON_FIND)
def find_people(caller: Caller, body: PersonSearch) -> PeopleFound:
    """Find somebody by exactly their address or id. That it was asked, and why, is kept."""
    return operating.find(caller, body)


@api.post(
    "/v1/people/{user}/suspend", rights.PERSON_SUSPEND,
    errors=(NotFoundError, OwnAccountError, BusyError),
)  # fmt: skip
def suspend_person(caller: Caller, body: ActionReason, user: str) -> PersonView:
    """Shut somebody out: every token ends within seconds. Repeating it changes nothing."""
    return operating.suspend(caller, user, body.reason)


@api.post(
    "/v1/people/{user}/restore", rights.PERSON_RESTORE, errors=(NotFoundError, BusyError)
)  # fmt: skip
def restore_person(caller: Caller, body: ActionReason, user: str) -> PersonView:
    """Let somebody in again. Repeating it changes nothing."""
    return operating.restore(caller, user, body.reason)
