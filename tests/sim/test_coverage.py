"""The fault matrix asks for the call sites of stories in which nothing fails."""

import pytest

from tests.sim import coverage, story

SITE = "GET /v1/orders/{order_id} -> dynamodb GetItem orders"
RARER = "sweep-payments -> stripe GET /v1/refunds/{id}"
OFTEN = {"met": 500, "throttled": 20, "times out": 20, "fails before": 20, "delayed": 20}


def test_a_clean_story_meets_no_fault_and_breaks_no_law() -> None:
    told = story.tell(story.clean(50_000_001))

    assert (told.faults, told.hits, told.violation) == (0, {}, None)
    assert told.orders >= 3
    assert len(told.sites) > 100


def test_a_recorded_call_site_that_was_never_met_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(coverage, "recorded", lambda: frozenset({SITE}))

    assert coverage.show({}) == 1

    assert f"seldom: {SITE}: times out: 0" in capsys.readouterr().out


def test_what_is_met_only_after_a_failure_is_shown_apart_and_not_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(coverage, "recorded", lambda: frozenset({SITE}))

    assert coverage.show({SITE: OFTEN, RARER: {"met": 1}}) == 0

    assert f"seldom: {RARER}: throttled: 0" in capsys.readouterr().out


def test_every_call_site_that_was_recorded_is_one_of_the_product() -> None:
    assert SITE in coverage.recorded()
    assert len(coverage.recorded()) > 500
