"""Who may do what about people, and who may look at what operators did: rows of the table."""

from chalicelib.core.rights import ALWAYS, Owning, Right, Role

AUDIT_READ = Right("audit.read", {(Role.OPERATOR, Owning.ANY): ALWAYS})
