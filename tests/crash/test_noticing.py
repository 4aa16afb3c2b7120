"""Whoever tells a decision may die at any call: it is told once, or a person learns of it."""

import pytest

from chalicelib.core import notices, outbox, parts
from chalicelib.core.outbox import Bell
from chalicelib.core.rights import SYSTEM
from chalicelib.notifications import noticing
from tests import database, faults, pool
from tests.accounts.mailbox import notices_box
from tests.clocks import StandingClock
from tests.faults import Crash, Script

TABLE, MAIL = "test-news", "jun@example.com"
BELL = Bell("notice", "jun#ntc_1", 1, "notice.person_suspended")


def decide() -> None:
    parts.commit(
        notices.tell("jun", "person_suspended", topic="standing", actor=SYSTEM, ident="ntc_1")
    )


def sweep_for_hours(clock_at: StandingClock) -> None:
    for _ in range(4):
        clock_at.move(3_600)
        for image in list(outbox.undelivered(TABLE)):
            outbox.rung(TABLE, image)
            noticing.hear(outbox.from_image(image))


@pytest.mark.parametrize("effect", [False, True])
def test_it_is_told_once_or_listed_wherever_somebody_dies(
    clock_at: StandingClock,
    effect: bool,  # noqa: FBT001 - whether the call still had its effect
) -> None:
    pool.settle(jun=MAIL)
    before, outcomes, number = database.keep(), [], 0
    while True:
        database.lay_out(before)
        decide()
        script = Script()
        script.crash_at(number, effect=effect)
        with notices_box() as mailbox:
            try:
                with faults.following(script):
                    noticing.hear(BELL)
            except Crash:
                for image in list(outbox.undelivered(TABLE)):
                    assert image["subject"]["S"] == BELL.subject
            else:
                break
            sweep_for_hours(clock_at)
        listed = [one.why for one in noticing.unreached().items]
        outcomes.append((len(mailbox.held[MAIL]), listed))
        number += 1

    assert number > 5
    assert {told for told, _ in outcomes} <= {0, 1}
    assert all(told == 1 or listed == ["unknown"] for told, listed in outcomes)
    assert sum(bool(listed) for _, listed in outcomes) <= 3  # around the one call that sends
