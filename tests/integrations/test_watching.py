"""A store's app that falls silent, and orders that nobody answers: the store is paused, once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.catalog import pausing
from chalicelib.catalog import reading as stores
from chalicelib.catalog.models import CatalogEvent, store_key
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import PauseReason
from chalicelib.core import clock, news, notices, outbox, parts
from chalicelib.core.parts import Part
from chalicelib.integrations import (
    events,
    feeding,
    reach,
    ringing,
    sending,
    unanswered,
    watching,
)
from chalicelib.integrations.watch_models import Watch
from chalicelib.orders import reading
from tests import people, surroundings
from tests.integrations.conftest import Rung
from tests.integrations.street import Answer, Till, unreachable
from tests.integrations.test_availability_news import AVAILABILITY, join, tell
from tests.integrations.test_handlers import SCHEDULE
from tests.world import World

MINUTE = 60.0


def beat(world: World, store_id: str, token: str = "") -> Any:  # noqa: ANN401 - any JSON
    token = token or people.person("merchant", "owner")
    answer = world.post(f"/v1/stores/{store_id}/heartbeat", token=token)
    assert answer.status == 200, answer.text
    return answer.json


def sweep(rung: Rung, till: Till | None = None) -> int:
    """What the minute's sweep does, and whoever hears what it rings. How many stores it named.

    Where there is a till, messages reach it.
    """
    rung.messages.clear()
    events.sweep_webhooks(SCHEDULE, None)
    named = [one for one in rung.messages if one["kind"] == ringing.WATCHED]
    for message in named:
        events._hear(message)
    sent = [one for one in rung.messages if one["kind"] == ringing.KIND] if till else []
    for message in sent:
        sending.drive(ringing.place_of(message), till or Till())
    return len(named)


def reason_of(store_id: str) -> PauseReason | None:
    found = stores.store(store_id)
    assert found is not None
    return found.pause_reason


def told(store_id: str) -> list[str]:
    """The store's events, and what its staff is told."""
    happened = outbox.read_after(CatalogEvent, store_key(store_id), 3)
    said = [one.type for one in happened] + [one.type for one in notices.of(store_id)]
    return [one for one in said if one != "notice.store_live"]


def hear(order_id: str) -> None:
    """Every bell of an order rings, twice."""
    happened = reading.events_after(order_id, 0)
    for event in happened * 2:
        unanswered.hear(order_id, int(event.version), event.type)


def miss(world: World, store_id: str) -> str:
    order_id = world.paid_order(store_id)
    world.clock.move(480)
    surroundings.sweep()
    hear(order_id)
    return order_id


def resume(world: World, store_id: str) -> None:
    owner = people.person("merchant", "owner")
    assert world.post(f"/v1/stores/{store_id}/resume", token=owner).status == 200


# --- the heartbeat --------------------------------------------------------------------------------


def test_a_silent_app_pauses_its_store_and_the_next_beat_resumes_it(
    world_at: World, rung: Rung
) -> None:
    store_id, till = world_at.store(), Till()
    world_at.clock.move(1)
    join(world_at, store_id, AVAILABILITY)
    beats = [beat(world_at, store_id)]
    for _ in range(12):
        world_at.clock.move(MINUTE)
        beats.append(beat(world_at, store_id, people.machine(store_id)))
        sweep(rung)
    assert told(store_id) == []

    world_at.clock.move(299)
    sweep(rung)
    before = reason_of(store_id)
    world_at.clock.move(1)
    looked = [sweep(rung), sweep(rung)]

    assert looked == [1, 0]
    assert (before, reason_of(store_id)) == (None, PauseReason.NO_HEARTBEAT)
    assert told(store_id) == ["store.paused", "notice.store_paused_silent"]
    seen = world_at.get(f"/v1/stores/{store_id}/attention", people.person("merchant", "owner"))
    assert seen["paused"] == {"reason": "no_heartbeat", "until": None}
    assert seen["heartbeat"]["state"] == "missing"

    world_at.clock.move(1)
    back = [beat(world_at, store_id) for _ in range(2)]

    assert [one["resumed"] for one in [*beats, *back]] == [False] * 13 + [True, False]
    assert reason_of(store_id) is None
    assert [change for _, change in tell(till, "availability", store_id)] == ["paused", "resumed"]
    assert [one.json["data"].get("reason") for one in till.got] == ["no_heartbeat", None]

    world_at.clock.move(300)
    sweep(rung)
    again = told(store_id)

    assert again.count("store.paused") == 2
    assert again.count("notice.store_paused_silent") == 1  # one an hour is enough


