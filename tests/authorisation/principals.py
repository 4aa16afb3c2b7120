"""Everybody who might call, and how each stands to the objects of the town."""

from dataclasses import dataclass
from functools import cache

from chalicelib.core import clock
from tests import people

STAFF = ("owner", "manager", "till", "both")
MACHINES = ("machine", "alien")
GROUPS = {
    "customer": ["customer"],
    "stranger": ["customer"],
    "courier": ["courier"],
    "biker": ["courier"],
    "owner": ["merchant"],
    "manager": ["merchant"],
    "till": ["merchant"],
    "rival": ["merchant"],
    "both": ["customer", "merchant"],
    "operator": ["operator"],
}
STAFF_ROLE = {"owner": "owner", "manager": "manager", "till": "till", "both": "owner"}


@dataclass(frozen=True)
class Principal:
    """Somebody by the name that the reviewed table gives them. `sub` is their id in a token."""

    name: str

    @property
    def sub(self) -> str:
        return f"usr-{self.name}"

    @property
    def roles(self) -> frozenset[str]:
        if self.name in MACHINES:
            return frozenset({"store"})
        return frozenset(GROUPS.get(self.name, ()))

    def owns_as(self, kind: str) -> frozenset[str]:
        """The roles in which an object of the town is this one's own."""
        own = set()
        if (
            kind
            in {
                "address",
                "application",
                "balance",
                "invitation",
                "order",
                "payment_method",
                "quote",
            }
            and self.name == "customer"
        ):
            own.add("customer")
        if kind in {"assignment", "document", "offer", "delivery"} and self.name == "courier":
            own.add("courier")
        if kind in {"order", "store"} and self.name in STAFF:
            own.add("merchant")
        if kind in {"order", "store"} and self.name == "machine":
            own.add("store")
        if kind == "merchant" and self.name == "owner":
            own.add("merchant")
        return frozenset(own)


ANONYMOUS = Principal("anonymous")
EXPIRED = Principal("expired")
EVERYBODY = [
    ANONYMOUS,
    EXPIRED,
    *map(Principal, GROUPS),
    *map(Principal, MACHINES),
]


@cache
def token_of(name: str, store_id: str, other_id: str) -> str | None:
    """An access token, or None for somebody without one."""
    match name:
        case "anonymous":
            return None
        case "expired":
            past = int(clock.wall_now()) - 3600
            return people.person("customer", "usr-customer", iat=past - 900, exp=past)
        case "machine":
            return people.machine(store_id)
        case "alien":
            return people.machine(other_id)
    return people.person("", f"usr-{name}", **{"cognito:groups": GROUPS[name]})
