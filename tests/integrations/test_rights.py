"""Who may do what: the table of rights, over HTTP."""

import pytest

from chalicelib.catalog.status import StaffRole
from chalicelib.core.rights import Role
from chalicelib.integrations import rights
from chalicelib.integrations.feed_routes import api as feed_api
from chalicelib.integrations.routes import api
from chalicelib.integrations.tablet_routes import api as tablets_api
from chalicelib.integrations.watch_routes import api as watch_api
from chalicelib.integrations.webhook_routes import api as webhooks_api
from tests.integrations.street import OTHER_STORE, STORE, URL, Street

LABEL = {"label": "Till"}
HOOKS = f"/v1/stores/{STORE}/webhooks"
CLIENTS = f"/v1/stores/{STORE}/clients"
ROWS = [
    # method, path, body, then who: owner, manager, till, rival, machine, its rival, operator,
    # customer, nobody
    ("POST", CLIENTS, LABEL, (201, 201, 403, 404, 403, 403, 403, 403, 401)),
    ("GET", CLIENTS, None, (200, 200, 403, 404, 403, 403, 200, 403, 401)),
    ("DELETE", f"{CLIENTS}/<client>", None, (204, 204, 403, 404, 403, 403, 204, 403, 401)),
    ("POST", HOOKS, {"url": URL}, (201, 201, 403, 404, 403, 403, 403, 403, 401)),
    ("GET", HOOKS, None, (200, 200, 403, 404, 200, 404, 200, 403, 401)),
    ("GET", f"{HOOKS}/<hook>", None, (200, 200, 403, 404, 200, 404, 200, 403, 401)),
    ("GET", f"{HOOKS}/<hook>/messages", None, (200, 200, 403, 404, 200, 404, 200, 403, 401)),
    ("POST", f"{HOOKS}/<hook>/ping", None, (202, 202, 403, 404, 202, 404, 403, 403, 401)),
    (
        "PATCH", f"{HOOKS}/<hook>", {"event_types": ["order.created"]},
        (200, 200, 403, 404, 403, 403, 403, 403, 401),
    ),
    ("POST", f"{HOOKS}/<hook>/rotate", None, (200, 200, 403, 404, 403, 403, 403, 403, 401)),
    ("POST", f"{HOOKS}/<hook>/pause", None, (200, 200, 403, 404, 403, 403, 403, 403, 401)),
    ("POST", f"{HOOKS}/<hook>/enable", None, (200, 200, 403, 404, 403, 403, 403, 403, 401)),
    (
        "POST", f"{HOOKS}/<hook>/messages/1/replay", None,
        (202, 202, 403, 404, 202, 404, 403, 403, 401),
    ),
    ("POST", f"{HOOKS}/<hook>/replays", {}, (202, 202, 403, 404, 202, 404, 403, 403, 401)),
    (
        "GET", f"{HOOKS}/<hook>/replays/rpl_01JD9Z6M7Q3W8K5N2R4T6V8X0Y", None,
        (404, 404, 403, 404, 404, 404, 404, 403, 401),
    ),
    ("GET", f"/v1/events?store_id={STORE}", None, (200, 200, 200, 404, 200, 404, 403, 403, 401)),
    (
        "POST", "/v1/events/ack", {"store_id": STORE, "position": 9},
        (409, 409, 409, 404, 409, 404, 403, 403, 401),
    ),
    ("DELETE", f"{HOOKS}/<hook>", None, (204, 204, 403, 404, 403, 403, 403, 403, 401)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"), ROWS, ids=lambda part: str(part)[-24:]
)
def test_everybody_may_do_what_the_table_says_and_nothing_else(
    street: Street, method: str, path: str, body: object, expected: tuple[int, ...]
) -> None:
    hook, client = street.webhook()["id"], street.credentials()[0]
    street.call("POST", f"{HOOKS}/{hook}/ping", by="owner")
    path = path.replace("<hook>", hook).replace("<client>", client)

    # Those who are refused come first, since the others may change what is there.
    answers = {who: street.call(method, path, body, by=who).status for who in _everybody(street)}

    assert tuple(answers[who] for who in _everybody(street)) == expected


def test_every_route_of_this_domain_is_in_the_table() -> None:
    specs = [*api.specs, *webhooks_api.specs, *feed_api.specs]
    right = {spec.right.name for spec in specs}
    rows = {
        (method, path.replace("<hook>", "{}").replace("<client>", "{}"))
        for method, path, *_ in ROWS
    }

    others = {spec.right.name for other in (tablets_api, watch_api) for spec in other.specs}
    assert right == {rights.TOKEN_ISSUE.name, *rights.STAFF} - others
    assert len(rows) == len(specs) - 1  # the token endpoint knows its callers by their secret


def test_an_operator_may_end_a_client_of_any_store(street: Street) -> None:
    client_id, _ = street.credentials()
    street.known("operator", Role.OPERATOR)

    answer = street.call("DELETE", f"{CLIENTS}/{client_id}", by="operator")

    assert answer.status == 204
    assert street.call("GET", CLIENTS, by="owner").json["items"] == []


@pytest.mark.parametrize("what", ["clients", "webhooks"])
def test_an_operator_is_told_that_a_store_does_not_exist(street: Street, what: str) -> None:
    street.known("operator", Role.OPERATOR)

    answer = street.call("GET", f"/v1/stores/{OTHER_STORE}/{what}", by="operator")

    assert (answer.status, answer.json["code"]) == (404, "store_not_found")


def _everybody(street: Street) -> list[str | None]:
    return [
        street.owner(),
        street.staff("manager", StaffRole.MANAGER),
        street.staff("till", StaffRole.TILL),
        street.staff("rival", StaffRole.OWNER, OTHER_STORE),
        street.known("machine", Role.STORE, stores=[STORE]),
        street.known("its rival", Role.STORE, stores=[OTHER_STORE]),
        street.known("operator", Role.OPERATOR),
        street.known("customer", Role.CUSTOMER),
        None,
    ]