def test_a_beat_is_one_write_and_no_event(world_at: World, monkeypatch: pytest.MonkeyPatch) -> None:
    store_id = world_at.store()
    beat(world_at, store_id)
    written: list[int] = []
    commit = parts.commit

    def counted(*said: Part) -> None:
        written.append(len(said))
        commit(*said)

    monkeypatch.setattr(parts, "commit", counted)

    world_at.clock.move(MINUTE)
    beat(world_at, store_id)

    assert written == [1]
    assert told(store_id) == []
    assert len(news.events_after("availability", store_id, 0)) == 1  # that it went live


def test_only_who_uses_the_app_and_has_not_put_it_away_is_paused_for_its_silence(
    world_at: World, rung: Rung
) -> None:
    never, away, busy, closed, reached = (world_at.store() for _ in range(5))
    owner = people.person("merchant", "owner")
    for store_id in (away, busy, closed, reached):
        beat(world_at, store_id)
    for _ in range(2):
        gone = world_at.call("DELETE", f"/v1/stores/{away}/heartbeat", token=owner)
        assert gone.status == 204
    world_at.post(f"/v1/stores/{busy}/pause", {"reason": "busy"}, token=owner)
    world_at.patch_store(closed, hours=[{"day": "wed", "opens": "00:00", "closes": "00:00"}])
    world_at.clock.move(1)
    join(world_at, reached)
    order_id, till = world_at.paid_order(reached), Till()
    world_at.command(order_id, "confirm", store_id=reached)
    for place in feeding.hear(order_id):
        sending.drive(place, till)

    for _ in range(12):
        world_at.clock.move(301)
        sweep(rung, till)

    found = stores.store(reached)
    assert found is not None
    watch = watching.find(reached)
    assert watch is not None
    assert reach.of(found, watch).sure
    assert [reason_of(one) for one in (never, away, closed, reached)] == [None] * 4
    assert reason_of(busy) is PauseReason.BUSY
    assert beat(world_at, busy)["resumed"] is False


