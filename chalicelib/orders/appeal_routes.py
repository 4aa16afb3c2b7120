"""HTTP of appeals against limits."""

from chalicelib.core.devices import Device
from chalicelib.core.errors import BusyError, KeyReusedError, NotFoundError, TooManyError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api
from chalicelib.orders import appeals, rights
from chalicelib.orders.appeal_schemas import AppealAnswer, AppealList, AppealView, NewAppeal
from chalicelib.orders.errors import AppealAnsweredError, AppealWaitingError, DeviceUnsaidError
from chalicelib.people.errors import GuestOverError

api = Api(__name__)

APPEALS = Limit("appeals", calls=20, seconds=3600)
REPLAYED = {"Idempotent-Replayed": "true"}


@api.post(
    "/v1/appeals", rights.APPEAL_CREATE, status=201, limit=APPEALS,
    errors=(
        KeyReusedError, AppealWaitingError, DeviceUnsaidError, GuestOverError, BusyError,
        TooManyError,
    ),
)  # fmt: skip
def create_appeal(caller: Caller, key: Key, device: Device, body: NewAppeal) -> Answer[AppealView]:
    """Ask a person to look at a limit that the caller has met.

    Needs an Idempotency-Key. Of one limit one appeal waits at a time. Of a limit of devices the
    header Device-Id says of which: it is lifted for that one.
    """
    made, repeated = appeals.appeal(caller, body, key, device)
    return Answer(made, headers=REPLAYED if repeated else {})


@api.get("/v1/appeals", rights.APPEAL_LIST)
def list_appeals(caller: Caller) -> AppealList:
    """List the caller's last appeals, one for each limit, with what was answered."""
    return appeals.mine(caller.id)


@api.get("/v1/appeals/waiting", rights.APPEAL_WAITING)
def list_waiting_appeals() -> AppealList:
    """List the appeals that wait for an answer, the oldest hundred first."""
    return appeals.waiting()


@api.post(
    "/v1/appeals/{appeal_id}/grant", rights.APPEAL_ANSWER,
    errors=(NotFoundError, AppealAnsweredError, BusyError),
)  # fmt: skip
def grant_appeal(caller: Caller, body: AppealAnswer, appeal_id: str) -> AppealView:
    """Let the limit not count for who has appealed, or for their device, for ninety days.

    Repeating changes nothing.
    """
    return appeals.grant(caller, appeal_id, body.reason)


@api.post(
    "/v1/appeals/{appeal_id}/refuse", rights.APPEAL_ANSWER,
    errors=(NotFoundError, AppealAnsweredError, BusyError),
)  # fmt: skip
def refuse_appeal(caller: Caller, body: AppealAnswer, appeal_id: str) -> AppealView:
    """Leave the limit as it is, and say why. Repeating it changes nothing."""
    return appeals.refuse(caller, appeal_id, body.reason)
