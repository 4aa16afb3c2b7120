"""The application with callers of all roles, and a queue that only remembers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from chalice.test import Client

from app import app
from chalicelib.core import auth, aws
from tests import people
from tests.clocks import StandingClock
from tests.integrations.street import Street, open_store


@pytest.fixture
def street(clock_at: StandingClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    assert clock_at
    people.settle_in()
    open_store()
    with Client(app) as client:
        made = Street(client)
        monkeypatch.setattr(auth, "verify", made.callers.__getitem__)
        yield made


@dataclass
class Rung:
    """What was put on queues, and after how many seconds it may be taken."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)

    def send_all(self, _: str, messages: Sequence[Mapping[str, Any]], *, delay: int = 0) -> None:
        self.messages += [dict(message) for message in messages]
        self.delays += [delay] * len(messages)


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> Rung:
    recorder = Rung()
    monkeypatch.setattr(aws, "send_all", recorder.send_all)
    return recorder