def test_a_store_whose_system_fetches_its_news_is_not_missed(
    world_at: World, rung: Rung, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching, without = world_at.store(), world_at.store()
    beat(world_at, fetching)
    written: list[object] = []
    commit = parts.commit

    def counted(*said: Part) -> None:
        written.append(said)
        commit(*said)

    for _ in range(10):
        world_at.clock.move(30)
        with monkeypatch.context() as counting:
            counting.setattr(parts, "commit", counted)
            for store_id in (fetching, fetching, without):
                reach.note_poll(store_id)
        sweep(rung)
    polling = reason_of(fetching)
    for _ in range(11):
        world_at.clock.move(30)
        sweep(rung)

    assert polling is None
    assert len(written) == 10  # five minutes of two stores, once a minute each
    assert watching.find(without) is None
    assert reason_of(fetching) is PauseReason.NO_HEARTBEAT


def test_a_webhook_that_fails_does_not_speak_for_a_silent_app(world_at: World, rung: Rung) -> None:
    store_id, till = world_at.store(), Till([500])
    beat(world_at, store_id)
    world_at.clock.move(1)
    join(world_at, store_id)
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", store_id=store_id)
    for place in feeding.hear(order_id):
        sending.drive(place, till)

    world_at.clock.move(301)
    sweep(rung)

    assert reason_of(store_id) is PauseReason.NO_HEARTBEAT


def quiet_since_last_night(world: World, *answers: Answer) -> tuple[str, Till]:
    """A store whose app beats, and whose webhook has taken an order nine hours ago."""
    store_id, till = world.store(), Till(list(answers))
    world.clock.move(1)
    join(world, store_id)
    order_id = world.paid_order(store_id)
    world.command(order_id, "confirm", store_id=store_id)
    for place in feeding.hear(order_id):
        sending.drive(place, till)
    assert {one.json["type"] for one in till.got} == {"order.created", "order.confirmed"}
    world.clock.move(9 * 3600)
    beat(world, store_id)
    return store_id, till


@pytest.mark.parametrize("answer", [500, 410, unreachable()], ids=str)
def test_a_webhook_that_died_overnight_is_asked_and_speaks_for_nobody(
    world_at: World, rung: Rung, answer: Answer
) -> None:
    store_id, till = quiet_since_last_night(world_at, 200, 200, answer)

    world_at.clock.move(301)
    sweep(rung, till)
    asked = [one.json["type"] for one in till.got[2:]]
    before = reason_of(store_id)
    world_at.clock.move(61)
    sweep(rung, till)

    assert asked == ["webhook.ping"]
    assert (before, reason_of(store_id)) == (None, PauseReason.NO_HEARTBEAT)


def test_a_webhook_that_answers_when_it_is_asked_speaks_for_four_hours(
    world_at: World, rung: Rung
) -> None:
    store_id, till = quiet_since_last_night(world_at)

    for _ in range(60):
        world_at.clock.move(301)
        sweep(rung, till)

    assert reason_of(store_id) is None
    assert [one.json["type"] for one in till.got[2:]] == ["webhook.ping"] * 2


def test_a_ping_that_is_never_sent_is_waited_for_five_minutes_and_not_repeated(
    world_at: World, rung: Rung
) -> None:
    store_id, till = quiet_since_last_night(world_at)

    world_at.clock.move(301)
    reasons = []
    for _ in range(6):
        sweep(rung)
        reasons.append(reason_of(store_id))
        world_at.clock.move(61)

    assert reasons == [None] * 5 + [PauseReason.NO_HEARTBEAT]
    assert len(till.got) == 2


def test_a_beat_while_the_pause_is_decided_wins_and_of_two_looks_one_pauses(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = world_at.store()
    beat(world_at, store_id)
    world_at.clock.move(301)
    pause = watching._pause
    meanwhile: list[Any] = [lambda: beat(world_at, store_id), lambda: watching.look(store_id)]

    def interrupted(watch: Watch, named: str, now: datetime) -> bool:
        if meanwhile:
            meanwhile.pop(0)()
        return pause(watch, named, now)

    monkeypatch.setattr(watching, "_pause", interrupted)
    watching.look(store_id)
    after_a_beat = reason_of(store_id)
    world_at.clock.move(301)
    watching.look(store_id)

    assert after_a_beat is None
    assert reason_of(store_id) is PauseReason.NO_HEARTBEAT
    assert told(store_id) == ["store.paused", "notice.store_paused_silent"]


def test_what_people_decide_after_the_silence_stands_when_the_app_returns(
    world_at: World, rung: Rung
) -> None:
    store_id, owner = world_at.store(), people.person("merchant", "owner")
    beat(world_at, store_id)
    world_at.clock.move(301)
    sweep(rung)
    resume(world_at, store_id)
    world_at.post(f"/v1/stores/{store_id}/pause", {"reason": "staff"}, token=owner)

    back = [beat(world_at, store_id)["resumed"] for _ in range(2)]

    assert back == [False, False]
    assert reason_of(store_id) is PauseReason.STAFF
    watch = watching.find(store_id)
    assert isinstance(watch, Watch)
    assert (watch.away is None, bool(watch.due_at)) == (True, True)


@pytest.fixture
def shop(world_at: World) -> Store:
    """Open from noon to ten in the evening, UTC, on Sundays."""
    hours = [{"day": "sun", "opens": "12:00", "closes": "22:00"}]
    found = stores.store(world_at.store(hours=hours, timezone="UTC"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("seen", "now", "again"),
    [
        ("12:10", "12:14", "12:15"),
        ("12:10", "12:15", None),
        ("08:00", "11:58", "12:05"),
        ("08:00", "12:04", "12:05"),
        ("08:00", "12:05", None),
        ("08:00", "10:00", "11:00"),
        ("21:56", "22:01", "23:01"),
    ],
)
def test_five_minutes_of_silence_count_in_opening_hours_alone(
    shop: Store, seen: str, now: str, again: str | None
) -> None:
    def at(text: str) -> datetime:
        return datetime(2026, 11, 22, int(text[:2]), int(text[3:]), tzinfo=UTC)

    assert watching.next_look(shop, at(seen), at(now)) == (at(again) if again else None)


# --- orders that nobody answers -------------------------------------------------------------------


def test_three_misses_in_half_an_hour_pause_the_store_until_somebody_resumes(
    world_at: World,
) -> None:
    store_id = world_at.store()
    first = [miss(world_at, store_id) for _ in range(2)]
    world_at.clock.move(30 * MINUTE)
    long_ago = miss(world_at, store_id)
    miss(world_at, store_id)
    before = reason_of(store_id)
    third = miss(world_at, store_id)

    assert (before, reason_of(store_id)) == (None, PauseReason.NO_RESPONSE)
    assert told(store_id) == ["store.paused", "notice.store_paused_unanswered"]
    assert beat(world_at, store_id)["resumed"] is False
    seen = world_at.get(f"/v1/stores/{store_id}/attention", people.machine(store_id))
    assert [one["order_id"] for one in seen["escalations"][::4]] == [third, first[0]]
    assert {one["status"] for one in seen["escalations"]} == {"CANCELLED"}
    assert seen["misses"] == {"count": 0, "pause_at": 3, "window_seconds": 1800}
    assert long_ago in {one["order_id"] for one in seen["escalations"]}

    resume(world_at, store_id)
    hear(third)
    miss(world_at, store_id)

    assert reason_of(store_id) is None
    assert told(store_id).count("store.paused") == 1


def test_of_two_who_count_the_same_misses_one_pauses(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = world_at.store()
    orders = [world_at.paid_order(store_id, user=user) for user in ("mina", "jun", "yuna")]
    world_at.clock.move(480)
    surroundings.sweep()
    imposing = pausing.impose
    again = [True]

    def interrupted(named: str, reason: PauseReason, *, also: Sequence[Part] = ()) -> Store | None:
        if again:
            again.clear()
            unanswered.judge(store_id)
            resume(world_at, store_id)
        return imposing(named, reason, also=also)

    monkeypatch.setattr(pausing, "impose", interrupted)
    for order_id in orders:
        hear(order_id)

    assert not again
    assert reason_of(store_id) is None  # who resumed has the last word
    assert told(store_id).count("store.paused") == 1


def test_an_order_that_waits_is_shown_until_it_is_answered(world_at: World) -> None:
    store_id, owner = world_at.store(), people.person("merchant", "owner")
    shown_at = clock.now()
    order_id = world_at.paid_order(store_id)
    for seconds in (60, 30):
        world_at.clock.move(seconds)
        surroundings.sweep()
    for event in reversed(reading.events_after(order_id, 0)):
        unanswered.hear(order_id, int(event.version), event.type)

    path = f"/v1/stores/{store_id}/attention"
    waiting = world_at.get(path, owner)
    world_at.command(order_id, "confirm", store_id=store_id)
    answered = world_at.get(path, owner)["escalations"][0]

    assert waiting["escalations"] == [
        {
            "order_id": order_id, "status": "CREATED", "reminders": 2, "missed_at": None,
            "reminded_at": clock.stamp(shown_at + timedelta(seconds=90)),
            "confirm_by": clock.stamp(shown_at + timedelta(seconds=480)),
        }
    ]  # fmt: skip
    assert waiting["heartbeat"] == {"state": "never", "seen_at": None, "missing_from": None}
    assert (waiting["paused"], waiting["misses"]["count"]) == (None, 0)
    assert (answered["status"], answered["confirm_by"]) == ("CONFIRMED", None)
