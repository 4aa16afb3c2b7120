import base64
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.core import auth
from chalicelib.core.rights import Caller, Role
from tests.conftest import Said
from tests.core import shop

NOTE = "/notes/not_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"
JSON = {"Content-Type": "application/json"}
KEYED = {**JSON, "Idempotency-Key": "k-1"}


@pytest.fixture(autouse=True)
def _callers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bearer token is the role."""

    def verify(token: str) -> Caller:
        return Caller(id=f"usr_{token}", roles=frozenset({Role(token)}))

    monkeypatch.setattr(auth, "verify", verify)


def _send(
    method: str,
    path: str,
    body: bytes | object = b"",
    headers: Mapping[str, str] | None = None,
    *,
    role: str | None = None,
) -> HTTPResponse:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = {"Authorization": f"Bearer {role}"} if role else {}
    with Client(shop.app) as client:
        return client.http.request(method, path, body=sent, headers={**signed, **(headers or {})})


def _problem(response: HTTPResponse) -> dict[str, Any]:
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(response.body)
    assert problem["status"] == response.status_code
    assert problem["type"] == f"https://ieum.dev/problems/{problem['code']}"
    assert problem["request_id"] == response.headers["X-Request-Id"]
    return problem


# --- what goes well ----------------------------------------------------------------------------


def test_a_view_is_given_what_it_takes() -> None:
    response = _send("GET", NOTE, role="customer")

    assert response.status_code == 200
    assert response.json_body["text"] == f"customer:usr_customer {NOTE[7:]}"


def test_a_route_answers_with_its_own_status() -> None:
    response = _send("POST", "/notes", {"text": " hello "}, JSON)

    assert response.status_code == 201
    assert response.json_body["text"] == "hello"


def test_an_answer_may_carry_another_status_and_more_headers() -> None:
    response = _send("PUT", NOTE, {"text": "a"}, KEYED, role="customer")

    assert response.status_code == 202
    assert response.headers["X-Note"] == "placed"


def test_nothing_is_answered_without_a_body() -> None:
    response = _send("DELETE", NOTE, role="customer")

    assert (response.status_code, response.body) == (204, b"")


def test_text_in_any_script_comes_back_as_it_was() -> None:
    response = _send("POST", "/notes", {"text": "한강 피자 🍕"}, JSON)

    assert response.json_body["text"] == "한강 피자 🍕"


def test_a_query_is_read_by_its_model() -> None:
    assert _send("GET", "/notes?limit=7&cursor=abc").json_body == {"limit": 7, "cursor": "abc"}
    assert _send("GET", "/notes").json_body == {"limit": 20, "cursor": None}


def test_json_may_say_its_character_set() -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}

    assert _send("POST", "/notes", {"text": "a"}, headers).status_code == 201


def test_a_raw_route_sees_every_byte_and_needs_no_sign_in() -> None:
    body = b'{"card": "4242424242424242"}\x00\xff'
    event = _event("POST", "/hook", base64.b64encode(body).decode(), encoded=True)

    answer = json.loads(shop.app(event, None)["body"])

    assert bytes.fromhex(answer["body"]) == body
    assert (answer["path"], answer["source"]) == ("/hook", "203.0.113.7")


def test_a_raw_route_does_not_care_who_signed_in() -> None:
    response = _send("POST", "/hook", b"{}", {**JSON, "Authorization": "Basic dTpw"})

    assert response.status_code == 200


def _event(
    method: str, path: str, body: str | None, *, encoded: bool = False, resource: str = ""
) -> dict[str, Any]:
    return {
        "path": path,
        "headers": {"content-type": "application/json"},
        "multiValueQueryStringParameters": None,
        "pathParameters": {},
        "body": body,
        "isBase64Encoded": encoded,
        "stageVariables": None,
        "requestContext": {
            "httpMethod": method,
            "resourcePath": resource or path,
            "requestId": "req-1",
            "identity": {"sourceIp": "203.0.113.7"},
        },
    }


# --- bodies that cannot be read ----------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null null",
        b"{'text': 'a'}",
        b'{"text": "a",}',
        b'{"text": "\xff"}',
        b'{"text": "\\ud800"}',
        b'{"text": "a\x00b"}',
        b'\xfe\xff{"text": "a"}',
        b"[" * 60_000,
        b'{"count": ' + b"9" * 5_000 + b"e",
    ],
)
def test_a_body_that_is_no_json_is_a_bad_request(body: bytes) -> None:
    response = _send("POST", "/notes", body, JSON)

    assert response.status_code == 400
    assert _problem(response)["code"] == "bad_request"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"null", ""),
        (b"[]", ""),
        (b"{}", "/text"),
        (b'{"text": "a", "role": "operator"}', "/role"),
        (b'{"text": 1}', "/text"),
        (b'{"text": NaN}', "/text"),
        (b'{"text": "  "}', "/text"),
        (b'{"text": "a\\u0000b"}', "/text"),
        (b'{"text": "' + b"x" * 201 + b'"}', "/text"),
        (b'{"text": "a", "count": 1.5}', "/count"),
        (b'{"text": "a", "count": 1.0}', "/count"),
        (b'{"text": "a", "count": "1"}', "/count"),
        (b'{"text": "a", "count": true}', "/count"),
        (b'{"text": "a", "count": -1}', "/count"),
        (b'{"text": "a", "count": NaN}', "/count"),
        (b'{"text": "a", "count": -Infinity}', "/count"),
        (b'{"text": "a", "count": ' + b"9" * 300 + b"}", "/count"),
        (b'{"text": "a", "price": {"amount": 1e3, "currency": "KRW"}}', "/price/amount"),
        (b'{"text": "a", "price": {"amount": 1}}', "/price/currency"),
        (b'{"text": "a", "kind": "loud"}', "/kind"),
    ],
)
def test_a_field_that_is_wrong_is_pointed_at_and_never_repeated(body: bytes, pointer: str) -> None:
    problem = _problem(_send("POST", "/notes", body, JSON))

    assert problem["status"] == 400
    assert problem["errors"][0]["pointer"] == pointer
    assert "operator" not in problem["errors"][0]["detail"]


def test_at_most_twenty_faults_are_listed() -> None:
    body = {"text": "a", **{f"field{number}": 1 for number in range(50)}}

    assert len(_problem(_send("POST", "/notes", body, JSON))["errors"]) == 20


@pytest.mark.parametrize("depth", [50, 150, 190, 500, 5_000])
def test_nesting_is_read_or_refused_and_never_breaks(depth: int) -> None:
    response = _send("POST", "/deep", b"[" * depth + b"]" * depth, JSON)

    assert response.status_code in {200, 400}


@pytest.mark.parametrize("depth", [500, 30_000])
def test_nesting_under_a_key_is_refused_and_never_breaks(depth: int) -> None:
    response = _send("POST", NOTE + "/pin", b"[" * depth, KEYED, role="customer")

    assert response.status_code == 400


def test_a_body_of_text_that_is_no_utf8_is_a_bad_request() -> None:
    answer = shop.app(_event("POST", "/notes", '{"text": "\ud800"}'), None)

    assert answer["statusCode"] == 400
    assert json.loads(answer["body"])["code"] == "bad_request"


def test_a_body_that_is_too_large_is_refused_whatever_it_says() -> None:
    body = b'{"text": "' + b"x" * 65_536

    assert _problem(_send("POST", "/notes", body, JSON))["code"] == "too_large"
    short = _send("PUT", NOTE, b" " * 201, KEYED, role="customer")
    assert short.status_code == 413


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/jsonp", "multipart/form-data; b=x", ""]
)
def test_a_body_of_another_kind_is_refused(kind: str) -> None:
    response = _send("POST", "/notes", {"text": "a"}, {"Content-Type": kind})

    assert response.status_code == 415
    assert _problem(response)["code"] == "unsupported_media_type"


# --- queries, paths, methods -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "?/limit"),
        ("limit=101", "?/limit"),
        ("limit=many", "?/limit"),
        ("limit=" + "9" * 5000, "?/limit"),
        ("offset=3", "?/offset"),
        ("limit=1&limit=2", "?limit"),
    ],
)
def test_a_query_that_is_wrong_is_pointed_at(query: str, pointer: str) -> None:
    problem = _problem(_send("GET", f"/notes?{query}"))

    assert problem["code"] == "invalid"
    assert problem["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "note_id",
    [
        "1",
        "not_1",
        "NOT_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R",
        "not_01jdb6y0q4zj8w6n3v5k7m9p2r",
        "not_81JDB6Y0Q4ZJ8W6N3V5K7M9P2R",
        "not_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R'",
        "..",
        "%00",
        "%F0%9F%8D%95",
    ],
)
def test_what_cannot_be_an_id_is_not_found(note_id: str) -> None:
    response = _send("GET", f"/notes/{note_id}", role="customer")

    assert response.status_code == 404
    assert _problem(response)["code"] == "not_found"


def test_a_method_that_a_path_does_not_know_is_refused_with_those_it_knows() -> None:
    response = _send("PATCH", "/notes", {})

    assert _problem(response)["code"] == "method_not_allowed"
    assert set(response.headers["Allow"].split(", ")) == {"GET", "OPTIONS", "POST"}


# --- who may -----------------------------------------------------------------------------------


def test_a_stranger_is_asked_to_sign_in() -> None:
    response = _send("GET", NOTE)

    assert _problem(response)["code"] == "unauthenticated"
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_role_that_the_table_does_not_name_is_refused() -> None:
    assert _problem(_send("GET", NOTE, role="courier"))["code"] == "forbidden"


def test_a_bad_token_is_refused_even_where_none_is_needed() -> None:
    response = _send("GET", "/notes", headers={"Authorization": "Basic dTpw"})

    assert response.status_code == 401


# --- keys --------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [None, "", " ", "a b", "x" * 256, "é", "a\tb"])
def test_a_route_that_wants_a_key_refuses_to_work_without_a_good_one(key: str | None) -> None:
    headers = JSON if key is None else {**JSON, "Idempotency-Key": key}

    response = _send("PUT", NOTE, {"text": "a"}, headers, role="customer")

    assert _problem(response)["code"] == "idempotency_key_missing"


def _placed(body: bytes, path: str = NOTE, role: str = "customer") -> dict[str, Any]:
    answer: dict[str, Any] = _send("PUT", path, body, KEYED, role=role).json_body
    return answer


def test_the_same_meaning_written_otherwise_is_the_same_body() -> None:
    one = _placed(b'{"text": "a", "count": 1}')
    other = _placed(b'{ "count":1,"text":"\\u0061" }')

    assert one == other


def test_another_body_or_another_object_is_another_request() -> None:
    one = _placed(b'{"text": "a"}')

    assert _placed(b'{"text": "b"}')["hash"] != one["hash"]
    assert _placed(b'{"text": "a"}', NOTE[:-1] + "S")["hash"] != one["hash"]


def test_a_key_belongs_to_its_caller() -> None:
    one = _placed(b'{"text": "a"}')

    assert _placed(b'{"text": "a"}', role="store")["key"] != one["key"]


def test_a_key_needs_no_body() -> None:
    response = _send("POST", NOTE + "/pin", b"", KEYED, role="customer")

    assert response.status_code == 200


# --- card numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/notes", b'{"text": "4242 4242 4242 4242"}'),
        ("GET", "/notes?cursor=4242424242424242", b""),
        ("GET", "/notes?cursor=4242424242424242&cursor=x", b""),
        ("GET", "/notes/4242424242424242", b""),
    ],
)
def test_a_card_number_is_refused_wherever_it_is_written(
    method: str, path: str, body: bytes, said: Said
) -> None:
    response = _send(method, path, body, JSON, role="customer")

    assert _problem(response)["code"] == "card_number_refused"
    assert "4242424242424242" not in json.dumps(said())


# --- what goes wrong ---------------------------------------------------------------------------


def test_a_view_that_breaks_is_our_fault_and_tells_nothing(said: Said) -> None:
    response = _send("GET", "/broken")

    problem = _problem(response)
    assert (problem["status"], problem["code"]) == (500, "internal")
    lines = said()
    assert "hunter2" not in response.body.decode() + json.dumps(lines)
    assert [line["level"] for line in lines] == ["ERROR", "INFO"]
    assert str(lines[0]["code"]).startswith("RuntimeError")


def test_a_service_that_is_away_may_be_asked_again() -> None:
    problem = _problem(_send("GET", "/away"))

    assert (problem["code"], problem["retryable"]) == ("unavailable", True)


def test_an_error_of_the_domain_tells_its_facts_and_cannot_forge_the_envelope() -> None:
    response = _send("PATCH", NOTE, role="customer")

    problem = _problem(response)
    assert (problem["code"], problem["item_id"]) == ("sold_out", NOTE[7:])
    assert problem["errors"] == [{"pointer": "/x"}]
    assert problem["instance"] == NOTE
    assert response.headers["Retry-After"] == "7"
    assert response.headers["Cache-Control"] == "no-store"


def test_what_chalice_refuses_by_itself_is_a_problem_too() -> None:
    answer = shop.app(_event("GET", "/dear", None), None)

    assert answer["statusCode"] == 405
    assert json.loads(answer["body"])["code"] == "method_not_allowed"
    assert answer["headers"]["X-Request-Id"] == "req-1"


def test_a_path_that_nobody_serves_is_not_found() -> None:
    answer = shop.app(_event("GET", "/unknown", None), None)

    assert answer["statusCode"] == 404
    assert json.loads(answer["body"])["code"] == "not_found"
    assert "Allow" not in answer["headers"]


def test_an_event_that_is_no_request_is_answered_too() -> None:
    assert shop.app({}, None)["statusCode"] == 500


# --- limits ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("clock_at")
def test_a_limited_route_counts_calls_by_their_source() -> None:
    first, second, third = (_send("POST", "/dear", b"", JSON) for _ in range(3))

    assert first.headers["RateLimit"] == '"notes";r=1;t=60'
    assert second.headers["RateLimit"] == '"notes";r=0;t=60'
    assert second.headers["RateLimit-Policy"] == '"notes";q=2;w=60'
    assert _problem(third)["code"] == "too_many_requests"
    assert third.headers["Retry-After"] == "60"


@pytest.mark.usefixtures("clock_at")
def test_one_callers_limit_is_not_anothers() -> None:
    for _ in range(3):
        _send("POST", "/dear", b"", JSON, role="customer")

    assert _send("POST", "/dear", b"", JSON, role="courier").status_code == 200


# --- headers -----------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again() -> None:
    first = _send("GET", NOTE, role="customer")
    again = {"If-None-Match": f'"other", {first.headers["ETag"]}'}

    second = _send("GET", NOTE, headers=again, role="customer")

    assert (second.status_code, second.body) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    changed = _send("GET", NOTE[:-1] + "S", headers=again, role="customer")
    assert changed.status_code == 200


def test_every_answer_is_safe_to_open_and_can_be_named() -> None:
    for method, path in (("GET", "/notes"), ("GET", "/broken"), ("PATCH", "/notes")):
        response = _send(method, path)

        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert response.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/notes"), ("GET", "/broken"), ("PATCH", "/notes")]
)
def test_a_listed_origin_may_read_every_answer(method: str, path: str) -> None:
    response = _send(method, path, headers={"Origin": "https://app.test"})

    assert response.headers["Access-Control-Allow-Origin"] == "https://app.test"
    assert "X-Request-Id" in response.headers["Access-Control-Expose-Headers"]
    assert response.headers["Vary"] == "Origin"


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "https://app.test.evil.test", "*"])
def test_no_other_origin_is_told_anything(origin: str) -> None:
    for method in ("GET", "OPTIONS"):
        response = _send(method, "/notes", headers={"Origin": origin})

        assert "Access-Control-Allow-Origin" not in response.headers
        assert response.headers["Vary"] == "Origin"


def test_a_preflight_tells_a_listed_origin_what_it_may_send() -> None:
    response = _send("OPTIONS", NOTE, headers={"Origin": "https://console.test"})

    assert (response.status_code, response.body) == (204, b"")
    allowed = response.headers["Access-Control-Allow-Methods"].split(", ")
    assert allowed == ["DELETE", "GET", "PATCH", "PUT"]
    assert "Idempotency-Key" in response.headers["Access-Control-Allow-Headers"]


# --- lines -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        lambda: _send("GET", "/notes"),
        lambda: _send("GET", NOTE),
        lambda: _send("OPTIONS", "/notes"),
        lambda: _send("PATCH", "/notes", {}),
    ],
)
def test_every_request_leaves_a_line(call: Callable[[], HTTPResponse], said: Said) -> None:
    call()

    assert len(said()) == 1


def test_a_line_names_the_request_and_the_route_and_nothing_of_the_one_before(said: Said) -> None:
    _send("GET", NOTE, role="customer")
    _send("POST", "/notes", {"text": "secret"}, JSON)

    first, second = said()
    assert first["route"] == "GET /notes/{note_id}"
    assert (second["route"], second["http_status"]) == ("POST /notes", 201)
    assert "secret" not in json.dumps([first, second])


def test_requests_at_the_same_time_are_not_mixed_up() -> None:
    def ask(number: int) -> bool:
        event = _event("POST", "/notes", json.dumps({"text": f"n{number}"}))
        return bool(json.loads(shop.app(event, None)["body"])["text"] == f"n{number}")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(200)))

    assert all(answers)
