"""People are told what was decided about them: once, in their language, or an operator learns."""

import re
import string
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from chalicelib.catalog import reading
from chalicelib.core import clock, notices, outbox, parts
from chalicelib.core.outbox import Bell
from chalicelib.core.rights import SYSTEM
from chalicelib.notifications import notice_wording, noticing
from chalicelib.notifications.schemas import Language
from chalicelib.orders import tallies
from chalicelib.people import sending
from chalicelib.people.models import PROFILE, Profile, person_key
from tests import people, pool
from tests.accounts.mailbox import Mailbox, notices_box
from tests.clocks import StandingClock
from tests.integrations.street import STORE
from tests.notifications.desk import Desk
from tests.world import World

TABLE = "test-news"
WHO, MAIL = "jun", "jun@example.com"
TOLD = {
    "deletion_asked", "deletion_soon", "deletion_withdrawn", "deletion_done", "person_suspended",
    "person_restored", "guest_suspended", "guest_restored", "refused_orders_limit",
    "failed_payments_limit", "appeal_granted",
    "appeal_refused", "decision_appeal_answered",
    "application_approved", "application_needs_changes",
    "application_rejected", "store_live", "store_suspended", "store_restored",
    "webhook_disabled",
    "store_paused_silent", "store_paused_unanswered", "staff_invited",
    "courier_suspended", "courier_restored", "suspension_appeal_granted",
    "suspension_appeal_refused", "document_approved", "document_refused", "document_ends",
}  # fmt: skip
DATA = {
    "due_at": "2026-12-07T03:00:00.000Z", "until": "2026-12-07T03:00:00.000Z",
    "reasons": ["duplicate"], "role": "till",
}  # fmt: skip
NO_ANSWER = ReadTimeoutError(endpoint_url="https://mail.test")
NOBODY_THERE = EndpointConnectionError(endpoint_url="https://mail.test")


def decide(what: str = "person_suspended", to: str = WHO, **said: Any) -> Bell:  # noqa: ANN401
    """Something is decided. The bell that rings for it."""
    part = notices.tell(to, what, topic=said.pop("topic", what), actor=SYSTEM, **said)
    parts.commit(part)
    item: Any = part.item
    return Bell("notice", item.subject, 1, item.type)


def hear(desk: Desk, bell: Bell) -> None:
    assert desk.ring(bell) == []


def hear_what_is_due(desk: Desk) -> int:
    """What the sweep of bells does. How many rang."""
    images = list(outbox.undelivered(TABLE))
    for image in images:
        outbox.rung(TABLE, image)
        hear(desk, outbox.from_image(image))
    return len(images)


def outcome_of(bell: Bell) -> str | None:
    found = notices.read(bell.subject)
    return found[0].outcome if found else None


@pytest.fixture(autouse=True)
def _settled(desk: Desk) -> None:
    assert desk
    pool.settle(**{WHO: MAIL, "hana": "+821055500123"})


# --- which way ----------------------------------------------------------------------------------


def test_whoever_has_a_phone_is_told_there_and_everybody_else_by_their_address_once(
    desk: Desk, clock_at: StandingClock
) -> None:
    desk.register("mina", language="ko")
    parts.commit(
        parts.overwrite(Profile(person_key(WHO), PROFILE, version=1, language="en", consents={}))
    )
    said = [decide(to=who) for who in ("mina", WHO, "hana", "nobody")]

    with notices_box() as mailbox:
        for bell in [*said, *said]:
            hear(desk, bell)
        clock_at.move(90_000)
        assert hear_what_is_due(desk) == 0

    assert [message.data["type"] for message in desk.inbox("mina-token")] == [said[0].type]
    assert mailbox.held[MAIL] == [notice_wording.say("en", "person_suspended", {}, {})[1]]
    [text] = mailbox.held["+821055500123"]
    assert "정지" in text
    assert "mistake" in text  # nobody knows which of the two she reads
    assert [outcome_of(bell) for bell in said] == ["told", "told", "told", "nowhere"]


def test_a_stores_owners_are_told_and_nobody_else_on_its_staff(desk: Desk) -> None:
    for who in ("owner", "sora"):
        desk.register(who, token=f"{who}-phone")
    bell = decide("store_suspended", to=STORE, data={"store_id": STORE})

    with patch.object(reading, "owners_of", lambda _: ["owner"]):
        hear(desk, bell)

    [message] = desk.inbox("owner-phone")
    assert message.data["event_id"]
    assert desk.inbox("sora-phone") == []


