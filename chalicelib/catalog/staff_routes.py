"""HTTP of invitations to a store's staff."""

from chalicelib.catalog import inviting, rights
from chalicelib.catalog.errors import InvitationLimitError, LastOwnerError, StoreNotFoundError
from chalicelib.catalog.routes import REPLAYED, STORE_ERRORS
from chalicelib.catalog.staff_schemas import (
    InvitationList,
    InvitationView,
    NewInvitation,
    OwnInvitationList,
    StaffView,
)
from chalicelib.core.errors import BusyError, KeyReusedError, NotFoundError, TooManyError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api

api = Api(__name__)

INVITATIONS = Limit("invitations", calls=60, seconds=3600)


@api.post(
    "/v1/stores/{store_id}/invitations", rights.INVITATION_CREATE, status=201, limit=INVITATIONS,
    errors=(*STORE_ERRORS, InvitationLimitError, KeyReusedError, TooManyError),
)  # fmt: skip
def invite_staff(
    caller: Caller, key: Key, body: NewInvitation, store_id: str
) -> Answer[InvitationView]:
    """Ask whoever signs in with an e-mail address or a phone number to work for the store.

    They see it in their app for a week. Whether anybody has the address is not told.
    """
    made, repeated = inviting.invite(caller, store_id, body, key)
    return Answer(made, headers=REPLAYED if repeated else {})


@api.get(
    "/v1/stores/{store_id}/invitations", rights.INVITATION_READ, errors=(StoreNotFoundError,)
)  # fmt: skip
def list_invitations(caller: Caller, store_id: str) -> InvitationList:
    """List the invitations of a store that may still be accepted."""
    return inviting.listing(caller, store_id)


@api.delete(
    "/v1/stores/{store_id}/invitations/{invitation_id}", rights.INVITATION_WITHDRAW,
    errors=STORE_ERRORS,
)  # fmt: skip
def withdraw_invitation(caller: Caller, store_id: str, invitation_id: str) -> None:
    """Take an invitation back. What is gone already is done."""
    inviting.withdraw(caller, store_id, invitation_id)


@api.get("/v1/invitations", rights.INVITATION_MINE, errors=(NotFoundError,))
def list_own_invitations(caller: Caller) -> OwnInvitationList:
    """List the stores that have invited an address which the caller has proven to have."""
    return inviting.mine(caller)


@api.post(
    "/v1/invitations/{invitation_id}/accept", rights.INVITATION_ACCEPT,
    errors=(NotFoundError, LastOwnerError, BusyError),
)  # fmt: skip
def accept_invitation(caller: Caller, invitation_id: str) -> StaffView:
    """Work for the store. A new token (refresh it) then says that the caller is a merchant."""
    return inviting.accept(caller, invitation_id)
