"""The authorisation table: role x ownership x state, as data. Rows live in each domain's `rights`.

What a row does not name is refused: another's object is hidden (404) from a role that may touch
its own, a role that may never do it is told so (403), a state that forbids it is a conflict (409).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.core.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    ProblemError,
    UnauthenticatedError,
)


class Role(StrEnum):
    """Who somebody is to the platform. The first four are groups of the user pool."""

    CUSTOMER = "customer"
    COURIER = "courier"
    MERCHANT = "merchant"
    OPERATOR = "operator"
    STORE = "store"
    ANYONE = "anyone"


TABLET_MAY = frozenset(
    {
        "feed.acknowledge",
        "feed.read",
        "order.answer_customer",
        "order.check_code",
        "order.confirm",
        "order.delay",
        "order.deliver",
        "order.dispatch",
        "order.list_store",
        "order.pick_up",
        "order.prepare",
        "order.read",
        "order.read_delivery",
        "order.ready",
        "order.reject",
        "order.request_cancel",
        "order.track",
        "refund.read",
        "store.heartbeat",
        "store.pause",
        "store.read_attention",
        "store.read_unlisted",
        "store.resume",
        "store.rush",
        "store.set_availability",
    }
)
"""What a store's tablet may of what its machine may: what somebody at the till may."""


GUEST_MAY = frozenset(
    {
        "address.list",
        "address.read",
        "address.remove",
        "address.set",
        "appeal.create",
        "appeal.list",
        "balance.list",
        "balance.read",
        "deletion.ask",
        "deletion.read",
        "deletion.withdraw",
        "device.list",
        "device.register",
        "device.remove",
        "diet.read",
        "diet.remove",
        "diet.set",
        "export.read",
        "favourite.list",
        "favourite.remove",
        "favourite.set",
        "order.answer_cancel",
        "order.ask_store",
        "order.cancel",
        "order.choose",
        "order.create",
        "order.list",
        "order.rate",
        "order.read",
        "order.read_delivery",
        "order.read_rating",
        "order.reorder",
        "order.track",
        "order.wait",
        "payment.confirm",
        "payment.read",
        "quote.create",
        "quote.read",
        "refund.read",
        "tip.create",
    }
)
"""What a guest may of what a customer may: all that concerns their orders (decisions/guests.md)."""


class Owning(StrEnum):
    """How a caller stands to an object. ANY where there is no object yet, or all are alike."""

    OWN = "own"
    FOREIGN = "foreign"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Allowed:
    """The action is allowed: always, or in some states of the object only."""

    states: frozenset[str] | None = None

    def admits(self, state: str | None) -> bool:
        return self.states is None or state in self.states


ALWAYS = Allowed()


def when(*states: str) -> Allowed:
    """Allowed only while the object is in one of these states."""
    return Allowed(frozenset(states))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling: an id, roles, and for a store's machine the stores that it speaks for.

    `only` names the rights beyond which one with this token may nothing; None: all of its roles.
    """

    id: str
    roles: frozenset[Role]
    stores: frozenset[str] = field(default_factory=frozenset)
    only: frozenset[str] | None = None

    @property
    def actor(self) -> str:
        """Who did it, as events say it: the role and the id, never a name."""
        return self.acting_as(min(self.roles, default=Role.ANYONE))

    def acting_as(self, role: Role) -> str:
        """The same for who has several roles: the one in which they did it (see `Right.demand`)."""
        return f"{role}:{self.id}"


NOBODY = Caller(id="", roles=frozenset())
SYSTEM = "system:ieum"


@dataclass(frozen=True, slots=True)
class Right:
    """One row of the table: an action, and under what conditions each role may do it."""

    name: str
    rows: Mapping[tuple[Role, Owning], Allowed]

    @property
    def public(self) -> bool:
        return (Role.ANYONE, Owning.ANY) in self.rows

    def demand_role(self, caller: Caller) -> None:
        """Raises UnauthenticatedError (401) for a stranger, ForbiddenError (403) for others."""
        if self.public:
            return
        if not caller.roles:
            raise UnauthenticatedError
        if not any(role in caller.roles for role, _ in self.rows):
            raise ForbiddenError
        self._demand_within(caller)

    def _demand_within(self, caller: Caller) -> None:
        if caller.only is not None and self.name not in caller.only:
            raise ForbiddenError

    def demand(
        self, caller: Caller, *, own: bool | Collection[Role], state: str | None = None
    ) -> Role:
        """The role in which the caller may. Of several the first by name, so a customer's own.

        Raises NotFoundError (404) or ConflictError (409) unless some role of the caller may.

        `own`: whether the object is the caller's, or in which of their roles it is. Of a person
        with several, none may lend its ownership to another: who works for an order's store and
        is a customer too is not therefore the order's customer.
        """
        if self.public:
            return Role.ANYONE
        self._demand_within(caller)
        owned = caller.roles if own is True else own or ()
        refusals: list[ProblemError] = []
        for role in sorted(caller.roles):
            refusal = self._verdict(role, own=role in owned, state=state)
            if refusal is None:
                return role
            refusals.append(refusal)
        raise min(refusals, key=_kindest, default=UnauthenticatedError())

    def _verdict(self, role: Role, *, own: bool, state: str | None) -> ProblemError | None:
        owning = Owning.OWN if own else Owning.FOREIGN
        allowed = self.rows.get((role, owning)) or self.rows.get((role, Owning.ANY))
        if allowed is not None:
            if allowed.admits(state):
                return None
            return ConflictError(
                "This is not possible in the present state.",
                current_status=state,
                allowed_in=sorted(allowed.states or ()),
            )
        if any(row_role is role for row_role, _ in self.rows):
            return NotFoundError()
        return ForbiddenError()


def _kindest(refusal: ProblemError) -> int:
    """With several roles the most telling refusal counts: what is one's own before the hidden."""
    return {409: 0, 404: 1, 403: 2}[refusal.status]


PUBLIC = Right("about.read", {(Role.ANYONE, Owning.ANY): ALWAYS})