def test_an_address_is_told_until_somebody_floods_it_and_forgotten_then(desk: Desk) -> None:
    said: dict[str, Any] = {
        "data": {"store_id": STORE, "role": "till"}, "address": "new@example.com",
    }  # fmt: skip
    bells = [decide("staff_invited", to=f"inv_{number}", **said) for number in range(7)]
    bells.append(decide("staff_invited", to="inv_jun", **{**said, "address": MAIL}))
    desk.register(WHO, token="juns-phone")

    with notices_box() as mailbox:
        for bell in bells:
            hear(desk, bell)

    assert len(mailbox.held["new@example.com"]) == 5
    assert len(desk.inbox("juns-phone")) == 1
    assert MAIL not in mailbox.held
    found = [notices.read(bell.subject) for bell in bells]
    assert [one[0].address for one in found if one] == [None] * 8


# --- when -----------------------------------------------------------------------------------------


def test_what_is_due_later_waits_and_is_overtaken_by_what_is_decided_meanwhile(
    desk: Desk, clock_at: StandingClock
) -> None:
    due: dict[str, Any] = {
        "data": {"due_at": clock.stamp(clock.after(9 * 86_400))},
        "topic": "deletion",
    }
    waits = decide("deletion_soon", not_before=clock.after(7 * 86_400), **due)
    other = decide("deletion_soon", to="hana", not_before=clock.after(7 * 86_400), **due)

    with notices_box() as mailbox:
        hear(desk, waits)
        hear(desk, other)
        assert hear_what_is_due(desk) == 0
        clock_at.move(86_400)
        stays = decide("deletion_withdrawn", topic="deletion")
        hear(desk, stays)
        clock_at.move(7 * 86_400)
        assert hear_what_is_due(desk) == 2

    assert len(mailbox.held[MAIL]) == 1
    assert [outcome_of(one) for one in (waits, stays, other)] == ["overtaken", "told", "told"]


# --- what fails -----------------------------------------------------------------------------------


def test_a_service_that_nobody_reaches_is_asked_for_two_days_and_then_it_is_listed(
    desk: Desk, clock_at: StandingClock
) -> None:
    bell, attempts = decide(), 1
    with notices_box() as mailbox:
        with patch.object(Mailbox, "send_email", side_effect=NOBODY_THERE):
            hear(desk, bell)
            for seconds in noticing.LADDER:
                assert hear_what_is_due(desk) == 0
                clock_at.move(seconds + 31)
                attempts += hear_what_is_due(desk)
        clock_at.move(90_000)
        assert hear_what_is_due(desk) == 0

    assert attempts == 1 + len(noticing.LADDER)
    [listed] = noticing.unreached().items
    assert (listed.recipient, listed.why, mailbox.held[MAIL]) == (WHO, "unreached", [])


def test_what_could_not_be_told_is_told_once_the_service_is_back(
    desk: Desk, clock_at: StandingClock
) -> None:
    bell = decide()
    with notices_box() as mailbox:
        with patch.object(Mailbox, "send_email", side_effect=NOBODY_THERE):
            hear(desk, bell)
        clock_at.move(100)
        assert hear_what_is_due(desk) == 1

    assert (len(mailbox.held[MAIL]), outcome_of(bell)) == (1, "told")


def test_what_may_have_been_sent_is_not_sent_again(desk: Desk, clock_at: StandingClock) -> None:
    """The service does not answer; or who asked it is dead before it has noted the answer."""
    bell, other = decide(), decide(to="hana")
    with notices_box() as mailbox:
        with patch.object(Mailbox, "send_email", side_effect=NO_ANSWER):
            hear(desk, bell)
        dying = patch.object(sending, "send_once", side_effect=KeyboardInterrupt)
        with dying, pytest.raises(KeyboardInterrupt):
            desk.ring(other)
        hear(desk, other)  # the lease of the dead holds
        clock_at.move(notices.LEASE_SECONDS + 31)
        assert hear_what_is_due(desk) == 1

    assert [one.why for one in noticing.unreached().items] == ["unknown", "unknown"]
    assert not any(mailbox.held.values())
    assert outcome_of(bell) == outcome_of(other) == "unknown"


def test_what_nobody_knows_how_to_tell_is_given_up_and_listed(
    desk: Desk, clock_at: StandingClock
) -> None:
    """Of a newer release, perhaps, that was taken back."""
    bell = decide("something_new")
    with notices_box():
        failed = [desk.ring(bell)]
        for _ in range(noticing.MOST_CLAIMS):
            clock_at.move(notices.LEASE_SECONDS + 31)
            for image in list(outbox.undelivered(TABLE)):
                outbox.rung(TABLE, image)
                failed.append(desk.ring(bell))
        clock_at.move(notices.LEASE_SECONDS + 31)

    assert failed == [["0"]] * noticing.MOST_CLAIMS + [[]]
    assert list(outbox.undelivered(TABLE)) == []
    assert [one.why for one in noticing.unreached().items] == ["unreached"]


