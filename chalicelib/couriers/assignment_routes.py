"""HTTP of decisions of dispatch: why one was asked, appeals, and what operators decide instead."""

from chalicelib.core.errors import BusyError, KeyReusedError, NotFoundError, TooManyError
from chalicelib.core.idempotency import Key
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api
from chalicelib.couriers import directing, explaining, rights
from chalicelib.couriers.assignment_schemas import Contested, Directed, Direction, Explanation
from chalicelib.couriers.errors import CourierNotFreeError, ImpossibleStepError
from chalicelib.orders import appeals
from chalicelib.orders.appeal_routes import APPEALS, REPLAYED
from chalicelib.orders.appeal_schemas import AppealView
from chalicelib.orders.errors import AppealWaitingError
from chalicelib.people.errors import GuestOverError

api = Api(__name__)


@api.get(
    "/v1/assignments/{assignment_id}/explanation", rights.ASSIGNMENT_EXPLAIN,
    errors=(NotFoundError,),
)  # fmt: skip
def explain_assignment(caller: Caller, assignment_id: str) -> Explanation:
    """Read why one was offered something: an assignment has the id of its offer."""
    return explaining.explain(assignment_id, caller)


@api.post(
    "/v1/assignments/{assignment_id}/appeal", rights.ASSIGNMENT_APPEAL, status=201, limit=APPEALS,
    errors=(
        NotFoundError, KeyReusedError, AppealWaitingError, GuestOverError, BusyError, TooManyError,
    ),
)  # fmt: skip
def appeal_assignment(
    caller: Caller, key: Key, body: Contested, assignment_id: str
) -> Answer[AppealView]:
    """Ask a person to look at a decision that concerns one. Needs an Idempotency-Key.

    Against one decision one appeal waits at a time; `GET /v1/appeals` shows what was answered.
    """
    explaining.demand(assignment_id, caller, rights.ASSIGNMENT_APPEAL)
    made, repeated = appeals.contest(caller, assignment_id, body.text, key)
    return Answer(made, headers=REPLAYED if repeated else {})


@api.post(
    "/v1/deliveries/{delivery_id}/dispatching", rights.DELIVERY_DIRECT,
    errors=(NotFoundError, ImpossibleStepError, CourierNotFreeError, BusyError),
)  # fmt: skip
def direct_delivery(caller: Caller, body: Direction, delivery_id: str) -> Directed:
    """Say who alone is asked for a delivery, who never, or who at once; or leave it to dispatch.

    Repeating it changes nothing.
    """
    return directing.direct(delivery_id, body, caller)
