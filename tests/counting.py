"""How many cases the generated tests went through: said once, at the end of the run.

A test records its number as a property of its report, which is what reaches the controller of
pytest-xdist too.
"""

from collections import Counter

import pytest
from _pytest.terminal import TerminalReporter

CASES = "cases of "


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    counted: Counter[str] = Counter()
    for report in terminalreporter.getreports(""):  # those of setting up and tearing down
        for name, number in report.user_properties if report.when == "teardown" else ():
            counted[name.removeprefix(CASES)] += int(str(number))
    for name, number in sorted(counted.items()):
        terminalreporter.write_line(f"{name}: {number} cases")


class Count:
    """The number of cases that one test goes through."""

    def __init__(self, request: pytest.FixtureRequest, name: str, number: int = 0) -> None:
        self._node, self._name, self.number = request.node, CASES + name, number

    def one(self) -> None:
        self.number += 1

    def record(self) -> None:
        self._node.user_properties.append((self._name, self.number))
