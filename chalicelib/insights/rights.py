"""Who may do what with what is known of them: rows of the authorisation table."""

from chalicelib.core.rights import ALWAYS, Owning, Right, Role

EXPORT_READ = Right(
    "export.read",
    {
        (role, Owning.ANY): ALWAYS
        for role in (Role.CUSTOMER, Role.COURIER, Role.MERCHANT, Role.OPERATOR)
    },
)
