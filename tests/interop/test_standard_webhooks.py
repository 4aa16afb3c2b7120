"""The libraries of receivers, in Python and in JavaScript: they believe ours, and we theirs."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from hmac import compare_digest
from pathlib import Path
from typing import Any, Self

import pytest
from standardwebhooks import webhooks
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from chalicelib.integrations import signing

HERE = Path(__file__).parent
AT = 1_795_348_800
TOLERANCE = 300
BODIES = (
    '{"type":"order.created","data":{"order_id":"ord_1"}}',
    '{"name":"비빔밥 \\u00e9","price":"₩9,000"}',
    '{ "spaces" :  [1, 2.50, -0.0, 1e3],\n "empty": {} }',
)
NEW, OLD, OTHER = (signing.new_secret() for _ in range(3))


@dataclass(frozen=True)
class Case:
    """A message as it is sent, who reads it when, and whether they must believe it."""

    name: str
    secret: str
    headers: Mapping[str, str]
    body: str
    at: int
    believed: bool


def cases() -> list[Case]:
    made = []
    for number, body in enumerate(BODIES):
        ours = signing.headers([NEW], f"msg_{number}", AT, body.encode())
        both = signing.headers([NEW, OLD], f"msg_{number}", AT, body.encode())
        for seconds in (-301, -299, 0, 299, 301):
            fresh = abs(seconds) <= TOLERANCE
            made.append(Case(f"{seconds} s late", NEW, ours, body, AT + seconds, fresh))
        made += [
            Case("the newer of two", NEW, both, body, AT, believed=True),
            Case("the older of two", OLD, both, body, AT, believed=True),
            Case("neither of two", OTHER, both, body, AT, believed=False),
            Case("another's secret", OTHER, ours, body, AT, believed=False),
            Case("another body", NEW, ours, body + " ", AT, believed=False),
            Case("another id", NEW, {**ours, "webhook-id": "msg_x"}, body, AT, believed=False),
            Case("no signature", NEW, {**ours, "webhook-signature": ""}, body, AT, believed=False),
        ]
    return made


def we_believe(case: Case) -> bool:
    """What we would say of a message, by the rules and with our own signatures."""
    sent = int(case.headers["webhook-timestamp"])
    own = signing.sign(case.secret, case.headers["webhook-id"], sent, case.body.encode())
    given = case.headers["webhook-signature"].split(" ")
    return abs(case.at - sent) <= TOLERANCE and any(compare_digest(own, one) for one in given)


def python_believes(case: Case, monkeypatch: pytest.MonkeyPatch) -> bool:
    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(case.at, tz)

    monkeypatch.setattr(webhooks, "datetime", Then)
    try:
        Webhook(case.secret).verify(case.body, dict(case.headers))
    except WebhookVerificationError:
        return False
    return True


def node(asked: list[dict[str, Any]]) -> list[Any]:
    """What the npm package says to all of them, in one process; skips where it is not there."""
    executable = shutil.which("node")
    if executable is None:
        pytest.skip("Node is not installed, so what the npm package says is not asked.")
    if not (HERE / "node_modules").exists():
        pytest.skip("The npm package is not installed: make setup does it where npm is.")
    done = subprocess.run(  # noqa: S603 - our own words to our own script
        [executable, "ask.mjs"], cwd=HERE, input=json.dumps(asked), capture_output=True,
        text=True, timeout=60, check=True,
    )  # fmt: skip
    answers: list[Any] = json.loads(done.stdout)
    return answers


def test_python_receivers_believe_what_we_do_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = [
        one.name
        for one in cases()
        if not python_believes(one, monkeypatch) is we_believe(one) is one.believed
    ]

    assert wrong == []


def test_we_believe_what_python_senders_sign() -> None:
    for body in BODIES:
        moment = datetime.fromtimestamp(AT, UTC) + timedelta(seconds=1)

        theirs = Webhook(NEW).sign("msg_1", moment, body)

        assert theirs == signing.sign(NEW, "msg_1", AT + 1, body.encode())


def test_javascript_receivers_believe_what_we_do_and_we_what_they_sign() -> None:
    known = cases()
    asked: list[dict[str, Any]] = [
        {
            "do": "verify", "secret": one.secret, "headers": dict(one.headers),
            "body": one.body, "at": one.at,
        }
        for one in known
    ]  # fmt: skip
    asked += [
        {"do": "sign", "secret": NEW, "id": "msg_1", "at": AT, "body": body} for body in BODIES
    ]

    answers = node(asked)

    verdicts, signed = answers[: len(known)], answers[len(known) :]
    wrong = [
        one.name for one, said in zip(known, verdicts, strict=True) if said is not one.believed
    ]
    assert wrong == []
    assert signed == [signing.sign(NEW, "msg_1", AT, body.encode()) for body in BODIES]
