"""Who may do what in the catalog. OWN: the caller's own merchant, or a store that is theirs.

A merchant-role user's own store is one on whose staff they are; STAFF says which of the staff may.
"""

from collections.abc import Mapping

from chalicelib.catalog.status import StaffRole
from chalicelib.core.rights import ALWAYS, Owning, Right, Role

_ANY_STAFF = frozenset(StaffRole)
_OFFICE = frozenset({StaffRole.OWNER, StaffRole.MANAGER})
_OWNERS = frozenset({StaffRole.OWNER})

MERCHANT_CREATE = Right("merchant.create", {(Role.MERCHANT, Owning.ANY): ALWAYS})
MERCHANT_READ = Right(
    "merchant.read",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.OPERATOR, Owning.ANY): ALWAYS},
)
STORE_CREATE = Right("store.create", {(Role.MERCHANT, Owning.OWN): ALWAYS})
STORE_LIST = Right("store.list", {(Role.ANYONE, Owning.ANY): ALWAYS})
STORE_FIND = Right("store.find", {(Role.ANYONE, Owning.ANY): ALWAYS})
STORE_SEARCH = Right("store.search", {(Role.ANYONE, Owning.ANY): ALWAYS})
STORE_RELIST = Right("store.relist", {(Role.OPERATOR, Owning.ANY): ALWAYS})
STORE_READ = Right("store.read", {(Role.ANYONE, Owning.ANY): ALWAYS})
STORE_READ_UNLISTED = Right(
    "store.read_unlisted",
    {
        (Role.MERCHANT, Owning.OWN): ALWAYS,
        (Role.STORE, Owning.OWN): ALWAYS,
        (Role.OPERATOR, Owning.ANY): ALWAYS,
    },
)
STORE_UPDATE = Right("store.update", {(Role.MERCHANT, Owning.OWN): ALWAYS})
STORE_APPROVE = Right("store.approve", {(Role.OPERATOR, Owning.ANY): ALWAYS})
STORE_SUSPEND = Right("store.suspend", {(Role.OPERATOR, Owning.ANY): ALWAYS})
STORE_SET_TERMS = Right("store.set_terms", {(Role.OPERATOR, Owning.ANY): ALWAYS})
STORE_PAUSE = Right(
    "store.pause",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.STORE, Owning.OWN): ALWAYS},
)
STORE_RESUME = Right(
    "store.resume",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.STORE, Owning.OWN): ALWAYS},
)
STORE_RUSH = Right(
    "store.rush",
    {
        (Role.MERCHANT, Owning.OWN): ALWAYS,
        (Role.STORE, Owning.OWN): ALWAYS,
        (Role.OPERATOR, Owning.ANY): ALWAYS,
    },
)
STORE_READINESS = Right(
    "store.read_readiness",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.OPERATOR, Owning.ANY): ALWAYS},
)
MENU_READ = Right("menu.read", {(Role.ANYONE, Owning.ANY): ALWAYS})
MENU_PUBLISH = Right(
    "menu.publish",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.STORE, Owning.OWN): ALWAYS},
)
AVAILABILITY_SET = Right(
    "store.set_availability",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.STORE, Owning.OWN): ALWAYS},
)
STAFF_READ = Right(
    "staff.read",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.OPERATOR, Owning.ANY): ALWAYS},
)
STAFF_SET = Right("staff.set", {(Role.MERCHANT, Owning.OWN): ALWAYS})
CITY_READ = Right("city.read", {(Role.ANYONE, Owning.ANY): ALWAYS})
CITY_SET = Right("city.set", {(Role.OPERATOR, Owning.ANY): ALWAYS})
_ANYBODY = (Role.CUSTOMER, Role.COURIER, Role.MERCHANT)
APPLICATION_CREATE = Right("application.create", {(role, Owning.ANY): ALWAYS for role in _ANYBODY})
APPLICATION_LIST = Right("application.list", {(role, Owning.ANY): ALWAYS for role in _ANYBODY})
_APPLICANT = {(role, Owning.OWN): ALWAYS for role in _ANYBODY}
APPLICATION_READ = Right("application.read", {**_APPLICANT, (Role.OPERATOR, Owning.ANY): ALWAYS})
APPLICATION_CHANGE = Right("application.change", _APPLICANT)
APPLICATION_SUBMIT = Right("application.submit", _APPLICANT)
APPLICATION_REVIEW = Right("application.review", {(Role.OPERATOR, Owning.ANY): ALWAYS})
INVITATION_CREATE = Right("invitation.create", {(Role.MERCHANT, Owning.OWN): ALWAYS})
INVITATION_READ = Right(
    "invitation.read",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.OPERATOR, Owning.ANY): ALWAYS},
)
INVITATION_WITHDRAW = Right("invitation.withdraw", {(Role.MERCHANT, Owning.OWN): ALWAYS})
INVITATION_MINE = Right(
    "invitation.mine",
    {(role, Owning.ANY): ALWAYS for role in (Role.CUSTOMER, Role.COURIER, Role.MERCHANT)},
)
INVITATION_ACCEPT = Right(
    "invitation.accept",
    {(role, Owning.OWN): ALWAYS for role in (Role.CUSTOMER, Role.COURIER, Role.MERCHANT)},
)
CONDITIONS_READ = Right("conditions.read", {(Role.OPERATOR, Owning.ANY): ALWAYS})
CONDITIONS_SET = Right("conditions.set", {(Role.OPERATOR, Owning.ANY): ALWAYS})

STAFF: Mapping[str, frozenset[StaffRole]] = {
    STORE_READ_UNLISTED.name: _ANY_STAFF,
    STORE_UPDATE.name: _OFFICE,
    STORE_READINESS.name: _OFFICE,
    STORE_PAUSE.name: _ANY_STAFF,
    STORE_RESUME.name: _ANY_STAFF,
    STORE_RUSH.name: _ANY_STAFF,
    MENU_PUBLISH.name: _OFFICE,
    AVAILABILITY_SET.name: _ANY_STAFF,
    STAFF_READ.name: _OFFICE,
    STAFF_SET.name: _OWNERS,
    INVITATION_CREATE.name: _OWNERS,
    INVITATION_READ.name: _OFFICE,
    INVITATION_WITHDRAW.name: _OWNERS,
}
