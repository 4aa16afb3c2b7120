"""One shard, since a sweep asks each; and how many cases were run is said at the end."""

import pytest

SHARDED = (
    "chalicelib.core.outbox",
    "chalicelib.orders.deadlines",
    "chalicelib.orders.moving",
    "chalicelib.payments.changing",
    "chalicelib.payments.following",
)


@pytest.fixture(autouse=True)
def _one_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in SHARDED:
        monkeypatch.setattr(f"{module}.SHARDS", 1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counted: dict[str, int] = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, cases in report.user_properties:
            counted[name] = counted.get(name, 0) + int(cases)
    for name, cases in sorted(counted.items()):
        terminalreporter.write_line(f"{name}: {cases} cases")
