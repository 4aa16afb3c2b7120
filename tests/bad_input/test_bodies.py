"""Bodies that no view should see: whatever is wrong with them, it is the sender's mistake."""

import json
from http import HTTPStatus

import pytest
from pydantic import ValidationError

from app import app
from chalicelib.core.routing import LARGEST_BODY, Route
from tests.authorisation import probes
from tests.authorisation.town import DOOR, Town
from tests.bad_input import sending
from tests.bad_input.sending import added, faults, leaves, objects, replaced, send, without
from tests.counting import Count
from tests.shopfront import HOURS, MENU

WITH_BODY = [route for route in app.specs if route.body is not None]
WRITING = [route for route in app.specs if route.method in {"POST", "PUT", "PATCH"}]
DEEP = 10_000

BROKEN: dict[str, str | bytes] = {
    "nothing": "",
    "half": '{"a": ',
    "a comma too many": '{"a": 1,}',
    "two values": "{} {}",
    "text": '"text"',
    "a number": "1",
    "null": "null",
    "a list": "[]",
    "a list of objects": "[{}]",
    "words": "name=Han&country=KR",
    "single quotes": "{'a': 1}",
    "a comment": "{} // yes",
    "deep lists": "[" * DEEP,
    "deep lists, closed": "[" * DEEP + "]" * DEEP,
    "deep objects": '{"a":' * DEEP + "1" + "}" * DEEP,
    "not UTF-8": b'{"a": "\xff\xfe"}',
    "a surrogate as bytes": b'{"a": "\xed\xa0\x80"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a lone surrogate": '{"a": "\ud800"}',
    "NUL": "\x00",
    "a huge number": '{"a": ' + "9" * 5_000 + "}",
}
HOSTILE: dict[str, str] = {
    "huge": str(10**30),
    "hugely negative": str(-(10**30)),
    "infinite": "1e309",
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "long text": json.dumps("x" * 12_000),
    "NUL": '"a\\u0000b"',
    "a lone surrogate": '"\\ud800"',
    "a reversed pair": '"\\udc00\\ud800"',
    "an object": '{"surprise": 1}',
    "deep": "[" * 300 + "]" * 300,
}
"""What nothing ever is."""

JUDGED_LATER = {("upload_menu", ("content",))}
"""Long text is some of these: each of its lines is answered afterwards."""

WRONG: dict[str, str] = {
    "true": "true",
    "text": '"text"',
    "empty text": '""',
    "a number": "7",
    "minus one": "-1",
    "a fraction": "0.5",
    "a list": "[]",
    "nulls": "[null]",
    "null": "null",
    "empty": "{}",
}
"""What some things are: the model of the body knows which."""


def _named(route: Route) -> str:
    return f"{route.method} {route.path}"


def _good(route: Route, town: Town) -> str:
    """A valid body in which as much as possible is said."""
    full = {
        "publish_menu": MENU,
        "update_store": {
            "names": {"en": "Han"},
            "location": DOOR["location"],
            "address": "Yeonnam-dong 2",
            "hours": HOURS[:1],
            "zones": [
                {
                    "area": {"type": "Radius", "metres": 900},
                    "fee": 1,
                    "minimum": 1,
                    "eta_minutes": 1,
                }
            ],
            "fulfilment": ["takeaway"],
            "preparation_minutes": 15,
            "tax": {"included": True, "basis_points": 1000},
            "phone": "+8225550100",
        },
        "create_quote": {
            "store_id": town.store,
            "fulfilment": "delivery",
            "items": [
                {
                    "item_id": "bibimbap",
                    "quantity": 1,
                    "options": {"size": ["large"]},
                    "note": "No onions",
                }
            ],
            "drop_off": DOOR,
            "note": "Ring",
        },
        "create_order": {
            "quote_id": town.quote,
            "payments": [{"method": "card", "amount": 9000}],
            "channel": "app",
        },
        "create_refund": {
            "lines": [{"line": 0, "quantity": 1}],
            "reason": "quality",
            "liable_party": "store",
            "destination": "wallet",
        },
        "create_tip": {"amount": 1000, "method": "card"},
        "create_balance": {
            "owner": "usr-nobody",
            "kind": "voucher",
            "amount": 5000,
            "currency": "KRW",
            "usable_until": "2026-12-01T00:00:00Z",
            "reason": "Goodwill.",
        },
        "create_webhook": {
            "url": "https://other.example.com/ieum",
            "event_types": ["order.created"],
        },
        "upload_menu": {
            "format": "csv",
            "content": "id",
            "replace": True,
            "partial": True,
        },
        "sell_out": {
            "things": [{"item_id": "bibimbap", "group_id": "size", "option_id": "large"}],
            "returns": "at",
            "until": "2026-12-01T00:00:00.000Z",
            "reason": "quality",
        },
        "pause_store": {"reason": "busy", "until": "2026-12-01T00:00:00.000Z"},
    }.get(route.name)
    return json.dumps(full) if full else str(sending.good_body(route, town))