# --- what is said ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
def test_every_notice_has_a_short_text_in_each_language_and_nothing_is_left_open(
    language: str,
) -> None:
    texts = notice_wording.texts(language)
    other = notice_wording.words("en")

    assert {*texts} == TOLD
    assert {name: {*said} for name, said in notice_wording.words(language).items()} == {
        name: {*said} for name, said in other.items()
    }
    for what, template in texts.items():
        title, body = notice_wording.say(language, what, DATA, {"en": "Store", "ko": "가게"})
        named = {name for one in template for _, name, *_ in string.Formatter().parse(one) if name}
        assert named <= {"store", "why", "role", "due_at", "until"}
        assert 0 < len(title) <= 60
        assert 0 < len(body) <= 200
        assert not re.search(r"[{}]|\s\s|^\s", title + body)
        assert bool(re.search("[가-힣]", body)) is (language == "ko")


# --- whoever decides ------------------------------------------------------------------------------


def test_every_decision_about_somebody_is_told_in_the_transaction_that_decides(
    world_at: World,
) -> None:
    pool.settle(mina="mina@example.com", owner="owner@example.com")
    operator, mina, owner = (
        world_at.operator(), world_at.customer(), people.person("merchant", "owner"),
    )  # fmt: skip
    why, store_id = {"reason": "A letter."}, world_at.store()
    path = f"/v1/stores/{store_id}"
    for verb in ("suspend", "approve"):
        assert world_at.post(f"{path}/{verb}", why, token=operator).status == 200
    invited = {"email": "new@example.com", "role": "till"}
    made = world_at.post(f"{path}/invitations", invited, token=owner, key="i")
    about = {"name": "Mina's", "legal_name": "Mina Ltd.", "country": "KR"}
    verdicts: list[dict[str, Any]] = [
        {"verdict": "rejected", "reasons": [{"code": "duplicate"}]},
        {"verdict": "approved", "reasons": []},
    ]
    for number, said in enumerate(verdicts):
        written = world_at.post("/v1/applications", about, token=mina, key=f"a{number}").json
        one = f"/v1/applications/{written['id']}"
        assert world_at.post(f"{one}/submit", token=mina).status == 200
        for _ in range(2):
            assert world_at.post(f"{one}/review", {**said, **why}, token=operator).status == 200
    new = {"limit": "cash_orders_limit", "text": "I was there."}
    appeal = world_at.post("/v1/appeals", new, token=mina, key="l").json["id"]
    for _ in range(2):
        assert world_at.post(f"/v1/appeals/{appeal}/grant", why, token=operator).status == 200
    for verb in ("suspend", "suspend", "restore", "delete", "keep"):
        assert world_at.post(f"/v1/people/mina/{verb}", why, token=operator).status == 200
    taken_back = f"{path}/invitations/{made.json['id']}"
    assert told_to(made.json["id"]) == ["staff_invited"]
    assert world_at.call("DELETE", taken_back, token=owner).status == 204

    assert sorted(told_to(store_id)) == ["store_live", "store_restored", "store_suspended"]
    assert told_to(made.json["id"]) == []
    assert sorted(told_to("mina")) == [
        "appeal_granted", "application_approved", "application_rejected", "deletion_asked",
        "deletion_soon", "deletion_withdrawn", "person_restored", "person_suspended",
    ]  # fmt: skip


def test_who_meets_a_limit_that_lasts_is_told_with_the_write_that_meets_it(
    world_at: World,
) -> None:
    def fail() -> None:
        parts.commit(*tallies.payment_failed("mina", None))

    def refuse() -> None:
        parts.commit(*tallies.moved("mina", None, (), waited=False, brought=False, refused=True))

    counted = []
    for act in [fail] * 5 + [refuse] * 3:
        world_at.clock.move(1)
        act()
        counted.append(told_to("mina"))

    assert counted[:4] == [[]] * 4
    assert counted[4:7] == [["failed_payments_limit"]] * 3
    assert counted[7] == ["failed_payments_limit", "refused_orders_limit"]
    assert [bool(one.data["until"]) for one in notices.of("mina")] == [True, True]


def told_to(who: str) -> list[str]:
    return [one.type.removeprefix("notice.") for one in notices.of(who)]
