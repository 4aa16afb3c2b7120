"""A card number, wherever somebody puts it: refused, kept nowhere, and in no line of the log."""

import json

import pytest

from app import app
from chalicelib.core.routing import Route
from tests.authorisation.town import Town
from tests.bad_input.sending import added, faults, good_body, leaves, replaced, send
from tests.counting import Count

CARD = "4111111111111111"
ESCAPED = "".join(f"\\u{ord(digit):04x}" for digit in CARD)
WRITTEN = {
    "as text": f'"{CARD}"',
    "as a number": CARD,
    "in groups": '"4111 1111 1111 1111"',
    "with dashes": '"4111-1111-1111-1111"',
    "in words": f'"my card is {CARD}, thank you"',
    "escaped": f'"{ESCAPED}"',
    "half escaped": f'"4{ESCAPED[6:]}"',
    "in a list": f'["{CARD}"]',
    "of another issuer": '"378282246310005"',
}
REFUSED = "card_number_refused"
CHECKED = [route for route in app.specs if not route.raw]
BY_SIGNATURE = [route for route in app.specs if route.raw]


def _named(route: Route) -> str:
    return f"{route.method} {route.path}"


def _silent(capsys: pytest.CaptureFixture[str]) -> bool:
    printed = "".join(capsys.readouterr())
    digits = "".join(letter for letter in printed if letter not in " -")
    return bool(printed) and CARD not in digits and ESCAPED not in printed


@pytest.mark.parametrize("route", CHECKED, ids=_named)
def test_a_card_number_is_refused_in_any_field_of_a_body(
    route: Route, town: Town, cases: Count, capsys: pytest.CaptureFixture[str]
) -> None:
    good, found = good_body(route, town) or "{}", []
    bodies = {
        f"{name} in an unknown field": added(good, (), f'"card": {card}')
        for name, card in WRITTEN.items()
    }
    bodies |= {
        f"{name} at {place}": replaced(good, place, card)
        for place in leaves(json.loads(good))
        for name, card in WRITTEN.items()
    }
    bodies |= {"for a name": added(good, (), f'"{CARD}": 1'), "no JSON": CARD, "form": f"c={CARD}"}
    for name, body in bodies.items():
        answer = send(route, town, body=body)
        cases.one()
        found += faults(route, name, answer, town, REFUSED)

    assert found == []
    assert _silent(capsys)


@pytest.mark.parametrize("route", CHECKED, ids=_named)
def test_a_card_number_is_refused_in_query_and_path(
    route: Route, town: Town, cases: Count, capsys: pytest.CaptureFixture[str]
) -> None:
    found, body = [], good_body(route, town)
    for pair in (("card", CARD), ("cursor", "4111 1111 1111 1111"), (CARD, "1"), ("limit", CARD)):
        answer = send(route, town, body=body, query=[pair])
        cases.one()
        found += faults(route, f"in {pair}", answer, town, REFUSED)
    for name in route.path_names:
        for card in (CARD, "4111-1111-1111-1111", f"ord_{CARD}"):
            answer = send(route, town, body=body, parts={name: card})
            cases.one()
            found += faults(route, f"{card} for {name}", answer, town, REFUSED)

    assert found == []
    assert _silent(capsys)


@pytest.mark.parametrize("route", BY_SIGNATURE, ids=_named)
def test_where_a_signature_decides_a_card_number_is_kept_nowhere_and_not_logged(
    route: Route, town: Town, cases: Count, capsys: pytest.CaptureFixture[str]
) -> None:
    found = []
    for body in (f'{{"card": "{CARD}"}}', f"card={CARD}", f"grant_type={CARD}", CARD):
        for query in ([], [("card", CARD)]):
            answer = send(route, town, body=body, query=query)
            cases.one()
            found += faults(route, f"{body} {query}", answer, town)

    assert found == []
    assert _silent(capsys)


@pytest.mark.parametrize("header", ["Idempotency-Key", "If-None-Match", "Origin", "User-Agent"])
def test_a_card_number_in_a_header_is_not_logged(
    header: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    for route in CHECKED:
        send(route, town, body=good_body(route, town), headers={header: CARD})
        kept = json.dumps(town.digest())
        town.back()

        assert CARD not in kept

    assert _silent(capsys)
