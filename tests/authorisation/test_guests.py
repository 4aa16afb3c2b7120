"""Every route, asked by a guest: what the list of guests' rights does not name is refused."""

import pytest

from app import app
from chalicelib.core.rights import GUEST_MAY, Owning, Role
from chalicelib.core.routing import Route
from tests.accounts.visiting import visitor
from tests.authorisation import probes
from tests.authorisation.town import Town

ROUTES = [one for one in app.specs if not one.right.public and not one.raw]
OF_ANOTHER = {"create_order"}
"""The quote in the body is another's."""


@pytest.fixture
def token(town: Town) -> str:
    return visitor(town.world).token


def test_a_route_answers_a_guest_as_the_list_says(town: Town, token: str) -> None:
    wrong = []
    for route in ROUTES:
        expected = _expected(route)
        answer = town.world.call(
            route.method,
            probes.path(route, town),
            probes.body(route, town),
            token=token,
            headers={"Idempotency-Key": town.world.new_key()} if route.needs_key else {},
        )
        good = 2 if expected == "yes" else int(expected)
        told = answer.status // 100 if expected == "yes" else answer.status
        wrong += [] if told == good else [f"{route.name}: {answer.status}, not {expected}"]

    assert wrong == []
    assert {one.right.name for one in ROUTES} >= GUEST_MAY


def _expected(route: Route) -> str:
    if route.right.name not in GUEST_MAY:
        return "403"
    if (Role.CUSTOMER, Owning.ANY) not in route.right.rows or route.name in OF_ANOTHER:
        return "404"
    return "yes"
