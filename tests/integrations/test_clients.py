"""Clients: made once, shown once, revoked for good; and what a token request is answered."""

import base64
import json
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest

from chalicelib.catalog.status import StaffRole
from chalicelib.core import auth, dynamo
from chalicelib.core.rights import Role
from chalicelib.integrations.models import ClientItem, client_key
from tests.clocks import StandingClock
from tests.integrations.street import OTHER_STORE, STORE, Answered, Street, basic

CLIENTS = f"/v1/stores/{STORE}/clients"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
VERIFY = auth.verify
NOBODY = "cli_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"


def test_the_secret_of_a_client_is_shown_once_and_kept_as_a_hash(street: Street) -> None:
    made = street.call("POST", CLIENTS, {"label": "Till"}, by=street.owner())

    client = made.json
    item = dynamo.get(ClientItem, client_key(client["client_id"]))
    assert (made.status, made.headers["Cache-Control"]) == (201, "no-store")
    assert len(client["client_secret"]) == 52
    assert item is not None
    assert client["client_secret"] not in json.dumps(item.to_simple_dict())
    assert street.call("GET", CLIENTS, by="owner").json["items"] == [
        {key: value for key, value in client.items() if key != "client_secret"}
    ]


def test_a_repeated_request_makes_no_second_client_and_does_not_show_the_secret_again(
    street: Street,
) -> None:
    owner = street.owner()
    first = street.call("POST", CLIENTS, {"label": "Till"}, by=owner, key="k")

    again = street.call("POST", CLIENTS, {"label": "Till"}, by=owner, key="k")

    assert again.status == 201
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == {**first.json, "client_secret": None}
    assert len(street.call("GET", CLIENTS, by=owner).json["items"]) == 1


def test_the_same_key_with_another_body_is_refused(street: Street) -> None:
    owner = street.owner()
    street.call("POST", CLIENTS, {"label": "Till"}, by=owner, key="k")

    again = street.call("POST", CLIENTS, {"label": "Kitchen"}, by=owner, key="k")

    assert (again.status, again.json["code"]) == (422, "idempotency_key_reused")


def test_a_store_has_five_clients_at_most_and_a_revoked_one_makes_room(street: Street) -> None:
    made = [street.credentials(f"Till {number}")[0] for number in range(5)]

    sixth = street.call("POST", CLIENTS, {"label": "Sixth"}, by="owner")
    street.call("DELETE", f"{CLIENTS}/{made[0]}", by="owner")
    seventh = street.call("POST", CLIENTS, {"label": "Seventh"}, by="owner")

    assert (sixth.status, sixth.json["code"]) == (409, "client_limit")
    assert seventh.status == 201


def test_revoking_twice_is_revoking_once(street: Street) -> None:
    client_id, _ = street.credentials()

    answers = [street.call("DELETE", f"{CLIENTS}/{client_id}", by="owner") for _ in range(2)]

    assert [answer.status for answer in answers] == [204, 204]
    assert street.call("GET", CLIENTS, by="owner").json["items"] == []


def test_a_store_without_clients_has_an_empty_list(street: Street) -> None:
    assert street.call("GET", CLIENTS, by=street.owner()).json == {"items": []}


def test_a_client_of_another_store_is_not_found(street: Street) -> None:
    client_id, _ = street.credentials()
    street.staff("rival", StaffRole.OWNER, OTHER_STORE)

    answer = street.call("DELETE", f"/v1/stores/{OTHER_STORE}/clients/{client_id}", by="rival")

    assert answer.status == 404


# --- tokens ----------------------------------------------------------------------------------


def _token(
    street: Street, fields: dict[str, Any] | str, headers: dict[str, str] | None = None
) -> Answered:
    text = fields if isinstance(fields, str) else urlencode(fields)
    return street.call("POST", "/oauth/token", raw=text.encode(), headers={**FORM, **(headers or {})})


def _asked(client_id: str, secret: str, **changed: str) -> dict[str, str]:
    grant = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return {**grant, **changed}


def test_a_client_gets_a_token_that_speaks_for_its_store(street: Street) -> None:
    client_id, secret = street.credentials()

    answer = _token(street, _asked(client_id, secret))

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/json"
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 900)
    caller = VERIFY(answer.json["access_token"])
    assert (caller.id, caller.roles, caller.stores) == (client_id, {Role.STORE}, {STORE})


def test_credentials_may_come_as_json_or_by_basic(street: Street) -> None:
    client_id, secret = street.credentials()
    as_json = street.call("POST", "/oauth/token", _asked(client_id, secret))
    by_basic = _token(street, {"grant_type": "client_credentials"}, basic(client_id, secret))
    escaped = basic(quote_plus(client_id), quote_plus(secret))
    named_too = _token(
        street, {"grant_type": "client_credentials", "client_id": client_id}, escaped
    )

    assert [answer.status for answer in (as_json, by_basic, named_too)] == [200, 200, 200]


def test_what_we_do_not_know_is_ignored_and_what_is_empty_is_left_out(street: Street) -> None:
    client_id, secret = street.credentials()

    answer = _token(street, _asked(client_id, secret, scope="", audience="x"))

    assert answer.status == 200


