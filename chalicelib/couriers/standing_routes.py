"""HTTP of what makes a courier fit to work: documents, a city's rules, suspensions, breaks."""

from chalicelib.core.errors import (
    BusyError,
    InvalidError,
    KeyReusedError,
    NotFoundError,
    TooManyError,
)
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api
from chalicelib.couriers import breaks, city_rules, documents, profile, rights, suspending
from chalicelib.couriers.assignment_schemas import Contested
from chalicelib.couriers.errors import (
    DocumentsExpiredError,
    DocumentStateError,
    FileNotThereError,
    HoursUsedError,
    NoProfileError,
    NotSuspendedError,
    OffDutyError,
    OnAJobError,
    OnboardingError,
    SuspendedError,
    TooManyDocumentsError,
)
from chalicelib.couriers.schemas import DutyView
from chalicelib.couriers.standing_schemas import (
    CourierRecord,
    CourierRulesView,
    DocumentList,
    DocumentReview,
    DocumentView,
    NewCourierRules,
    NewDocument,
    NewSuspension,
    Restoration,
    ShownDocument,
    WaitingDocuments,
)
from chalicelib.orders.appeal_routes import APPEALS, REPLAYED
from chalicelib.orders.appeal_schemas import AppealView
from chalicelib.orders.errors import AppealWaitingError
from chalicelib.people.errors import GuestOverError

api = Api(__name__)

DOCUMENTS = Limit("documents", calls=60, seconds=3600)
FOUND = (NotFoundError, BusyError)


@api.post("/v1/duty/break", rights.DUTY_BREAK, errors=(OffDutyError, OnAJobError, BusyError))
def begin_break(caller: Caller) -> DutyView:
    """Take a break: nothing is offered, no position is taken. Repeating it changes nothing."""
    return breaks.begin(caller)


@api.post(
    "/v1/duty/resume", rights.DUTY_BREAK,
    errors=(
        OffDutyError, SuspendedError, OnboardingError, DocumentsExpiredError, HoursUsedError,
        BusyError,
    ),
)  # fmt: skip
def end_break(caller: Caller) -> DutyView:
    """Go on after a break. Repeating it changes nothing."""
    return breaks.end(caller)


@api.get("/v1/cities/{city}/courier-rules", rights.RULES_READ, errors=(NotFoundError,))
def read_courier_rules(city: str) -> CourierRulesView:
    """Read what a city asks of its couriers: nothing, where nobody has said anything."""
    return city_rules.read(city)


@api.put("/v1/cities/{city}/courier-rules", rights.RULES_SET, errors=FOUND)
def put_courier_rules(caller: Caller, body: NewCourierRules, city: str) -> CourierRulesView:
    """Say what a city asks of its couriers. Repeating it changes nothing."""
    return city_rules.put(caller, city, body)


@api.post(
    "/v1/courier/documents", rights.DOCUMENT_ADD, status=201, limit=DOCUMENTS,
    errors=(NoProfileError, TooManyDocumentsError, InvalidError, KeyReusedError, TooManyError),
)  # fmt: skip
def create_document(caller: Caller, key: Key, body: NewDocument) -> Answer[DocumentView]:
    """Announce a document: the answer says where to put its file, within a quarter of an hour."""
    made, repeated = documents.begin(caller, body, key)
    return Answer(made, headers=REPLAYED if repeated else {})


@api.get("/v1/courier/documents", rights.DOCUMENT_LIST)
def list_documents(caller: Caller) -> DocumentList:
    """List one's own documents, the newest first, with what was said of them."""
    return documents.mine(caller.id)


@api.post(
    "/v1/courier/documents/{document_id}/sent", rights.DOCUMENT_SEND,
    errors=(NotFoundError, FileNotThereError, BusyError),
)  # fmt: skip
def send_document(caller: Caller, document_id: str) -> DocumentView:
    """Say that the file was put: a person looks at it. Repeating it changes nothing."""
    return documents.sent(caller, document_id)


@api.post(
    "/v1/courier/appeal", rights.COURIER_APPEAL, status=201, limit=APPEALS,
    errors=(
        NotSuspendedError, KeyReusedError, AppealWaitingError, GuestOverError, BusyError,
        TooManyError,
    ),
)  # fmt: skip
def appeal_suspension(caller: Caller, key: Key, body: Contested) -> Answer[AppealView]:
    """Ask a person to look at one's suspension. A grant ends it. Needs an Idempotency-Key."""
    made, repeated = suspending.appeal(caller, body.text, key)
    return Answer(made, headers=REPLAYED if repeated else {})


@api.get("/v1/couriers/waiting", rights.DOCUMENT_REVIEW)
def list_waiting_documents() -> WaitingDocuments:
    """List the documents that wait for a look, the oldest hundred first."""
    return documents.waiting()


@api.get("/v1/couriers/{courier}", rights.COURIER_READ_ANY, errors=(NotFoundError,))
def read_any_courier(courier: str) -> CourierRecord:
    """Read how a courier stands, and their documents."""
    return profile.record(courier)


@api.post(
    "/v1/couriers/{courier}/documents/{document_id}/review", rights.DOCUMENT_REVIEW,
    errors=(NotFoundError, InvalidError, DocumentStateError, BusyError),
)  # fmt: skip
def review_document(
    caller: Caller, body: DocumentReview, courier: str, document_id: str
) -> ShownDocument:
    """Approve a document, or refuse it. Repeating it changes nothing."""
    return documents.review(caller, courier, document_id, body)


@api.post("/v1/couriers/{courier}/suspend", rights.COURIER_SUSPEND, errors=FOUND)
def suspend_courier(caller: Caller, body: NewSuspension, courier: str) -> CourierRecord:
    """Let a courier go on duty no more. A job in hand is finished. Repeating changes nothing."""
    return suspending.suspend(caller, courier, body)


@api.post("/v1/couriers/{courier}/restore", rights.COURIER_RESTORE, errors=FOUND)
def restore_courier(caller: Caller, body: Restoration, courier: str) -> CourierRecord:
    """Let a courier go on duty again. Repeating it changes nothing."""
    return suspending.restore(caller, courier, body.reason)
