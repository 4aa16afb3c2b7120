"""Receivers that never answer cost those that do nothing: a small share of the bench."""

import pytest

from bench import environment, webhooks, webhooks_cloud
from bench.webhooks import Load
from tests import tables


def test_dead_receivers_cost_the_others_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL_SNS", raising=False)
    monkeypatch.setattr(environment, "STACK", "test")
    load = Load(endpoints=20, events_per_second=20, seconds=3, afterwards=5)

    found = webhooks.compared(load, webhooks.workers(tables.template()))

    assert webhooks.faults(found) == []
    assert found["silent"] > 0
    assert "ratio 1.000" in webhooks.shown(load, found)


def test_what_is_not_as_promised_is_named() -> None:
    found = {"healthy": 5, "healthy_without": 6, "p99": 3.0, "ratio": 1.2}

    assert len(webhooks.faults(found)) == 3


def test_of_the_cloud_both_rates_are_told_and_what_is_not_as_promised() -> None:
    found = {
        "sustained": 12.0, "rate": 6.0, "endpoints": 100, "dead": 10, "first_attempts": 900,
        "p50": 0.2, "p99": 5.5, "p50_without": 0.2, "p99_without": 4.0, "ratio": 1.375,
    }  # fmt: skip

    told = webhooks_cloud.shown(found)

    assert "sustains 12.0 events/s" in told
    assert "6.0 events/s" in told
    assert len(webhooks_cloud.faults(found)) == 2
