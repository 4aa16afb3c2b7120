from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core.errors import BusyError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import ALWAYS, PUBLIC, Caller, Owning, Right, Role
from chalicelib.core.routing import Incoming, describe
from chalicelib.core.schemas import Page, Wire

MINE = Right("thing.read", {(Role.CUSTOMER, Owning.OWN): ALWAYS})


def everything(
    caller: Caller, incoming: Incoming, key: Key, body: Page, query: Page, thing_id: str
) -> Wire:
    raise NotImplementedError(caller, incoming, key, body, query, thing_id)


def stranger(database: str) -> None:
    raise NotImplementedError(database)


def forgetful() -> None:
    raise NotImplementedError


def keyed(key: Key) -> None:
    raise NotImplementedError(key)


def test_a_route_is_told_by_its_view() -> None:
    route = describe("PUT", "/things/{thing_id}", MINE, everything)

    assert route.name == "everything"
    assert (route.body, route.query, route.gives) == (Page, Page, Wire)
    assert route.needs_key
    assert route.path_names == ["thing_id"]
    assert route.tag == "test_routing"
    assert (route.status, route.largest, route.raw) == (200, 65_536, False)


def test_a_route_may_say_more() -> None:
    limit = Limit("things", 1, 1)
    route = describe(
        "POST", "/", MINE, forgetful,
        status=201, errors=[BusyError], limit=limit, largest=9, raw=True,
    )  # fmt: skip

    assert (route.status, route.errors, route.limit) == (201, (BusyError,), limit)
    assert (route.largest, route.raw) == (9, True)
    assert (route.body, route.query, route.needs_key) == (None, None, False)


@pytest.mark.parametrize(
    ("path", "right", "view", "why"),
    [
        ("/", MINE, stranger, "stranger takes database"),
        ("/{thing_id}", MINE, forgetful, "does not take thing_id"),
        ("/", PUBLIC, keyed, "needs a principal"),
    ],
)
def test_a_view_that_cannot_be_served_is_refused_when_it_is_registered(
    path: str, right: Right, view: Callable[..., Any], why: str
) -> None:
    with pytest.raises(TypeError, match=why):
        describe("POST", path, right, view)
