"""What the API says of itself. Every answer in all these tests is held against it, too."""

import json

import pytest

from tests import contract
from tests.e2e.town import Town

pytestmark = pytest.mark.e2e


def test_the_document_that_is_served_is_the_one_that_the_code_generates(town: Town) -> None:
    served = town.api.get("/openapi.json").expect(200)

    assert served == json.loads(json.dumps(contract.DOCUMENT))


def test_an_address_that_does_not_exist_is_answered_by_the_gateway_as_a_problem(
    town: Town,
) -> None:
    answer = town.api.get("/v1/nowhere")

    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["code"] == "not_found"
    assert answer.json["request_id"] == answer.headers["x-request-id"]


def test_a_method_that_an_address_does_not_know_is_answered_as_a_problem(town: Town) -> None:
    answer = town.api.send("DELETE", "/v1/orders")

    assert answer.status in {404, 405}
    assert answer.headers["content-type"] == "application/problem+json"


def test_whoever_is_not_signed_in_is_told_so_as_a_problem(town: Town) -> None:
    answers = [
        town.api.get("/v1/orders"),
        town.api.get("/v1/orders", token="not.a.token"),
    ]

    assert [answer.status for answer in answers] == [401, 401]
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}


def test_an_order_is_hidden_from_another_customer(town: Town) -> None:
    customer, other, store = town.customer(), town.customer(2), town.store()
    placed = town.place(customer, town.quote(store, customer))

    answer = town.api.get(f"/v1/orders/{placed['order_id']}", token=other)

    assert answer.status == 404


def test_a_browser_of_a_known_origin_may_call_and_another_may_not(town: Town) -> None:
    known = town.box.stripe

    asked = [
        town.api.send(
            "OPTIONS",
            "/v1/orders",
            headers={"Origin": origin, "Access-Control-Request-Method": "POST"},
        )
        for origin in (known, "https://elsewhere.example")
    ]

    assert asked[0].headers.get("access-control-allow-origin") == known
    assert "access-control-allow-origin" not in asked[1].headers


def test_the_keys_of_machine_tokens_are_published(town: Town) -> None:
    keys = town.api.get("/.well-known/jwks.json").expect(200)["keys"]

    assert [(key["kty"], key["use"]) for key in keys] == [("EC", "sig")]
    assert "d" not in keys[0]
