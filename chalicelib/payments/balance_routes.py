"""HTTP of stored value."""

from chalicelib.core.errors import BusyError, KeyInFlightError, KeyReusedError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api
from chalicelib.payments import crediting, rights
from chalicelib.payments.errors import BalanceFullError
from chalicelib.payments.schemas import BalanceDetail, BalanceList, BalanceRequest, BalanceView

api = Api(__name__)


@api.post(
    "/v1/balances", rights.BALANCE_CREATE, status=201,
    errors=(KeyReusedError, KeyInFlightError, BusyError, BalanceFullError),
)  # fmt: skip
def create_balance(caller: Caller, key: Key, body: BalanceRequest) -> Answer[BalanceView]:
    """Give a person stored value, at the platform's expense. Needs an Idempotency-Key."""
    made, repeated = crediting.credit(caller, key, body)
    return Answer(made, headers={"Idempotent-Replayed": "true"} if repeated else {})


@api.get("/v1/balances", rights.BALANCE_LIST)
def list_balances(caller: Caller) -> BalanceList:
    """List what you may pay with: vouchers, gifts, your wallets."""
    return crediting.listing(caller)


@api.get("/v1/balances/{balance_id}", rights.BALANCE_READ, errors=(NotFoundError,))
def read_balance(caller: Caller, balance_id: str) -> BalanceDetail:
    """Read a balance with everything that moved it."""
    return crediting.detail(balance_id, caller)
