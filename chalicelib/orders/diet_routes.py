"""HTTP of what a customer eats: sensitive, and the customer's alone."""

from chalicelib.core.errors import BusyError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.orders import dieting, rights
from chalicelib.orders.diet_schemas import DietRequest, DietView
from chalicelib.people.errors import GuestOverError

api = Api(__name__)


@api.get("/v1/diet", rights.DIET_READ)
def read_diet(caller: Caller) -> DietView:
    """Read what is kept of what you eat. Nobody else can."""
    return dieting.read(caller.id)


@api.put("/v1/diet", rights.DIET_SET, errors=(GuestOverError, BusyError))
def set_diet(caller: Caller, body: DietRequest) -> DietView:
    """Keep what you eat, so that quotes warn you. Sensitive data: kept only if you agree."""
    return dieting.keep(caller.id, body)


@api.delete("/v1/diet", rights.DIET_REMOVE)
def remove_diet(caller: Caller) -> None:
    """Forget what you eat. Repeating it changes nothing."""
    dieting.forget(caller.id)
