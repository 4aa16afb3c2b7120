"""What the rows of the authorisation table mean: said a second time, apart from the code.

It knows the rows as data, and nothing of how `Right.demand` or a domain reads them.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from chalicelib.catalog.status import StaffRole
from chalicelib.core.rights import Owning, Right, Role
from tests.authorisation.principals import STAFF_ROLE, Principal
from tests.authorisation.reviewed import STATES

type Cell = str

YES, UNKNOWN, FORBIDDEN, HIDDEN, CONFLICT = "yes", "401", "403", "404", "409"
KIND_OF: Mapping[str, str] = {
    "merchant.read": "merchant",
    "store.create": "merchant",
    "quote.read": "quote",
    "order.list_store": "store",
    **dict.fromkeys(("feed.read", "feed.acknowledge"), "store"),
    **dict.fromkeys(("payment.read", "payment.confirm", "ledger.read"), "order"),
    **dict.fromkeys(("refund.create", "refund.read", "refund.retry", "tip.create"), "order"),
    **dict.fromkeys(("staff.read", "staff.set", "menu.publish"), "store"),
    **dict.fromkeys(
        ("invitation.create", "invitation.read", "invitation.withdraw"),
        "store",
    ),
}
"""Whose ownership an action asks about, where its name does not say so."""


def rights() -> dict[str, tuple[Right, Mapping[str, frozenset[StaffRole]]]]:
    """Every row of the table, with which of the staff may where a domain says so."""
    found = {}
    for path in sorted(Path("chalicelib").glob("*/rights.py")):
        module = import_module(".".join(path.with_suffix("").parts))
        for value in vars(module).values():
            if isinstance(value, Right):
                found[value.name] = (value, getattr(module, "STAFF", {}))
    return found


def kind_of(action: str) -> str:
    kind = action.partition(".")[0]
    of_a_store = {"client", "webhook", "promotion", "rating", "tablet", "errand"}
    return KIND_OF.get(action, "store" if kind in of_a_store else kind)


def verdict(action: str, who: Principal) -> Cell:
    """A cell of the reviewed table, worked out from the rows."""
    right, staff = rights()[action]
    if (Role.ANYONE, Owning.ANY) in right.rows:
        return YES
    if not who.roles:
        return UNKNOWN
    cells = [_as(Role(role), right, staff.get(action), who) for role in who.roles]
    return min(cells, key=_rank)


def _as(role: Role, right: Right, staff: frozenset[StaffRole] | None, who: Principal) -> Cell:
    if role not in {row_role for row_role, _ in right.rows}:
        return FORBIDDEN
    own = role in who.owns_as(kind_of(right.name))
    if own and staff is not None and role is Role.MERCHANT:
        own = StaffRole(STAFF_ROLE[who.name]) in staff
        if not own:
            return FORBIDDEN
    allowed = right.rows.get((role, Owning.OWN if own else Owning.FOREIGN))
    allowed = allowed or right.rows.get((role, Owning.ANY))
    if allowed is None:
        return HIDDEN
    if allowed.states is None:
        return YES
    names = [name for name, states in STATES.items() if states == allowed.states]
    return names[0] if names else "+".join(sorted(allowed.states))


def _rank(cell: Cell) -> int:
    return {HIDDEN: 1, FORBIDDEN: 2, UNKNOWN: 3}.get(cell, 0)
