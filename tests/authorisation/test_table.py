"""The table of rights is whole, and is what a person has reviewed."""

import pytest

from app import app
from chalicelib.core.routing import Route
from tests.authorisation import oracle
from tests.authorisation.principals import EVERYBODY, EXPIRED
from tests.authorisation.reviewed import REVIEWED
from tests.authorisation.test_requests import ROUTES

ERRANDS = ("create", "read", "ready", "pick_up", "finish", "answer", "cancel")
NO_ROUTE_OF_ITS_OWN = {"store.read_unlisted", *(f"errand.{one}" for one in ERRANDS)}
"""Asked for inside other actions: store.read and menu.read of a store that is not live; and those
of errands by operations of Open Delivery, whose tests ask as everybody."""


def test_every_route_names_a_row_of_the_table() -> None:
    strangers = [one.name for one in app.specs if oracle.rights()[one.right.name][0] != one.right]

    assert app.specs
    assert strangers == []


def test_every_path_that_is_served_is_a_route_of_the_table() -> None:
    served = {
        (method, path)
        for path, methods in app.routes.items()
        for method in methods
        if method != "OPTIONS"
    }

    assert served == {(one.method, one.path) for one in app.specs}


def test_every_row_is_reviewed_and_every_reviewed_action_is_a_row() -> None:
    assert set(REVIEWED) == set(oracle.rights())


def test_every_row_is_used_by_a_route() -> None:
    assert set(oracle.rights()) - {one.right.name for one in app.specs} == NO_ROUTE_OF_ITS_OWN


def test_every_route_is_exercised() -> None:
    def named(route: Route) -> str:
        return f"{route.method} {route.path}"

    assert {named(one) for one in ROUTES} == {named(one) for one in app.specs}


@pytest.mark.parametrize("action", sorted(REVIEWED))
def test_the_rows_say_what_was_reviewed(action: str) -> None:
    said = {who.name: oracle.verdict(action, who) for who in EVERYBODY if who != EXPIRED}

    assert said == REVIEWED[action]
