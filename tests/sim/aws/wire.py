"""The one door of boto3: every request to AWS is answered here, behind botocore's `before-send`.

`lighter.py` asks before botocore has made a request of it; what does not go well is then told to
botocore there, as its first try. An exception raised there is a network error to the SDK, which
then tries again by its own rules; to answer and raise all the same is "it happened, the answer was
lost".
https://botocore.amazonaws.com/v1/documentation/api/latest/topics/events.html
"""

from collections.abc import Callable
from typing import Any

import botocore.handlers
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from moto.core.botocore_stubber import MockRawResponse

from sandbox.cloud import sns
from sandbox.cloud.phones import Phones
from tests.sim.aws import database
from tests.sim.aws.database import Answer, Body, Database, packed
from tests.sim.aws.queues import Queues
from tests.sim.calls import Call, Caller
from tests.sim.faults import CALL, READ, WRITE, Fault

type Outcome = Answer | Exception

OK = 200
STRAIGHT = frozenset({"dynamodb", "sqs", "ssm"})
NOWHERE = "https://nowhere.test/"
READS = frozenset({"GetItem", "Query", "BatchGetItem", "Scan", "TransactGetItems"})
READ_SECONDS = {"dynamodb": 2.0}
OTHER_READ_SECONDS = 3.0
ABORTS = ("Put", "Update", "Delete", "ConditionCheck")
THROTTLES = {"dynamodb": "ThrottlingException", "sqs": "ThrottlingException"}


class Wire:
    """AWS as the functions reach it."""

    def __init__(
        self,
        caller: Caller,
        database_: Database,
        queues: Queues,
        phones: Phones,
        parameters: dict[str, str],
    ) -> None:
        self._caller = caller
        self._database = database_
        self._queues = queues
        self._phones = phones
        self._parameters = parameters
        self._outcome: Outcome | None = None
        self.written: Callable[[list[tuple[str, str, str]]], None] = lambda _: None

    def __call__(self, event_name: str, request: AWSPreparedRequest) -> AWSResponse:
        outcome, self._outcome = self._outcome, None
        if isinstance(outcome, Exception):
            raise outcome
        _, service, operation = event_name.split(".")
        status, content = outcome or self._ask(service, operation, request)
        url, request.url = request.url, NOWHERE  # botocore asks moto too: not a second time
        return AWSResponse(url, status, HTTPHeaders(), MockRawResponse(packed(content)))

    def goes_straight(self, service: str) -> bool:
        return service in STRAIGHT and self._database.straight

    def straight(self, service: str, operation: str, body: Body) -> Body | None:
        """The answer of a request that goes well, without what would make text of it and back.

        None: it has gone otherwise, and the next that botocore sends is told how it went.
        """
        assert self._outcome is None, "botocore was not asked about the request before"
        try:
            outcome = getattr(self, f"_to_{service}")(operation, body, None)
        except Exception as error:  # noqa: BLE001 - botocore is the judge of what it means
            self._outcome = error
            return None
        status, content = outcome
        if status != OK:
            self._outcome = outcome
            return None
        return dict(content)

    def _ask(self, service: str, operation: str, request: AWSPreparedRequest) -> Answer:
        if service == "sns":
            return self._to_sns(operation, request)
        if service == "cognito-identity-provider":
            return self._to_pool(operation)
        body = database.body_of(request)
        answer: Answer = getattr(self, f"_to_{service}")(operation, body, request)
        return answer

    # --- services --------------------------------------------------------------------------------

    def _to_dynamodb(
        self, operation: str, body: Body, request: AWSPreparedRequest | None
    ) -> Answer:
        reads = operation in READS
        call = Call(
            "dynamodb", f"{operation} {database.tables_of(operation, body)}", writes=not reads
        )

        def effect() -> Answer:
            answer = self._database.respond(operation, body, request)
            if not reads:
                self.written(database.keys_of(operation, body))
            return answer

        def conflict() -> Answer:
            return _conflict(operation, body)

        return self._do(call, effect, READ if reads else WRITE, conflict)

    def _to_sqs(self, operation: str, body: Body, _: object) -> Answer:
        name = body["QueueUrl"].rpartition("/")[2]

        def effect() -> Answer:
            return self._queues.answer(operation, body)

        def refuse() -> Answer:
            failed = [
                {"Id": one["Id"], "SenderFault": False, "Code": "InternalError", "Message": "later"}
                for one in body["Entries"]
            ]
            return OK, {"Successful": [], "Failed": failed}

        call = Call("sqs", f"{operation} {name}", writes=True)
        return self._do(call, effect, (*CALL, Fault.CONFLICT), refuse)

    def _to_ssm(self, operation: str, body: Body, _: object) -> Answer:
        name = body["Name"]

        def effect() -> Answer:
            if name not in self._parameters:
                return _error("ParameterNotFound", name)
            held = {"Name": name, "Type": "SecureString", "Value": self._parameters[name]}
            return OK, {"Parameter": held}

        call = Call("ssm", f"{operation} {name.rpartition('/')[2]}", writes=False)
        return self._do(call, effect, READ, effect)

    def _to_pool(self, operation: str) -> Answer:
        """The user pool of this world knows nobody: decisions are told to phones, or not."""
        call = Call("cognito", operation, writes=False)
        return self._do(call, lambda: (OK, {"Users": []}), READ, lambda: (OK, {"Users": []}))

    def _to_sns(self, operation: str, request: AWSPreparedRequest) -> Answer:
        form = database.text_of(request)

        def effect() -> Answer:
            status, text = sns.answer(self._phones, form)
            return status, text.encode()

        call = Call("sns", operation, writes=True)
        return self._do(call, effect, CALL, effect)

    # --- what may go wrong -----------------------------------------------------------------------

    def _do(
        self,
        call: Call,
        effect: Callable[[], Answer],
        kinds: tuple[Fault, ...],
        conflict: Callable[[], Answer],
    ) -> Answer:
        patience = READ_SECONDS.get(call.service, OTHER_READ_SECONDS)
        answers = {
            Fault.THROTTLED: lambda: _refusal(
                call.service, THROTTLES.get(call.service, "Throttling")
            ),
            Fault.INTERNAL: lambda: _refusal(call.service, "InternalServerError", 500),
            Fault.CONFLICT: conflict,
        }
        errors: dict[Fault, Callable[[], Exception]] = {
            Fault.FAILS_BEFORE: lambda: ConnectionClosedError(endpoint_url=call.service),
            Fault.FAILS_AFTER: lambda: ConnectionClosedError(endpoint_url=call.service),
            Fault.TIMES_OUT: lambda: ReadTimeoutError(endpoint_url=call.service),
        }
        return self._caller.perform(call, effect, kinds, answers, errors, patience)


