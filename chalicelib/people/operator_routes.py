"""HTTP of what operators may know."""

from chalicelib.core import audit, clock
from chalicelib.core.audit import AuditEntry
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.people import rights
from chalicelib.people.schemas import AuditPage, AuditQuery, AuditView

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
        data=one.data or {},
        at=clock.parse(one.at),
    )
