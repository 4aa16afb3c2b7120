"""HTTP of a customer's addresses."""

from chalicelib.core import preconditions
from chalicelib.core.errors import BusyError, NotFoundError, PreconditionError
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Incoming
from chalicelib.core.web import Api
from chalicelib.orders import addresses, rights
from chalicelib.orders.address_schemas import AddressList, AddressView, NewAddress
from chalicelib.orders.errors import AddressLimitError
from chalicelib.people.errors import GuestOverError

api = Api(__name__)


@api.get("/v1/addresses", rights.ADDRESS_LIST)
def list_addresses(caller: Caller) -> AddressList:
    """List one's own addresses: the default one first, then the newest."""
    return addresses.listing(caller.id)


@api.get("/v1/addresses/{address_id}", rights.ADDRESS_READ, errors=(NotFoundError,))
def read_address(caller: Caller, address_id: str) -> AddressView:
    """Read an address of one's own, with the ETag that a change may name."""
    return addresses.read(address_id, caller, rights.ADDRESS_READ)


@api.put(
    "/v1/addresses/{address_id}", rights.ADDRESS_SET,
    errors=(NotFoundError, AddressLimitError, GuestOverError, PreconditionError, BusyError),
)  # fmt: skip
def set_address(
    caller: Caller, incoming: Incoming, body: NewAddress, address_id: str
) -> AddressView:
    """Add an address, or replace it, if it is as If-Match has it.

    The app makes the id once and keeps it: `adr_` and 26 characters, as all ids here. Quotes copy
    an address: what was ordered goes to where it was when it was quoted.
    """
    return addresses.put(caller.id, address_id, body, preconditions.of(incoming))


@api.delete(
    "/v1/addresses/{address_id}", rights.ADDRESS_REMOVE,
    errors=(NotFoundError, GuestOverError, PreconditionError, BusyError),
)  # fmt: skip
def remove_address(caller: Caller, incoming: Incoming, address_id: str) -> None:
    """Forget an address, if it is as If-Match has it."""
    addresses.remove(caller.id, address_id, preconditions.of(incoming))
