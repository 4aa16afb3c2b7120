"""Who may do what about people, and who may look at what operators did: rows of the table."""

from chalicelib.core.rights import ALWAYS, Owning, Right, Role

AUDIT_READ = Right("audit.read", {(Role.OPERATOR, Owning.ANY): ALWAYS})
PERSON_FIND = Right("person.find", {(Role.OPERATOR, Owning.ANY): ALWAYS})
PERSON_SUSPEND = Right("person.suspend", {(Role.OPERATOR, Owning.ANY): ALWAYS})
PERSON_RESTORE = Right("person.restore", {(Role.OPERATOR, Owning.ANY): ALWAYS})

_PEOPLE = {
    (role, Owning.ANY): ALWAYS
    for role in (Role.CUSTOMER, Role.COURIER, Role.MERCHANT, Role.OPERATOR)
}
PROFILE_READ = Right("profile.read", _PEOPLE)
PROFILE_WRITE = Right("profile.write", _PEOPLE)

_ANYONE = {(Role.ANYONE, Owning.ANY): ALWAYS}
GUEST_BEGIN = Right("guest.begin", _ANYONE)
GUEST_RENEW = Right("guest.renew", _ANYONE)
GUEST_READ = Right("guest.read", {(Role.OPERATOR, Owning.ANY): ALWAYS})
GUEST_SUSPEND = Right("guest.suspend", {(Role.OPERATOR, Owning.ANY): ALWAYS})
GUEST_RESTORE = Right("guest.restore", {(Role.OPERATOR, Owning.ANY): ALWAYS})
GUEST_CLAIM = Right("guest.claim", {(Role.CUSTOMER, Owning.ANY): ALWAYS})

SIGN_IN_ASK = Right("sign_in.ask", _ANYONE)
SIGN_IN_CONFIRM = Right("sign_in.confirm", _ANYONE)
SESSION_RENEW = Right("session.renew", _ANYONE)
