"""A courier's documents: announced, put into the bucket under a signed address, seen by a person.

Only operators see a file, and the bucket forgets it after a month; what stays is that somebody has
looked, and until when it holds. Every step may be repeated. Decision: docs/decisions/documents.md.
"""

from datetime import datetime, timedelta

from pynamodb.expressions.update import Action

from chalicelib.catalog.changing import commit_once
from chalicelib.catalog.image_schemas import Put
from chalicelib.core import audit, clock, dynamo, ids, notices, parts, storage
from chalicelib.core.errors import BusyError, InvalidError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role
from chalicelib.couriers import rights, standing, working
from chalicelib.couriers.errors import (
    DocumentStateError,
    FileNotThereError,
    NoProfileError,
    TooManyDocumentsError,
)
from chalicelib.couriers.models import CourierHead
from chalicelib.couriers.standing_models import WAITING, Document, WaitingDocument, document_at
from chalicelib.couriers.standing_schemas import (
    DOCUMENT,
    DocumentList,
    DocumentProblem,
    DocumentReview,
    DocumentStatus,
    DocumentView,
    NewDocument,
    ShownDocument,
    WaitingDocuments,
)
from chalicelib.couriers.status import DocumentKind
from chalicelib.people import operating

PUT_SECONDS = 900
SHOWN_SECONDS = 600
AWAITED_DAYS, REFUSED_DAYS, FILE_DAYS = 2, 90, 30
MOST_OPEN = 20
SHOWN_WAITING = 100
WARNED = timedelta(days=14)
"""So long before a document ends its courier is told."""
OPEN = frozenset({DocumentStatus.AWAITED, DocumentStatus.WAITING})


def begin(caller: Caller, new: NewDocument, key: Key) -> tuple[DocumentView, bool]:
    """Announce a document, and be told where to put its file; and whether this is a repetition.

    Raises NoProfileError (409), TooManyDocumentsError (409), InvalidError (400) for one that is
    over, KeyReusedError (422).
    """
    if working.head(caller.id) is None:
        raise NoProfileError
    _demand_future(new.valid_until)
    document_id = ids.new(DOCUMENT)
    if sum(one.status in OPEN for one in standing.documents(caller.id)) >= MOST_OPEN:
        raise TooManyDocumentsError
    made = document_at(caller.id, document_id)
    made.id, made.courier_id, made.kind = document_id, caller.id, new.kind
    made.status, made.media_type, made.size = DocumentStatus.AWAITED, new.media_type, new.bytes
    made.valid_until = clock.stamp(new.valid_until) if new.valid_until else None
    made.created_at = clock.stamp(clock.now())
    made.put_until = clock.stamp(clock.after(PUT_SECONDS))
    made.expires_at = _forgotten(AWAITED_DAYS)
    subject, repeated = commit_once(key, document_id, parts.put(made, BusyError()))
    return view(_demand(caller.id, subject)), repeated


def sent(caller: Caller, document_id: str) -> DocumentView:
    """Say that the file is there: a person looks at it next. Safe to repeat.

    Raises NotFoundError (404), FileNotThereError (409) where nothing was put yet.
    """
    found = dynamo.get(Document, *_keys(caller.id, document_id))
    rights.DOCUMENT_SEND.demand(caller, own=frozenset({Role.COURIER} if found else ()))
    if found is None:
        raise NotFoundError
    if found.status != DocumentStatus.AWAITED:
        return view(found)
    if storage.size(_file(document_id)) is None:
        raise FileNotThereError
    now = clock.stamp(clock.now())
    actions = [
        Document.status.set(DocumentStatus.WAITING),
        Document.sent_at.set(now),
        Document.expires_at.set(_forgotten(FILE_DAYS)),
    ]
    try:
        parts.commit(
            _moved(found, *actions),
            parts.put(_queued(caller.id, document_id, now), BusyError()),
        )
    except BusyError:  # somebody said so just now
        return view(_demand(caller.id, document_id))
    return view(_demand(caller.id, document_id))


def mine(courier_id: str) -> DocumentList:
    """A courier's documents, the newest first."""
    return DocumentList(items=[view(one) for one in reversed(standing.documents(courier_id))])


def waiting() -> WaitingDocuments:
    """The documents that wait for a look, the oldest hundred first."""
    places = dynamo.items(WaitingDocument, WAITING, limit=SHOWN_WAITING)[:SHOWN_WAITING]
    found = (dynamo.get(Document, *_keys(one.courier_id, one.id)) for one in places)
    return WaitingDocuments(items=[shown(one) for one in found if one is not None])


def review(
    caller: Caller, courier_id: str, document_id: str, said: DocumentReview
) -> ShownDocument:
    """Say what one has seen. Safe to repeat.

    Raises NotFoundError (404), InvalidError (400) for an approval of what is over, and
    DocumentStateError (409) for one that does not wait, or was decided otherwise.
    """
    operating.demand_id(courier_id)
    actor = caller.acting_as(Role.OPERATOR)

    def decide() -> tuple[Part, ...]:
        found, courier = _demand(courier_id, document_id), working.head(courier_id)
        if found.status == said.verdict:
            return ()
        if found.status != DocumentStatus.WAITING or courier is None:
            raise DocumentStateError(
                current_status=found.status, allowed_in=[DocumentStatus.WAITING]
            )
        return (
            *(
                _refused(found, said.problem)
                if said.problem is not None
                else _approved(found, said.valid_until, actor)
            ),
            *_told(found, courier, said, actor),
        )

    working.settle(decide)
    return shown(_demand(courier_id, document_id))


