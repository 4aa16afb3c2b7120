"""Random JSON for every body: whatever comes, nothing of ours breaks."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import app
from chalicelib.core.routing import Route
from tests.authorisation.town import Town
from tests.bad_input.sending import good_body, send
from tests.counting import Count

WITH_BODY = [route for route in app.specs if route.body is not None]
EXAMPLES = 40

_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.text(st.characters(categories=["Cs"]), max_size=2)
)
_anything = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("route", WITH_BODY, ids=lambda route: f"{route.method} {route.path}")
def test_no_body_breaks_a_route(route: Route, town: Town, cases: Count) -> None:
    good = json.loads(str(good_body(route, town)))

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(body=_bodies(route, good))
    def holds(body: object) -> None:
        answer = send(route, town, body=json.dumps(body))
        cases.one()
        town.back()

        assert answer.status < 500, answer.text

    holds()


def _bodies(route: Route, good: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Anything; and what is good, with anything in some of its fields."""
    assert route.body is not None
    names = sorted(route.body.model_fields)
    changed = st.dictionaries(st.sampled_from(names), _anything, max_size=3)
    return _anything | changed | changed.map(lambda some: {**good, **some})