def _conflict(operation: str, body: Body) -> Answer:
    """Another transaction is at one of the items: nothing of this one has happened."""
    if operation != "TransactWriteItems":
        return _error("TransactionConflictException", "Transaction is ongoing for the item")
    reasons = [{"Code": "None"} for _ in body["TransactItems"]]
    reasons[-1] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    codes = ", ".join(one["Code"] for one in reasons)
    return 400, {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": f"Transaction cancelled, please refer cancellation reasons [{codes}]",
        "CancellationReasons": reasons,
    }


def _error(code: str, message: str, status: int = 400) -> Answer:
    return status, {"__type": code, "message": message}


def _refusal(service: str, code: str, status: int = 400) -> Answer:
    if service != "sns":
        return _error(code, "Not now", status)
    said = f"<Type>Sender</Type><Code>{code}</Code><Message>Not now</Message>"
    text = f"<ErrorResponse><Error>{said}</Error><RequestId>r</RequestId></ErrorResponse>"
    return (429 if status == 400 else status), text.encode()


# --- the hook ------------------------------------------------------------------------------------

_wires: list[Wire] = []
_installed: list[bool] = []


def _on_send(event_name: str, request: Any = None, **_: Any) -> AWSResponse | None:  # noqa: ANN401 - botocore's hook
    return _wires[-1](event_name, request) if _wires else None


def install() -> bool:
    """Once per process. True where it is new: clients that were made before do not know of it."""
    if _installed:
        return False
    _installed.append(True)
    botocore.handlers.BUILTIN_HANDLERS.insert(0, ("before-send", _on_send))
    return True


def connected() -> Wire | None:
    """What answers now, if anything does."""
    return _wires[-1] if _wires else None


def connect(wire: Wire) -> None:
    _wires.append(wire)


def disconnect(wire: Wire) -> None:
    _wires.remove(wire)
