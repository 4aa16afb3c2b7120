"""Who may do what with what is known of them: rows of the authorisation table."""

from chalicelib.core.rights import ALWAYS, Owning, Right, Role

_PEOPLE = {
    (role, Owning.ANY): ALWAYS
    for role in (Role.CUSTOMER, Role.COURIER, Role.MERCHANT, Role.OPERATOR)
}

EXPORT_READ = Right("export.read", _PEOPLE)
DELETION_ASK = Right("deletion.ask", _PEOPLE)
DELETION_READ = Right("deletion.read", _PEOPLE)
DELETION_WITHDRAW = Right("deletion.withdraw", _PEOPLE)
PERSON_DELETE = Right("person.delete", {(Role.OPERATOR, Owning.ANY): ALWAYS})
PERSON_KEEP = Right("person.keep", {(Role.OPERATOR, Owning.ANY): ALWAYS})
