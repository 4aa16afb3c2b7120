"""Whether a caller may do something for a store, or for a merchant with all its stores."""

from chalicelib.catalog import merchants
from chalicelib.catalog import reading as stores
from chalicelib.catalog.errors import MerchantNotFoundError
from chalicelib.core.errors import ForbiddenError, NotFoundError
from chalicelib.core.rights import Caller, Owning, Right, Role
from chalicelib.integrations import rights
from chalicelib.integrations.errors import StoreUnknownError
from chalicelib.integrations.models import MERCHANT


def store(owner_id: str) -> str:
    """The id, unless it can be no store's. Raises StoreUnknownError (404)."""
    if owner_id.startswith(MERCHANT):
        raise StoreUnknownError
    return owner_id


def merchant(owner_id: str) -> str:
    """The id, unless it can be no merchant's. Raises MerchantNotFoundError (404)."""
    if not owner_id.startswith(MERCHANT):
        raise MerchantNotFoundError
    return owner_id


def demand(caller: Caller, right: Right, owner_id: str) -> None:
    """Let the caller pass or refuse: the right is that of a store's, whoever the owner is."""
    if owner_id.startswith(MERCHANT):
        _demand_of_merchant(caller, right, owner_id)
    else:
        _demand_of_store(caller, right, owner_id)


def _demand_of_merchant(caller: Caller, right: Right, merchant_id: str) -> None:
    """Raises MerchantNotFoundError (404) for a merchant that is not theirs."""
    reads = right is rights.WEBHOOK_READ
    row = rights.MERCHANT_READ_WEBHOOKS if reads else rights.MERCHANT_CHANGE_WEBHOOKS
    owns = Role.MERCHANT in caller.roles and merchants.owns(merchant_id, caller.id)
    try:
        row.demand(caller, own=owns)
    except NotFoundError:
        raise MerchantNotFoundError from None


def _demand_of_store(caller: Caller, right: Right, store_id: str) -> None:
    """Let the caller pass or refuse.

    Raises StoreUnknownError (404) for a store that is not theirs, ForbiddenError (403) where it is
    theirs and their role in it is not enough. One read for a merchant-role user, else none.
    """
    machine = Role.STORE in caller.roles and store_id in caller.stores
    member = None
    if Role.MERCHANT in caller.roles and (Role.MERCHANT, Owning.OWN) in right.rows:
        member = stores.staff_role(store_id, caller.id)
    try:
        right.demand(caller, own=machine or member in rights.STAFF[right.name])
    except NotFoundError:
        raise (ForbiddenError if member else StoreUnknownError) from None


def listed[T](owner_id: str, found: list[T]) -> list[T]:
    """What was found of a store: nothing only where there is a store (1 read), else a 404.

    An operator may ask for any store or merchant: an empty list would say that it is there.
    """
    if found:
        return found
    if owner_id.startswith(MERCHANT):
        merchants.load(owner_id)
    elif stores.store(owner_id) is None:
        raise StoreUnknownError
    return found
