"""Who is asked, and how many cases there were: told with the other counts, at the end of a run."""

import pytest

from tests import counting


@pytest.fixture(autouse=True)
def _counted(request: pytest.FixtureRequest) -> None:
    """Note to whom a case is put, and why to the fake alone where that is so."""
    mark = request.node.get_closest_marker("conformance")
    asked = "the fake"
    if mark is not None and mark.kwargs["fake_only"]:
        asked = f"the fake alone, since it {mark.kwargs['fake_only']}"
    elif "port" in request.fixturenames and request.getfixturevalue("judge") == "stripe":
        asked = "Stripe"
    count = counting.Count(request, f"conformance, put to {asked}")
    count.one()
    count.record()
