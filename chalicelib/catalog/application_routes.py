"""HTTP of merchants' applications."""

from chalicelib.catalog import applying, rights
from chalicelib.catalog.application_schemas import (
    ApplicationList,
    ApplicationView,
    NewApplication,
    Review,
)
from chalicelib.catalog.errors import ApplicationStateError
from chalicelib.catalog.routes import REPLAYED
from chalicelib.core.errors import BusyError, KeyReusedError, NotFoundError, TooManyError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api

api = Api(__name__)

APPLICATIONS = Limit("applications", calls=10, seconds=86_400)
STATE_ERRORS = (NotFoundError, ApplicationStateError, BusyError)


@api.post(
    "/v1/applications", rights.APPLICATION_CREATE, status=201, limit=APPLICATIONS,
    errors=(KeyReusedError, TooManyError),
)  # fmt: skip
def create_application(caller: Caller, key: Key, body: NewApplication) -> Answer[ApplicationView]:
    """Begin to become a merchant: a draft, which is then submitted and reviewed."""
    made, repeated = applying.create(caller, body, key)
    return Answer(made, headers=REPLAYED if repeated else {})


@api.get("/v1/applications", rights.APPLICATION_LIST)
def list_applications(caller: Caller) -> ApplicationList:
    """List the caller's own applications."""
    return applying.mine(caller)


@api.get("/v1/applications/waiting", rights.APPLICATION_REVIEW)
def list_waiting_applications(caller: Caller) -> ApplicationList:  # noqa: ARG001 - the right is the operator's
    """List the applications that wait for a review, the oldest first."""
    return applying.waiting()


@api.get(
    "/v1/applications/{application_id}", rights.APPLICATION_READ, errors=(NotFoundError,)
)  # fmt: skip
def read_application(caller: Caller, application_id: str) -> ApplicationView:
    """Read an application, and what its last review said."""
    return applying.read(caller, application_id)


@api.put("/v1/applications/{application_id}", rights.APPLICATION_CHANGE, errors=STATE_ERRORS)
def change_application(
    caller: Caller, body: NewApplication, application_id: str
) -> ApplicationView:
    """Change an application that is not submitted, or came back with reasons."""
    return applying.change(caller, application_id, body)


@api.post(
    "/v1/applications/{application_id}/submit", rights.APPLICATION_SUBMIT, errors=STATE_ERRORS
)  # fmt: skip
def submit_application(caller: Caller, application_id: str) -> ApplicationView:
    """Hand an application in. Repeating it changes nothing."""
    return applying.submit(caller, application_id)


@api.post(
    "/v1/applications/{application_id}/review", rights.APPLICATION_REVIEW, errors=STATE_ERRORS
)  # fmt: skip
def review_application(caller: Caller, body: Review, application_id: str) -> ApplicationView:
    """Approve, send back or reject an application. An approval makes the merchant."""
    return applying.review(caller, application_id, body)
