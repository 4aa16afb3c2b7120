"""Requests as API Gateway hands them over, with whatever somebody has put into them."""

import base64
import json
from collections.abc import Iterable, Mapping
from itertools import count

from app import app
from chalicelib.core.routing import Route
from tests import contract
from tests.authorisation import probes
from tests.authorisation.principals import EVERYBODY, Principal
from tests.authorisation.reviewed import REVIEWED
from tests.authorisation.town import Town
from tests.world import Reply

TOO_MANY = 429
PROBLEM = "application/problem+json"
_numbers = count()

type Pairs = Iterable[tuple[str, str]]


def entitled(route: Route) -> Principal:
    """Somebody who may: so that nothing but the input is wrong."""
    cells = REVIEWED[route.right.name]
    wanted: tuple[str, ...] = ("customer", "owner", "operator", "courier")
    if route.name == "ask_for_deletion":
        wanted = wanted[1:]  # the customer waits for an order, which is in the way
    name = next(name for name in wanted if cells[name] not in {"401", "403", "404"})
    return next(who for who in EVERYBODY if who.name == name)


def good_body(route: Route, town: Town) -> str | None:
    body = probes.body(route, town)
    return None if body is None else json.dumps(body)


def parts_of(route: Route, town: Town) -> dict[str, str]:
    """The parts of the path that lead to what is in the town."""
    everything = probes.parts(route, town)
    return {name: everything[name] for name in route.path_names}


def send(
    route: Route,
    town: Town,
    *,
    body: str | bytes | None = None,
    parts: Mapping[str, str] | None = None,
    query: Pairs | None = None,
    headers: Mapping[str, str] | None = None,
    authorization: str | None = None,
) -> Reply:
    """One request. Bytes go as API Gateway sends what is not text: in base 64."""
    if route.limit:
        town.forget_limits()
    filled = {**parts_of(route, town), **(parts or {})}
    given = {"content-type": "application/json", "Idempotency-Key": f"bad-{next(_numbers)}"}
    if route.needs_reason:
        given["Operator-Reason"] = "because"
    if authorization is None:
        authorization = f"Bearer {town.token(entitled(route))}"
    if not route.raw:
        given["Authorization"] = authorization
    multi: dict[str, list[str]] = {}
    for name, value in query if query is not None else _good_query(route):
        multi.setdefault(name, []).append(value)
    path = route.path
    for name, value in filled.items():
        path = path.replace(f"{{{name}}}", value)
    encoded = isinstance(body, bytes)
    event = {
        "resource": route.path,
        "path": path,
        "httpMethod": route.method,
        "headers": {**given, **(headers or {})},
        "multiValueHeaders": {},
        "queryStringParameters": {name: values[-1] for name, values in multi.items()} or None,
        "multiValueQueryStringParameters": multi or None,
        "pathParameters": filled or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": route.path,
            "httpMethod": route.method,
            "requestId": f"bad-{next(_numbers)}",
            "identity": {"sourceIp": "192.0.2.1"},
            "path": path,
        },
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": encoded,
    }
    answer = app(event, None)
    contract.hold(route.method, route.path, answer["statusCode"], answer["headers"], answer["body"])
    return Reply(answer["statusCode"], answer["headers"], answer["body"])


def _good_query(route: Route) -> Pairs:
    return probes.QUERY.get(route.name, ())


def faults(route: Route, case: str, answer: Reply, town: Town, *codes: str) -> list[str]:
    """What is wrong with an answer that must be a refusal, which has changed nothing."""
    told = f"{route.name}, {case}: {answer.status} {answer.text[:300]}"
    written, refused = list(town.written), 400 <= answer.status < 500
    town.back()
    if not refused or answer.status == TOO_MANY:
        return [told]
    body = answer.json
    whole = {"code", "status", "title", "type"} <= body.keys() and body["status"] == answer.status
    if route.name != "issue_token":  # whose errors are as RFC 6749 has them
        whole = whole and answer.headers["Content-Type"] == PROBLEM and bool(body["request_id"])
    if not whole:
        return [f"not a problem: {told}"]
    if codes and body["code"] not in codes:
        return [f"not {' or '.join(codes)}: {told}"]
    return [f"it wrote {written}: {told}"] if written else []


def leaves(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The places of everything in a JSON value, but the whole: of a list, the first alone."""
    found: list[tuple[str | int, ...]] = [at] if at else []
    if isinstance(value, dict):
        for name, one in value.items():
            found += leaves(one, (*at, name))
    elif isinstance(value, list) and value:
        found += leaves(value[0], (*at, 0))
    return found


def objects(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The places of every object in a JSON value, the whole too."""
    found: list[tuple[str | int, ...]] = [at] if isinstance(value, dict) else []
    if isinstance(value, dict):
        for name, one in value.items():
            found += objects(one, (*at, name))
    elif isinstance(value, list) and value:
        found += objects(value[0], (*at, 0))
    return found


MARK = "@@here@@"


def replaced(text: str, place: tuple[str | int, ...], by: str) -> str:
    """A JSON text with other text at a place: also such as no library would write."""
    whole = json.loads(text)
    here = whole
    for step in place[:-1]:
        here = here[step]
    here[place[-1]] = MARK
    return json.dumps(whole).replace(json.dumps(MARK), by)


def without(text: str, place: tuple[str | int, ...]) -> str:
    whole = json.loads(text)
    here = whole
    for step in place[:-1]:
        here = here[step]
    del here[place[-1]]
    return json.dumps(whole)


def added(text: str, place: tuple[str | int, ...], member: str) -> str:
    """A JSON text with one more member in the object at a place."""
    whole = json.loads(text)
    here = whole
    for step in place:
        here = here[step]
    here[MARK] = MARK
    return json.dumps(whole).replace(f"{json.dumps(MARK)}: {json.dumps(MARK)}", member)
