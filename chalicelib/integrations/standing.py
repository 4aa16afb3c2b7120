"""Whether a caller may do something for a store."""

from chalicelib.catalog import reading as stores
from chalicelib.core.errors import ForbiddenError, NotFoundError
from chalicelib.core.rights import Caller, Owning, Right, Role
from chalicelib.integrations import rights
from chalicelib.integrations.errors import StoreUnknownError


def demand(caller: Caller, right: Right, store_id: str) -> None:
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


def listed[T](store_id: str, found: list[T]) -> list[T]:
    """What was found of a store: nothing only where there is a store (1 read), else a 404.

    An operator may ask for any store: an empty list would say that it is there.
    """
    if not found and stores.store(store_id) is None:
        raise StoreUnknownError
    return found
