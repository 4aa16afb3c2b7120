"""HTTP of what is known of people."""

from chalicelib.core.errors import TooManyError
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.insights import exporting, rights
from chalicelib.insights.schemas import ExportPage, ExportQuery

api = Api(__name__)

EXPORTS = Limit("exports", calls=60, seconds=3600)


@api.get("/v1/export", rights.EXPORT_READ, limit=EXPORTS, errors=(TooManyError,))
def export_own_data(caller: Caller, query: ExportQuery) -> ExportPage:
    """Get everything that is known of the caller: the account, and page by page the orders."""
    return exporting.page(caller, query)
