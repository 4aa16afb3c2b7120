"""Who works for a store, and what they may do there. A store always keeps an owner.

Every change of staff is a change of the store's head, which counts its owners: two owners who
remove each other at once cannot both succeed.
"""

import re
from collections.abc import Sequence

from chalicelib.catalog import rights
from chalicelib.catalog.changing import Change, change
from chalicelib.catalog.errors import LastOwnerError, StoreNotFoundError
from chalicelib.catalog.models import (
    STAFF,
    STORE,
    StaffMember,
    StoreHead,
    WorkPlace,
    person_key,
    staff_key,
    store_key,
)
from chalicelib.catalog.reading import staff_role
from chalicelib.catalog.staff_schemas import StaffGrant, StaffList, StaffView
from chalicelib.catalog.status import StaffRole
from chalicelib.core import dynamo, parts
from chalicelib.core.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Owning, Right, Role

USER_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,128}")


def demand(caller: Caller, right: Right, store_id: str) -> None:
    """Let the caller pass or refuse: 404 for a store that is not theirs, 403 for the wrong role.

    One read for a merchant-role user where the right asks for it, none for others.
    """
    machine = Role.STORE in caller.roles and store_id in caller.stores
    member = None
    if Role.MERCHANT in caller.roles and (Role.MERCHANT, Owning.OWN) in right.rows:
        member = staff_role(store_id, caller.id)
    try:
        right.demand(caller, own=machine or member in rights.STAFF.get(right.name, ()))
    except NotFoundError:
        raise (ForbiddenError if member else StoreNotFoundError) from None


def may_see_unlisted(caller: Caller, store_id: str) -> bool:
    """Whether the caller may see a store that is not live: its people, its machine, operators."""
    try:
        demand(caller, rights.STORE_READ_UNLISTED, store_id)
    except (UnauthenticatedError, ForbiddenError, NotFoundError):
        return False
    return True


def listing(caller: Caller, store_id: str) -> StaffList:
    """Everybody on the staff, in the order of their ids. Raises StoreNotFoundError (404)."""
    demand(caller, rights.STAFF_READ, store_id)
    members = dynamo.items(StaffMember, store_key(store_id), prefix=STAFF)
    if not members:  # a store always keeps an owner
        raise StoreNotFoundError
    return StaffList(
        data=tuple(
            StaffView(user_id=member.sk.removeprefix(STAFF), role=StaffRole(member.role))
            for member in members
        )
    )


def places(user_id: str) -> dict[str, StaffRole]:
    """Where a person works: the stores' ids, and as what. What they may do is asked of a store."""
    found = dynamo.items(WorkPlace, person_key(user_id), prefix=STORE)
    return {place.sk.removeprefix(STORE): StaffRole(place.role) for place in found}


def appoint(caller: Caller, store_id: str, user_id: str, grant: StaffGrant) -> StaffView:
    """Give a person a role, in place of any other. Safe to repeat.

    Raises LastOwnerError (409) where the only owner would become something else.
    """
    demand(caller, rights.STAFF_SET, store_id)
    _demand_user(user_id)
    replace(caller.actor, store_id, user_id, grant.role)
    return StaffView(user_id=user_id, role=grant.role)


def dismiss(caller: Caller, store_id: str, user_id: str) -> None:
    """Take a person off the staff. Safe to repeat.

    Raises LastOwnerError (409) for the last owner.
    """
    demand(caller, rights.STAFF_SET, store_id)
    _demand_user(user_id)
    replace(caller.actor, store_id, user_id, None)


def _demand_user(user_id: str) -> None:
    if not USER_PATTERN.fullmatch(user_id):
        raise NotFoundError


def replace(
    actor: str,
    store_id: str,
    user_id: str,
    role: StaffRole | None,
    *,
    also: Sequence[Part] = (),
) -> None:
    """Let a person be this for a store, or nothing, with whatever must be written with it.

    Raises LastOwnerError (409) where the only owner would become something else.
    """

    def decide(head: StoreHead) -> Change | None:
        # Read after the head: whatever changes the staff in between fails the head's condition.
        old = staff_role(store_id, user_id)
        if old is role and not also:
            return None
        owners = int(head.owners) + (role is StaffRole.OWNER) - (old is StaffRole.OWNER)
        if owners < 1:
            raise LastOwnerError
        return Change(
            "store.staff_changed",
            {"owners": owners},
            {"user_id": user_id, "role": role},
            [_member(store_id, user_id, role), _place(store_id, user_id, role), *also],
        )

    change(store_id, decide, actor=actor)


def _member(store_id: str, user_id: str, role: StaffRole | None) -> Part:
    member = StaffMember(store_key(store_id), staff_key(user_id), role=role)
    if role is None:
        return parts.delete(member, NotFoundError(), StaffMember.pk.exists())
    return parts.overwrite(member)


def _place(store_id: str, user_id: str, role: StaffRole | None) -> Part:
    place = WorkPlace(person_key(user_id), store_key(store_id), role=role)
    return parts.forget(place) if role is None else parts.overwrite(place)
