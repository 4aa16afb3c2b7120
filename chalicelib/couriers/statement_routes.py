"""HTTP of a courier's statement."""

from chalicelib.core.errors import InvalidError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.couriers import rights, statement
from chalicelib.couriers.statement_schemas import Statement, StatementQuery

api = Api(__name__)


@api.get("/v1/earnings/statement", rights.EARNING_LIST, errors=(InvalidError,))
def read_statement(caller: Caller, query: StatementQuery) -> Statement:
    """Read what one has earned and how long one was on duty, day by day and in all."""
    return statement.of(caller, query)
