"""The two routes that no bearer token opens: the token endpoint, and Stripe's events."""

import base64
import json

import pytest

from app import app
from tests.authorisation.town import Town
from tests.bad_input.sending import faults, send
from tests.counting import Count

TOKEN = next(route for route in app.specs if route.name == "issue_token")
STRIPE = next(route for route in app.specs if route.name == "receive_stripe_event")
FORM = "application/x-www-form-urlencoded"
GRANT = "client_credentials"

type Asked = dict[str, object]


def _asked(town: Town, **changed: object) -> Asked:
    good = {
        "grant_type": GRANT,
        "client_id": town.client["client_id"],
        "client_secret": town.client["client_secret"],
    }
    return {**good, **changed}


def test_the_request_is_good(town: Town) -> None:
    answer = send(TOKEN, town, body=json.dumps(_asked(town)))
    town.back()

    assert answer.status == 200


FIELDS = ("grant_type", "client_id", "client_secret", "scope")
VALUES = ["", " ", "x", "x" * 513, "\x00", "비밀", 7, -1, 10**30, None, True, [], {}, ["x"]]
RAW: dict[str, str | bytes] = {
    "nothing": "",
    "half": "{",
    "a list": "[]",
    "null": "null",
    "deep": "[" * 4_000,
    "deep objects": '{"a":' * 1_500,
    "many": "&".join(f"a{number}=1" for number in range(200)),
    "bad percents": "grant_type=%ff%fe&client_id=%zz",
    "twice": "grant_type=a&grant_type=b",
    "not UTF-8": b"\xff\xfe\x00",
    "NUL": "\x00",
    "large": "x" * 8_193,
    "signs": "=&=&=&;;;%%%",
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_token_request_with_a_wrong_field_is_refused(
    field: str, town: Town, cases: Count
) -> None:
    found = []
    for value in VALUES:
        answer = send(TOKEN, town, body=json.dumps(_asked(town, **{field: value})))
        cases.one()
        if field == "scope" and isinstance(value, str) and len(value) < 513:
            assert answer.status == 200
            town.back()
        else:
            found += faults(TOKEN, f"{field}={value!r:.20}", answer, town)

    assert found == []


@pytest.mark.parametrize("field", FIELDS[:3])
def test_a_lone_surrogate_in_a_token_request_is_refused(
    field: str, town: Town, cases: Count
) -> None:
    body = json.dumps(_asked(town, **{field: "\ud800"}))

    answer = send(TOKEN, town, body=body)
    cases.one()

    assert faults(TOKEN, field, answer, town) == []


@pytest.mark.parametrize(
    "kind", ["application/json", FORM, "text/plain", "", "application/json; x"]
)
def test_a_token_request_that_is_none_is_refused(kind: str, town: Town, cases: Count) -> None:
    found = []
    for name, body in RAW.items():
        answer = send(TOKEN, town, body=body, headers={"content-type": kind})
        cases.one()
        found += faults(TOKEN, f"{name} as {kind}", answer, town)

    assert found == []


@pytest.mark.parametrize(
    "coded", ["", "x", "===", "비밀", "\x00", *(
        base64.b64encode(text).decode() for text in (b"", b":", b"a", b"\xff:\xff", b"%ff:%zz")
    )],
)  # fmt: skip
def test_a_basic_header_that_is_none_is_refused(coded: str, town: Town, cases: Count) -> None:
    headers = {"Authorization": f"Basic {coded}", "content-type": FORM}

    answer = send(TOKEN, town, body=f"grant_type={GRANT}", headers=headers)
    cases.one()

    assert faults(TOKEN, coded, answer, town, "invalid_client") == []
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


SIGNATURES = ["", "x", "t=1", "t=,v1=", "t=1,v1=00", "t=x,v1=y", f"t={10**30},v1={'0' * 64}"]


@pytest.mark.parametrize(
    "signature", [*SIGNATURES, "t=1e9,v1=비밀", ",,,", "t=1,v1=\x00", "\ud800"]
)
def test_an_event_without_a_good_signature_is_refused(
    signature: str, town: Town, cases: Count
) -> None:
    found = []
    for name, body in RAW.items():
        answer = send(STRIPE, town, body=body, headers={"stripe-signature": signature})
        cases.one()
        found += faults(STRIPE, f"{name} by {signature}", answer, town, "signature_invalid")

    assert found == []
