import pytest

from chalicelib.core.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    ProblemError,
    UnauthenticatedError,
)
from chalicelib.core.rights import (
    ALWAYS,
    NOBODY,
    PUBLIC,
    Caller,
    Owning,
    Right,
    Role,
    when,
)

CANCEL = Right(
    "order.cancel",
    {
        (Role.CUSTOMER, Owning.OWN): when("PLACED", "CONFIRMED"),
        (Role.MERCHANT, Owning.OWN): ALWAYS,
        (Role.OPERATOR, Owning.ANY): ALWAYS,
    },
)


def _caller(*roles: Role) -> Caller:
    return Caller("usr_1", frozenset(roles))


@pytest.mark.parametrize(
    ("role", "own", "state", "refusal"),
    [
        (Role.CUSTOMER, True, "PLACED", None),
        (Role.CUSTOMER, True, "CONFIRMED", None),
        (Role.CUSTOMER, True, "DELIVERED", ConflictError),
        (Role.CUSTOMER, True, None, ConflictError),
        (Role.CUSTOMER, False, "PLACED", NotFoundError),
        (Role.CUSTOMER, False, "DELIVERED", NotFoundError),
        (Role.MERCHANT, True, "DELIVERED", None),
        (Role.MERCHANT, False, "PLACED", NotFoundError),
        (Role.OPERATOR, True, "DELIVERED", None),
        (Role.OPERATOR, False, "DELIVERED", None),
        (Role.COURIER, True, "PLACED", ForbiddenError),
        (Role.COURIER, False, "PLACED", ForbiddenError),
        (Role.STORE, True, "PLACED", ForbiddenError),
    ],
)
def test_the_table_decides_by_role_ownership_and_state(
    *, role: Role, own: bool, state: str | None, refusal: type[ProblemError] | None
) -> None:
    if refusal is None:
        CANCEL.demand(_caller(role), own=own, state=state)
        return

    with pytest.raises(refusal):
        CANCEL.demand(_caller(role), own=own, state=state)


def test_of_several_roles_one_that_may_is_enough() -> None:
    CANCEL.demand(_caller(Role.COURIER, Role.OPERATOR), own=False, state="PLACED")


@pytest.mark.parametrize(
    ("roles", "own", "refusal"),
    [
        ((Role.CUSTOMER, Role.COURIER), True, ConflictError),
        ((Role.CUSTOMER, Role.COURIER), False, NotFoundError),
        ((Role.STORE, Role.COURIER), False, ForbiddenError),
        ((), True, UnauthenticatedError),
    ],
)
def test_of_several_refusals_the_most_telling_is_given(
    *, roles: tuple[Role, ...], own: bool, refusal: type[ProblemError]
) -> None:
    with pytest.raises(refusal):
        CANCEL.demand(_caller(*roles), own=own, state="DELIVERED")


def test_a_conflict_tells_the_state_and_those_that_would_do() -> None:
    with pytest.raises(ConflictError) as refused:
        CANCEL.demand(_caller(Role.CUSTOMER), own=True, state="DELIVERED")

    assert refused.value.facts == {
        "current_status": "DELIVERED",
        "allowed_in": ["CONFIRMED", "PLACED"],
    }


def test_a_role_is_checked_before_anything_is_read() -> None:
    CANCEL.demand_role(_caller(Role.CUSTOMER))
    with pytest.raises(UnauthenticatedError):
        CANCEL.demand_role(NOBODY)
    with pytest.raises(ForbiddenError):
        CANCEL.demand_role(_caller(Role.COURIER))


def test_what_is_public_asks_nobody() -> None:
    PUBLIC.demand_role(NOBODY)
    PUBLIC.demand(NOBODY, own=False)


def test_an_actor_is_a_role_and_an_id() -> None:
    assert _caller(Role.MERCHANT).actor == "merchant:usr_1"
    assert NOBODY.actor == "anyone:"


@pytest.mark.parametrize(
    ("own", "state", "role"),
    [
        (True, "PLACED", Role.CUSTOMER),
        (False, "PLACED", Role.OPERATOR),
        (frozenset({Role.CUSTOMER}), "DELIVERED", Role.OPERATOR),
    ],
)
def test_of_several_roles_the_one_that_may_is_told(
    own: bool | frozenset[Role],  # noqa: FBT001 - one of the cases, by its name
    state: str,
    role: Role,
) -> None:
    caller = _caller(Role.CUSTOMER, Role.OPERATOR)

    found = CANCEL.demand(caller, own=own, state=state)

    assert found is role
    assert caller.acting_as(found) == f"{role}:usr_1"
