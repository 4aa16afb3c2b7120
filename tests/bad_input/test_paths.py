"""Paths and queries that lead nowhere: 404 for what is no id, 400 for what is no query."""

import base64
import json
import re

import pytest

from app import app
from chalicelib.core.routing import Route
from tests.authorisation.probes import QUERY
from tests.authorisation.town import Town
from tests.bad_input.sending import faults, good_body, parts_of, send
from tests.counting import Count

WITH_PARTS = [route for route in app.specs if route.path_names]
LISTS = [route for route in app.specs if route.query is not None]
OF_OTHERS = {"user": re.compile(r"[A-Za-z0-9_-]{1,128}"), "item": re.compile(r"[a-z0-9-]{1,40}")}
"""Ids that others give: such a one may be somebody's."""
PREFIX = {
    "ord": "sto",
    "sto": "ord",
    "quo": "ord",
    "mer": "sto",
    "cli": "whk",
    "whk": "cli",
    "dlv": "ofr",
    "ofr": "dlv",
    "ref": "bal",
    "bal": "ref",
}


def _named(route: Route) -> str:
    return f"{route.method} {route.path}"


def _malformed(good: str) -> dict[str, str]:
    prefix, _, number = good.partition("_")
    return {
        "short": "x",
        "the prefix alone": f"{prefix}_",
        "no prefix": number or "-",
        "lower case": good.lower() if number else "a b",
        "one more": f"{good}0" if number else "x" * 129,
        "one less": good[:-1] if number else "",
        "of another kind": f"{PREFIX.get(prefix, 'x y')}_{number}",
        "with a hash": f"{good}#HEAD",
        "with a line end": f"{good}\n",
        "with a NUL": f"{good}\x00",
        "over-long": "a" * 5_000,
        "over-long digits": "9" * 41,
        "upwards": "..%2f..%2fetc",
        "another script": "주문",
        "digits of another script": "１２",  # noqa: RUF001 - which is the point
        "a surrogate": "\ud800",
        "braces": "{order_id}",
    }


@pytest.mark.parametrize("route", WITH_PARTS, ids=_named)
def test_what_is_no_id_is_not_there(route: Route, town: Town, cases: Count) -> None:
    found = []
    for part, good in parts_of(route, town).items():
        for name, bad in _malformed(good).items():
            if part in OF_OTHERS and OF_OTHERS[part].fullmatch(bad):
                continue
            removes = route.name in {"remove_webhook", "remove_merchant_webhook"}
            if removes and name == "of another kind" and part == "webhook_id":
                continue  # one that is not there is removed already: a repetition
            answer = send(route, town, body=good_body(route, town), parts={part: bad})
            cases.one()
            found += faults(route, f"{part} {name}", answer, town)
            found += [f"{part} {name}: {answer.status}"] if answer.status != 404 else []

    assert found == []


def _cursor(place: object) -> str:
    text = place if isinstance(place, str) else json.dumps(place)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


WHOLE = {"pk": "ORDER#x", "sk": "HEAD", "listed_at": "2026-11-22T12:00:00.000Z#ord_x"}
CURSORS = {
    "text": "x",
    "padding": "====",
    "another alphabet": "주문",
    "a surrogate": "\ud800",
    "over-long": "A" * 1_025,
    "no JSON": _cursor("{"),
    "no object": _cursor([1]),
    "a number": _cursor(1),
    "an empty object": _cursor({}),
    "deep": _cursor("[" * 700),
    "NaN": _cursor("NaN"),
    "too few": _cursor({"pk": "ORDER#x"}),
    "too many": _cursor({**WHOLE, "customer_id": "usr-customer", "x": "y"}),
    "numbers": _cursor(dict.fromkeys(WHOLE, 1)),
    "empty keys": _cursor(dict.fromkeys(WHOLE, "")),
    "one empty key": _cursor({**WHOLE, "pk": ""}),
    "a surrogate inside": _cursor({**WHOLE, "listed_at": "\ud800"}),
    "NUL inside": _cursor({**WHOLE, "listed_at": "\x00"}),
    "a message": _cursor({"sk": "ORDER#x"}),
    "an empty message": _cursor({"sk": ""}),
    "a surrogate of a message": _cursor({"sk": "MSG#\ud800"}),
    "a long message": _cursor({"sk": "MSG#" + "0" * 700}),
    "a list": _cursor({"sk": ["MSG#1"]}),
    "another city": base64.urlsafe_b64encode(b"busan/2026").decode(),
}
LIMITS = ("0", "-1", "101", "1e1", "ten", "", "NaN", "9" * 5_000, "1.5")
QUERIES = [
    *(("limit", value) for value in LIMITS),
    ("surprise", "1"),
    ("city", "x" * 41),
    ("", "1"),
]  # fmt: skip


@pytest.mark.parametrize("route", LISTS, ids=_named)
def test_a_cursor_that_is_none_of_ours_is_refused(route: Route, town: Town, cases: Count) -> None:
    found = []
    city = QUERY.get(route.name, ())
    for name, cursor in CURSORS.items():
        answer = send(route, town, query=[*city, ("cursor", cursor)])
        cases.one()
        found += faults(route, name, answer, town, "invalid", "cursor_unknown")

    assert found == []


@pytest.mark.parametrize("route", LISTS, ids=_named)
def test_a_query_that_is_not_understood_is_refused(route: Route, town: Town, cases: Count) -> None:
    found = []
    city = QUERY.get(route.name, ())
    for name, value in QUERIES:
        answer = send(route, town, query=[*(city if name != "city" else []), (name, value)])
        cases.one()
        found += faults(route, f"?{name}={value[:20]}", answer, town, "invalid")
    answer = send(route, town, query=[*city, ("limit", "1"), ("limit", "1")])
    found += faults(route, "a limit given twice", answer, town, "invalid")

    assert found == []


@pytest.mark.parametrize("route", [one for one in app.specs if one.needs_key], ids=_named)
def test_an_idempotency_key_that_is_none_is_refused(route: Route, town: Town, cases: Count) -> None:
    found = []
    for key in ("", " ", "a b", "x" * 256, "열쇠", "a\n", "\x00", "\ud800"):
        answer = send(route, town, body=good_body(route, town), headers={"Idempotency-Key": key})
        cases.one()
        found += faults(route, f"key {key!r:.20}", answer, town, "idempotency_key_missing")

    assert found == []