def _approved(found: Document, until: datetime | None, actor: str) -> tuple[Part, ...]:
    """It holds from now on. Of its kind the courier is warned once: of the end of this one."""
    end = until or (clock.parse(found.valid_until) if found.valid_until else None)
    _demand_future(end)
    before = [
        notices.taken_back(one.courier_id, str(one.warning))
        for one in standing.documents(found.courier_id)
        if one.kind == found.kind and one.warning
    ]
    actions = [
        Document.status.set(DocumentStatus.APPROVED),
        Document.reviewed_at.set(clock.stamp(clock.now())),
        Document.expires_at.remove(),
    ]
    if end is None:
        return *before, _moved(found, *actions)
    warning = ids.new("ntc")
    actions += [Document.valid_until.set(clock.stamp(end)), Document.warning.set(warning)]
    warned = notices.tell(
        found.courier_id,
        "document_ends",
        topic=f"document_ends#{found.kind}",
        actor=actor,
        ident=warning,
        not_before=end - WARNED,
        data={"document_id": found.id, "kind": found.kind, "until": clock.stamp(end)},
    )
    return *before, _moved(found, *actions), warned


def _refused(found: Document, problem: DocumentProblem) -> tuple[Part, ...]:
    return (
        _moved(
            found,
            Document.status.set(DocumentStatus.REFUSED),
            Document.reviewed_at.set(clock.stamp(clock.now())),
            Document.problem.set(problem),
            Document.expires_at.set(_forgotten(REFUSED_DAYS)),
        ),
    )


def _told(
    found: Document, courier: CourierHead, said: DocumentReview, actor: str
) -> tuple[Part, ...]:
    action = f"document_{said.verdict}"
    data = {"document_id": found.id, "kind": found.kind}
    return (
        parts.forget(_queued(found.courier_id, found.id, str(found.sent_at))),
        *working.noted(courier, f"courier.{action}", actor, data=data),
        audit.entry(actor, f"courier.{action}", found.courier_id, said.reason, data),
        notices.tell(
            found.courier_id, action, topic=f"document#{found.id}", actor=actor, data=data
        ),
    )


def forget(courier_id: str) -> None:
    """Keep nothing of what a courier has shown. The bucket forgets the files. Safe to repeat."""
    for one in standing.documents(courier_id):
        queued = [parts.forget(_queued(courier_id, one.id, one.sent_at))] if one.sent_at else []
        parts.commit(*queued, parts.forget(document_at(courier_id, one.id)))


def view(found: Document) -> DocumentView:
    """A document as its courier sees it."""
    return DocumentView(
        id=found.id,
        kind=DocumentKind(found.kind),
        status=DocumentStatus(found.status),
        valid_until=clock.parse(found.valid_until) if found.valid_until else None,
        problem=DocumentProblem(found.problem) if found.problem else None,
        created_at=clock.parse(found.created_at),
        reviewed_at=clock.parse(found.reviewed_at) if found.reviewed_at else None,
        upload=_put(found) if found.status == DocumentStatus.AWAITED else None,
    )


def shown(found: Document) -> ShownDocument:
    """A document as an operator sees it, with its file while it waits: nothing is asked of S3."""
    waits = found.status == DocumentStatus.WAITING
    key, kept = _file(found.id), {"upload": None, "courier_id": found.courier_id}
    file_url = storage.address_to_get(key, found.media_type, SHOWN_SECONDS) if waits else None
    return ShownDocument(**{**dict(view(found)), **kept, "file_url": file_url})


def _put(found: Document) -> Put | None:
    """Where its file may be put, for as long as that was promised. None: too late."""
    until = clock.parse(found.put_until)
    left = int((until - clock.now()).total_seconds())
    if left <= 0:
        return None
    size = int(found.size)
    return Put(
        url=storage.address_to_put(_file(found.id), found.media_type, size, left),
        headers={"Content-Type": found.media_type, "Content-Length": str(size)},
        expires_at=until,
    )


def _moved(found: Document, *actions: Action) -> Part:
    item = document_at(found.courier_id, found.id)
    return parts.update(item, actions, BusyError(), Document.status == found.status)


def _demand_future(moment: datetime | None) -> None:
    if moment is not None and moment <= clock.now():
        raise InvalidError(errors=[{"pointer": "/valid_until", "detail": "This is over."}])


def _demand(courier_id: str, document_id: str) -> Document:
    found = dynamo.get(Document, *_keys(courier_id, document_id))
    if found is None:
        raise NotFoundError
    return found


def _keys(courier_id: str, document_id: str) -> tuple[str, str]:
    item = document_at(courier_id, document_id)
    return item.pk, item.sk


def _queued(courier_id: str, document_id: str, moment: str) -> WaitingDocument:
    place = f"{moment}#{document_id}"
    return WaitingDocument(WAITING, place, id=document_id, courier_id=courier_id)


def _file(document_id: str) -> str:
    return f"documents/{document_id}"


def _forgotten(days: int) -> int:
    return clock.forget_at(clock.after(days * 86_400.0))