@pytest.mark.parametrize("route", WITH_BODY, ids=_named)
def test_the_example_is_good(route: Route, town: Town) -> None:
    town.put(*probes.good_state(route))
    answer = send(route, town, body=_good(route, town))
    town.again()
    town.put("delivery", "CREATED")

    expected = answer.status == 409 if route.name in NOT_NOW else 200 <= answer.status < 300
    assert expected, answer.text


NOT_NOW = {"appeal_suspension"}
"""What is understood, and impossible as the town stands: nobody in it is suspended."""


@pytest.mark.parametrize("route", WITH_BODY, ids=_named)
def test_what_is_no_object_is_refused(route: Route, town: Town, cases: Count) -> None:
    found = []
    for name, body in BROKEN.items():
        answer = send(route, town, body=body)
        cases.one()
        found += faults(route, name, answer, town, "bad_request", "invalid", "too_large")

    assert found == []


@pytest.mark.parametrize("route", WITH_BODY, ids=_named)
def test_what_nothing_is_is_refused_in_every_field(route: Route, town: Town, cases: Count) -> None:
    good, found = _good(route, town), []
    for place in leaves(json.loads(good)):
        for name, by in HOSTILE.items():
            answer = send(route, town, body=replaced(good, place, by))
            cases.one()
            if (route.name, place) in JUDGED_LATER and answer.status == HTTPStatus.ACCEPTED:
                town.back()
                continue
            found += faults(route, f"{name} at {place}", answer, town)

    assert found == []


@pytest.mark.parametrize("route", WITH_BODY, ids=_named)
def test_a_wrong_type_is_refused_where_the_model_does_not_know_it(
    route: Route, town: Town, cases: Count
) -> None:
    good, found = _good(route, town), []
    bodies = {
        f"{name} at {place}": replaced(good, place, by)
        for place in leaves(json.loads(good))
        for name, by in WRONG.items()
    }
    bodies |= {f"without {place}": without(good, place) for place in leaves(json.loads(good))}
    for name, body in bodies.items():
        answer = send(route, town, body=body)
        cases.one()
        if _is_valid(route, body):
            town.back()
            found += [f"{name}: {answer.status}"] if answer.status >= 500 else []
        else:
            found += faults(route, name, answer, town, "invalid")

    assert found == []


def _is_valid(route: Route, body: str) -> bool:
    assert route.body is not None
    try:
        route.body.model_validate_json(body)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("route", WITH_BODY, ids=_named)
def test_a_field_that_is_not_known_or_given_twice_is_refused(
    route: Route, town: Town, cases: Count
) -> None:
    good, found = _good(route, town), []
    for place in objects(json.loads(good)):
        here = json.loads(good)
        for step in place:
            here = here[step]
        members = {"unknown": '"surprise": 1', "proto": '"__proto__": {"a": 1}', "empty": '"": 1'}
        if here:
            name = next(iter(here))
            members["twice"] = f"{json.dumps(name)}: {json.dumps(here[name])}"
        for case, member in members.items():
            answer = send(route, town, body=added(good, place, member))
            cases.one()
            found += faults(route, f"{case} at {place}", answer, town, "bad_request", "invalid")

    assert found == []


@pytest.mark.parametrize("route", WITH_BODY, ids=_named)
def test_another_media_type_is_refused(route: Route, town: Town, cases: Count) -> None:
    found = []
    for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=x", "json", ""):
        answer = send(route, town, body=_good(route, town), headers={"content-type": kind})
        cases.one()
        found += faults(route, f"as {kind}", answer, town, "unsupported_media_type")

    assert found == []


@pytest.mark.parametrize("route", WRITING, ids=_named)
def test_a_body_that_is_too_large_is_refused(route: Route, town: Town, cases: Count) -> None:
    sizes = {70_000, route.largest + 1}
    found = []
    for size in sorted(size for size in sizes if size > route.largest):
        for body in (" " * size, "[" * size, b"\xff" * size):
            answer = send(route, town, body=body)
            cases.one()
            found += faults(route, f"{size} bytes", answer, town, "too_large")

    assert found == []
    assert route.largest >= 8_192
    assert LARGEST_BODY <= 65_536
