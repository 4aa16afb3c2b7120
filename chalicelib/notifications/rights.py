"""Who may do what with devices. A path names the caller's own and nobody else's."""

from chalicelib.core.rights import ALWAYS, Owning, Right, Role

_PEOPLE = {
    (role, Owning.ANY): ALWAYS
    for role in (Role.CUSTOMER, Role.COURIER, Role.MERCHANT, Role.OPERATOR)
}

DEVICE_LIST = Right("device.list", _PEOPLE)
DEVICE_REGISTER = Right("device.register", _PEOPLE)
SIGN_OUT = Right("person.sign_out", _PEOPLE)
DEVICE_REMOVE = Right("device.remove", _PEOPLE)
NOTICE_UNREACHED = Right("notice.unreached", {(Role.OPERATOR, Owning.ANY): ALWAYS})
