"""Positions and tracking behind a URL of their own: the same answers as through API Gateway."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from chalicelib.core import telemetry
from chalicelib.couriers import positions, tracking
from tests import contract, people, urls
from tests.couriers.street import HERE, Rider, Street, here
from tests.world import Reply

ORDER = "ord_01JD9Z6M7Q3W8K5N2R4T6V8X01"
LARGE = {"zone": "seoul", "sequence": 1, "points": [], "more": "x" * 9000}
ITS_OWN = ("request_id", "X-Request-Id")
JSON: Mapping[str, str] = {"content-type": "application/json"}

type Ask = Callable[..., Reply]


def both(street: Street, method: str, path: str, body: object = None, **more: Any) -> Reply:  # noqa: ANN401 - as `call` takes it
    """What both ways answer, which must be the same."""
    token, headers = more.get("token"), more.get("headers")
    by_rest = street.world.call(method, path, body, token=token, headers=headers)
    by_url = urls.ask(method, path, body, token=token, headers=headers)
    assert (by_url.status, _same(by_url)) == (by_rest.status, _same(by_rest))
    return by_url


def _same(reply: Reply) -> object:
    headers = {name: value for name, value in reply.headers.items() if name not in ITS_OWN}
    said = json.loads(reply.text) if reply.text else None
    if isinstance(said, dict):
        said = {name: value for name, value in said.items() if name not in ITS_OWN}
    return headers, said


def test_a_position_is_noted(jun: Rider) -> None:
    answer = urls.ask("POST", "/v1/positions", here(7, [126.9, 37.5]), token=jun.token)

    duty = jun.duty()
    assert (answer.status, answer.text) == (204, "")
    assert duty is not None
    assert (duty.sequence, duty.location) == (7, [126.9, 37.5])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"zone": "seoul"}, 400),
        ({"zone": "seoul", "sequence": 1, "points": [], "more": 1}, 400),
        (LARGE, 413),
        ({"card": "4242 4242 4242 4242"}, 400),
        ([], 400),
        (None, 400),
    ],
)
def test_what_is_no_position_is_refused_alike(
    street: Street, jun: Rider, body: object, status: int
) -> None:
    answer = both(street, "POST", "/v1/positions", body, token=jun.token)

    assert answer.status == status


def test_who_is_off_duty_is_refused_alike(street: Street) -> None:
    rider = Rider(street.world, "sora")
    rider.introduce()

    answer = both(street, "POST", "/v1/positions", here(1, HERE), token=rider.token)

    assert (answer.status, answer.json["code"]) == (409, "off_duty")


@pytest.mark.parametrize("role", ["customer", "merchant", "operator"])
def test_who_is_no_courier_is_refused_alike(street: Street, role: str) -> None:
    answer = both(
        street, "POST", "/v1/positions", here(1, HERE), token=people.person(role, "somebody")
    )

    assert answer.status == 403


@pytest.mark.parametrize("token", [None, "no.good.token"])
def test_nobody_is_refused_alike(street: Street, token: str | None) -> None:
    for method, path in (("POST", "/v1/positions"), ("GET", f"/v1/orders/{ORDER}/tracking")):
        assert both(street, method, path, {}, token=token).status == 401


def test_another_media_type_is_refused_alike(street: Street, jun: Rider) -> None:
    answer = both(
        street, "POST", "/v1/positions", here(1, HERE),
        token=jun.token, headers={"content-type": "text/plain"},
    )  # fmt: skip

    assert answer.status == 415


def test_who_may_see_an_order_sees_the_same(street: Street, jun: Rider) -> None:
    delivery = street.job(jun, "heading-to-store", "arrived-at-store", "picked-up")
    jun.locate(3)
    path = f"/v1/orders/{delivery.order_id}/tracking"

    seen = both(street, "GET", path, token=street.world.customer())
    known = both(
        street, "GET", path, token=street.world.customer(),
        headers={"if-none-match": seen.headers["ETag"]},
    )  # fmt: skip
    by_the_store = both(street, "GET", path, token=people.machine(street.store_id))
    foreign = both(street, "GET", path, token=street.world.customer("somebody"))

    assert seen.json["position"]["location"]["coordinates"] == HERE
    assert (known.status, known.text) == (304, "")
    assert by_the_store.json["position"] is None
    assert foreign.status == 404


@pytest.mark.parametrize("order_id", [ORDER, "ord_1", "%2e%2e", "a b"])
def test_an_order_that_does_not_exist_is_not_found_alike(street: Street, order_id: str) -> None:
    answer = both(street, "GET", f"/v1/orders/{order_id}/tracking", token=street.world.customer())

    assert answer.status == 404


def test_a_listed_page_may_read_the_answer(street: Street, jun: Rider) -> None:
    origin = {"origin": "https://app.test"}

    asked = both(street, "OPTIONS", "/v1/positions", headers=origin)
    answered = both(street, "POST", "/v1/positions", here(4, HERE), token=jun.token, headers=origin)

    assert asked.headers["Access-Control-Allow-Methods"] == "POST"
    assert answered.headers["Access-Control-Allow-Origin"] == "https://app.test"


def test_a_body_in_base_64_is_read(jun: Rider) -> None:
    token = {"authorization": f"Bearer {jun.token}"}
    asked = urls.event("POST", "/v1/positions", headers={**JSON, **token})
    body = base64.b64encode(json.dumps(here(5, HERE)).encode()).decode()

    answer = tracking.track({**asked, "body": body, "isBase64Encoded": True}, None)

    assert answer["statusCode"] == 204


@pytest.mark.parametrize("path", ["/", "/v1/orders", "/v1/positions/", "/health", "/v1/duty"])
def test_no_other_route_is_served_there(jun: Rider, path: str) -> None:
    answer = urls.ask("GET", path, token=jun.token)

    assert (answer.status, answer.json["code"]) == (404, "not_found")
    assert answer.headers["X-Request-Id"] == "req-url"


def test_the_document_names_the_second_address_of_these_routes_alone() -> None:
    paths = contract.DOCUMENT["paths"]

    twice = {
        path for path, methods in paths.items() for one in methods.values() if "servers" in one
    }
    assert twice == {spec.path for spec in tracking.api.specs}


def test_another_method_is_refused_with_those_that_are_served(jun: Rider) -> None:
    answer = urls.ask("DELETE", "/v1/positions", token=jun.token)

    assert (answer.status, answer.json["code"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_tracking_writes_no_line_but_in_the_sandbox(
    jun: Rider, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    jun.locate(5)
    capsys.readouterr()

    urls.ask("POST", "/v1/positions", here(6, HERE), token=jun.token)
    in_the_sandbox = capsys.readouterr().out
    stage = type("Stage", (), {"stage": "prod"})
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(telemetry, "settings", lambda: stage)
        urls.ask("POST", "/v1/positions", here(7, HERE), token=jun.token)
    in_production = capsys.readouterr().out

    assert in_the_sandbox.count("A request was answered") == 1
    assert in_production == ""


def test_what_breaks_is_said_in_every_stage(
    jun: Rider, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    token = jun.token
    monkeypatch.setattr(telemetry, "settings", lambda: type("Stage", (), {"stage": "prod"}))
    monkeypatch.setattr(positions, "note", broken)
    capsys.readouterr()

    answer = urls.ask("POST", "/v1/positions", here(8, HERE), token=token)

    assert answer.status == 500
    assert capsys.readouterr().out.count('"level":"ERROR"') == 1