def test_an_unknown_client_and_a_wrong_secret_are_told_alike(street: Street) -> None:
    client_id, secret = street.credentials()
    revoked, its_secret = street.credentials("Old")
    street.call("DELETE", f"{CLIENTS}/{revoked}", by="owner")

    answers = [
        _token(street, _asked(*pair))
        for pair in (
            (client_id, "wrong"),
            (NOBODY, secret),
            ("not-an-id", secret),
            (revoked, its_secret),
        )
    ]

    assert {answer.status for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json["error"] == "invalid_client"
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert answers[0].headers["Content-Type"] == "application/json"


def test_who_came_by_basic_is_answered_with_basic(street: Street) -> None:
    grant = {"grant_type": "client_credentials"}

    by_basic = _token(street, grant, basic(NOBODY, "x"))
    in_body = _token(street, _asked(NOBODY, "x"))

    assert by_basic.headers["WWW-Authenticate"] == 'Basic realm="ieum"'
    assert in_body.headers["WWW-Authenticate"] == "Bearer"


GOOD = _asked(NOBODY, "x")


@pytest.mark.parametrize(
    ("body", "headers", "status", "error"),
    [
        ("", {}, 401, "invalid_client"),
        (urlencode({"grant_type": "client_credentials"}), {}, 401, "invalid_client"),
        (urlencode({**GOOD, "client_id": ""}), {}, 401, "invalid_client"),
        (urlencode(GOOD), {"Authorization": "Bearer x"}, 400, "invalid_request"),
        ("grant_type=client_credentials", {"Authorization": "Bearer x"}, 401, "invalid_client"),
        ("grant_type=client_credentials", {"Authorization": "Basic !"}, 401, "invalid_client"),
        ("grant_type=client_credentials", {"Authorization": "Basic /w=="}, 401, "invalid_client"),
        ("grant_type=client_credentials", {"Authorization": "Basic"}, 401, "invalid_client"),
        (urlencode(GOOD), basic(NOBODY, "x"), 400, "invalid_request"),
        ("client_id=cli_x&grant_type=x", basic(NOBODY, "x"), 400, "invalid_request"),
        (urlencode({**GOOD, "grant_type": "password"}), {}, 400, "unsupported_grant_type"),
        (urlencode({**GOOD, "grant_type": ""}), {}, 400, "invalid_request"),
        (urlencode(GOOD) + "&client_id=a", {}, 400, "invalid_request"),
        (urlencode({**GOOD, "client_secret": "x" * 600}), {}, 400, "invalid_request"),
        ("&".join(f"a{number}=b" for number in range(30)), {}, 400, "invalid_request"),
        ("a=%ff", {}, 400, "invalid_request"),
        ("{}", {"Content-Type": "application/json"}, 401, "invalid_client"),
        ("[]", {"Content-Type": "application/json"}, 401, "invalid_client"),
        ("[1]", {"Content-Type": "application/json"}, 400, "invalid_request"),
        ("7", {"Content-Type": "application/json"}, 400, "invalid_request"),
        ('{"client_id": 7}', {"Content-Type": "application/json"}, 400, "invalid_request"),
        ('{"a": "1", "a": "2"}', {"Content-Type": "application/json"}, 400, "invalid_request"),
        ("{", {"Content-Type": "application/json"}, 400, "invalid_request"),
        ("[" * 5000, {"Content-Type": "application/json"}, 400, "invalid_request"),
        (json.dumps(GOOD), {"Content-Type": "text/plain"}, 400, "invalid_request"),
    ],
)
def test_a_bad_token_request_is_refused_as_rfc_6749_says(
    street: Street, body: str, headers: dict[str, str], status: int, error: str
) -> None:
    answer = _token(street, body, headers)

    assert (answer.status, answer.json["error"]) == (status, error)
    assert answer.json["code"] == error


def test_a_body_that_is_not_text_is_refused(street: Street) -> None:
    answer = street.call("POST", "/oauth/token", raw=b"\xff\xfe", headers=FORM)

    assert (answer.status, answer.json["code"]) in {(400, "invalid_request"), (400, "bad_request")}


def test_a_client_that_asks_too_often_has_to_wait(street: Street) -> None:
    answers = [_token(street, _asked(NOBODY, "x")).status for _ in range(21)]

    assert answers == [401] * 20 + [429]


def test_when_a_client_was_last_used_is_noted_to_the_hour(
    street: Street, clock_at: StandingClock
) -> None:
    client_id, secret = street.credentials()
    seen = []
    for seconds in (0, 1800, 1800):
        clock_at.move(seconds)
        assert _token(street, _asked(client_id, secret)).status == 200
        seen.append(street.call("GET", CLIENTS, by="owner").json["items"][0]["last_used_at"])

    assert seen == [
        "2026-11-22T12:00:00.000Z",
        "2026-11-22T12:00:00.000Z",
        "2026-11-22T13:00:00.000Z",
    ]


def test_a_secret_with_a_colon_is_not_cut_short() -> None:
    coded = base64.b64encode(b"a:b:c").decode()

    from chalicelib.integrations.oauth import _basic

    assert _basic(f"Basic {coded}") == ("a", "b:c")
