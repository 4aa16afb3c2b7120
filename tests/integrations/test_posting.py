"""What an answer means."""

import pytest

from chalicelib.core.egress import Refused
from chalicelib.integrations import posting
from chalicelib.integrations.posting import Verdict
from tests.clocks import StandingClock
from tests.integrations.street import URL, Till, refused, reply, unreachable


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.ACKNOWLEDGED),
        (204, Verdict.ACKNOWLEDGED),
        (299, Verdict.ACKNOWLEDGED),
        (199, Verdict.FAILED),
        (301, Verdict.FAILED),
        (307, Verdict.FAILED),
        (400, Verdict.FAILED),
        (410, Verdict.GONE),
        (500, Verdict.FAILED),
    ],
)
def test_only_2xx_acknowledges_and_only_410_says_farewell(status: int, verdict: Verdict) -> None:
    assert posting.judge(status) is verdict


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120),
        ("0", 0),
        ("Sun, 22 Nov 2026 12:01:00 GMT", 60),
        ("Sun, 22 Nov 2026 12:01:00 -0000", 60),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(
    header: str | None, seconds: float | None, clock_at: StandingClock
) -> None:
    assert clock_at

    assert posting.retry_after(header) == seconds


def test_the_attempt_shows_the_beginning_of_the_answer_in_printable_characters() -> None:
    till = Till([reply(500, b"no\r\n\x1b[31m" + "밥".encode() + b"x" * 400)])

    outcome = posting.call(till, URL, {}, b"")

    assert outcome.attempt.answer.startswith("no   [31m x")
    assert len(outcome.attempt.answer) == 200
    assert (outcome.attempt.status, outcome.attempt.millis) == (500, 120)


@pytest.mark.parametrize(
    ("error", "code"), [(unreachable(), "timeout"), (refused(), "private_address")]
)
def test_no_answer_is_a_failure_with_its_cause(error: Exception, code: str) -> None:
    outcome = posting.call(Till([error]), URL, {}, b"")

    assert outcome.verdict is Verdict.FAILED
    assert (outcome.attempt.status, outcome.attempt.code) == (None, code)


def test_receivers_are_reached_in_another_way_while_a_world_is_simulated() -> None:
    till = Till([reply(204)])

    with posting.posting_through(till):
        reached = posting.post(URL, {}, b"{}")

    assert reached.status == 204
    with pytest.raises(Refused):
        posting.post("http://till.example.com/", {}, b"{}")
