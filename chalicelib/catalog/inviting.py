"""Inviting somebody to a store's staff by an address, and accepting it.

Whose an address is says the user pool, which has verified it: an invitation needs no secret, and
none can be passed on. See docs/decisions/staff.md.
"""

from datetime import UTC, datetime

from chalicelib.catalog import reading, rights, staffing
from chalicelib.catalog.changing import Change, change, load
from chalicelib.catalog.errors import InvitationLimitError
from chalicelib.catalog.models import StoreHead, store_key
from chalicelib.catalog.staff_models import (
    INVITE,
    Invitation,
    Invited,
    address_hash,
    invite_key,
    invited_key,
)
from chalicelib.catalog.staff_schemas import (
    InvitationList,
    InvitationView,
    NewInvitation,
    OwnInvitation,
    OwnInvitationList,
    StaffView,
)
from chalicelib.catalog.status import StaffRole
from chalicelib.core import clock, dynamo, idempotency, ids, notices, parts
from chalicelib.core.errors import KeyReusedError, NotFoundError
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role
from chalicelib.people import directory

KEPT_SECONDS = 7 * 86_400
MOST_INVITATIONS = 20


def invite(
    caller: Caller, store_id: str, new: NewInvitation, key: Key
) -> tuple[InvitationView, bool]:
    """Ask whoever has an address to work for the store, and whether the request is only repeated.

    Another invitation of the same address gives way. Raises InvitationLimitError (409) for the
    twenty-first that is open, KeyReusedError (422) for a key of another body.
    """
    staffing.demand(caller, rights.INVITATION_CREATE, store_id)
    made = _made(store_id, new, caller)

    def decide(_: StoreHead) -> Change:
        # Read after the head: whoever invites in between fails the head's condition.
        there = _open(store_id)
        same = [one for one in there if one.address_hash == made.address_hash]
        if len(there) - len(same) >= MOST_INVITATIONS:
            raise InvitationLimitError
        return Change(
            "store.staff_invited",
            {},
            {"invitation_id": made.id, "role": made.role},
            [
                idempotency.claim(key, made.id),
                *(part for one in same for part in _forgotten(one)),
                parts.overwrite(made),
                parts.overwrite(_lookup(made, store_id)),
                _told(made, store_id, new.address, caller.actor),
            ],
        )

    try:
        change(store_id, decide, actor=caller.actor)
    except RepeatedError as repeated:
        if repeated.record.body_hash != key.body_hash:
            raise KeyReusedError from None
        again = dynamo.get(Invitation, made.pk, invite_key(repeated.record.subject))
        return _view(again or made, store_id), True
    return _view(made, store_id), False


def _made(store_id: str, new: NewInvitation, caller: Caller) -> Invitation:
    invitation_id = ids.new("inv")
    return Invitation(
        store_key(store_id),
        invite_key(invitation_id),
        id=invitation_id,
        role=new.role,
        hint=new.hint,
        address_hash=address_hash(new.address),
        invited_by=caller.id,
        invited_at=clock.stamp(clock.now()),
        expires_at=int(clock.wall_now()) + KEPT_SECONDS,
    )


def _lookup(made: Invitation, store_id: str) -> Invited:
    key = invited_key(made.address_hash)
    return Invited(key, made.sk, store_id=store_id, role=made.role, expires_at=made.expires_at)


def _told(made: Invitation, store_id: str, address: str, actor: str) -> Part:
    """The address goes with the telling, and with the invitation."""
    data = {"store_id": store_id, "role": made.role}
    return notices.tell(
        made.id, "staff_invited", topic=made.id, actor=actor, data=data, ident=made.id,
        address=address,
    )  # fmt: skip


def _forgotten(one: Invitation) -> tuple[Part, ...]:
    return (
        parts.forget(one),
        parts.forget(Invited(invited_key(one.address_hash), one.sk)),
        notices.taken_back(one.id, one.id),
    )


def _open(store_id: str) -> list[Invitation]:
    found = dynamo.items(Invitation, store_key(store_id), prefix=INVITE)
    return [one for one in found if one.expires_at > clock.wall_now()]


def listing(caller: Caller, store_id: str) -> InvitationList:
    """Every invitation of a store that may still be accepted, the oldest first."""
    staffing.demand(caller, rights.INVITATION_READ, store_id)
    found = _open(store_id)
    if not found:
        load(store_id)
    return InvitationList(items=[_view(one, store_id) for one in found])


def withdraw(caller: Caller, store_id: str, invitation_id: str) -> None:
    """Take an invitation back. Safe to repeat."""
    staffing.demand(caller, rights.INVITATION_WITHDRAW, store_id)
    found = dynamo.get(Invitation, store_key(store_id), invite_key(invitation_id))
    if found is not None:
        parts.commit(*_forgotten(found))


# --- who is invited --------------------------------------------------------------------------


def mine(caller: Caller) -> OwnInvitationList:
    """Every store that has invited an address which the caller has proven to have."""
    found = [
        (one, reading.store(one.store_id))
        for address in directory.addresses(caller.id)
        for one in dynamo.items(Invited, invited_key(address_hash(address)), prefix=INVITE)
        if one.expires_at > clock.wall_now()
    ]
    return OwnInvitationList(
        items=[
            OwnInvitation(
                id=one.sk.removeprefix(INVITE),
                store_id=one.store_id,
                store_names=store.names,
                role=StaffRole(one.role),
                expires_at=_moment(one.expires_at),
            )
            for one, store in found
            if store is not None
        ]
    )


def accept(caller: Caller, invitation_id: str) -> StaffView:
    """Work for the store that has invited the caller: as a merchant from their next token on.

    Raises NotFoundError (404) for an invitation of somebody else, withdrawn, accepted or over, and
    LastOwnerError (409) where the store's only owner would become something else.
    """
    invited = _mine(caller, invitation_id)
    rights.INVITATION_ACCEPT.demand(caller, own=invited is not None)
    if invited is None:
        raise NotFoundError
    one = dynamo.get(Invitation, store_key(invited.store_id), invited.sk)
    if one is None or one.expires_at <= clock.wall_now():
        raise NotFoundError
    directory.add_to(caller.id, Role.MERCHANT)
    role = StaffRole(one.role)
    taken = parts.delete(one, NotFoundError(), Invitation.address_hash == one.address_hash)
    staffing.replace(
        caller.actor, invited.store_id, caller.id, role, also=[taken, parts.forget(invited)]
    )
    return StaffView(user_id=caller.id, role=role)


def _mine(caller: Caller, invitation_id: str) -> Invited | None:
    """The invitation, if it is of an address of the caller's."""
    for address in directory.addresses(caller.id):
        key = invited_key(address_hash(address))
        if found := dynamo.get(Invited, key, invite_key(invitation_id)):
            return found
    return None


def _view(one: Invitation, store_id: str) -> InvitationView:
    return InvitationView(
        id=one.id,
        store_id=store_id,
        role=StaffRole(one.role),
        hint=one.hint,
        invited_at=clock.parse(one.invited_at),
        expires_at=_moment(one.expires_at),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
